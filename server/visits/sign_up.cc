#include "server/visits/sign_up.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"
#include "server/base/error.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"

namespace lagnet::visits {

std::string SignUpName(const std::string& visit, const std::string& id) {
  return absl::StrCat("studyVisits/", visit, "/signUps/", id);
}

std::string PlaceName(const std::string& sign_up, int64_t place) {
  return absl::StrCat(sign_up, "/places/", place);
}

std::optional<PlaceIds> ParsePlaceName(absl::string_view name) {
  constexpr absl::string_view kPlaces = "/places/";
  const size_t end = name.rfind(kPlaces);
  if (end == absl::string_view::npos) return std::nullopt;
  auto ids = ParseName("studyVisits", "signUps", name.substr(0, end));
  const absl::string_view number = name.substr(end + kPlaces.size());
  int64_t place = 0;
  // Only as PlaceName() writes it.
  if (!ids || !absl::SimpleAtoi(number, &place) || place <= 0 ||
      number != absl::StrCat(place)) {
    return std::nullopt;
  }
  return PlaceIds{std::move(ids->first), std::move(ids->second), place};
}

void LeaveOutUnnamed(const SeatPlan& plan, SignUp& sign_up) {
  const Party* party = plan.Find(sign_up.id);
  if (party == nullptr || party->members.size() == sign_up.members.size()) {
    return;
  }
  std::erase_if(sign_up.members,
                [](const Member& member) { return member.full_name.empty(); });
}

std::vector<int64_t> GivePlaces(int64_t version, SignUp& sign_up) {
  constexpr int64_t kMostMembers = 64;
  std::vector<Member>& members = sign_up.members;
  std::vector<int64_t> given;
  for (size_t i = 1; i < members.size(); ++i) {
    const bool has_own =
        !members[i].email.empty() &&
        !absl::EqualsIgnoreCase(members[i].email, members[0].email);
    if (!has_own || members[i].place != 0) continue;
    members[i].place = version * kMostMembers + static_cast<int64_t>(i);
    given.push_back(members[i].place);
  }
  return given;
}

void PutMember(size_t at, Member member, SignUp& sign_up) {
  Member& before = sign_up.members[at];
  const bool stays =
      absl::EqualsIgnoreCase(before.email, member.email) &&
      (before.full_name.empty() || before.full_name == member.full_name);
  if (stays) {
    member.place = before.place;
    if (member.notice_version.empty()) {
      member.notice_version = before.notice_version;
    }
  }
  before = std::move(member);
}

std::vector<int64_t> PlacesOf(const std::vector<Member>& members) {
  std::vector<int64_t> places;
  for (const Member& member : members) {
    if (member.place != 0) places.push_back(member.place);
  }
  return places;
}

int MemberAt(const std::vector<Member>& members, int64_t place) {
  for (size_t i = 0; i < members.size(); ++i) {
    if (place != 0 && members[i].place == place) return static_cast<int>(i);
  }
  return -1;
}

std::string LinkOf(const std::string& name, int64_t head_version) {
  return head_version == 0 ? name : absl::StrCat(name, "#", head_version);
}

std::string PackMembers(const std::vector<Member>& members) {
  nlohmann::json packed = nlohmann::json::array();
  for (const Member& member : members) {
    packed.push_back(
        {member.full_name, member.email, member.phone, member.language});
  }
  return packed.dump();
}

std::vector<Member> UnpackMembers(const std::string& packed) {
  std::vector<Member> members;
  for (const auto& entry : nlohmann::json::parse(packed)) {
    members.push_back({.full_name = entry.at(0),
                       .email = entry.at(1),
                       .phone = entry.at(2),
                       .language = entry.at(3)});
  }
  return members;
}

nlohmann::json PackTraits(const std::vector<Member>& members) {
  nlohmann::json packed = nlohmann::json::array();
  bool is_told = false;
  for (const Member& member : members) {
    nlohmann::json entry = nlohmann::json::object();
    if (member.full_name.empty()) entry["unnamed"] = true;
    if (member.sector != Sector::kUnspecified) entry["sector"] = member.sector;
    if (member.age_band != AgeBand::kUnspecified) {
      entry["age_band"] = member.age_band;
    }
    if (!member.languages.empty()) entry["languages"] = member.languages;
    if (!member.territory.empty()) entry["territory"] = member.territory;
    if (member.first_timer) entry["first_timer"] = true;
    if (member.staff) entry["staff"] = true;
    if (!member.notice_version.empty()) entry["notice"] = member.notice_version;
    if (member.place != 0) entry["place"] = member.place;
    if (member.has_left) entry["left"] = true;
    is_told = is_told || !entry.empty();
    packed.push_back(std::move(entry));
  }
  return is_told ? packed : nlohmann::json::array();
}

void UnpackTraits(const nlohmann::json& packed, std::vector<Member>& members) {
  for (size_t i = 0; i < std::min(packed.size(), members.size()); ++i) {
    const nlohmann::json& entry = packed[i];
    Member& member = members[i];
    member.sector = entry.value("sector", Sector::kUnspecified);
    member.age_band = entry.value("age_band", AgeBand::kUnspecified);
    member.languages = entry.value("languages", std::vector<std::string>());
    member.territory = entry.value("territory", "");
    member.first_timer = entry.value("first_timer", false);
    member.staff = entry.value("staff", false);
    member.notice_version = entry.value("notice", "");
    member.place = entry.value("place", int64_t{0});
    member.has_left = entry.value("left", false);
  }
}

Traits TraitsOf(const SignUp& sign_up, const Member& member,
                int organization_kind, std::vector<std::string> places) {
  // Who has left counts for nothing of their own any more, and for nothing
  // that they did not count for: no maximum can be passed by it.
  const bool is_as_party =
      member.sector == Sector::kUnspecified && !member.has_left;
  return {.organization = sign_up.organization,
          .organization_kind = organization_kind,
          .territories = std::move(places),
          .sector = is_as_party ? sign_up.sector : member.sector,
          .age_band = member.age_band,
          .languages = member.languages,
          .first_timer = member.first_timer,
          .staff = member.staff};
}

nlohmann::json PackIntake(const Intake& intake) {
  nlohmann::json packed = nlohmann::json::object();
  if (intake.channel != Channel::kUnspecified) {
    packed["channel"] = intake.channel;
  }
  if (!intake.notice_version.empty()) {
    packed["notice"] = intake.notice_version;
  }
  if (!intake.notice_given.empty()) packed["given"] = intake.notice_given;
  return packed;
}

Intake UnpackIntake(const nlohmann::json& packed) {
  return {.channel = packed.value("channel", Channel::kUnspecified),
          .notice_version = packed.value("notice", ""),
          .notice_given = packed.value("given", "")};
}

const std::string& ReachOf(const Member& member) {
  return member.email.empty() ? member.phone : member.email;
}

absl::Status CheckMember(const Member& member, const std::string& path,
                         bool if_phone) {
  if (member.full_name.empty()) {
    return member.phone.empty() || !member.email.empty()
               ? absl::OkStatus()
               : InvalidField(absl::StrCat(path, ".full_name"),
                              "must be given: only an e-mail invites somebody "
                              "to tell it");
  }
  const std::string& reach = if_phone ? ReachOf(member) : member.email;
  if (!reach.empty()) return absl::OkStatus();
  return InvalidField(absl::StrCat(path, ".email"),
                      "must be given: who has a name has an address");
}

absl::Status CheckSignUp(const SignUp& sign_up) {
  if (sign_up.min_members > static_cast<int>(sign_up.members.size())) {
    return InvalidField("sign_up.min_members", "is more than the members");
  }
  const bool is_entered = sign_up.intake.channel != Channel::kUnspecified;
  if (is_entered && sign_up.intake.notice_given.empty()) {
    return InvalidField("sign_up.notice_given",
                        "must say how the privacy notice was given");
  }
  for (size_t i = 0; i < sign_up.members.size(); ++i) {
    const std::string path = absl::StrCat("sign_up.members[", i, "]");
    const Member& member = sign_up.members[i];
    RETURN_IF_ERROR(CheckMember(member, path, is_entered));
    if (member.full_name.empty()) {
      if (i > 0) continue;
      return InvalidField(absl::StrCat(path, ".full_name"),
                          "must be given: the first member is the head");
    }
    const auto before = sign_up.members.begin() + static_cast<long>(i);
    if (std::any_of(sign_up.members.begin(), before, [&](const Member& m) {
          return ReachOf(m) == ReachOf(member) &&
                 m.full_name == member.full_name;
        })) {
      return InvalidField(path, "is named twice");
    }
  }
  return absl::OkStatus();
}

}  // namespace lagnet::visits
