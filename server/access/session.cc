#include "server/access/session.h"

#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "server/base/error.h"

namespace lagnet::access {

std::string Pack(const Session& session) {
  return absl::StrCat(session.account, " ", session.name, " ",
                      absl::ToUnixSeconds(session.expire_time));
}

std::optional<Session> UnpackSession(absl::string_view text) {
  const std::vector<std::string> parts = absl::StrSplit(text, ' ');
  int64_t seconds = 0;
  if (parts.size() != 3 || !absl::SimpleAtoi(parts[2], &seconds)) {
    return std::nullopt;
  }
  return Session{.name = parts[1],
                 .account = parts[0],
                 .expire_time = absl::FromUnixSeconds(seconds)};
}

std::string DigitsOf(absl::string_view typed) {
  std::string digits;
  for (const char c : typed) {
    if (absl::ascii_isdigit(static_cast<unsigned char>(c))) digits += c;
  }
  return digits;
}

absl::Status SignInRefused() {
  return Error(absl::StatusCode::kFailedPrecondition, "SIGN_IN_REFUSED",
               "this link or code does not work, or no longer; start the "
               "sign-in anew");
}

}  // namespace lagnet::access
