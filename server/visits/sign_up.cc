#include "server/visits/sign_up.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"
#include "server/base/error.h"
#include "server/base/status_macros.h"

namespace lagnet::visits {

std::string SignUpName(const std::string& visit, const std::string& id) {
  return absl::StrCat("studyVisits/", visit, "/signUps/", id);
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
  }
}

Traits TraitsOf(const SignUp& sign_up, const Member& member,
                int organization_kind, std::vector<std::string> places) {
  return {.organization = sign_up.organization,
          .organization_kind = organization_kind,
          .territories = std::move(places),
          .sector = member.sector == Sector::kUnspecified ? sign_up.sector
                                                          : member.sector,
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
  const std::string& reach = if_phone ? ReachOf(member) : member.email;
  if (member.full_name.empty() == reach.empty()) return absl::OkStatus();
  return InvalidField(
      absl::StrCat(path, reach.empty() ? ".email" : ".full_name"),
      "must be given: who has a name has an address, and the other way round");
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
