#ifndef LAGNET_SERVER_ACCESS_CLAIM_H_
#define LAGNET_SERVER_ACCESS_CLAIM_H_

#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace lagnet::access {

// What lets whoever reads an organisation's role mailbox speak for it. One at
// a time for each organisation; its token is computed from its name.
struct Claim {
  std::string name;
  std::string organization;
  std::string language;  // That the mail is written in; the network's if empty.
  std::string email;     // The mailbox that the token was for.
  absl::Time expire_time;
};

// How long a token works.
inline constexpr absl::Duration kClaimLasts = absl::Hours(14 * 24);

// What there is to say to a token that does not work, whatever the cause:
// nobody learns which tokens there are.
absl::Status ClaimRefused();

}  // namespace lagnet::access

#endif  // LAGNET_SERVER_ACCESS_CLAIM_H_
