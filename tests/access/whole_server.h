#ifndef LAGNET_TESTS_ACCESS_WHOLE_SERVER_H_
#define LAGNET_TESTS_ACCESS_WHOLE_SERVER_H_

#include <memory>
#include <string>

#include "grpcpp/grpcpp.h"
#include "server/app.h"
#include "server/config.h"

namespace lagnet::access {

// A folder that goes with the object.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// What a file holds, without the line's end; "" if there is none.
std::string ReadFile(const std::string& path);

// All of lagnetd in this process: main.cc without the command line. Listens on
// a free port of the loopback, without a limit of calls.
class WholeServer {
 public:
  // On the database `dsn`. A second server on the same database needs the
  // keys of the first, as its operator would copy them.
  explicit WholeServer(const std::string& dsn,
                       const WholeServer* first = nullptr);
  // The same with settings of the test's own.
  WholeServer(Config config, const WholeServer* first);

  // The key that the server left in its data folder.
  const std::string& operator_key() const { return operator_key_; }
  std::string address() const { return app_->address(); }
  // As on SIGHUP.
  void Reload() { app_->Reload(); }
  std::shared_ptr<grpc::Channel> channel() const { return channel_; }

 private:
  TemporaryFolder folder_;
  std::unique_ptr<App> app_;
  std::string operator_key_;
  std::shared_ptr<grpc::Channel> channel_;
};

}  // namespace lagnet::access

#endif  // LAGNET_TESTS_ACCESS_WHOLE_SERVER_H_
