#include "server/visits/desk.h"

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "server/base/status_macros.h"
#include "server/visits/plan_store.h"
#include "server/visits/seat_store.h"
#include "tests/support/proxy.h"
#include "tests/visits/world.h"

namespace lagnet::visits {
namespace {

using support::IsOk;
using support::MetadataOf;
using support::StatusIs;
using support::WrongFields;
using testing::ElementsAre;
using Code = absl::StatusCode;

// Keeps a visit's row locked, as another server does while it decides: what
// is submitted meanwhile becomes one batch.
class Hold {
 public:
  explicit Hold(const std::string& dsn, const std::string& visit)
      : connection_(dsn) {
    connection_.ExecuteScript(
        absl::StrCat("BEGIN; SELECT FROM visits.visit WHERE name = '", visit,
                     "' FOR UPDATE"));
  }
  void Release() { connection_.ExecuteScript("COMMIT"); }

 private:
  db::Connection connection_;
};

class DeskTest : public World {
 protected:
  static std::unique_ptr<Desk> MakeDesk(Desk::Options options = {
                                            .threads = 1}) {
    return std::make_unique<Desk>(std::move(options), &pool(), &vault());
  }

  // Waits until somebody waits for a lock in the database.
  static void WaitUntilBlocked() {
    while (database().Ask("SELECT count(*) FROM pg_stat_activity WHERE "
                          "datname = current_database() AND "
                          "wait_event_type = 'Lock'") == "0") {
      absl::SleepFor(absl::Milliseconds(5));
    }
  }

