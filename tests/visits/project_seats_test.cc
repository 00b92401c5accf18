#include "server/visits/project_seats.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/support/matchers.h"
#include "tests/visits/plan_text.h"
#include "tests/visits/refusals.h"

namespace lagnet::visits {
namespace {

using support::IsOk;
using support::StatusIs;
using testing::ElementsAre;
using testing::IsEmpty;
using Code = absl::StatusCode;

constexpr int kSignUpEnd = 200;

// Sign-up from 100 to 200, the visits end at 300.
SeatRules Rules(int seats) {
  return {.state = VisitState::kPublished,
          .seats = seats,
          .sign_up_start = At(100),
          .sign_up_end = At(kSignUpEnd),
          .end = At(300),
          .project = "wine"};
}

Party PartyOf(const std::string& id, const std::string& person,
              int choice = 0) {
  return {.sign_up = id,
          .organization = "o",
          .members = {{.hash = person}},
          .choice = choice};
}

// The visits of one project, decided about as the desk does.
class Project {
 public:
  void Add(const std::string& visit, SeatRules rules) {
    plans_.emplace(visit, SeatPlan(1, rules, {}));
    first_.emplace(visit, std::move(rules));
  }

  absl::Status Do(const std::string& visit, Command command, int now = 150) {
    Settle(now);
    const ProjectPlans together = PlansOf("wine", plans_);
    if (auto* sign_up = std::get_if<SignUpCommand>(&command)) {
      const absl::Status may = CheckChoice(together, visit, sign_up->party);
      if (!may.ok()) return may;
      sign_up->party.is_second = IsSecond(together, visit, sign_up->party);
    }
    absl::StatusOr<Decision> decision =
        Decide(plans_.at(visit), command, At(now));
    if (!decision.ok()) return decision.status();
    Note(visit, *std::move(decision));
    Settle(now);
    return absl::OkStatus();
  }
  absl::Status SignUp(const std::string& visit, Party party, int now = 150) {
    return Do(visit, SignUpCommand{.party = std::move(party)}, now);
  }

  void Settle(int now) {
    SettleTogether(PlansOf("wine", plans_), At(now),
                   [&](const std::string& visit, Decision decision) {
                     Note(visit, std::move(decision));
                   });
  }

  // Who has seats on a visit, in the order of arrival, and who waits.
  std::vector<std::string> Seated(const std::string& visit) const {
    std::vector<std::string> ids;
    for (const Party* party : plans_.at(visit).parties()) {
      if (party->seats > 0) ids.push_back(party->sign_up);
    }
    return ids;
  }
  std::vector<std::string> Queue(const std::string& visit) const {
    return QueueOf(plans_.at(visit));
  }

  const std::map<std::string, SeatPlan>& plans() const { return plans_; }
  // As the record of decisions has it.
  SeatPlan Replayed(const std::string& visit) const {
    SeatPlan plan(1, first_.at(visit), {});
    const auto record = record_.find(visit);
    if (record == record_.end()) return plan;
    for (const Decision& decision : record->second) Apply(decision, plan);
    return plan;
  }

 private:
  void Note(const std::string& visit, Decision decision) {
    record_[visit].push_back(std::move(decision));
  }

  std::map<std::string, SeatPlan> plans_;
  std::map<std::string, SeatRules> first_;
  std::map<std::string, std::vector<Decision>> record_;
};

class ProjectSeatsTest : public testing::Test {
 protected:
  ProjectSeatsTest() {
    project_.Add("a", Rules(1));
    project_.Add("b", Rules(1));
  }

