#ifndef LAGNET_TESTS_BENCH_CALLS_H_
#define LAGNET_TESTS_BENCH_CALLS_H_

#include <cstdint>
#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "google/protobuf/message_lite.h"

namespace lagnet::bench {

// One kind of call: makes its requests, no two alike, and judges the answers.
// For one thread.
class Calls {
 public:
  virtual ~Calls() = default;

  // As in an HTTP request: "/lagnet.visits.v1.SignUpService/CreateSignUp".
  virtual const char* path() const = 0;

  // A request, in gRPC's frame.
  virtual std::string Next() = 0;

  // Whether the server answers with a stream, which it should never end.
  virtual bool streams() const { return false; }

  // Takes the message of an OK answer, of a stream each as it comes; whether
  // it is what was asked for.
  virtual bool Take(absl::string_view message) = 0;

  // How often each outcome came: CONFIRMED, WAITLISTED.
  virtual std::map<std::string, int64_t> outcomes() const { return {}; }
};

struct CallOptions {
  std::string kind;                 // sign-up, get, list, search or echo.
  std::vector<std::string> visits;  // What to search for, for a search.
  std::vector<std::string> organizations;
  int page_size = 20;
  // Where each acknowledged sign-up is noted: its name, a tab, its state.
  std::string acknowledged;
};

// A message in gRPC's frame.
std::string Framed(const google::protobuf::MessageLite& message);

// Null for an unknown kind.
std::unique_ptr<Calls> MakeCalls(const CallOptions& options);

}  // namespace lagnet::bench

#endif  // LAGNET_TESTS_BENCH_CALLS_H_
