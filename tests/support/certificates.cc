#include "tests/support/certificates.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace lagnet::support {
namespace {

namespace fs = std::filesystem;

// What `openssl ca` wants to know before it dates a certificate as told.
constexpr char kSettings[] = R"(
[ca]
default_ca = this
[this]
dir = $DIR
database = $DIR/index
new_certs_dir = $DIR
rand_serial = yes
policy = any
unique_subject = no
[any]
commonName = supplied
)";

std::string TextOf(const std::string& path) {
  std::ifstream file(path);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

}  // namespace

Certificates::Certificates(std::string folder) : folder_(std::move(folder)) {
  fs::create_directories(folder_);
  fs::permissions(folder_, fs::perms{0755});
  Write("settings", absl::StrReplaceAll(kSettings, {{"$DIR", folder_}}));
  Write("index", "");
  MakeAuthority("ca");
  MakeAuthority("other-ca");
}

void Certificates::MakeAuthority(const std::string& name) {
  Run(
      absl::StrCat("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256"
                   " -nodes -days 30 -subj /CN=",
                   name, " -keyout ", name, ".key -out ", name, ".pem"));
}

void Certificates::Make(const std::string& name, const Kind& kind) {
  std::string extensions = kind.authority ? "basicConstraints = CA:TRUE\n"
                                          : absl::StrCat(
                                                "basicConstraints = CA:FALSE\n"
                                                "extendedKeyUsage = ",
                                                kind.usage, "\n");
  if (!kind.san.empty()) {
    absl::StrAppend(&extensions, "subjectAltName = ", kind.san, "\n");
  }
  Write(name + ".ext", extensions);
  Run(absl::StrCat("req -newkey ", kind.key, " -nodes -subj /CN=", name,
                   " -keyout ", name, ".key -out ", name, ".csr"));
  const std::string signer =
      kind.ca.empty()
          ? absl::StrCat("-selfsign -keyfile ", name, ".key")
          : absl::StrCat("-cert ", kind.ca, ".pem -keyfile ", kind.ca, ".key");
  Run(absl::StrCat("ca -batch -notext -config settings -md ", kind.digest, " ",
                   signer, " -startdate ", kind.start, " -enddate ", kind.end,
                   " -extfile ", name, ".ext -in ", name, ".csr -out ", name,
                   ".pem"));
  fs::permissions(KeyPath(name), fs::perms{0644});
}

std::string Certificates::CertPath(const std::string& name) const {
  return absl::StrCat(folder_, "/", name, ".pem");
}

std::string Certificates::KeyPath(const std::string& name) const {
  return absl::StrCat(folder_, "/", name, ".key");
}

std::string Certificates::Serial(const std::string& name) const {
  Run(absl::StrCat("x509 -noout -serial -in ", name, ".pem -out ", name,
                   ".serial"));
  return std::string(absl::StripAsciiWhitespace(
      TextOf(absl::StrCat(folder_, "/", name, ".serial"))));
}

std::string Certificates::Write(const std::string& file,
                                const std::string& text) const {
  const std::string path = absl::StrCat(folder_, "/", file);
  std::ofstream(path + ".new") << text;
  fs::rename(path + ".new", path);
  return path;
}

std::string Certificates::Cert(const std::string& name) const {
  return TextOf(CertPath(name));
}

std::string Certificates::Key(const std::string& name) const {
  return TextOf(KeyPath(name));
}

void Certificates::Run(const std::string& command) const {
  const std::string line = absl::StrCat("cd ", folder_, " && openssl ", command,
                                        " >log 2>&1 </dev/null");
  if (std::system(line.c_str()) == 0) return;
  std::fprintf(stderr, "openssl fails: %s\n%s\n", command.c_str(),
               TextOf(absl::StrCat(folder_, "/log")).c_str());
  std::abort();
}

}  // namespace lagnet::support
