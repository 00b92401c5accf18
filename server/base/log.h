#ifndef LAGNET_SERVER_BASE_LOG_H_
#define LAGNET_SERVER_BASE_LOG_H_

#include <string>
#include <type_traits>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace lagnet {

enum class Severity { kDebug, kInfo, kWarning, kError };

// Where log lines go and from which severity on. Call once, at start; before
// it, lines go to standard error from kInfo on.
void InitLog(Severity least);

// Writes buffered lines out. Called at exit.
void FlushLog();

// One line of JSON on standard error: time, severity, event and fields.
//
//   Log(Severity::kInfo, "listening").With("address", address);
//
// `event` is a constant word. Never log personal data, free text or secrets:
// name resources, not people. Written soon after the object goes; thread-safe,
// by a background thread, so that no call waits for a slow disk.
class Log {
 public:
  Log(Severity severity, absl::string_view event);
  ~Log();
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  // `key` is a constant word.
  Log& With(absl::string_view key, absl::string_view text);
  template <typename Number>
  requires std::is_arithmetic_v<Number> Log& With(absl::string_view key,
                                                  Number value) {
    absl::StrAppend(&line_, ",\"", key, "\":", value);
    return *this;
  }

 private:
  Severity severity_;
  std::string line_;
};

}  // namespace lagnet

#endif  // LAGNET_SERVER_BASE_LOG_H_
