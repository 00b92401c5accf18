#ifndef LAGNET_SERVER_VISITS_SIGN_UP_H_
#define LAGNET_SERVER_VISITS_SIGN_UP_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "server/visits/seats.h"

namespace lagnet::visits {

// The numbers are those of sign_ups.proto.
enum class Standing {
  kUnspecified = 0,
  kRepresentative = 1,
  kResident = 2,
  kOperator = 3,
};
enum class Sector {
  kUnspecified = 0,
  kPublic = 1,
  kPrivate = 2,
  kCivic = 3,
  kIndividual = 4,
};

// One person of a party. Personal data: sealed before it reaches the database.
struct Member {
  std::string full_name;
  std::string email;
  std::string phone;
  std::string language;

  bool operator==(const Member&) const = default;
};

// A party's place on a study visit.
struct SignUp {
  std::string visit;  // The visit's id.
  std::string id;     // 128 random bits.
  std::string organization;
  Standing standing = Standing::kUnspecified;
  Sector sector = Sector::kUnspecified;
  std::vector<Member> members;
  int min_members = 0;
  std::string external_id;
  std::string creator;  // Who signed it up: an account's name.
  SignUpState state = SignUpState::kUnspecified;
  WaitReason wait_reason = WaitReason::kNone;
  int wait_position = 0;
  int64_t version = 0;
  absl::Time create_time;
  absl::Time update_time;
};

// "studyVisits/v/signUps/s".
std::string SignUpName(const std::string& visit, const std::string& id);

// Members as the text that is sealed, and back.
std::string PackMembers(const std::vector<Member>& members);
std::vector<Member> UnpackMembers(const std::string& packed);

// Fails with INVALID_FIELDS for more min_members than members, or two members
// who are one person.
absl::Status CheckSignUp(const SignUp& sign_up);

// Which sign-ups of a visit a list shows. Empty means any.
struct SignUpFilter {
  std::string organization;
  SignUpState state = SignUpState::kUnspecified;
  std::string creator;
  std::string external_id;
};

}  // namespace lagnet::visits

#endif  // LAGNET_SERVER_VISITS_SIGN_UP_H_
