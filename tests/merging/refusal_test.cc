// What a merge refuses, how it is repeated, and who may.

#include <atomic>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_replace.h"
#include "absl/time/clock.h"
#include "google/protobuf/util/message_differencer.h"
#include "tests/merging/fixture.h"

namespace lagnet::merging {
namespace {

using support::HasProto;
using support::IsOk;
using support::MetadataOf;
using support::StatusIs;
using testing::HasSubstr;
using testing::SizeIs;

constexpr absl::StatusCode kNotNow = absl::StatusCode::kFailedPrecondition;

TEST_F(MergeTest, GivesARepeatTheFirstAnswer) {
  const std::string once = absl::StrCat("request_id: '", FreshRequestId(), "'");
  const auto first = Merge(old_, new_, once);
  ASSERT_THAT(first, IsOk());
  const auto second = Merge(old_, new_, once);
  ASSERT_THAT(second, IsOk());
  EXPECT_TRUE(
      google::protobuf::util::MessageDifferencer::Equals(*first, *second));
  EXPECT_THAT(Merge(old_, new_), StatusIs(kNotNow, "WRONG_STATE"))
      << "merged already";
  EXPECT_THAT(
      Do(&Organizations::Stub::CreateOrganization,
         absl::StrCat("organization_id: 'old", suffix_,
                      "' organization { network: '", network_,
                      "' kind: LAG country: 'GE' display_name { texts { "
                      "key: 'en' value { text: 'X' } } } }")),
      StatusIs(absl::StatusCode::kAlreadyExists, "NAME_TAKEN"));
}

TEST_F(MergeTest, FlattensChains) {
  ASSERT_THAT(Merge(old_, new_), IsOk());
  const auto second = Merge(new_, third_);
  ASSERT_THAT(second, IsOk());
  ASSERT_THAT(second->moved(), SizeIs(1));
  EXPECT_THAT(second->moved(0),
              HasProto("kind: 'directory.old_names' count: 1"));
  EXPECT_EQ(Must(Get(old_)).name(), third_);
  EXPECT_EQ(Must(Get(new_)).name(), third_);
  EXPECT_THAT(Merge(third_, old_), StatusIs(kNotNow, "WRONG_STATE"));
  const auto merged =
      Do(&Organizations::Stub::ListOrganizations,
         absl::StrCat("network: '", network_, "' states: MERGED"));
  ASSERT_THAT(merged, IsOk());
  ASSERT_THAT(merged->organizations(), SizeIs(2));
  for (const auto& entry : merged->organizations()) {
    EXPECT_EQ(entry.merged_into(), third_);
  }
  // Another server learns it when it starts.
  const access::WholeServer other(database().dsn(), server_);
  Organizations::Stub stub(other.channel());
  directory::v1::GetOrganizationRequest request;
  request.set_name(old_);
  EXPECT_EQ(support::Call(stub, &Organizations::Stub::GetOrganization, request)
                ->name(),
            third_);
}

TEST_F(MergeTest, RefusesMoreSeatsThanAShareAndLeavesAllAsItWas) {
  const std::string visit =
      MakeVisit("share", third_, "seats: 9 seats_per_organization: 2");
  SignUp(visit, old_, "one");
  SignUp(visit, old_, "two");
  SignUp(visit, new_, "three");
  const std::string log = database().Ask("SELECT count(*) FROM changes.change");
  const auto preview = Merge(old_, new_, "validate_only: true");
  ASSERT_THAT(preview, IsOk());
  ASSERT_THAT(preview->conflicts(), SizeIs(1));
  EXPECT_EQ(preview->conflicts(0).resource(), visit);
  EXPECT_EQ(preview->conflicts(0).reason(), "SHARE_EXCEEDED");
  const absl::Status refused = Merge(old_, new_).status();
  EXPECT_THAT(refused, StatusIs(kNotNow, "SHARE_EXCEEDED"));
  EXPECT_EQ(MetadataOf(refused, "resource"), visit);
  EXPECT_THAT(std::string(refused.message()),
              HasSubstr("3 seats of at most 2"));
  EXPECT_EQ(Must(Get(old_)).name(), old_);
  EXPECT_EQ(database().Ask("SELECT count(*) FROM changes.change"), log);
  EXPECT_EQ(SeatsWrong(), "");
  Must(Do(&Visits::Stub::UpdateStudyVisit,
          absl::StrCat("study_visit { name: '", visit,
                       "' seats_per_organization: 3 } update_mask { paths: "
                       "'seats_per_organization' } rules_change_reason: "
                       "'Two organisations become one'")));
  EXPECT_THAT(Merge(old_, new_), IsOk());
  EXPECT_EQ(SeatsWrong(), "");
}

TEST_F(MergeTest, RefusesWhereSomethingUnknownPointsAtIt) {
  database().Run(absl::StrCat(
      "CREATE TABLE visits.bus (id int, operator text REFERENCES "
      "directory.organization (name), tags text[]);"
      "COMMENT ON COLUMN visits.bus.tags IS 'refers to: organizations';"
      "INSERT INTO visits.bus VALUES (1, '",
      IdOf(third_), "', '{}')"));
  EXPECT_THAT(Merge(old_, new_, "validate_only: true"), IsOk());
  for (const char* change :
       {"SET operator = '%s'", "SET operator = NULL, tags = '{a,%s}'"}) {
    database().Run(
        absl::StrCat("UPDATE visits.bus ",
                     absl::StrReplaceAll(change, {{"%s", IdOf(old_)}})));
    const absl::Status refused = Merge(old_, new_).status();
    EXPECT_THAT(refused, StatusIs(kNotNow, "REFERENCE_UNKNOWN"));
    EXPECT_THAT(MetadataOf(refused, "references"),
                testing::StartsWith("visits.bus."));
  }
  database().Run("DROP TABLE visits.bus");
  EXPECT_THAT(Merge(old_, new_), IsOk());
}

TEST_F(MergeTest, IsForTheStaffOfBothNetworks) {
  const std::string here =
      absl::StrCat("role: NETWORK_EDITOR network: '", network_, "'");
  const std::string editor = KeyFor("editor", here);
  std::string elsewhere = MakeNetwork("elsewhere");
  const std::string manager = KeyFor(
      "manager", absl::StrCat("role: LAG_MANAGER organization: '", old_, "'"));
  EXPECT_THAT(Merge(old_, new_, "", manager),
              StatusIs(absl::StatusCode::kPermissionDenied));
  std::swap(network_, elsewhere);
  const std::string other = MakeOrganization("other", "Lagodekhi");
  EXPECT_THAT(Merge(old_, other, "", editor),
              StatusIs(absl::StatusCode::kPermissionDenied));
  EXPECT_THAT(Merge(old_, new_, "etag: '\"99\"'", editor),
              StatusIs(absl::StatusCode::kAborted, "ETAG_MISMATCH"));
  EXPECT_THAT(Merge(old_, new_, "", editor), IsOk());
}

// Sign-ups of both rush in while the two are merged.
TEST_F(MergeTest, LosesNoSignUpInARush) {
  constexpr int kThreads = 4;
  constexpr int kEach = 25;
  std::vector<std::string> visits;
  for (int i = 0; i < 6; ++i) {
    visits.push_back(MakeVisit(absl::StrCat("rush-", i), third_, "seats: 7"));
  }
  std::atomic<int> made{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kEach; ++i) {
        const std::string text =
            SignUpText(visits[static_cast<size_t>((t + i) % 6)],
                       t % 2 == 0 ? old_ : new_, absl::StrCat("p", t, "-", i));
        // What is merged at this moment is tried again, as clients do.
        for (;;) {
          const auto answer = Do(&SignUps::Stub::CreateSignUp, text);
          if (answer.ok()) break;
          ASSERT_THAT(answer, StatusIs(absl::StatusCode::kUnavailable));
        }
        ++made;
      }
    });
  }
  while (made < kThreads * kEach / 4) absl::SleepFor(absl::Milliseconds(1));
  EXPECT_THAT(Merge(old_, new_), IsOk());
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(Count(absl::StrCat("visits.sign_up WHERE organization = '",
                               IdOf(new_), "'")),
            kThreads * kEach);
  EXPECT_EQ(Count(absl::StrCat("visits.sign_up WHERE organization = '",
                               IdOf(old_), "'")),
            0);
  EXPECT_EQ(SeatsWrong(), "");
}

}  // namespace
}  // namespace lagnet::merging