  Project project_;
};

TEST_F(ProjectSeatsTest, GivesNobodyASecondSeatWhileSignUpIsOpen) {
  ASSERT_THAT(project_.SignUp("a", PartyOf("nino-a", "nino")), IsOk());
  ASSERT_THAT(project_.SignUp("b", PartyOf("nino-b", "nino")), IsOk());
  EXPECT_THAT(project_.Seated("a"), ElementsAre("nino-a"));
  EXPECT_THAT(project_.Seated("b"), IsEmpty());
  const Party& second = *project_.plans().at("b").Find("nino-b");
  EXPECT_TRUE(second.is_second);
  project_.Settle(kSignUpEnd);
  EXPECT_THAT(project_.Seated("b"), ElementsAre("nino-b"))
      << "nobody waits for a first one";
}

TEST_F(ProjectSeatsTest, GivesTheLastSeatToWhoHasNone) {
  ASSERT_THAT(project_.SignUp("a", PartyOf("nino-a", "nino")), IsOk());
  ASSERT_THAT(project_.SignUp("b", PartyOf("nino-b", "nino")), IsOk());
  ASSERT_THAT(project_.SignUp("b", PartyOf("gia-b", "gia")), IsOk());
  EXPECT_THAT(project_.Seated("b"), ElementsAre("gia-b"));
  ASSERT_THAT(project_.SignUp("b", PartyOf("eka-b", "eka")), IsOk());
  EXPECT_THAT(project_.Queue("b"), ElementsAre("eka-b", "nino-b"));
  project_.Settle(kSignUpEnd);
  ASSERT_THAT(project_.Do("b", WithdrawCommand{"gia-b"}, 250), IsOk());
  EXPECT_THAT(project_.Seated("b"), ElementsAre("eka-b"));
}

TEST_F(ProjectSeatsTest, MarksWhoWaitsAlreadyWhenSeatsComeElsewhere) {
  ASSERT_THAT(project_.SignUp("a", PartyOf("gia-a", "gia")), IsOk());
  ASSERT_THAT(project_.SignUp("b", PartyOf("eka-b", "eka")), IsOk());
  ASSERT_THAT(project_.SignUp("a", PartyOf("nino-a", "nino")), IsOk());
  ASSERT_THAT(project_.SignUp("b", PartyOf("nino-b", "nino")), IsOk());
  ASSERT_THAT(project_.SignUp("b", PartyOf("zaza-b", "zaza")), IsOk());
  EXPECT_THAT(project_.Queue("b"), ElementsAre("nino-b", "zaza-b"));
  ASSERT_THAT(project_.Do("a", WithdrawCommand{"gia-a"}), IsOk());
  EXPECT_THAT(project_.Seated("a"), ElementsAre("nino-a"));
  EXPECT_THAT(project_.Queue("b"), ElementsAre("zaza-b", "nino-b"));
  // And back, where it stood, when that seat is lost.
  ASSERT_THAT(project_.Do("a", WithdrawCommand{"nino-a"}), IsOk());
  EXPECT_THAT(project_.Queue("b"), ElementsAre("nino-b", "zaza-b"));
}

TEST_F(ProjectSeatsTest, CountsMembersOfADelegation) {
  project_.Add("c", Rules(5));
  ASSERT_THAT(project_.SignUp("a", PartyOf("nino-a", "nino")), IsOk());
  Party group = PartyOf("group-c", "gia");
  group.members.push_back({.hash = "nino"});
  ASSERT_THAT(project_.SignUp("c", group), IsOk());
  EXPECT_THAT(project_.Seated("c"), IsEmpty());
  // Somebody comes in her place who has no seat elsewhere.
  ASSERT_THAT(project_.Do("c", SubstituteCommand{.sign_up = "group-c",
                                                 .member = 1,
                                                 .person = {.hash = "eka"}}),
              IsOk());
  EXPECT_THAT(project_.Seated("c"), ElementsAre("group-c"));
}

TEST_F(ProjectSeatsTest, KeepsThePlaceForABetterChoiceAndYieldsTheOther) {
  ASSERT_THAT(project_.SignUp("a", PartyOf("gia-a", "gia")), IsOk());
  ASSERT_THAT(project_.SignUp("a", PartyOf("nino-a", "nino", 1)), IsOk());
  ASSERT_THAT(project_.SignUp("a", PartyOf("eka-a", "eka")), IsOk());
  ASSERT_THAT(project_.SignUp("b", PartyOf("nino-b", "nino", 2)), IsOk());
  ASSERT_THAT(project_.SignUp("b", PartyOf("zaza-b", "zaza")), IsOk());
  EXPECT_THAT(project_.Seated("b"), ElementsAre("nino-b"));
  EXPECT_THAT(project_.Queue("a"), ElementsAre("nino-a", "eka-a"))
      << "the seat of a worse choice costs no place";
  ASSERT_THAT(project_.Do("a", WithdrawCommand{"gia-a"}), IsOk());
  EXPECT_THAT(project_.Seated("a"), ElementsAre("nino-a"));
  EXPECT_THAT(project_.Seated("b"), ElementsAre("zaza-b"));
  EXPECT_EQ(project_.plans().at("b").Find("nino-b"), nullptr);
}

TEST_F(ProjectSeatsTest, EndsWorseChoicesThatStillWait) {
  ASSERT_THAT(project_.SignUp("b", PartyOf("gia-b", "gia")), IsOk());
  ASSERT_THAT(project_.SignUp("b", PartyOf("nino-b", "nino", 2)), IsOk());
  ASSERT_THAT(project_.SignUp("a", PartyOf("nino-a", "nino", 1)), IsOk());
  EXPECT_THAT(project_.Seated("a"), ElementsAre("nino-a"));
  EXPECT_THAT(project_.Queue("b"), IsEmpty());
}

TEST_F(ProjectSeatsTest, RefusesAChoiceThatMakesNoSense) {
  ASSERT_THAT(project_.SignUp("a", PartyOf("nino-a", "nino", 1)), IsOk());
  EXPECT_THAT(project_.SignUp("b", PartyOf("nino-b", "nino", 1)),
              StatusIs(Code::kInvalidArgument, "INVALID_FIELDS"));
  EXPECT_THAT(project_.SignUp("b", PartyOf("nino-b", "nino", 2)),
              StatusIs(Code::kFailedPrecondition, "BETTER_CHOICE"));
  EXPECT_THAT(project_.SignUp("b", PartyOf("nino-b", "nino")), IsOk())
      << "for a second seat";
}

TEST_F(ProjectSeatsTest, TakesAnOfferBeforeAnythingElseIsGivenBack) {
  SeatRules asks = Rules(1);
  asks.offer_for = absl::Seconds(20);
  project_.Add("c", asks);
  ASSERT_THAT(project_.SignUp("c", PartyOf("gia-c", "gia")), IsOk());
  ASSERT_THAT(project_.SignUp("c", PartyOf("nino-c", "nino", 1)), IsOk());
  ASSERT_THAT(project_.SignUp("a", PartyOf("nino-a", "nino", 2)), IsOk());
  ASSERT_THAT(project_.Do("c", WithdrawCommand{"gia-c"}), IsOk());
  EXPECT_EQ(project_.plans().at("c").Find("nino-c")->state,
            SignUpState::kOffered);
  EXPECT_THAT(project_.Seated("a"), ElementsAre("nino-a"));
  ASSERT_THAT(project_.Do("c", AcceptCommand{"nino-c"}), IsOk());
  EXPECT_THAT(project_.Seated("a"), IsEmpty());
}

TEST_F(ProjectSeatsTest, LeavesOutOfADrawWhoHasASeatElsewhere) {
  SeatRules drawn = Rules(2);
  drawn.policy = Policy::kDraw;
  project_.Add("c", drawn);
  ASSERT_THAT(project_.SignUp("c", PartyOf("nino-c", "nino")), IsOk());
  ASSERT_THAT(project_.SignUp("c", PartyOf("gia-c", "gia")), IsOk());
  ASSERT_THAT(project_.SignUp("c", PartyOf("eka-c", "eka")), IsOk());
  project_.Settle(kSignUpEnd);
  // Since the list was closed.
  ASSERT_THAT(project_.SignUp("a", PartyOf("nino-a", "nino")), IsOk());
  ASSERT_THAT(project_.Do("c", DrawCommand{{"nino-c", "gia-c"}, {"eka-c"}},
                          kSignUpEnd + 1),
              IsOk());
  EXPECT_THAT(project_.Seated("c"), ElementsAre("gia-c", "eka-c"));
  EXPECT_THAT(project_.Queue("c"), ElementsAre("nino-c"));
}

TEST_F(ProjectSeatsTest, MarksBeforeAnySeatOfTheSameMomentIsGivenOut) {
  for (const char* visit : {"c", "d"}) {
    SeatRules rules = Rules(1);
    rules.policy = Policy::kPriorityGroups;
    rules.priority_groups = {{.organization = "o"}};
    project_.Add(visit, std::move(rules));
    ASSERT_THAT(
        project_.SignUp(visit, PartyOf(absl::StrCat("nino-", visit), "nino")),
        IsOk());
    ASSERT_THAT(
        project_.SignUp(visit, PartyOf(absl::StrCat("gia-", visit), "gia")),
        IsOk());
  }
  project_.Settle(kSignUpEnd);
  EXPECT_THAT(project_.Seated("c"), ElementsAre("nino-c"));
  EXPECT_THAT(project_.Seated("d"), ElementsAre("gia-d"));
}

TEST_F(ProjectSeatsTest, TellsASeatElsewhereBeforeARefusalIsTakenBack) {
  SeatRules asks = Rules(1);
  asks.confirm_within = absl::Seconds(40);
  project_.Add("c", asks);
  ASSERT_THAT(project_.Do("c", SignUpCommand{.party = PartyOf("nino-c", "nino"),
                                             .needs_confirmation = true}),
              IsOk());
  ASSERT_THAT(project_.Do("c", RefuseCommand{"nino-c"}), IsOk());
  ASSERT_THAT(project_.SignUp("a", PartyOf("nino-a", "nino")), IsOk());
  ASSERT_THAT(project_.Do("c", ConfirmCommand{"nino-c"}), IsOk());
  EXPECT_THAT(project_.Seated("c"), IsEmpty());
}

TEST_F(ProjectSeatsTest, PutsNobodyLastForAnAddressThatNobodyConfirmed) {
  Party made_up = PartyOf("fake-a", "nino");
  made_up.is_unverified = true;
  ASSERT_THAT(project_.SignUp("a", made_up), IsOk());
  EXPECT_THAT(project_.Seated("a"), ElementsAre("fake-a"));
  ASSERT_THAT(project_.SignUp("b", PartyOf("nino-b", "nino")), IsOk());
  EXPECT_THAT(project_.Seated("b"), ElementsAre("nino-b"));
  // Whoever confirms both addresses has one seat all the same.
  ASSERT_THAT(project_.Do("a", VerifyCommand{"fake-a"}), IsOk());
  EXPECT_THAT(project_.Seated("a"), IsEmpty());
  EXPECT_THAT(project_.Queue("a"), ElementsAre("fake-a"));
}

TEST_F(ProjectSeatsTest, ChoicesAreOfTheSamePeopleForTheSameOrganisation) {
  Party theirs = PartyOf("theirs-a", "nino", 1);
  theirs.organization = "another";
  ASSERT_THAT(project_.SignUp("b", PartyOf("nino-b", "nino", 2)), IsOk());
  ASSERT_THAT(project_.SignUp("a", theirs), IsOk());
  EXPECT_THAT(project_.Seated("b"), ElementsAre("nino-b"))
      << "another organisation takes nobody's seat away";
  EXPECT_THAT(project_.Seated("a"), IsEmpty());
  project_.Add("c", Rules(5));
  Party group = PartyOf("group-c", "gia", 2);
  group.members.push_back({.hash = "eka"});
  ASSERT_THAT(project_.SignUp("c", group), IsOk());
  ASSERT_THAT(project_.SignUp("a", PartyOf("gia-a", "gia", 1)), IsOk());
  EXPECT_THAT(project_.Seated("c"), ElementsAre("group-c"))
      << "nobody takes the others along";
}

// Random histories of three visits of one project.
class ProjectHistory {
 public:
  explicit ProjectHistory(int seed) : random_(static_cast<unsigned>(seed)) {
    for (const char* visit : {"a", "b", "c"}) {
      SeatRules rules = Rules(1 + Pick(4));
      rules.sign_up_end = At(120 + Pick(100));
      if (Pick(4) == 0) rules.offer_for = absl::Seconds(1 + Pick(30));
      if (Pick(4) == 0) rules.confirm_within = absl::Seconds(1 + Pick(30));
      if (Pick(4) == 0) rules.seats_per_organization = 1 + Pick(3);
      if (Pick(4) == 0) {
        rules.policy = Policy::kPriorityGroups;
        rules.priority_groups = {{.organization = "o1"}};
      }
      if (Pick(4) == 0) {
        rules.hold_for = absl::Seconds(1 + Pick(30));
        rules.largest_hold = 2;
      }
      rules.verify_within = absl::Seconds(1 + Pick(40));
      project_.Add(visit, std::move(rules));
    }
  }

