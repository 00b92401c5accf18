#ifndef LAGNET_CLIENT_CONNECT_H_
#define LAGNET_CLIENT_CONNECT_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "grpcpp/channel.h"

namespace lagnet::client {

// Where the server is and how a client proves who it is.
struct ConnectOptions {
  // HOST:PORT, or `unix:PATH`.
  std::string server = "127.0.0.1:7300";

  // A file with the API key. Empty: calls are made as the public.
  std::string key_file;

  // PEM files: who may have signed the server's certificate (the system's
  // authorities if empty), and the client's own certificate with its key.
  std::string ca_file;
  std::string certificate_file;
  std::string certificate_key_file;

  // Talks without TLS although the server is on another machine: whoever
  // listens on the way learns the key. On this machine (loopback, unix) TLS is
  // used only if a PEM file is given.
  bool insecure = false;

  // How long a call may take in all, retries included. The server itself gives
  // up after 30 seconds.
  absl::Duration timeout = absl::Seconds(30);
};

// Whether `server` can only be this machine.
bool IsLocal(absl::string_view server);

// The key in `file`, without the line's end. Fails with `NotFound` or
// `InvalidArgument` in words for the person who gave the file.
absl::StatusOr<std::string> ReadKey(const std::string& file);

// A channel with lagnet's retry policy. Does not wait for the server: what is
// wrong with it shows at the first call. Fails with `InvalidArgument` if the
// options contradict each other, or `NotFound` if a file cannot be read.
absl::StatusOr<std::shared_ptr<grpc::Channel>> OpenChannel(
    const ConnectOptions& options);

}  // namespace lagnet::client

#endif  // LAGNET_CLIENT_CONNECT_H_
