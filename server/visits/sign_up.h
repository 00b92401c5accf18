#ifndef LAGNET_SERVER_VISITS_SIGN_UP_H_
#define LAGNET_SERVER_VISITS_SIGN_UP_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "nlohmann/json.hpp"
#include "server/visits/seats.h"

namespace lagnet::visits {

// The numbers are those of sign_ups.proto.
enum class Standing {
  kUnspecified = 0,
  kRepresentative = 1,
  kResident = 2,
  kOperator = 3,
};
enum class Channel { kUnspecified = 0, kPaper = 1, kTelephone = 2 };
// How a sign-up came, and what its people were told of their data.
struct Intake {
  Channel channel = Channel::kUnspecified;
  std::string notice_version;
  std::string notice_given;

  bool operator==(const Intake&) const = default;
};
// One person of a party. Personal data: who it is is sealed before it reaches
// the database; what the rules look at lies there as it is.
struct Member {
  std::string full_name;  // Empty: a place to be named later.
  std::string email;
  std::string phone;
  std::string language;
  Sector sector = Sector::kUnspecified;  // The party's if not told.
  AgeBand age_band = AgeBand::kUnspecified;
  std::vector<std::string> languages;
  std::string territory;
  bool first_timer = false;
  bool staff = false;
  std::string notice_version;  // That the person was shown, not the head.
  // What the link to the place says: another for each who comes; 0: no link.
  int64_t place = 0;
  bool has_left = false;  // Who was here; nobody came instead yet.

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
  Intake intake;
  SignUpState state = SignUpState::kUnspecified;
  int seats = 0;
  absl::Time due = absl::InfiniteFuture();
  absl::Time hold_until = absl::InfinitePast();
  std::string refuse_reason;
  bool is_unverified = false;  // Its link was mailed, and not followed yet.
  bool is_erased = false;      // Nobody knows any more who it was.
  int choice = 0;              // See Party.
  bool is_second = false;
  int64_t head_version = 0;  // Since when its head is another; 0: never.
  // Worked out when it is read; see WhyWaiting().
  Obstacle obstacle;
  ShareSet keepers = 0;  // Of the seats, if they are kept; see KeepersOf().
  int wait_position = 0;
  // Until when it is kept that its people had seats, if its reader asks: see
  // seat_history_store.h.
  std::optional<absl::CivilDay> history_end;
  int64_t version = 0;
  absl::Time create_time;
  absl::Time update_time;
};

// "studyVisits/v/signUps/s".
std::string SignUpName(const std::string& visit, const std::string& id);

// "studyVisits/v/signUps/s/places/7", and back.
std::string PlaceName(const std::string& sign_up, int64_t place);
struct PlaceIds {
  std::string visit;
  std::string sign_up;
  int64_t place = 0;
};
std::optional<PlaceIds> ParsePlaceName(absl::string_view name);

// Leaves out members without a name, if the plan has none of them any more.
void LeaveOutUnnamed(const SeatPlan& plan, SignUp& sign_up);

// Gives places to the members with an address of their own who have none yet,
// by the decision that brought them; returns the new ones. The head needs none.
std::vector<int64_t> GivePlaces(int64_t version, SignUp& sign_up);
// Puts somebody in the place of a member: with the same place if it is the same
// person, or the one who was invited.
void PutMember(size_t at, Member member, SignUp& sign_up);
// All places, in the order of the members.
std::vector<int64_t> PlacesOf(const std::vector<Member>& members);
// Which member has a place, from 0; -1 if nobody.
int MemberAt(const std::vector<Member>& members, int64_t place);

// What the link of the head says. Whoever was the head before has one that says
// something else.
std::string LinkOf(const std::string& name, int64_t head_version);

// Who the members are, as the text that is sealed, and back.
std::string PackMembers(const std::vector<Member>& members);
std::vector<Member> UnpackMembers(const std::string& packed);

// What the rules look at in the members, as it is stored, and back into them.
// "[]" if nothing was told.
nlohmann::json PackTraits(const std::vector<Member>& members);
void UnpackTraits(const nlohmann::json& packed, std::vector<Member>& members);

// The same for what is not as it mostly is.
nlohmann::json PackIntake(const Intake& intake);
Intake UnpackIntake(const nlohmann::json& packed);

// What the rules look at in one of them. `places` are the codes of the
// organisation's area and of the member's territory, with all above them.
Traits TraitsOf(const SignUp& sign_up, const Member& member,
                int organization_kind, std::vector<std::string> places);

// Where somebody can be reached: by mail, or else by telephone.
const std::string& ReachOf(const Member& member);

// Fails with INVALID_FIELDS for more min_members than members, a head without a
// name, somebody named without an address, two members who are one person, or
// one that others entered without a word on how the notice was given.
absl::Status CheckSignUp(const SignUp& sign_up);
// The same for one who comes in place of another. A telephone will do instead
// of an address `if_phone`; an address without a name invites.
absl::Status CheckMember(const Member& member, const std::string& path,
                         bool if_phone = false);

// Which sign-ups of a visit a list shows. Empty means any.
struct SignUpFilter {
  std::string organization;
  SignUpState state = SignUpState::kUnspecified;
  std::string creator;
  std::string external_id;
};

}  // namespace lagnet::visits

#endif  // LAGNET_SERVER_VISITS_SIGN_UP_H_
