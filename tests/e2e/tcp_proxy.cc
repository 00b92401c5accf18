#include "tests/e2e/tcp_proxy.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "absl/strings/str_cat.h"

namespace lagnet::e2e {
namespace {

sockaddr_in Loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<uint16_t>(port));
  return address;
}

int Connect(int port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = Loopback(port);
  if (connect(fd, reinterpret_cast<const sockaddr*>(&address),
              sizeof(address)) != 0) {
    close(fd);
    return -1;
  }
  const int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  return fd;
}

// Carries what there is; false at the end.
bool Move(int from, int to) {
  char buffer[16'384];
  const ssize_t got = recv(from, buffer, sizeof(buffer), 0);
  for (ssize_t sent = 0; sent < got;) {
    const ssize_t part =
        send(to, buffer + sent, static_cast<size_t>(got - sent), MSG_NOSIGNAL);
    if (part <= 0) return false;
    sent += part;
  }
  return got > 0;
}

}  // namespace

TcpProxy::TcpProxy(int upstream_port) : upstream_port_(upstream_port) {
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = Loopback(0);
  socklen_t size = sizeof(address);
  if (bind(listener_, reinterpret_cast<const sockaddr*>(&address), size) != 0 ||
      listen(listener_, 128) != 0 ||
      getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) !=
          0) {
    std::perror("proxy");
    std::abort();
  }
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { Listen(); });
}

TcpProxy::~TcpProxy() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  CutAll();
  std::vector<std::thread> carriers;
  {
    absl::MutexLock lock(&mutex_);
    carriers.swap(carriers_);
  }
  for (std::thread& carrier : carriers) carrier.join();
  close(listener_);
}

std::string TcpProxy::address() const {
  return absl::StrCat("127.0.0.1:", port_);
}

int TcpProxy::CutAll() {
  absl::MutexLock lock(&mutex_);
  int cut = 0;
  for (const auto& link : links_) {
    if (link->over) continue;
    shutdown(link->client, SHUT_RDWR);
    if (link->server >= 0) shutdown(link->server, SHUT_RDWR);
    ++cut;
  }
  return cut;
}

void TcpProxy::Stall(bool stall) {
  absl::MutexLock lock(&mutex_);
  stalled_ = stall;
}

bool TcpProxy::stalled() const {
  absl::MutexLock lock(&mutex_);
  return stalled_;
}

void TcpProxy::Listen() {
  for (;;) {
    const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) return;
    const int server = Connect(upstream_port_);
    absl::MutexLock lock(&mutex_);
    if (stopping_ || server < 0) {
      close(client);
      if (server >= 0) close(server);
      if (stopping_) return;
      continue;
    }
    links_.push_back(std::make_unique<Link>(Link{client, server}));
    Link* const link = links_.back().get();
    carriers_.emplace_back([this, link] { Carry(link); });
  }
}

void TcpProxy::Carry(Link* link) {
  for (;;) {
    const bool stalls = stalled();
    pollfd fds[] = {{link->client, POLLIN, 0},
                    {link->server, static_cast<short>(stalls ? 0 : POLLIN), 0}};
    if (poll(fds, 2, 10) < 0) break;
    if (fds[0].revents != 0 && !Move(link->client, link->server)) break;
    if (fds[1].revents != 0 && !Move(link->server, link->client)) break;
  }
  absl::MutexLock lock(&mutex_);
  link->over = true;
  close(link->client);
  close(link->server);
}

}  // namespace lagnet::e2e
