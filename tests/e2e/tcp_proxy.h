#ifndef LAGNET_TESTS_E2E_TCP_PROXY_H_
#define LAGNET_TESTS_E2E_TCP_PROXY_H_

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace lagnet::e2e {

// A bad network between clients and a server on this machine. Thread-safe.
class TcpProxy {
 public:
  explicit TcpProxy(int upstream_port);
  ~TcpProxy();
  TcpProxy(const TcpProxy&) = delete;
  TcpProxy& operator=(const TcpProxy&) = delete;

  // Where clients connect.
  std::string address() const;

  // Cuts every connection off in the middle of whatever it carries; new ones
  // are taken. Returns how many there were.
  int CutAll();

  // Carries nothing from the server to the clients while it is set, so that
  // they read slowly without noticing.
  void Stall(bool stall);

 private:
  struct Link {
    int client = -1;
    int server = -1;
    bool over = false;
  };

  void Listen();
  void Carry(Link* link);
  bool stalled() const;

  const int upstream_port_;
  int listener_ = -1;
  int port_ = 0;
  mutable absl::Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  bool stalled_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::unique_ptr<Link>> links_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::thread> carriers_ ABSL_GUARDED_BY(mutex_);
  std::thread acceptor_;
};

}  // namespace lagnet::e2e

#endif  // LAGNET_TESTS_E2E_TCP_PROXY_H_
