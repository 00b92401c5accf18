#ifndef LAGNET_SERVER_SOLVER_CHILD_H_
#define LAGNET_SERVER_SOLVER_CHILD_H_

#include <sys/types.h>

#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace lagnet::solver {

// The code a program ends with if its time was too short (EX_TEMPFAIL).
inline constexpr int kTooLate = 75;

// A program that runs beside this one, reads a text and writes another. It is
// killed, if it still runs, and waited for when this object ends. Not
// thread-safe.
class Child {
 public:
  // Starts the program (no shell), with an almost empty environment.
  static absl::StatusOr<Child> Start(const std::vector<std::string>& command,
                                     absl::string_view input);

  Child(Child&& other) noexcept;
  Child& operator=(Child&&) = delete;
  ~Child();

  // What it writes to standard output until it ends, at most `most` bytes.
  // `line` hears the lines of standard error as they come, `tick` is called
  // once a second at least. Fails with
  // DEADLINE_EXCEEDED, also if it ended with kTooLate, and with INTERNAL if it
  // wrote more, ended with another code than 0 or was killed; then with its
  // last line.
  absl::StatusOr<std::string> Wait(
      absl::Time deadline, size_t most,
      const std::function<void(const std::string&)>& line,
      const std::function<void()>& tick);

 private:
  Child() = default;
  absl::Status End();

  pid_t pid_ = -1;
  int output_ = -1;
  int errors_ = -1;
};

}  // namespace lagnet::solver

#endif  // LAGNET_SERVER_SOLVER_CHILD_H_
