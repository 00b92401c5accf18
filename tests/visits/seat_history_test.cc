// Who had a seat before, and what it makes of a draw.

#include "server/visits/seat_history.h"

#include <map>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "server/draw/document.h"
#include "server/draw/verify.h"
#include "server/visits/merge_store.h"
#include "server/visits/seat_history_store.h"
#include "server/visits/sign_up_store.h"
#include "tests/visits/fixture.h"

namespace lagnet::visits {
namespace {

using support::FromText;
using support::HasProto;
using support::IsOk;
using support::IsOkAndHolds;
using testing::HasSubstr;
using testing::Pair;
using testing::SizeIs;
using testing::UnorderedElementsAre;

TEST(SeatHistoryTest, IsKeptForFiveYears) {
  EXPECT_EQ(LastDayKept(absl::CivilDay(2026, 5, 2)),
            absl::CivilDay(2031, 5, 2));
  EXPECT_EQ(LastDayKept(absl::CivilDay(2028, 2, 29)),
            absl::CivilDay(2033, 3, 1));
}

TEST(SeatHistoryTest, GivesWhoHadNoSeatTheLargerOfTheirWeights) {
  const absl::CivilDay start(2030, 5, 1);
  const absl::CivilDay lately(2029, 6, 1), first(2028, 5, 1);
  const absl::CivilDay before(2028, 4, 30);
  const DrawWeights both{.years = 2, .newcomers = 3, .new_organizations = 2};
  const DrawWeights people{.years = 2, .newcomers = 3};
  const DrawWeights organizations{.years = 2, .new_organizations = 10};
  struct Case {
    const char* what;
    DrawWeights weights;
    PastSeats past;
    int weight;
  };
  const Case cases[] = {
      {"no weights", {.years = 2}, {}, 1},
      {"nobody had a seat", both, {}, 3},
      {"somebody had one", both, {.people = lately}, 2},
      {"the organisation had one", both, {.organization = lately}, 3},
      {"both had", both, {lately, lately}, 1},
      {"the first day that counts", both, {first, first}, 1},
      {"the day before it", both, {before, before}, 3},
      {"only people count", people, {.people = lately}, 1},
      {"only people count, and had none", people, {.organization = lately}, 3},
      {"only organisations count", organizations, {.people = lately}, 10},
      {"only organisations count, and had one",
       organizations,
       {.organization = lately},
       1},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(WeightOf(c.weights, start, c.past), c.weight) << c.what;
  }
}

// The latest visit that a rule can look at is kept until the draw's visit
// begins.
TEST(SeatHistoryTest, IsThereForAsLongAsARuleAsksForIt) {
  const DrawWeights weights{.years = kHistoryYears, .newcomers = 2};
  for (absl::CivilDay start(2027, 1, 1); start < absl::CivilDay(2033, 1, 1);
       ++start) {
    for (int days = -3; days <= 3; ++days) {
      const absl::CivilDay end = absl::CivilDay(start.year() - kHistoryYears,
                                                start.month(), start.day()) +
                                 days;
      if (WeightOf(weights, start, {.people = end}) == 1) {
        EXPECT_GE(LastDayKept(end), start) << end;
      }
    }
  }
}

class SeatHistoryServiceTest : public VisitServiceTest {
 protected:
  using Draws = v1::DrawService::Stub;

  static std::string InDays(int days) {
    const absl::Time time = absl::Now() + days * absl::Hours(24);
    return absl::FormatTime("%Y-%m-%dT09:00", time, absl::UTCTimeZone());
  }

  // A visit in the past that some of these people had seats on, as far as there
  // are any. Returns their sign-ups.
  std::vector<v1::SignUp> Past(const std::string& id, int days_ago,
                               const std::vector<std::string>& people,
                               const std::string& organization = "lag-kazbegi",
                               int seats = 5) {
    v1::StudyVisit visit = WantedProto();
    visit.set_seats(seats);
    visit.clear_seats_per_organization();
    EXPECT_THAT(Create(id, visit), IsOk());
    EXPECT_THAT(Publish(id), IsOk());
    std::vector<v1::SignUp> sign_ups;
    for (const std::string& person : people) {
      const auto made = SignUp(id, person, organization);
      EXPECT_THAT(made, IsOk());
      if (made.ok()) sign_ups.push_back(*made);
    }
    database().Run(absl::StrCat(
        "UPDATE visits.visit SET start_time = now() - interval '", days_ago + 1,
        " days', end_time = now() - interval '", days_ago,
        " days', start_local = date_trunc('minute', localtimestamp) - interval "
        "'",
        days_ago + 1,
        " days', end_local = date_trunc('minute', localtimestamp) - interval '",
        days_ago, " days' WHERE name = '", id, "'"));
    return sign_ups;
  }

