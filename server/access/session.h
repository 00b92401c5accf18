#ifndef LAGNET_SERVER_ACCESS_SESSION_H_
#define LAGNET_SERVER_ACCESS_SESSION_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace lagnet::access {

// How long a link and a code to sign in work, and a session.
inline constexpr absl::Duration kSignInLasts = absl::Minutes(15);
inline constexpr absl::Duration kSessionLasts = absl::Hours(12);

// A code of six digits is guessed by one in 200,000 with so many tries.
inline constexpr int kMostWrongCodes = 5;

// A sign-in that somebody started: nothing but its name is in what is mailed.
struct SignIn {
  int64_t row = 0;
  std::string name;
  std::string address_hash;
  std::string language;
  int wrong_codes = 0;
  absl::Time expire_time;
};

// A session as its token tells it, so that every server knows it at once.
struct Session {
  std::string name;
  std::string account;  // The account's id.
  absl::Time expire_time;
};
std::string Pack(const Session& session);
std::optional<Session> UnpackSession(absl::string_view text);

// The digits of a code as somebody typed it.
std::string DigitsOf(absl::string_view typed);

// What there is to say to a link or a code that does not work, whatever the
// cause.
absl::Status SignInRefused();

}  // namespace lagnet::access

#endif  // LAGNET_SERVER_ACCESS_SESSION_H_
