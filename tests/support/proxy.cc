#include "tests/support/proxy.h"

#include <libpq-fe.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <map>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace lagnet::support {
namespace {

// A simple query, its length, its text.
constexpr absl::string_view kCommit(
    "Q\0\0\0\x0b"
    "COMMIT\0",
    12);

std::string SocketOf(const std::string& dsn) {
  PQconninfoOption* const options = PQconninfoParse(dsn.c_str(), nullptr);
  std::map<std::string, std::string> settings = {{"port", "5432"}};
  for (const auto* o = options; o != nullptr && o->keyword != nullptr; ++o) {
    if (o->val != nullptr) settings[o->keyword] = o->val;
  }
  PQconninfoFree(options);
  const std::string& host = settings["host"];
  if (!absl::StartsWith(host, "/")) return "";
  return absl::StrCat(host, "/.s.PGSQL.", settings["port"]);
}

sockaddr_un AddressOf(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof(address.sun_path)) std::abort();
  std::memcpy(address.sun_path, path.data(), path.size());
  return address;
}

int Dial(const std::string& path) {
  const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_un address = AddressOf(path);
  if (connect(fd, reinterpret_cast<const sockaddr*>(&address),
              sizeof(address)) != 0) {
    close(fd);
    return -1;
  }
  return fd;
}

bool SendAll(int fd, absl::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
  return true;
}

// Waits for bytes; "" at the end.
std::string Receive(int fd) {
  char buffer[8192];
  const ssize_t got = recv(fd, buffer, sizeof(buffer), 0);
  return got > 0 ? std::string(buffer, static_cast<size_t>(got)) : "";
}

}  // namespace

bool Proxy::Possible(const std::string& dsn) { return !SocketOf(dsn).empty(); }

Proxy::Proxy(const std::string& dsn) : upstream_(SocketOf(dsn)) {
  char folder[] = "/tmp/lagnet-proxy-XXXXXX";
  if (mkdtemp(folder) == nullptr) std::abort();
  folder_ = folder;
  dsn_ = absl::StrCat(dsn, " host='", folder_, "' port=5432");
  listener_ = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_un address = AddressOf(folder_ + "/.s.PGSQL.5432");
  if (bind(listener_, reinterpret_cast<const sockaddr*>(&address),
           sizeof(address)) != 0 ||
      listen(listener_, 64) != 0) {
    std::perror("proxy");
    std::abort();
  }
  acceptor_ = std::thread([this] { Listen(); });
}

Proxy::~Proxy() {
  std::vector<std::thread> carriers;
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
    for (const int fd : sockets_) shutdown(fd, SHUT_RDWR);
    shutdown(listener_, SHUT_RDWR);
    carriers.swap(carriers_);
  }
  acceptor_.join();
  {
    absl::MutexLock lock(&mutex_);
    for (std::thread& carrier : carriers_) {
      carriers.push_back(std::move(carrier));
    }
    for (const int fd : sockets_) shutdown(fd, SHUT_RDWR);
  }
  for (std::thread& carrier : carriers) carrier.join();
  close(listener_);
  std::filesystem::remove_all(folder_);
}

void Proxy::OnCommit(Commit what, int times) {
  absl::MutexLock lock(&mutex_);
  on_commit_ = what;
  times_ = times;
}

void Proxy::CutAll() {
  absl::MutexLock lock(&mutex_);
  for (const int fd : sockets_) shutdown(fd, SHUT_RDWR);
}

void Proxy::Accept(bool accept) {
  absl::MutexLock lock(&mutex_);
  accepts_ = accept;
}

Proxy::Commit Proxy::TakeCommit() {
  absl::MutexLock lock(&mutex_);
  if (times_ == 0) return Commit::kForward;
  --times_;
  return on_commit_;
}

void Proxy::Listen() {
  for (;;) {
    const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) return;
    absl::MutexLock lock(&mutex_);
    if (stopping_ || !accepts_) {
      close(client);
      if (stopping_) return;
      continue;
    }
    sockets_.insert(client);
    carriers_.emplace_back([this, client] { Carry(client); });
  }
}

void Proxy::Carry(int client) {
  const int server = Dial(upstream_);
  bool frozen = false;
  bool cut_answer = false;
  while (server >= 0) {
    pollfd fds[] = {{client, POLLIN, 0}, {server, POLLIN, 0}};
    if (poll(fds, 2, -1) < 0) break;
    if (fds[0].revents != 0) {
      const std::string bytes = Receive(client);
      if (bytes.empty()) break;
      if (absl::StrContains(bytes, kCommit)) {
        const Commit what = TakeCommit();
        if (what == Commit::kDrop) break;
        cut_answer = what == Commit::kCut;
        frozen = frozen || what == Commit::kFreeze;
      }
      if (!frozen && !SendAll(server, bytes)) break;
    }
    if (fds[1].revents != 0) {
      const std::string bytes = Receive(server);
      if (bytes.empty() || cut_answer) break;
      if (!frozen && !SendAll(client, bytes)) break;
    }
  }
  {
    absl::MutexLock lock(&mutex_);
    sockets_.erase(client);
  }
  if (server >= 0) close(server);
  close(client);
}

}  // namespace lagnet::support