  // Writes down who had seats; returns on how many visits.
  int Note() {
    int done = 0;
    EXPECT_THAT(Transact(pool(),
                         [&](db::Tx& tx) {
                           done = NoteSeats(tx, vault(), 100);
                           return absl::OkStatus();
                         }),
                IsOk());
    return done;
  }

  // A draw that people can sign up for, with the weights.
  void OpenDraw(const std::string& id, const std::string& weights,
                int seats = 2) {
    v1::StudyVisit visit = WantedProto();
    visit.clear_project();
    visit.clear_days();
    visit.clear_hosts();
    visit.add_hosts("organizations/lag-kozienice");
    visit.set_start(InDays(60));
    visit.set_end(InDays(61));
    visit.set_sign_up_start(InDays(30));
    visit.set_sign_up_end(InDays(40));
    visit.set_seats(seats);
    visit.clear_seats_per_organization();
    *visit.mutable_seat_rules() = FromText<v1::SeatRules>(
        absl::StrCat("policy: DRAW draw_weights { ", weights, " }"));
    ASSERT_THAT(Create(id, visit), IsOk());
    ASSERT_THAT(Publish(id), IsOk());
    v1::CommitDrawSeedRequest commit;
    commit.set_name("studyVisits/" + id);
    commit.set_host("organizations/lag-kozienice");
    commit.set_commitment(
        draw::ToHex(draw::CommitmentTo(commit.name(), commit.host(), Seed())));
    commit.set_request_id(NewRequestId());
    ASSERT_THAT(
        support::Call(node_.draws(), &Draws::CommitDrawSeed, commit, {kHost}),
        IsOk());
    SetWindow(id, "-2 days", "2 days");
  }
  static draw::Digest Seed() {
    draw::Digest seed;
    seed.fill(7);
    return seed;
  }

  // Moves the sign-up window of a visit, as time would.
  void SetWindow(const std::string& id, const std::string& start,
                 const std::string& end) {
    const auto set = [](const std::string& column, const std::string& after) {
      return absl::StrCat(
          column, "_time = now() + interval '", after, "', ", column,
          "_local = date_trunc('minute', localtimestamp) + interval '", after,
          "'");
    };
    database().Run(absl::StrCat(
        "UPDATE visits.visit SET version = version + 1, ",
        set("sign_up_start", start), ", ", set("sign_up_end", end),
        " WHERE name = '", id,
        "'; INSERT INTO visits.decision (visit_id, version, command, actor, "
        "events, confirmed_count, waitlisted_count) "
        "SELECT visit_id, version, 3, 'test', '[]', confirmed_count, "
        "waitlisted_count FROM visits.visit WHERE name = '",
        id, "'"));
  }

  // Ends sign-up and closes the list; returns what each party counts, by the
  // sign-up's name.
  std::map<std::string, int> CloseAndWeigh(const std::string& id) {
    SetWindow(id, "-4 days", "-2 days");
    v1::CloseDrawRequest request;
    request.set_name("studyVisits/" + id);
    request.set_request_id(NewRequestId());
    EXPECT_THAT(
        support::Call(node_.draws(), &Draws::CloseDraw, request, {kHost}),
        IsOkAndHolds(HasProto("state: CLOSED")));
    const std::string list = database().Ask(absl::StrCat(
        "SELECT list->'parties' FROM visits.draw JOIN visits.visit USING "
        "(visit_id) WHERE name = '",
        id, "'"));
    std::map<std::string, int> weights;
    for (const auto& party : nlohmann::json::parse(list)) {
      weights[absl::StrCat("studyVisits/", id, "/signUps/",
                           party.at(0).get<std::string>())] = party.at(3);
    }
    return weights;
  }

  // What one counts who signs up alone for a draw with these weights.
  int WeightAlone(const std::string& id, const std::string& weights,
                  const std::string& person,
                  const std::string& organization = "lag-kazbegi") {
    OpenDraw(id, weights, 1);
    EXPECT_THAT(SignUp(id, person, organization), IsOk());
    const auto closed = CloseAndWeigh(id);
    EXPECT_THAT(closed, SizeIs(1));
    return closed.empty() ? 0 : closed.begin()->second;
  }