  void Run() {
    const int steps = 10 + Pick(40);
    for (int i = 0; i < steps && !testing::Test::HasFailure(); ++i) Step();
    for (const auto& [visit, plan] : project_.plans()) {
      EXPECT_EQ(TextOf(project_.Replayed(visit)), TextOf(plan));
    }
  }

 private:
  int Pick(int below) {
    return static_cast<int>(random_() % static_cast<unsigned>(below));
  }
  std::string AnyVisit() { return std::string(1, "abc"[Pick(3)]); }

  Party RandomParty() {
    Party party{.sign_up = absl::StrCat("s", ++last_),
                .organization = absl::StrCat("o", Pick(3)),
                .choice = Pick(2) * (1 + Pick(3))};
    std::set<std::string> people;
    for (int i = Pick(3) == 0 ? 2 : 1; i > 0; --i) {
      people.insert(absl::StrCat("p", Pick(8)));
    }
    for (const std::string& person : people) {
      party.members.push_back({.hash = person});
    }
    std::shuffle(party.members.begin(), party.members.end(), random_);
    if (Pick(3) == 0) party.min_members = 1;
    party.is_unverified = Pick(4) == 0;
    return party;
  }

  void Step() {
    now_ += Pick(6);
    const std::string visit = AnyVisit();
    const std::string sign_up = absl::StrCat("s", 1 + Pick(std::max(last_, 1)));
    const Party* party = project_.plans().at(visit).Find(sign_up);
    Command command = SignUpCommand{.party = RandomParty(),
                                    .needs_confirmation = Pick(4) == 0};
    switch (Pick(16)) {
      case 0:
      case 1:
        command = WithdrawCommand{sign_up};
        break;
      case 2:
        command = AcceptCommand{sign_up};
        break;
      case 3:
        command = ConfirmCommand{sign_up};
        break;
      case 4:
        command = PromoteCommand{sign_up};
        break;
      case 5:
        command = DeclineCommand{sign_up};
        break;
      case 6:
        if (party == nullptr) return;
        command =
            SubstituteCommand{.sign_up = sign_up,
                              .member = Pick(party->size()),
                              .person = {.hash = absl::StrCat("p", Pick(8))}};
        break;
      case 7:
        if (Pick(8) > 0) return;
        command = CancelCommand();
        break;
      case 8:
        command = VerifyCommand{sign_up};
        break;
      case 9:
        command = RefuseCommand{sign_up};
        break;
      default:
        break;
    }
    // A host may do so, and so may a party that names somebody else.
    const bool by_hand = std::holds_alternative<PromoteCommand>(command) ||
                         std::holds_alternative<SubstituteCommand>(command);
    const std::set<std::string> before = PeopleWithTwoSeats();
    const absl::Status done = project_.Do(visit, std::move(command), now_);
    if (!done.ok()) project_.Settle(now_);
    if (!by_hand) CheckFirstSeatsFirst(before);
    CheckMarks();
    CheckChoices();
  }

