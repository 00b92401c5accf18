#ifndef LAGNET_TESTS_SUPPORT_CAPTURED_LOG_H_
#define LAGNET_TESTS_SUPPORT_CAPTURED_LOG_H_

#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace lagnet::support {

// Keeps what is written to standard error, the log, while it lives.
class CapturedLog {
 public:
  CapturedLog();
  ~CapturedLog();  // Passes everything on.
  CapturedLog(const CapturedLog&) = delete;
  CapturedLog& operator=(const CapturedLog&) = delete;

  // The first line that holds `text`, waiting for it (the log is written by a
  // thread of its own). "" if none comes.
  std::string LineWith(absl::string_view text,
                       absl::Duration timeout = absl::Seconds(5)) const;

  // Everything so far.
  std::string Text() const;

 private:
  int kept_ = -1;      // The file that takes the log.
  int original_ = -1;  // Where standard error went before.
};

}  // namespace lagnet::support

#endif  // LAGNET_TESTS_SUPPORT_CAPTURED_LOG_H_
