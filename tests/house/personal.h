#ifndef LAGNET_TESTS_HOUSE_PERSONAL_H_
#define LAGNET_TESTS_HOUSE_PERSONAL_H_

#include <map>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"

namespace lagnet {

// Whether a column or a field (by its whole name) looks as if it held data
// about a person. It is then tagged, or stands in NotPersonal().
inline bool LooksPersonal(absl::string_view whole_name) {
  const absl::string_view name = whole_name.substr(whole_name.rfind('.') + 1);
  for (const char* word :
       {"email",       "mail",        "phone",     "mobile",  "person",
        "full_name",   "first_name",  "last_name", "surname", "birth",
        "gender",      "nationality", "address",   "diet",    "allerg",
        "disabilit",   "access_need", "passport",  "photo",   "signature",
        "member_name", "contact",     "members",   "note",    "comment"}) {
    if (absl::StrContains(name, word)) return true;
  }
  // What people are called; what organisations are called is no secret.
  return name == "display_name" && absl::StrContains(whole_name, "ccount");
}

// What only looks so, and why.
inline const std::map<std::string, std::string>& NotPersonal() {
  static const auto* const all = new std::map<std::string, std::string>{
      {"directory.organization.email", "a role mailbox"},
      {"lagnet.directory.v1.Organization.email", "a role mailbox"},
      {"lagnet.directory.v1.Organization.memberships",
       "an organisation's, in networks"},
      {"access.claim.email", "a role mailbox"},
      {"lagnet.access.v1.StartClaimResponse.email", "a role mailbox"},
      {"visits.visit.contact_email", "a role mailbox"},
      {"lagnet.visits.v1.StudyVisit.contact_email", "a role mailbox"},
      {"lagnet.visits.v1.SignUp.address_unverified", "whether, not where"},
      {"visits.sign_up.min_members", "a number"},
      {"lagnet.visits.v1.SignUp.min_members", "a number"},
      {"visits.sign_up.member_count", "a number"},
      {"lagnet.visits.v1.SignUp.members", "a message with tagged fields"},
  };
  return *all;
}

}  // namespace lagnet

#endif  // LAGNET_TESTS_HOUSE_PERSONAL_H_