  std::map<std::string, int> SeatsOfPeople() const {
    std::map<std::string, int> seats;
    for (const auto& [visit, plan] : project_.plans()) {
      for (const Party* party : plan.parties()) {
        if (party->is_unverified) continue;
        for (int i = 0; i < party->seats; ++i) {
          ++seats[party->members[static_cast<size_t>(i)].hash];
        }
      }
    }
    return seats;
  }
  std::set<std::string> PeopleWithTwoSeats() const {
    std::set<std::string> people;
    for (const auto& [person, seats] : SeatsOfPeople()) {
      if (seats > 1) people.insert(person);
    }
    return people;
  }

  bool IsOpen(const SeatPlan& plan) const {
    return plan.rules().state == VisitState::kPublished &&
           At(now_) < plan.rules().end;
  }

  // While sign-up for all visits is open, nobody has got a second seat but for
  // one of a better choice, which is not confirmed yet.
  void CheckFirstSeatsFirst(const std::set<std::string>& before) {
    for (const auto& [visit, plan] : project_.plans()) {
      if (At(now_) >= plan.rules().sign_up_end) return;
    }
    for (const std::string& person : PeopleWithTwoSeats()) {
      if (before.contains(person)) continue;
      int choices = 0;
      for (const auto& [visit, plan] : project_.plans()) {
        const Party* party = plan.PartyOf(person);
        if (party != nullptr && party->seats > 0 && party->choice > 0) {
          ++choices;
        }
      }
      ASSERT_GT(choices, 1) << person << " got a second seat";
    }
  }

