#ifndef LAGNET_TESTS_E2E_LAGNETD_H_
#define LAGNET_TESTS_E2E_LAGNETD_H_

#include <sys/types.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "lagnet/client.h"

namespace lagnet::e2e {

// A number of the full scale, made smaller for everyday runs: LAGNET_E2E_SCALE
// is `full`, or a factor such as 0.3; 0.1 if it is not set.
int Scaled(int full, int least);

// The path of a program that is shipped, such as `lagnet`: it lies beside the
// lagnetd of LAGNET_LAGNETD, or of the release build.
std::string ProgramPath(const std::string& name);

// Waits for the end of a child process, at most so long. Returns its exit code,
// 128 + the signal that ended it, or -1 if it runs on.
int WaitForEnd(pid_t pid, absl::Duration timeout);

// A folder that goes when the object does, with all that uses it ended.
class Folder {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// A real lagnetd, which can be ended and started again on the same data and the
// same port.
class Lagnetd {
 public:
  struct Options {
    std::string data;      // Its data folder.
    std::string database;  // "" for a private one.
    std::map<std::string, std::string> environment;
    std::string ca_file;  // Whom its certificate is of; "" if it has none.
  };

  explicit Lagnetd(Options options) : options_(std::move(options)) {}
  ~Lagnetd();
  Lagnetd(const Lagnetd&) = delete;
  Lagnetd& operator=(const Lagnetd&) = delete;

  // Starts it and waits until it says that it is ready. Returns how long that
  // took; fails if it ends before.
  absl::StatusOr<absl::Duration> Start();

  // As kill -9, power failure of this one process.
  void Kill();
  // As SIGHUP: it reads its certificates again.
  void HangUp();
  // As SIGTERM, which does not wait; Wait() tells how it ended.
  void Terminate();
  // As WaitForEnd().
  int Wait(absl::Duration timeout);
  bool running() const { return pid_ > 0; }

  // "127.0.0.1:45678".
  const std::string& address() const { return address_; }
  int port() const;
  // Of its private database.
  std::string Dsn() const;
  // A client that may do everything; `address` if not straight to the server.
  std::unique_ptr<client::Client> Operator(
      const std::string& address = "") const;
  // What it last wrote to its log.
  std::string LogTail() const;

  void set_environment(std::map<std::string, std::string> environment) {
    options_.environment = std::move(environment);
  }

 private:
  std::vector<std::string> Command() const;
  pid_t Spawn(int out) const;
  absl::StatusOr<std::string> ReadReady(int out);

  Options options_;
  std::string address_;
  pid_t pid_ = -1;
};

// Copies what servers on one database share: the server's and the operator's
// key.
void CopyKeys(const std::string& from, const std::string& to);

}  // namespace lagnet::e2e

#endif  // LAGNET_TESTS_E2E_LAGNETD_H_
