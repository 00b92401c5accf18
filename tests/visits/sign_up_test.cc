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
  EXPECT_THAT(WrongFields(CheckSignUp(sign_up)),
              ElementsAre("sign_up.members[1].full_name"));
  sign_up.members = {{}};
  EXPECT_THAT(WrongFields(CheckSignUp(sign_up)),
              ElementsAre("sign_up.members[0].full_name"));
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
