#ifndef LAGNET_TESTS_BENCH_CONNECTION_H_
#define LAGNET_TESTS_BENCH_CONNECTION_H_

#include <nghttp2/nghttp2.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"
#include "tests/bench/calls.h"
#include "tests/bench/measure.h"

namespace lagnet::bench {

// One HTTP/2 connection that keeps a number of calls under way: whenever one
// ends, the next begins, but for streams, which stay open. On nghttp2 instead
// of a gRPC client, which needs more CPU for a call than the server does. For
// one thread.
class Connection {
 public:
  // `key` is an API key, or empty. `calls` and `figures` must outlive it.
  Connection(int port, const std::string& key, Calls* calls, Figures* figures);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // False if nobody listens there.
  bool Connect();

  void Begin(int calls);

  // Counts answers from now on, or no longer. Outcomes are counted always.
  void Measure(bool measuring) { measuring_ = measuring; }

  // Begins no further calls.
  void Stop() { stopping_ = true; }

  // Moves bytes; false once the connection is gone.
  bool Send();
  bool Receive();

  int fd() const { return fd_; }
  bool wants_to_send() const { return !unsent_.empty(); }
  int under_way() const { return under_way_; }

 private:
  struct Call;

  void BeginOne();
  void TakeWhole(Call& call);
  void End(Call* call);

  static ssize_t ReadBody(nghttp2_session* session, int32_t stream,
                          uint8_t* buffer, size_t size, uint32_t* flags,
                          nghttp2_data_source* source, void* connection);
  static int OnHeader(nghttp2_session* session, const nghttp2_frame* frame,
                      const uint8_t* name, size_t name_size,
                      const uint8_t* value, size_t value_size, uint8_t flags,
                      void* connection);
  static int OnData(nghttp2_session* session, uint8_t flags, int32_t stream,
                    const uint8_t* data, size_t size, void* connection);
  static int OnClose(nghttp2_session* session, int32_t stream, uint32_t error,
                     void* connection);

  const int port_;
  const std::string authorization_;
  Calls* const calls_;
  Figures* const figures_;
  nghttp2_session* session_ = nullptr;
  int fd_ = -1;
  std::string unsent_;
  bool measuring_ = false;
  bool stopping_ = false;
  int under_way_ = 0;
};

// Moves the bytes of all until `end`, or until there is `enough`; false once
// one of them is gone.
bool Pump(const std::vector<std::unique_ptr<Connection>>& connections,
          double end, absl::FunctionRef<bool()> enough);

}  // namespace lagnet::bench

#endif  // LAGNET_TESTS_BENCH_CONNECTION_H_
