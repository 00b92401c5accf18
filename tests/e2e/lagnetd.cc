#include "tests/e2e/lagnetd.h"

#include <fcntl.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"

namespace lagnet::e2e {
namespace {

namespace fs = std::filesystem;

constexpr char kUser[] = "lagnet";

[[noreturn]] void GiveUp(const std::string& why) {
  std::fprintf(stderr, "%s\n", why.c_str());
  std::exit(2);
}

// lagnetd becomes this user if it is started as root.
void GiveAway(const std::string& path) {
  const passwd* const user = getpwnam(kUser);
  if (geteuid() != 0 || user == nullptr) return;
  if (chown(path.c_str(), user->pw_uid, user->pw_gid) != 0) GiveUp(path);
}

std::string ReadFile(const std::string& path) {
  std::ifstream file(path);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

// Ends the PostgreSQL that a killed server leaves behind.
void EndPostgres(const std::string& folder) {
  for (const auto& entry : fs::recursive_directory_iterator(
           folder, fs::directory_options::skip_permission_denied)) {
    if (entry.path().filename() != "postmaster.pid") continue;
    int pid = 0;
    const std::string text = ReadFile(entry.path());
    if (!absl::SimpleAtoi(text.substr(0, text.find('\n')), &pid)) continue;
    kill(pid, SIGQUIT);
    // Its note goes last. The process itself may stay as a zombie, as it is for
    // somebody else to wait for it.
    for (int i = 0; i < 200 && fs::exists(entry.path()) && kill(pid, 0) == 0;
         ++i) {
      absl::SleepFor(absl::Milliseconds(50));
    }
    std::error_code error;
    fs::remove(entry.path(), error);  // If it was killed, it could not.
    return EndPostgres(folder);
  }
}

}  // namespace

int Scaled(int full, int least) {
  const char* const text = std::getenv("LAGNET_E2E_SCALE");
  double scale = 0.1;
  if (text != nullptr && absl::string_view(text) == "full") return full;
  if (text != nullptr && !absl::SimpleAtod(text, &scale)) {
    GiveUp("LAGNET_E2E_SCALE must be `full` or a number such as 0.3");
  }
  return std::max(least, static_cast<int>(full * scale));
}

std::string ProgramPath(const std::string& name) {
  const char* const given = std::getenv("LAGNET_LAGNETD");
  const fs::path lagnetd = given != nullptr ? given : LAGNET_LAGNETD;
  std::string program = lagnetd.parent_path() / name;
  if (name == "lagnetd") program = lagnetd;
  if (::access(program.c_str(), X_OK) != 0) {
    GiveUp(absl::StrCat(
        "there is no program ", program,
        "; build it with `cmake --preset release && cmake --build --preset "
        "release`, or say where lagnetd is with LAGNET_LAGNETD"));
  }
  return program;
}

int WaitForEnd(pid_t pid, absl::Duration timeout) {
  const absl::Time give_up = absl::Now() + timeout;
  int status = 0;
  while (waitpid(pid, &status, WNOHANG) == 0) {
    if (absl::Now() > give_up) return -1;
    absl::SleepFor(absl::Milliseconds(5));
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

Folder::Folder() {
  char path[] = "/tmp/lagnet-e2e-XXXXXX";
  if (mkdtemp(path) == nullptr || chmod(path, 0711) != 0) GiveUp(path);
  path_ = path;
}

Folder::~Folder() {
  EndPostgres(path_);
  std::error_code error;
  fs::remove_all(path_, error);
}

Lagnetd::~Lagnetd() {
  if (running()) Kill();
}

std::vector<std::string> Lagnetd::Command() const {
  const std::string lagnetd = ProgramPath("lagnetd");
  std::vector<std::string> command = {
      lagnetd,       "serve",       "--data",
      options_.data, "--listen",    address_.empty() ? "127.0.0.1:0" : address_,
      "--metrics",   "off",         "--rate-limit",
      "0",           "--log-level", "warning"};
  if (!options_.database.empty()) {
    command.insert(command.end(), {"--database", options_.database});
  }
  return command;
}

pid_t Lagnetd::Spawn(int out) const {
  const std::vector<std::string> command = Command();
  std::vector<std::string> environment = {"PATH=/usr/bin:/bin"};
  for (const auto& [name, value] : options_.environment) {
    environment.push_back(absl::StrCat(name, "=", value));
  }
  std::vector<char*> argv, envp;
  for (const auto& text : command) argv.push_back(strdup(text.c_str()));
  for (const auto& text : environment) envp.push_back(strdup(text.c_str()));
  argv.push_back(nullptr);
  envp.push_back(nullptr);
  const int log = open((options_.data + ".log").c_str(),
                       O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  const pid_t pid = fork();
  if (pid == 0) {
    dup2(out, STDOUT_FILENO);
    dup2(log, STDERR_FILENO);
    execve(argv[0], argv.data(), envp.data());
    _exit(127);
  }
  close(log);
  for (char* text : argv) std::free(text);
  for (char* text : envp) std::free(text);
  return pid;
}

absl::StatusOr<std::string> Lagnetd::ReadReady(int out) {
  const std::string kReady = "lagnet is ready: grpc ";
  const absl::Time give_up = absl::Now() + absl::Seconds(60);
  std::string text;
  while (absl::Now() < give_up) {
    pollfd waiting{out, POLLIN, 0};
    if (poll(&waiting, 1, 100) <= 0) continue;
    char buffer[512];
    const ssize_t got = read(out, buffer, sizeof(buffer));
    if (got <= 0) break;
    text.append(buffer, static_cast<size_t>(got));
    const size_t found = text.find(kReady);
    const size_t end =
        found == std::string::npos ? found : text.find('\n', found);
    if (end == std::string::npos) continue;
    return text.substr(found + kReady.size(), end - found - kReady.size());
  }
  return absl::UnavailableError(
      absl::StrCat("lagnetd did not become ready:\n", text, LogTail()));
}

absl::StatusOr<absl::Duration> Lagnetd::Start() {
  const absl::Time start = absl::Now();
  int out[2];
  if (pipe2(out, O_CLOEXEC) != 0) GiveUp("pipe");
  pid_ = Spawn(out[1]);
  close(out[1]);
  const absl::StatusOr<std::string> address = ReadReady(out[0]);
  close(out[0]);
  if (!address.ok()) {
    Kill();
    return address.status();
  }
  address_ = *address;
  return absl::Now() - start;
}

void Lagnetd::Kill() {
  if (!running()) return;
  kill(pid_, SIGKILL);
  Wait(absl::Seconds(10));
}

void Lagnetd::Terminate() {
  if (running()) kill(pid_, SIGTERM);
}

void Lagnetd::HangUp() {
  if (running()) kill(pid_, SIGHUP);
}

int Lagnetd::Wait(absl::Duration timeout) {
  const int code = WaitForEnd(pid_, timeout);
  if (code >= 0) pid_ = -1;
  return code;
}

int Lagnetd::port() const {
  int port = 0;
  (void)absl::SimpleAtoi(address_.substr(address_.rfind(':') + 1), &port);
  return port;
}

std::string Lagnetd::Dsn() const {
  return absl::StrCat("host='", options_.data,
                      "/pg.socket' user=lagnet dbname=lagnet");
}

std::unique_ptr<client::Client> Lagnetd::Operator(
    const std::string& address) const {
  auto connected =
      client::Client::Connect({.server = address.empty() ? address_ : address,
                               .key_file = options_.data + "/admin.key",
                               .ca_file = options_.ca_file});
  if (!connected.ok()) GiveUp(connected.status().ToString());
  return *std::move(connected);
}

std::string Lagnetd::LogTail() const {
  const std::string text = ReadFile(options_.data + ".log");
  return text.substr(text.size() - std::min<size_t>(text.size(), 3000));
}

void CopyKeys(const std::string& from, const std::string& to) {
  fs::create_directories(to);
  GiveAway(to);
  fs::permissions(to, fs::perms::owner_all);
  for (const char* name : {"/server.key", "/admin.key"}) {
    fs::copy_file(from + name, to + name);
    fs::permissions(to + name, fs::perms::owner_read | fs::perms::owner_write);
    GiveAway(to + name);
  }
}

}  // namespace lagnet::e2e
