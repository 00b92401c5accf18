#include "tests/support/mail_server.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gtest/gtest.h"

namespace lagnet::support {
namespace {

[[noreturn]] void Fail(const char* what) {
  std::fprintf(stderr, "the mail server of the tests: %s\n", what);
  std::abort();
}

}  // namespace

MailServer::MailServer(std::vector<std::string> options)
    : options_(std::move(options)) {
  std::string pattern = testing::TempDir() + "/lagnet_mail_XXXXXX";
  if (mkdtemp(pattern.data()) == nullptr) Fail("no folder");
  folder_ = pattern;
  Start();
}

MailServer::~MailServer() {
  Stop();
  std::filesystem::remove_all(folder_);
}

std::string MailServer::Url() const {
  return absl::StrCat("smtp://127.0.0.1:", port_);
}

void MailServer::Start() {
  const std::string folder = absl::StrCat(folder_, "/", round_++);
  std::filesystem::create_directory(folder);
  std::vector<std::string> command = {
      "/usr/bin/python3", LAGNET_TEST_MAIL_SERVER, "--folder", folder,
      "--port",           absl::StrCat(port_)};
  command.insert(command.end(), options_.begin(), options_.end());
  std::vector<char*> argv;
  for (std::string& word : command) argv.push_back(word.data());
  argv.push_back(nullptr);
  int to[2];
  int from[2];
  if (pipe2(to, O_CLOEXEC) != 0 || pipe2(from, O_CLOEXEC) != 0) Fail("pipes");
  pid_ = fork();
  if (pid_ == 0) {
    dup2(to[0], STDIN_FILENO);
    dup2(from[1], STDOUT_FILENO);
    execv(argv[0], argv.data());
    _exit(127);
  }
  close(to[0]);
  close(from[1]);
  input_ = to[1];
  FILE* const out = fdopen(from[0], "r");
  if (std::fscanf(out, "ready %d", &port_) != 1) {
    Fail(
        "it did not start; is python3-aiosmtpd installed? "
        "deploy/packages.sh test");
  }
  std::fclose(out);
}

void MailServer::Stop() {
  if (pid_ < 0) return;
  close(input_);
  waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

std::vector<nlohmann::json> MailServer::Messages() const {
  std::vector<std::filesystem::path> files;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(folder_)) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  std::vector<nlohmann::json> messages;
  for (const auto& path : files) {
    std::ifstream file(path);
    messages.push_back(nlohmann::json::parse(file));
  }
  return messages;
}

std::vector<nlohmann::json> MailServer::WaitFor(size_t count,
                                                absl::Duration timeout) const {
  const absl::Time give_up = absl::Now() + timeout;
  std::vector<nlohmann::json> messages = Messages();
  while (messages.size() < count && absl::Now() < give_up) {
    absl::SleepFor(absl::Milliseconds(50));
    messages = Messages();
  }
  return messages;
}

}  // namespace lagnet::support
