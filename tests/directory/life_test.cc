// The life of an entry, and who may read drafts: pure rules.

#include "server/directory/life.h"

#include <random>
#include <string>
#include <vector>

#include "server/directory/reader.h"
#include "tests/support/matchers.h"

namespace lagnet::directory {
namespace {

using support::MetadataOf;
using support::StatusIs;
using State = OrganizationState;

constexpr State kStates[] = {
    State::kDraft,    State::kSubmitted, State::kVerified, State::kStale,
    State::kArchived, State::kDissolved, State::kMerged};
constexpr LifeStep kSteps[] = {LifeStep::kSubmit,   LifeStep::kVerify,
                               LifeStep::kReturn,   LifeStep::kConfirm,
                               LifeStep::kUpdate,   LifeStep::kAge,
                               LifeStep::kArchive,  LifeStep::kRestore,
                               LifeStep::kDissolve, LifeStep::kMerge};

const absl::Time kNow = absl::FromUnixSeconds(2'000'000'000);

TEST(LifeTest, TakesEachStepFromWhereItCanBeTaken) {
  // A line for each state, a column for each step; the letter is the state
  // that it leads to, a dash that it cannot be taken. Looked at yesterday.
  struct Case {
    State from;
    const char* to;
  };
  //        submit verify return confirm update age archive restore dissolve
  //        merge
  const Case recent[] = {
      {State::kDraft, "S---D----M"},    {State::kSubmitted, "-VD-S----M"},
      {State::kVerified, "---VV-A-XM"}, {State::kStale, "---VV-A-XM"},
      {State::kArchived, "-------VXM"}, {State::kDissolved, "-------V-M"},
      {State::kMerged, "----------"}};
  // Looked at more than a year ago.
  const Case overdue[] = {
      {State::kDraft, "S---D----M"},    {State::kSubmitted, "-VD-S----M"},
      {State::kVerified, "---VVTA-XM"}, {State::kStale, "---VV-A-XM"},
      {State::kArchived, "-------TXM"}, {State::kDissolved, "-------T-M"},
      {State::kMerged, "----------"}};
  const std::string letters = "?DSVTAXM";
  for (const auto* table : {recent, overdue}) {
    const absl::Time look_time =
        kNow - absl::Hours(24) * (table == recent ? 1 : 400);
    for (size_t i = 0; i < std::size(kStates); ++i) {
      for (size_t s = 0; s < std::size(kSteps); ++s) {
        Life life{.state = table[i].from, .look_time = look_time};
        const absl::Status status = Take(kSteps[s], kNow, life);
        const char wanted = table[i].to[s];
        EXPECT_EQ(status.ok(), wanted != '-') << i << " " << s;
        if (wanted == '-') {
          EXPECT_THAT(status, StatusIs(absl::StatusCode::kFailedPrecondition,
                                       "WRONG_STATE"));
          EXPECT_EQ(MetadataOf(status, "state"), NameOf(table[i].from));
          EXPECT_EQ(life,
                    (Life{.state = table[i].from, .look_time = look_time}));
        } else {
          EXPECT_EQ(letters[static_cast<size_t>(life.state)], wanted)
              << i << " " << s;
        }
      }
    }
  }
}

TEST(LifeTest, CountsALookForAYearToTheSecond) {
  EXPECT_FALSE(IsOverdue(kNow, kNow));
  EXPECT_FALSE(IsOverdue(kNow, kNow + kLookCounts - absl::Seconds(1)));
  EXPECT_TRUE(IsOverdue(kNow, kNow + kLookCounts));
  EXPECT_FALSE(IsOverdue(absl::InfiniteFuture(), kNow)) << "never verified";
  EXPECT_EQ(kLookCounts, absl::Hours(24) * 365);
}

// Whatever steps people take, in whatever order.
TEST(LifeTest, KeepsItsPromisesWhateverHappens) {
  std::mt19937 dice(20260719);
  for (int life_no = 0; life_no < 300; ++life_no) {
    Life life{.creator = "accounts/a"};
    absl::Time now = kNow;
    bool was_verified = false;
    for (int step_no = 0; step_no < 60; ++step_no) {
      now += absl::Hours(24) * (dice() % 200);
      const LifeStep step = kSteps[dice() % std::size(kSteps)];
      const Life before = life;
      const bool taken = Take(step, now, life).ok();
      if (!taken) {
        EXPECT_EQ(life, before);
      }
      if (taken && step == LifeStep::kReturn) life.return_reason = "more";
      if (taken && step == LifeStep::kDissolve) life.successor = "other";
      was_verified = was_verified || life.state == State::kVerified;
      // What nobody verified is never published.
      if (life.state != State::kMerged) {
        EXPECT_EQ(IsUnpublished(life.state), !was_verified);
      }
      EXPECT_TRUE(was_verified || IsForFew(life.state));
      if (before.state == State::kMerged) {
        EXPECT_EQ(life, before);
      }
      EXPECT_EQ(life.look_time == absl::InfiniteFuture(), !was_verified);
      // What was taken to be right just now is no longer stale.
      if (taken && life.state == State::kVerified) {
        EXPECT_FALSE(IsOverdue(life.look_time, now));
      }
      // Reasons and successors stay only as long as they mean something.
      if (life.state != State::kDraft) {
        EXPECT_EQ(life.return_reason, "");
      }
      if (life.state != State::kDissolved) {
        EXPECT_EQ(life.successor, "");
      }
      EXPECT_EQ(life.creator, "accounts/a");
    }
  }
}

TEST(ReaderTest, SeesWhatIsPublishedAndTheDraftsThatConcernIt) {
  const Organization draft{
      .id = "lag-kazbegi",
      .network = "georgia",
      .territories = {{TerritoryScheme::kIso3166, "", "GE-MM"}},
      .life = {.state = State::kDraft, .creator = "accounts/gateway"}};
  struct Case {
    Reader reader;
    bool sees;
  };
  const Case cases[] = {
      {{}, false},
      {{.identity = "accounts/somebody"}, false},
      {{.identity = "accounts/gateway"}, true},
      {{.runs_everything = true}, true},
      {{.staff = {{"georgia", ""}}}, true},
      {{.staff = {{"ksow", ""}}}, false},
      {{.staff = {{"georgia", "GE-MM"}}}, true},
      {{.staff = {{"georgia", "GE-KA"}}}, false},
      {{.staff = {{"ksow", ""}, {"georgia", "GE"}}}, true},
      {{.organizations = {"lag-keda", "lag-kazbegi"}}, true},
      {{.organizations = {"lag-keda"}}, false},
  };
  for (const Case& c : cases) {
    for (const State state : kStates) {
      Organization organization = draft;
      organization.life.state = state;
      EXPECT_EQ(MayRead(c.reader, organization), c.sees || !IsForFew(state))
          << NameOf(state) << " " << c.reader.identity;
    }
  }
  Organization nobodys = draft;
  nobodys.life.creator = "";
  EXPECT_FALSE(MayRead({}, nobodys));
}

}  // namespace
}  // namespace lagnet::directory
