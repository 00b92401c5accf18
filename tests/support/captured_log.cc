#include "tests/support/captured_log.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"

namespace lagnet::support {

CapturedLog::CapturedLog() {
  kept_ = memfd_create("log", MFD_CLOEXEC);
  original_ = dup(STDERR_FILENO);
  if (kept_ < 0 || dup2(kept_, STDERR_FILENO) < 0) std::abort();
}

CapturedLog::~CapturedLog() {
  const std::string text = Text();
  dup2(original_, STDERR_FILENO);
  if (write(original_, text.data(), text.size()) < 0) std::abort();
  close(original_);
  close(kept_);
}

std::string CapturedLog::Text() const {
  std::string text(static_cast<size_t>(lseek(kept_, 0, SEEK_CUR)), '\0');
  const ssize_t got = pread(kept_, text.data(), text.size(), 0);
  text.resize(got > 0 ? static_cast<size_t>(got) : 0);
  return text;
}

std::string CapturedLog::LineWith(absl::string_view wanted,
                                  absl::Duration timeout) const {
  const absl::Time deadline = absl::Now() + timeout;
  do {
    const std::string text = Text();
    for (const auto line : absl::StrSplit(text, '\n')) {
      if (absl::StrContains(line, wanted)) return std::string(line);
    }
    absl::SleepFor(absl::Milliseconds(20));
  } while (absl::Now() < deadline);
  return "";
}

}  // namespace lagnet::support