  absl::StatusOr<v1::SignUp> Erase(const std::string& name) {
    v1::EraseSignUpRequest request;
    request.set_name(name);
    request.set_request_id(NewRequestId());
    return support::Call(node_.sign_ups(), &SignUps::EraseSignUp, request,
                         {"role:HOLDER@sign_up=" + name});
  }
};

TEST_F(SeatHistoryServiceTest, CountsNewcomersMoreAndCanBeChecked) {
  Past("last-year", 200, {"nino", "waited"}, "lag-kazbegi", 1);
  EXPECT_EQ(Note(), 1);
  EXPECT_EQ(Note(), 0) << "each visit once";
  OpenDraw("weighed", "years: 2 newcomers: 3");
  ASSERT_OK_AND_ASSIGN(const v1::SignUp nino, SignUp("weighed", "nino"));
  ASSERT_OK_AND_ASSIGN(const v1::SignUp waited, SignUp("weighed", "waited"));
  ASSERT_OK_AND_ASSIGN(const v1::SignUp ana, SignUp("weighed", "ana"));
  EXPECT_THAT(CloseAndWeigh("weighed"),
              UnorderedElementsAre(Pair(nino.name(), 1), Pair(waited.name(), 3),
                                   Pair(ana.name(), 3)))
      << "who only waited had no seat";

  v1::OpenDrawSeedRequest open;
  open.set_name("studyVisits/weighed");
  open.set_host("organizations/lag-kozienice");
  open.set_seed(draw::ToHex(Seed()));
  open.set_request_id(NewRequestId());
  ASSERT_THAT(support::Call(node_.draws(), &Draws::OpenDrawSeed, open, {kHost}),
              IsOkAndHolds(HasProto("state: HELD")));
  v1::GetDrawDossierRequest get;
  get.set_name("studyVisits/weighed");
  ASSERT_OK_AND_ASSIGN(
      const v1::GetDrawDossierResponse full,
      support::Call(node_.draws(), &Draws::GetDrawDossier, get, {kAdmin}));
  ASSERT_OK_AND_ASSIGN(const auto dossier,
                       draw::ReadDossier(*draw::ParseJson(full.json())));
  EXPECT_TRUE(draw::AllPassed(draw::Verify(dossier)));
  v1::GetDrawOpeningRequest mine;
  mine.set_name(ana.name());
  ASSERT_OK_AND_ASSIGN(
      const v1::GetDrawOpeningResponse document,
      support::Call(node_.draws(), &Draws::GetDrawOpening, mine, {kAdmin}));
  ASSERT_OK_AND_ASSIGN(const auto opening,
                       draw::ReadOpening(*draw::ParseJson(document.json())));
  EXPECT_EQ(opening.party.weight, 3);
  std::string words;
  for (const draw::Finding& finding : draw::VerifyOpening(dossier, opening)) {
    EXPECT_TRUE(finding.passed) << finding.words;
    absl::StrAppend(&words, finding.words, "\n");
  }
  EXPECT_THAT(words, HasSubstr("It counted 3 times."));
}

TEST_F(SeatHistoryServiceTest, LooksNoFurtherBackThanTheRulesSay) {
  Past("long-ago", 800, {"zurab"});
  Note();
  EXPECT_EQ(WeightAlone("two-years", "years: 2 newcomers: 3", "zurab"), 3);
  EXPECT_EQ(WeightAlone("three-years", "years: 3 newcomers: 3", "zurab"), 1);
}

TEST_F(SeatHistoryServiceTest, WritesNothingDownOfAVisitThatIsNotOrWasNotHeld) {
  Past("called-off", 10, {"maka"});
  database().Run("UPDATE visits.visit SET state = 4 WHERE name = 'called-off'");
  Past("still-on", -1, {"maka"});
  EXPECT_EQ(Note(), 0);
  EXPECT_EQ(WeightAlone("not-held", "years: 5 newcomers: 4", "maka"), 4);
}

TEST_F(SeatHistoryServiceTest, IsShownAndErasedByTheLinkForAsLongAsItIsKept) {
  const std::vector<v1::SignUp> past = Past("erased", 200, {"tamar"});
  ASSERT_THAT(past, SizeIs(1));
  EXPECT_EQ(GetSignUp(past[0].name())->seat_history_end(), "");
  Note();
  ASSERT_THAT(Transact(pool(),
                       [](db::Tx& tx) {
                         ErasePeople(tx, 100);
                         return absl::OkStatus();
                       }),
              IsOk());
  const std::string last_day = database().Ask(
      "SELECT ((end_local::date + interval '5 years')::date)::text FROM "
      "visits.visit WHERE name = 'erased'");
  const std::string link = "role:HOLDER@sign_up=" + past[0].name();
  ASSERT_OK_AND_ASSIGN(const v1::SignUp kept, GetSignUp(past[0].name(), link));
  EXPECT_TRUE(kept.erased());
  EXPECT_EQ(kept.seat_history_end(), last_day);
  EXPECT_THAT(Erase(past[0].name()), IsOk());
  EXPECT_EQ(GetSignUp(past[0].name(), link)->seat_history_end(), "");
  EXPECT_EQ(WeightAlone("after-erasure", "years: 5 newcomers: 2", "tamar"), 2);
}

TEST_F(SeatHistoryServiceTest, IsErasedWithAnySignUpOfTheSamePerson) {
  const std::vector<v1::SignUp> first = Past("first-time", 300, {"eka", "gio"});
  Note();
  const std::vector<v1::SignUp> second = Past("second-time", 20, {"eka"});
  ASSERT_THAT(second, SizeIs(1));
  EXPECT_THAT(Erase(second[0].name()), IsOk());
  EXPECT_EQ(GetSignUp(first[0].name())->seat_history_end(), "");
  EXPECT_NE(GetSignUp(first[1].name())->seat_history_end(), "");
  Note();
  EXPECT_EQ(WeightAlone("eka-again", "years: 5 newcomers: 2", "eka"), 2)
      << "who was erased before it was written down is not";
  EXPECT_EQ(WeightAlone("gio-again", "years: 5 newcomers: 2", "gio"), 1);
}

TEST_F(SeatHistoryServiceTest, IsPurgedWhenItsTimeHasPassed) {
  const std::vector<v1::SignUp> past = Past("purged", 200, {"ilia"});
  Note();
  const auto purge = [&] {
    int done = 0;
    EXPECT_THAT(Transact(pool(),
                         [&](db::Tx& tx) {
                           done = PurgeSeatHistory(tx, 100);
                           return absl::OkStatus();
                         }),
                IsOk());
    return done;
  };
  const auto set = [&](const std::string& day) {
    database().Run(absl::StrCat(
        "UPDATE visits.seat_history SET keep_end = (now() AT TIME ZONE "
        "'UTC')::date + ",
        day, " WHERE sign_up_hash = '\\x",
        absl::BytesToHexString(vault().SeatSignUpHash(past[0].name())), "'"));
  };
  set("0");
  EXPECT_EQ(purge(), 0) << "its last day";
  set("-1");
  EXPECT_EQ(purge(), 1);
  EXPECT_EQ(WeightAlone("after-purge", "years: 5 newcomers: 2", "ilia"), 2);
}

TEST_F(SeatHistoryServiceTest, FollowsAnOrganizationThatIsMerged) {
  Past("of-achinos", 100, {"levan"}, "lag-achinos");
  Note();
  const std::string weights = "years: 1 new_organizations: 5";
  EXPECT_EQ(WeightAlone("kotla-before", weights, "jan", "lag-kotla"), 5);
  EXPECT_EQ(WeightAlone("achinos-before", weights, "ewa", "lag-achinos"), 1);
  const directory::Move move{.from = "lag-achinos", .to = "lag-kotla"};
  ASSERT_THAT(Transact(pool(),
                       [&](db::Tx& tx) {
                         OrganizationMover().lock(tx, move);
                         OrganizationMover().move(tx, move);
                         return absl::OkStatus();
                       }),
              IsOk());
  EXPECT_EQ(WeightAlone("kotla-after", weights, "adam", "lag-kotla"), 1);
}

TEST_F(SeatHistoryServiceTest, HasNoMoreOfPeopleThanHashes) {
  Past("hashed", 50, {"salome"});
  Note();
  EXPECT_EQ(database().Ask("SELECT count(*) FROM visits.seat_history AS row "
                           "WHERE row::text LIKE '%salome%'"),
            "0");
  // They fit those by which a visit knows its people neither.
  EXPECT_EQ(database().Ask("SELECT count(*) FROM visits.seat_history JOIN "
                           "visits.person USING (person_hash)"),
            "0");
}

}  // namespace
}  // namespace lagnet::visits