  // Answers to wishes that are decided in one batch, after a first one alone.
  static std::vector<absl::StatusOr<SignUp>> AskInOneBatch(
      Desk& desk, const std::string& visit, std::vector<Wish> wishes,
      const std::string& before = "first") {
    Hold hold(database().dsn(), visit);
    const Later first(desk, SignUpWish(visit, before));
    WaitUntilBlocked();
    std::vector<Later> rest;
    for (Wish& wish : wishes) rest.emplace_back(desk, std::move(wish));
    hold.Release();
    std::vector<absl::StatusOr<SignUp>> answers;
    EXPECT_THAT(first.Get(), IsOk());
    for (const Later& later : rest) answers.push_back(later.Get());
    return answers;
  }
};

TEST_F(DeskTest, DecidesInTheOrderOfArrivalWithinABatch) {
  Open("ordered", 3);
  const auto desk = MakeDesk();
  std::vector<Wish> wishes;
  for (const char* person : {"a", "b", "c", "d"}) {
    wishes.push_back(SignUpWish("ordered", person));
  }
  const auto answers = AskInOneBatch(*desk, "ordered", std::move(wishes));
  ASSERT_EQ(answers.size(), 4u);
  for (size_t i = 0; i < 4; ++i) {
    ASSERT_THAT(answers[i], IsOk());
    EXPECT_EQ(answers[i]->version, answers[0]->version + static_cast<int>(i));
  }
  EXPECT_EQ(answers[1]->state, SignUpState::kConfirmed);
  EXPECT_EQ(answers[2]->obstacle.why, WaitReason::kVisitFull);
  EXPECT_EQ(answers[2]->wait_position, 1);
  EXPECT_EQ(answers[3]->wait_position, 2);
  EXPECT_EQ(Wrong(), "");
}

TEST_F(DeskTest, AnswersTheOthersWhenOneWishSpoilsTheBatch) {
  Open("spoilt", 10);
  const auto desk = MakeDesk();
  std::vector<Wish> wishes;
  for (const char* person : {"a", "b", "c"}) {
    wishes.push_back(SignUpWish("spoilt", person));
  }
  // The gate lets nothing like this through; the database refuses it.
  wishes[1].request.request_id = "no uuid";
  const auto answers = AskInOneBatch(*desk, "spoilt", std::move(wishes));
  EXPECT_THAT(answers, ElementsAre(IsOk(), StatusIs(Code::kInternal), IsOk()));
  EXPECT_EQ(Confirmed("spoilt"), 3);
  EXPECT_EQ(Wrong(), "");
}

TEST_F(DeskTest, AsksWhatTheOrganisationIsEachTime) {
  Open("standing", 10);
  const auto desk = MakeDesk();
  const auto sign_up = [&](const std::string& person, Standing standing) {
    Wish wish = SignUpWish("standing", person, "lag-kotla");
    wish.sign_up.standing = standing;
    return Later(*desk, std::move(wish)).Get();
  };
  const auto set = [](const std::string& what) {
    database().Run(absl::StrCat("UPDATE directory.organization SET ", what,
                                " WHERE name = 'lag-kotla'"));
  };
  set("kind = 3");  // A county.
  EXPECT_THAT(sign_up("a", Standing::kRepresentative), IsOk());
  for (const Standing standing : {Standing::kResident, Standing::kOperator}) {
    const auto refused = sign_up("b", standing);
    EXPECT_THAT(refused, StatusIs(Code::kInvalidArgument, "INVALID_FIELDS"));
    EXPECT_THAT(WrongFields(refused.status()), ElementsAre("sign_up.standing"));
  }
  set("kind = 1");  // A LAG.
  EXPECT_THAT(sign_up("b", Standing::kResident), IsOk());
  EXPECT_THAT(sign_up("c", Standing::kOperator), IsOk());
  set("state = 4");  // Stale, and still in the directory.
  EXPECT_THAT(sign_up("d", Standing::kRepresentative), IsOk());
  for (const auto& [state, name] :
       {std::pair("5", "ARCHIVED"), std::pair("6", "DISSOLVED")}) {
    set(absl::StrCat("state = ", state));
    const auto ended = sign_up("e", Standing::kRepresentative);
    EXPECT_THAT(ended, StatusIs(Code::kFailedPrecondition, "WRONG_STATE"));
    EXPECT_EQ(MetadataOf(ended.status(), "state"), name);
  }
  for (const char* state : {"1", "2"}) {  // Drafts exist for few only.
    set(absl::StrCat("state = ", state));
    EXPECT_THAT(sign_up("f", Standing::kRepresentative),
                StatusIs(Code::kInvalidArgument, "UNKNOWN_REFERENCE"));
  }
  set("state = 3");
}

TEST_F(DeskTest, AnswersEachItemOfABatchByItself) {
  Open("mixed", 10);
  const auto desk = MakeDesk();
  std::vector<Wish> wishes;
  wishes.push_back(SignUpWish("mixed", "a"));
  wishes.push_back(SignUpWish("mixed", "a"));
  wishes.push_back(SignUpWish("nowhere", "b"));
  wishes.push_back(SignUpWish("mixed", "c", "nobody"));
  wishes.push_back(SignUpWish("mixed", "d"));
  wishes.back().validate_only = true;
  wishes.push_back(WithdrawWish("mixed", "unknown"));
  const auto answers = AskInOneBatch(*desk, "mixed", std::move(wishes));
  EXPECT_THAT(
      answers,
      ElementsAre(IsOk(), StatusIs(Code::kAlreadyExists, "ALREADY_SIGNED_UP"),
                  StatusIs(Code::kNotFound, "NOT_FOUND"),
                  StatusIs(Code::kInvalidArgument, "UNKNOWN_REFERENCE"), IsOk(),
                  StatusIs(Code::kNotFound, "NOT_FOUND")));
  EXPECT_THAT(WrongFields(answers[3].status()),
              ElementsAre("sign_up.organization"));
  EXPECT_EQ(Count("mixed", "true"), 2) << "first and a";
  EXPECT_EQ(Wrong(), "");
}

TEST_F(DeskTest, DecidesTheSameRequestOnceHoweverOftenItComes) {
  Open("repeated", 10);
  const auto desk = MakeDesk();
  const Wish wish = SignUpWish("repeated", "a");
  std::vector<Wish> wishes(3, wish);
  for (Wish& copy : wishes) copy.sign_up.id = RandomId();
  wishes.push_back(SignUpWish("repeated", "b"));
  // Another spelling of the same id, and the same id for another thing.
  wishes[2].request.request_id =
      absl::AsciiStrToUpper("abcdef00-0000-4000-8000-00000000000a");
  wishes.push_back(wishes[2]);
  wishes[4].request.request_id = "abcdef00-0000-4000-8000-00000000000a";
  wishes.push_back(wish);
  wishes[5].request.fingerprint = std::string(16, 'x');
  const absl::Time start = absl::Now();
  const auto answers = AskInOneBatch(*desk, "repeated", std::move(wishes));
  ASSERT_THAT(answers[0], IsOk());
  ASSERT_THAT(answers[1], IsOk());
  EXPECT_EQ(answers[1]->id, answers[0]->id);
  EXPECT_EQ(answers[1]->members, answers[0]->members);
  const auto twice = StatusIs(Code::kAlreadyExists, "ALREADY_SIGNED_UP");
  EXPECT_THAT(answers[2], twice);
  EXPECT_THAT(answers[3], IsOk());
  EXPECT_THAT(answers[4], twice);
  EXPECT_THAT(answers[5],
              StatusIs(Code::kFailedPrecondition, "REQUEST_ID_REUSED"));
  EXPECT_EQ(Count("repeated", "true"), 3) << "first, a and b";
  EXPECT_LT(absl::Now() - start, absl::Seconds(8)) << "it went in circles";
  EXPECT_EQ(Wrong(), "");
}

// Who has left may come back; but not by the call that came first.
TEST_F(DeskTest, KnowsARepeatThatWouldGoInOnceMore) {
  Open("left", 10);
  const auto desk = MakeDesk();
  const Wish wish = SignUpWish("left", "a");
  ASSERT_OK_AND_ASSIGN(const SignUp a, Ask(*desk, wish));
  ASSERT_THAT(Ask(*desk, WithdrawWish("left", a.id)), IsOk());
  for (const char* beside : {"b", "c"}) {
    std::vector<Wish> wishes(1, wish);
    wishes[0].sign_up.id = RandomId();
    wishes.push_back(SignUpWish("left", beside));
    wishes.push_back(WithdrawWish("left", a.id));
    const auto answers = AskInOneBatch(*desk, "left", std::move(wishes),
                                       absl::StrCat("before-", beside));
    ASSERT_THAT(answers[0], IsOk());
    EXPECT_EQ(answers[0]->id, a.id);
    EXPECT_EQ(answers[0]->state, SignUpState::kWithdrawn);
    EXPECT_EQ(answers[0]->members, a.members);
    EXPECT_THAT(answers[1], IsOk());
    EXPECT_THAT(answers[2], StatusIs(Code::kFailedPrecondition, "WRONG_STATE"));
  }
  EXPECT_EQ(Count("left", "true"), 5) << "a, b, c and those before";
  Wish tried = wish;
  tried.validate_only = true;
  ASSERT_OK_AND_ASSIGN(const SignUp again, Ask(*desk, std::move(tried)));
  EXPECT_EQ(again.id, a.id);
  EXPECT_EQ(Wrong(), "");
}

TEST_F(DeskTest, TellsWhichStateShowsABatchThatRepeatsACall) {
  Open("shown", 10);
  const auto desk = MakeDesk();
  const Wish wish = SignUpWish("shown", "a");
  ASSERT_THAT(Ask(*desk, wish), IsOk());
  Hold hold(database().dsn(), "shown");
  const Later first(*desk, SignUpWish("shown", "b"));
  WaitUntilBlocked();
  const Later added(*desk, SignUpWish("shown", "c"));
  const Later repeated(*desk, wish);
  hold.Release();
  ASSERT_THAT(added.Get(), IsOk());
  ASSERT_THAT(repeated.Get(), IsOk());
  EXPECT_EQ(absl::StrCat(added.revision()),
            database().Ask("SELECT max(xid) FROM changes.change"));
  EXPECT_EQ(repeated.revision(), added.revision());
  EXPECT_LT(first.revision(), added.revision());
}

TEST_F(DeskTest, LogsWhatEachCallerDidToAVisit) {
  Open("callers", 10);
  const auto desk = MakeDesk();
  std::vector<Wish> wishes;
  for (const char* person : {"a", "b", "c"}) {
    wishes.push_back(SignUpWish("callers", person));
    wishes.back().request.caller = person[0] == 'b' ? "two" : "one";
  }
  const auto answers = AskInOneBatch(*desk, "callers", std::move(wishes));
  EXPECT_THAT(answers, ElementsAre(IsOk(), IsOk(), IsOk()));
  EXPECT_EQ(
      database().Ask(
          "SELECT string_agg(actor || ' ' || version || ' of ' || "
          "array_to_string(part_versions, ' '), ', ' ORDER BY actor) "
          "FROM changes.change WHERE xid = "
          "(SELECT max(xid) FROM changes.change)"),
      absl::StrCat("one ", answers[2]->version, " of ", answers[0]->version,
                   " ", answers[2]->version, ", two ", answers[1]->version,
                   " of ", answers[1]->version));
}

TEST_F(DeskTest, TakesOneRequestIdInTwoSpellingsForOne) {
  Open("spelt", 10);
  const auto desk = MakeDesk();
  std::vector<Wish> wishes(2, SignUpWish("spelt", "a"));
  wishes[0].request.request_id = "abcdef00-0000-4000-8000-00000000000b";
  wishes[1].request.request_id = "ABCDEF00-0000-4000-8000-00000000000B";
  wishes[1].sign_up.id = RandomId();
  wishes[1].sign_up.members[0].full_name = "b";
  const absl::Time start = absl::Now();
  const auto answers = AskInOneBatch(*desk, "spelt", std::move(wishes));
  ASSERT_THAT(answers, ElementsAre(IsOk(), IsOk()));
  EXPECT_EQ(answers[0]->id, answers[1]->id);
  EXPECT_LT(absl::Now() - start, absl::Seconds(8)) << "it went in circles";
  EXPECT_EQ(Wrong(), "");
}

TEST_F(DeskTest, FollowsWhatOthersDecidedMeanwhile) {
  Open("followed", 1);
  const auto desk = MakeDesk();
  const auto other = MakeDesk();
  ASSERT_OK_AND_ASSIGN(const SignUp a, Ask(*desk, SignUpWish("followed", "a")));
  ASSERT_OK_AND_ASSIGN(const SignUp b,
                       Ask(*other, SignUpWish("followed", "b")));
  EXPECT_EQ(b.wait_position, 1);
  ASSERT_THAT(Ask(*other, WithdrawWish("followed", a.id)), IsOk());
  ASSERT_OK_AND_ASSIGN(const SignUp c, Ask(*desk, SignUpWish("followed", "c")));
  EXPECT_EQ(c.wait_position, 1) << "b has the seat";
  EXPECT_THAT(Ask(*desk, WithdrawWish("followed", a.id)),
              StatusIs(Code::kFailedPrecondition, "WRONG_STATE"));
  EXPECT_THAT(Ask(*desk, SignUpWish("followed", "a")), IsOk())
      << "who left may come back";
  EXPECT_EQ(Wrong(), "");
}

// A substitution takes the sign-up as earlier ones in the same batch left it.
TEST_F(DeskTest, SubstitutesTwiceInOneBatch) {
  Open("replaced", 5);
  const auto desk = MakeDesk(), other = MakeDesk();
  Wish pair = SignUpWish("replaced", "a");
  pair.sign_up.members.push_back(
      SignUpWish("replaced", "b").sign_up.members[0]);
  ASSERT_OK_AND_ASSIGN(const SignUp party, Ask(*desk, std::move(pair)));
  std::vector<Wish> wishes;
  for (int member = 0; member < 2; ++member) {
    Wish wish = WithdrawWish("replaced", party.id);
    wish.change = SubstituteCommand{.sign_up = party.id, .member = member};
    wish.substitute =
        SignUpWish("replaced", member == 0 ? "x" : "y").sign_up.members[0];
    wishes.push_back(std::move(wish));
  }
  const auto answers = AskInOneBatch(*desk, "replaced", std::move(wishes));
  ASSERT_THAT(answers, ElementsAre(IsOk(), IsOk()));
  EXPECT_EQ(answers[1]->members[0].full_name, "x");
  EXPECT_EQ(answers[1]->members[1].full_name, "y");
  EXPECT_EQ(Wrong(), "");
  // Another server, which knows nothing of it, and this one know the same.
  for (Desk* who : {other.get(), desk.get()}) {
    EXPECT_THAT(Ask(*who, SignUpWish("replaced", "y")),
                StatusIs(Code::kAlreadyExists, "ALREADY_SIGNED_UP"));
  }
  EXPECT_THAT(Ask(*other, SignUpWish("replaced", "a")), IsOk());
  EXPECT_THAT(Ask(*desk, SignUpWish("replaced", "a")),
              StatusIs(Code::kAlreadyExists, "ALREADY_SIGNED_UP"));
  EXPECT_EQ(Wrong(), "");
}

// One place given to two in one batch is the last one's, and the first may come
// alone.
TEST_F(DeskTest, SubstitutesOnePlaceTwiceInOneBatch) {
  Open("handed-on", 5);
  const auto desk = MakeDesk();
  Wish pair = SignUpWish("handed-on", "a");
  pair.sign_up.members.push_back(
      SignUpWish("handed-on", "b").sign_up.members[0]);
  ASSERT_OK_AND_ASSIGN(const SignUp party, Ask(*desk, std::move(pair)));
  std::vector<Wish> wishes;
  for (const char* person : {"x", "y"}) {
    Wish wish = WithdrawWish("handed-on", party.id);
    wish.change = SubstituteCommand{.sign_up = party.id, .member = 1};
    wish.substitute = SignUpWish("handed-on", person).sign_up.members[0];
    wishes.push_back(std::move(wish));
  }
  wishes.push_back(SignUpWish("handed-on", "x"));
  const auto answers = AskInOneBatch(*desk, "handed-on", std::move(wishes));
  ASSERT_THAT(answers, ElementsAre(IsOk(), IsOk(), IsOk()));
  EXPECT_EQ(answers[1]->members[1].full_name, "y");
  const auto other = MakeDesk();  // Which knows only what is stored.
  for (const char* person : {"x", "y"}) {
    EXPECT_THAT(Ask(*other, SignUpWish("handed-on", person)),
                StatusIs(Code::kAlreadyExists, "ALREADY_SIGNED_UP"));
  }
  EXPECT_THAT(Ask(*other, SignUpWish("handed-on", "b")), IsOk());
  EXPECT_EQ(Wrong(), "");
}

// A database that was set back has other decisions under the same versions.
TEST_F(DeskTest, ForgetsWhatTheDatabaseForgot) {
  Open("back", 1);
  const auto desk = MakeDesk(), other = MakeDesk();
  ASSERT_OK_AND_ASSIGN(const SignUp gone, Ask(*desk, SignUpWish("back", "a")));
  database().Run(absl::StrCat(
      "DELETE FROM visits.person WHERE sign_up = '", gone.id,
      "'; DELETE FROM visits.sign_up WHERE name = '", gone.id,
      "'; DELETE FROM visits.decision WHERE version = ", gone.version,
      " AND visit_id = (SELECT visit_id FROM visits.visit WHERE name = 'back')"
      "; UPDATE visits.visit SET version = version - 1, confirmed_count = 0 "
      "WHERE name = 'back'"));
  ASSERT_OK_AND_ASSIGN(const SignUp seated,
                       Ask(*other, SignUpWish("back", "b")));
  EXPECT_EQ(seated.state, SignUpState::kConfirmed);
  EXPECT_EQ(seated.version, gone.version);
  ASSERT_OK_AND_ASSIGN(const SignUp c, Ask(*other, SignUpWish("back", "c")));
  EXPECT_EQ(c.wait_position, 1);
  ASSERT_OK_AND_ASSIGN(const SignUp d, Ask(*desk, SignUpWish("back", "d")));
  EXPECT_EQ(d.wait_position, 2);
  EXPECT_EQ(Wrong(), "");
}

TEST_F(DeskTest, LearnsNewRulesThatAnotherServerDecided) {
  Open("widened", 1);
  const auto desk = MakeDesk(), other = MakeDesk();
  ASSERT_THAT(Ask(*desk, SignUpWish("widened", "a")), IsOk());
  ASSERT_THAT(Ask(*other, SignUpWish("widened", "b")), IsOk());
  const auto widen = [](db::Tx& tx) {
    const auto locked = LockSeats(tx, {"widened"});
    SeatPlan plan = std::move(LoadPlans(tx, {"widened"}).at("widened"));
    SeatRules rules = plan.rules();
    rules.seats = 3;
    ASSIGN_OR_RETURN(Decision decision,
                     Decide(plan, ChangeRulesCommand{rules}, tx.now()));
    StoreDecisions(tx, {RecordOf(locked.at("widened"), plan,
                                 std::move(decision), {}, tx.now())});
    return absl::OkStatus();
  };
  database().Run("UPDATE visits.visit SET seats = 3 WHERE name = 'widened'");
  ASSERT_THAT(Transact(pool(), widen), IsOk());
  EXPECT_EQ(Confirmed("widened"), 2);
  ASSERT_THAT(Ask(*desk, SignUpWish("widened", "c")), IsOk());
  EXPECT_EQ(Confirmed("widened"), 3);
  const auto late = Ask(*other, SignUpWish("widened", "d"));
  ASSERT_THAT(late, IsOk());
  EXPECT_EQ(late->wait_position, 1);
  EXPECT_EQ(Wrong(), "");
}

TEST_F(DeskTest, WithdrawsTheVersionThatWasSeenOnly) {
  Open("seen", 5);
  Open("unseen", 5);
  const auto desk = MakeDesk();
  ASSERT_OK_AND_ASSIGN(const SignUp a, Ask(*desk, SignUpWish("seen", "a")));
  Wish wish = WithdrawWish("seen", a.id);
  wish.etag = absl::StrCat("\"", a.version + 1, "\"");
  EXPECT_THAT(Ask(*desk, wish), StatusIs(Code::kAborted, "ETAG_MISMATCH"));
  EXPECT_THAT(Ask(*desk, WithdrawWish("unseen", a.id)),
              StatusIs(Code::kNotFound, "NOT_FOUND"))
      << "it is on another visit";
  wish.etag = absl::StrCat("\"", a.version, "\"");
  wish.request.request_id = NewRequestId();
  ASSERT_OK_AND_ASSIGN(const SignUp gone, Ask(*desk, wish));
  EXPECT_EQ(gone.state, SignUpState::kWithdrawn);
  EXPECT_EQ(gone.version, a.version + 1);
}

TEST_F(DeskTest, GoesOnWhenItsConnectionIsKilled) {
  Open("killed", 5);
  const auto desk = MakeDesk();
  ASSERT_THAT(Ask(*desk, SignUpWish("killed", "before")), IsOk());
  Hold hold(database().dsn(), "killed");
  const Later later(*desk, SignUpWish("killed", "meanwhile"));
  WaitUntilBlocked();
  database().Run(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE "
      "datname = current_database() AND wait_event_type = 'Lock'");
  hold.Release();
  EXPECT_THAT(later.Get(), IsOk());
  EXPECT_EQ(Confirmed("killed"), 2);
  EXPECT_EQ(Wrong(), "");
}

TEST_F(DeskTest, CountsACommitOnceWhoseAnswerWasLost) {
  if (!support::Proxy::Possible(database().dsn())) GTEST_SKIP();
  support::Proxy proxy(database().dsn());
  db::Pool pool(proxy.dsn(), 4);
  Desk desk({.threads = 1}, &pool, &vault());
  Open("in-doubt", 5);
  using Commit = support::Proxy::Commit;
  for (const auto& [what, person] : std::vector<std::pair<Commit, std::string>>{
           {Commit::kCut, "a"}, {Commit::kDrop, "b"}, {Commit::kCut, "c"}}) {
    proxy.OnCommit(what);
    ASSERT_OK_AND_ASSIGN(const SignUp sign_up,
                         Ask(desk, SignUpWish("in-doubt", person)));
    EXPECT_EQ(sign_up.state, SignUpState::kConfirmed);
    EXPECT_EQ(sign_up.members[0].full_name, person);
  }
  EXPECT_EQ(Confirmed("in-doubt"), 3);
  EXPECT_EQ(Wrong(), "");
}

TEST_F(DeskTest, RefusesMoreThanItCanQueue) {
  Open("full", 50);
  const auto desk = MakeDesk({.max_queue = 2, .threads = 1});
  Hold hold(database().dsn(), "full");
  const Later first(*desk, SignUpWish("full", "first"));
  WaitUntilBlocked();
  const Later second(*desk, SignUpWish("full", "second"));
  Wish late = SignUpWish("full", "late");
  late.deadline = absl::Now();
  const Later third(*desk, std::move(late));
  const Later fourth(*desk, SignUpWish("full", "fourth"));
  EXPECT_THAT(fourth.Get(), StatusIs(Code::kUnavailable, "OVERLOADED"));
  EXPECT_GT(RetryDelayOf(fourth.Get().status()), absl::ZeroDuration());
  EXPECT_EQ(desk->queued(), 2);
  hold.Release();
  EXPECT_THAT(second.Get(), IsOk());
  EXPECT_THAT(third.Get(), StatusIs(Code::kUnavailable, "OVERLOADED"));
  EXPECT_EQ(Confirmed("full"), 2);
}

TEST_F(DeskTest, AnswersWhatIsQueuedBeforeItGoes) {
  Open("last", 50);
  int commits = 0;
  auto desk =
      MakeDesk({.max_batch = 3, .threads = 1, .on_commit = [&] { ++commits; }});
  std::optional<Hold> hold(std::in_place, database().dsn(), "last");
  std::vector<Later> answers;
  answers.emplace_back(*desk, SignUpWish("last", "first"));
  WaitUntilBlocked();
  for (int i = 0; i < 10; ++i) {
    answers.emplace_back(*desk, SignUpWish("last", absl::StrCat("p", i)));
  }
  hold->Release();
  desk.reset();
  for (const Later& answer : answers) {
    ASSERT_TRUE(answer.answered());
    EXPECT_THAT(answer.Get(), IsOk());
  }
  EXPECT_EQ(commits, 1 + 4) << "three at a time";
  EXPECT_EQ(Wrong(), "");
}

TEST_F(DeskTest, PartyLeavesInTheBatchThatItCameIn) {
  for (const char* id : {"better", "worse"}) {
    StudyVisit visit = Wanted(id, 2);
    visit.project = "green-paths";
    visit.rules.first_seats_first = true;
    Open(visit);
  }
  const auto desk = MakeDesk();
  const auto choose = [](const char* visit, int choice) {
    Wish wish = SignUpWish(visit, "nino");
    wish.sign_up.choice = choice;
    return wish;
  };
  for (const auto& answer : AskInOneBatch(
           *desk, "better", {choose("worse", 2), choose("better", 1)})) {
    EXPECT_THAT(answer, IsOk());
  }
  EXPECT_EQ(Confirmed("better"), 2);
  EXPECT_EQ(Count("worse", "sign_up.state = 8"), 1);
  EXPECT_EQ(Wrong(), "");
  // With nothing left behind that would keep her from coming again.
  EXPECT_THAT(Ask(*desk, SignUpWish("worse", "nino")), IsOk());
}

}  // namespace
}  // namespace lagnet::visits
