#include "tests/access/whole_server.h"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "server/base/log.h"

namespace lagnet::access {
namespace {

namespace fs = std::filesystem;

Config ConfigFor(const std::string& dsn) {
  Config config;
  config.database = dsn;
  return config;
}

}  // namespace

TemporaryFolder::TemporaryFolder() {
  char path[] = "/tmp/lagnet-access-XXXXXX";
  if (mkdtemp(path) == nullptr) std::abort();
  path_ = path;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

std::string ReadFile(const std::string& path) {
  std::ifstream file(path);
  const std::string text(std::istreambuf_iterator<char>(file), {});
  return std::string(absl::StripAsciiWhitespace(text));
}

WholeServer::WholeServer(const std::string& dsn, const WholeServer* first)
    : WholeServer(ConfigFor(dsn), first) {}

WholeServer::WholeServer(Config config, const WholeServer* first) {
  // One line for each of many hundred calls helps nobody.
  static const bool quiet = [] {
    InitLog(Severity::kError);
    return true;
  }();
  (void)quiet;
  config.data = folder_.path();
  config.listen = "127.0.0.1:0";
  config.metrics = "off";
  config.rate_limit = 0;
  if (first != nullptr) {
    for (const char* key : {"/server.key", "/admin.key"}) {
      fs::copy_file(first->folder_.path() + key, config.data + key);
    }
  }
  auto app = App::Start(config);
  if (!app.ok()) {
    std::fprintf(stderr, "the server does not start: %s\n",
                 app.status().ToString().c_str());
    std::abort();
  }
  app_ = *std::move(app);
  operator_key_ = ReadFile(config.admin_key_file());
  channel_ = grpc::CreateChannel(address(), grpc::InsecureChannelCredentials());
}

}  // namespace lagnet::access
