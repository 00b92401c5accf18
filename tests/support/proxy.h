#ifndef LAGNET_TESTS_SUPPORT_PROXY_H_
#define LAGNET_TESTS_SUPPORT_PROXY_H_

#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace lagnet::support {

// Stands between a program and PostgreSQL, on a unix socket, and breaks what
// real networks break, at the moment that matters. Thread-safe.
class Proxy {
 public:
  enum class Commit {
    kForward,
    kDrop,   // Cuts the connection off; PostgreSQL never sees the COMMIT.
    kCut,    // Lets PostgreSQL commit and cuts off instead of its answer.
    kFreeze  // Swallows the COMMIT and stays silent.
  };

  // `dsn` as support::DsnOf() gives it, of a server on a unix socket.
  explicit Proxy(const std::string& dsn);
  ~Proxy();
  Proxy(const Proxy&) = delete;
  Proxy& operator=(const Proxy&) = delete;

  // Whether the server of `dsn` can be stood in front of.
  static bool Possible(const std::string& dsn);

  // The same database, through the proxy.
  const std::string& dsn() const { return dsn_; }

  // What happens to the next COMMIT, and to `times` - 1 after it.
  void OnCommit(Commit what, int times = 1);
  // Cuts every connection off; new ones are taken.
  void CutAll();
  // Whether new connections are taken (at first they are).
  void Accept(bool accept);

 private:
  void Listen();
  void Carry(int client);
  Commit TakeCommit();

  std::string folder_;
  std::string upstream_;
  std::string dsn_;
  int listener_ = -1;
  absl::Mutex mutex_;
  bool accepts_ ABSL_GUARDED_BY(mutex_) = true;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  Commit on_commit_ ABSL_GUARDED_BY(mutex_) = Commit::kForward;
  int times_ ABSL_GUARDED_BY(mutex_) = 0;
  std::set<int> sockets_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::thread> carriers_ ABSL_GUARDED_BY(mutex_);
  std::thread acceptor_;
};

}  // namespace lagnet::support

#endif  // LAGNET_TESTS_SUPPORT_PROXY_H_
