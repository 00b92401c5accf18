#ifndef LAGNET_TESTS_SUPPORT_SCRIPT_H_
#define LAGNET_TESTS_SUPPORT_SCRIPT_H_

#include <string>

namespace lagnet::support {

// A shell script as a program, in a folder that goes when the object does.
class Script {
 public:
  explicit Script(const std::string& text);
  ~Script();
  Script(const Script&) = delete;
  Script& operator=(const Script&) = delete;

  const std::string& path() const { return path_; }

  // Ends the first `read go <"$0.gate"` of the script; waits until it is there.
  void LetGo() const;

 private:
  std::string folder_;
  std::string path_;
};

}  // namespace lagnet::support

#endif  // LAGNET_TESTS_SUPPORT_SCRIPT_H_