  // Worked out anew, from who sits where.
  void CheckMarks() {
    for (const auto& [visit, plan] : project_.plans()) {
      if (!IsOpen(plan)) continue;
      bool seconds_only = false;
      for (const std::string& id : QueueOf(plan)) {
        const Party& party = *plan.Find(id);
        ASSERT_EQ(party.is_second, HasSeatElsewhere(visit, party))
            << id << " of " << visit << "\n"
            << TextOfAll();
        ASSERT_TRUE(party.is_second || !seconds_only) << TextOf(plan);
        seconds_only = party.is_second;
      }
    }
  }
  std::string TextOfAll() const {
    std::string text = absl::StrCat("at ", now_, "\n");
    for (const auto& [visit, plan] : project_.plans()) {
      absl::StrAppend(&text, visit, " ", TextOf(plan));
    }
    return text;
  }
  bool HasSeatElsewhere(const std::string& visit, const Party& party) const {
    for (const auto& [id, plan] : project_.plans()) {
      if (id == visit) continue;
      for (const Party* other : plan.parties()) {
        const bool counts =
            !other->is_unverified &&
            !(AreChoices(party, *other) && party.choice < other->choice);
        for (int i = 0; i < other->seats && counts; ++i) {
          for (const Person& person : party.members) {
            if (person.hash == other->members[static_cast<size_t>(i)].hash) {
              return true;
            }
          }
        }
      }
    }
    return false;
  }

