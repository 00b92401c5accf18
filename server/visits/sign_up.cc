#include "server/visits/sign_up.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"
#include "server/base/error.h"

namespace lagnet::visits {

std::string SignUpName(const std::string& visit, const std::string& id) {
  return absl::StrCat("studyVisits/", visit, "/signUps/", id);
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

absl::Status CheckSignUp(const SignUp& sign_up) {
  if (sign_up.min_members > static_cast<int>(sign_up.members.size())) {
    return InvalidField("sign_up.min_members", "is more than the members");
  }
  for (size_t i = 0; i < sign_up.members.size(); ++i) {
    const auto before = sign_up.members.begin() + static_cast<long>(i);
    if (std::any_of(sign_up.members.begin(), before, [&](const Member& m) {
          return m.email == before->email && m.full_name == before->full_name;
        })) {
      return InvalidField(absl::StrCat("sign_up.members[", i, "]"),
                          "is named twice");
    }
  }
  return absl::OkStatus();
}

}  // namespace lagnet::visits
