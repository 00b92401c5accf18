#include "server/directory/profile.h"

#include <algorithm>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace lagnet::directory {
namespace {

bool IsBefore(const Day& late, const Day& early) {
  return late && early && *late < *early;
}

bool IsInOrder(const Years& years) {
  return years.end == 0 || years.start == 0 || years.end >= years.start;
}

bool Overlap(const Membership& a, const Membership& b) {
  return !IsBefore(a.until, b.since) && !IsBefore(b.until, a.since);
}

Errors CheckMemberships(const std::vector<Membership>& memberships) {
  Errors errors;
  for (size_t i = 0; i < memberships.size(); ++i) {
    const Membership& one = memberships[i];
    const std::string path = absl::StrCat("organization.memberships[", i, "]");
    if (IsBefore(one.until, one.since)) {
      errors.Add(InvalidField(absl::StrCat(path, ".until"),
                              "must not be before since"));
    }
    for (size_t j = 0; j < i; ++j) {
      if (memberships[j].network == one.network &&
          Overlap(memberships[j], one)) {
        errors.Add(InvalidField(absl::StrCat(path, ".network"),
                                "is named twice for the same time"));
        break;
      }
    }
  }
  return errors;
}

Errors CheckRegistration(const PartnerRegistration& one,
                         const std::string& path) {
  Errors errors;
  if (one.registered_on && one.status == PartnerStatus::kApplied) {
    errors.Add(InvalidField(absl::StrCat(path, ".registered_on"),
                            "has no meaning while the status is APPLIED"));
  }
  if (one.ended_on && one.status != PartnerStatus::kEnded) {
    errors.Add(InvalidField(absl::StrCat(path, ".ended_on"),
                            "has a meaning with the status ENDED only"));
  }
  if (IsBefore(one.registered_on, one.applied_on)) {
    errors.Add(InvalidField(absl::StrCat(path, ".registered_on"),
                            "must not be before applied_on"));
  }
  if (IsBefore(one.ended_on, one.registered_on) ||
      IsBefore(one.ended_on, one.applied_on)) {
    errors.Add(InvalidField(absl::StrCat(path, ".ended_on"),
                            "must not be before the other days"));
  }
  return errors;
}

Errors CheckRegistrations(const std::vector<PartnerRegistration>& all) {
  Errors errors;
  std::set<std::string> networks;
  for (size_t i = 0; i < all.size(); ++i) {
    const std::string path =
        absl::StrCat("organization.partner_registrations[", i, "]");
    if (!networks.insert(all[i].network).second) {
      errors.Add(
          InvalidField(absl::StrCat(path, ".network"), "is named twice"));
    }
    errors.Add(CheckRegistration(all[i], path));
  }
  return errors;
}

Errors CheckStrategy(const Strategy& strategy) {
  Errors errors;
  if (!IsInOrder(strategy.years)) {
    errors.Add(InvalidField("organization.strategy.end_year",
                            "must not be before start_year"));
  }
  std::set<std::string> themes;
  for (size_t i = 0; i < strategy.themes.size(); ++i) {
    if (!themes.insert(strategy.themes[i]).second) {
      errors.Add(
          InvalidField(absl::StrCat("organization.strategy.themes[", i, "]"),
                       "is named twice"));
    }
  }
  return errors;
}

bool IsElfCode(const std::string& code) {
  return code.size() == 4 &&
         std::all_of(code.begin(), code.end(), [](unsigned char c) {
           return absl::ascii_isupper(c) || absl::ascii_isdigit(c);
         });
}

absl::Status CheckMembers(const MemberCounts& members) {
  const int64_t sectors = int64_t{members.public_sector} +
                          members.private_sector + members.civic_sector +
                          members.individuals;
  if (sectors == 0 || sectors == members.total) return absl::OkStatus();
  return InvalidField("organization.member_counts.total",
                      absl::StrCat("must be the sum of the sectors, which is ",
                                   sectors, "; or leave all sectors out"));
}

}  // namespace

bool IsMemberOn(const Membership& membership, absl::CivilDay day) {
  return !IsBefore(day, membership.since) && !IsBefore(membership.until, day);
}

Errors CheckProfile(const Profile& profile) {
  Errors errors = CheckMemberships(profile.memberships);
  errors.Add(CheckRegistrations(profile.partner_registrations));
  for (size_t i = 0; i < profile.funds.size(); ++i) {
    if (!IsInOrder(profile.funds[i].years)) {
      errors.Add(
          InvalidField(absl::StrCat("organization.funds[", i, "].end_year"),
                       "must not be before start_year"));
    }
  }
  if (profile.strategy) errors.Add(CheckStrategy(*profile.strategy));
  if (profile.legal_form && !profile.legal_form->elf_code.empty() &&
      !IsElfCode(profile.legal_form->elf_code)) {
    errors.Add(InvalidField("organization.legal_form.elf_code",
                            "is not a code of ISO 20275 such as 8888"));
  }
  if (profile.member_counts) {
    errors.Add(CheckMembers(*profile.member_counts));
  }
  std::set<Body> bodies;
  for (size_t i = 0; i < profile.bodies.size(); ++i) {
    if (!bodies.insert(profile.bodies[i]).second) {
      errors.Add(InvalidField(absl::StrCat("organization.bodies[", i, "]"),
                              "is named twice"));
    }
  }
  return errors;
}

}  // namespace lagnet::directory
