#include "server/visits/sign_up.h"

#include <string>
#include <vector>

#include "tests/support/matchers.h"

namespace lagnet::visits {
namespace {

using support::IsOk;
using support::StatusIs;
using support::WrongFields;
using testing::ElementsAre;
using Code = absl::StatusCode;

TEST(SignUpTest, IsNamedWithinItsVisit) {
  EXPECT_EQ(SignUpName("v", "s"), "studyVisits/v/signUps/s");
}

TEST(SignUpTest, PacksPeopleAndUnpacksThem) {
  const std::vector<Member> members = {
      {.full_name = "ნინო \"Nina\" O'Hara\n",
       .email = "nino@example.org",
       .phone = "+995 555",
       .language = "ka"},
      {.full_name = "Żaneta", .email = "z@example.org"}};
  EXPECT_EQ(UnpackMembers(PackMembers(members)), members);
  EXPECT_EQ(UnpackMembers(PackMembers({})), std::vector<Member>());
}

TEST(SignUpTest, PacksWhatRulesLookAtApartFromWhoItIs) {
  const std::vector<Member> members = {
      {.full_name = "Anna",
       .email = "a@example.org",
       .sector = Sector::kCivic,
       .age_band = AgeBand::k25To40,
       .languages = {"pl", "en"},
       .territory = "PL81",
       .first_timer = true,
       .staff = true},
      {.full_name = "Jan", .email = "j@example.org"},
      {}};
  std::vector<Member> unpacked = UnpackMembers(PackMembers(members));
  const nlohmann::json packed = PackTraits(members);
  EXPECT_EQ(packed.dump().find("Anna"), std::string::npos);
  EXPECT_TRUE(packed[2].at("unnamed"));
  UnpackTraits(packed, unpacked);
  EXPECT_EQ(unpacked, members);
  EXPECT_EQ(PackTraits({members[1]}), nlohmann::json::array())
      << "nothing told, nothing kept";
}

TEST(SignUpTest, NeedsAHeadAndAnAddressForEachName) {
  SignUp sign_up{
      .members = {{.full_name = "Anna", .email = "a@example.org"}, {}, {}}};
  EXPECT_THAT(CheckSignUp(sign_up), IsOk()) << "places to be named later";
  sign_up.members[1].full_name = "Jan";
  EXPECT_THAT(WrongFields(CheckSignUp(sign_up)),
              ElementsAre("sign_up.members[1].email"));
  sign_up.members[1] = {.email = "j@example.org"};
  EXPECT_THAT(CheckSignUp(sign_up), IsOk()) << "an invitation";
  sign_up.members[1] = {.phone = "+48 1"};
  EXPECT_THAT(WrongFields(CheckSignUp(sign_up)),
              ElementsAre("sign_up.members[1].full_name"));
  for (const Member& head : {Member{}, Member{.email = "a@example.org"}}) {
    sign_up.members = {head};
    EXPECT_THAT(WrongFields(CheckSignUp(sign_up)),
                ElementsAre("sign_up.members[0].full_name"));
  }
}

TEST(SignUpTest, GivesPlacesToWhoHasAnAddressOfTheirOwn) {
  SignUp sign_up{.members = {{.full_name = "Anna", .email = "a@example.org"},
                             {.full_name = "Jan", .email = "A@Example.org"},
                             {.email = "i@example.org"},
                             {},
                             {.full_name = "Ewa", .email = "e@example.org"}}};
  EXPECT_THAT(GivePlaces(7, sign_up), ElementsAre(7 * 64 + 2, 7 * 64 + 4));
  EXPECT_THAT(GivePlaces(8, sign_up), ElementsAre()) << "they have theirs";
  EXPECT_THAT(PlacesOf(sign_up.members), ElementsAre(7 * 64 + 2, 7 * 64 + 4));
  EXPECT_EQ(MemberAt(sign_up.members, 7 * 64 + 4), 4);
  EXPECT_EQ(MemberAt(sign_up.members, 7 * 64 + 3), -1);
  EXPECT_EQ(MemberAt(sign_up.members, 0), -1) << "no place is nobody's";
  // Whoever was invited, or corrected, is who they were; another is not.
  PutMember(2, {.full_name = "Ira", .email = "i@example.org"}, sign_up);
  PutMember(4, {.full_name = "Ewa", .email = "e@example.org", .phone = "+48 1"},
            sign_up);
  EXPECT_THAT(GivePlaces(9, sign_up), ElementsAre());
  PutMember(4, {.full_name = "Ola", .email = "e@example.org"}, sign_up);
  EXPECT_THAT(GivePlaces(10, sign_up), ElementsAre(10 * 64 + 4));
}

TEST(SignUpTest, ReadsTheNamesOfPlacesAsItWritesThem) {
  const std::string name = PlaceName(SignUpName("places", "abcd"), 66);
  EXPECT_EQ(name, "studyVisits/places/signUps/abcd/places/66");
  const auto ids = ParsePlaceName(name);
  ASSERT_TRUE(ids.has_value());
  EXPECT_EQ(ids->visit, "places");
  EXPECT_EQ(ids->sign_up, "abcd");
  EXPECT_EQ(ids->place, 66);
  for (const char* wrong :
       {"studyVisits/kazbegi/signUps/abcd", "studyVisits/k/places/66",
        "studyVisits/kazbegi/signUps/abcd/places/066",
        "studyVisits/kazbegi/signUps/abcd/places/0",
        "studyVisits/kazbegi/signUps/abcd/places/-1",
        "studyVisits/kazbegi/signUps/abcd/places/66/places/66",
        "studyVisits/kazbegi/signUps/abcd/places/"}) {
    EXPECT_FALSE(ParsePlaceName(wrong).has_value()) << wrong;
  }
}

TEST(SignUpTest, KeepsOfWhoHasLeftThatSomebodyHas) {
  const SignUp sign_up{.sector = Sector::kPublic,
                       .members = {{.full_name = "Anna"}, {.has_left = true}}};
  std::vector<Member> members = UnpackMembers(PackMembers(sign_up.members));
  UnpackTraits(PackTraits(sign_up.members), members);
  EXPECT_EQ(members, sign_up.members);
  EXPECT_EQ(TraitsOf(sign_up, members[0], 0, {}).sector, Sector::kPublic);
  EXPECT_EQ(TraitsOf(sign_up, members[1], 0, {}).sector, Sector::kUnspecified)
      << "a maximum would be passed";
}

TEST(SignUpTest, NeedsAsManyMembersAsItSays) {
  SignUp sign_up{.members = {{.full_name = "Anna", .email = "a@example.org"}}};
  for (const int enough : {0, 1}) {
    sign_up.min_members = enough;
    EXPECT_THAT(CheckSignUp(sign_up), IsOk());
  }
  sign_up.min_members = 2;
  const absl::Status status = CheckSignUp(sign_up);
  EXPECT_THAT(status, StatusIs(Code::kInvalidArgument, "INVALID_FIELDS"));
  EXPECT_THAT(WrongFields(status), ElementsAre("sign_up.min_members"));
}

TEST(SignUpTest, NamesNobodyTwice) {
  SignUp sign_up{.members = {{.full_name = "Anna", .email = "lag@example.org"},
                             {.full_name = "Jan", .email = "lag@example.org"},
                             {.full_name = "Anna", .email = "a@example.org"}}};
  EXPECT_THAT(CheckSignUp(sign_up), IsOk()) << "a mailbox may be shared";
  sign_up.members.push_back(
      {.full_name = "Jan", .email = "lag@example.org", .phone = "1"});
  const absl::Status status = CheckSignUp(sign_up);
  EXPECT_THAT(status, StatusIs(Code::kInvalidArgument, "INVALID_FIELDS"));
  EXPECT_THAT(WrongFields(status), ElementsAre("sign_up.members[3]"));
}

}  // namespace
}  // namespace lagnet::visits