  // Choices of the same people for the same organisation.
  static bool AreChoices(const Party& a, const Party& b) {
    std::multiset<std::string> as, bs;
    for (const Person& person : a.members) as.insert(person.hash);
    for (const Person& person : b.members) bs.insert(person.hash);
    return a.choice > 0 && b.choice > 0 && a.organization == b.organization &&
           as == bs;
  }

  // Who has a better choice for sure is on no worse one (stability).
  void CheckChoices() {
    for (const auto& [visit, plan] : project_.plans()) {
      for (const Party* party : plan.parties()) {
        if (party->most() > 0 || party->state != SignUpState::kConfirmed) {
          continue;
        }
        for (const auto& [id, other_plan] : project_.plans()) {
          if (id == visit || !IsOpen(other_plan)) continue;
          for (const Party* other : other_plan.parties()) {
            ASSERT_FALSE(other->choice > party->choice &&
                         !other->is_unverified && AreChoices(*party, *other))
                << party->sign_up << " and " << other->sign_up;
          }
        }
      }
    }
  }

  std::mt19937 random_;
  Project project_;
  int now_ = 100;
  int last_ = 0;
};

TEST(ProjectSeatsPropertyTest, KeepsTheRulesInAnyHistory) {
  const char* full = std::getenv("LAGNET_E2E_SCALE");
  const int histories = full != nullptr ? 100'000 : 5'000;
  for (int seed = 0; seed < histories; ++seed) {
    SCOPED_TRACE(testing::Message() << "history " << seed);
    ProjectHistory(seed).Run();
    if (HasFailure()) return;
  }
}

}  // namespace
}  // namespace lagnet::visits
