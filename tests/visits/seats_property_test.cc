// Whatever happens to a visit, in whatever order, its seats are given out by
// the rules: 100,000 random histories, each command checked against what the
// test works out for itself.

#include <algorithm>
#include <array>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/visits/seats.h"
#include "tests/support/matchers.h"
#include "tests/visits/plan_text.h"

namespace lagnet::visits {
namespace {

constexpr int kHistories = 100'000;
constexpr int kOrganizations = 4;
constexpr int kPeople = 14;

// One random history of one visit.
class History {
 public:
  explicit History(int seed) : random_(static_cast<unsigned>(seed)) {
    first_ = RandomRules();
    first_.state = Pick(4) == 0 ? VisitState::kDraft : VisitState::kPublished;
    plan_ = SeatPlan(1, first_, {});
  }

  void Run() {
    const int steps = 3 + Pick(12) + (Pick(10) == 0 ? 30 : 0);
    for (int i = 0; i < steps && !testing::Test::HasFailure(); ++i) Step();
    EXPECT_EQ(TextOf(Replayed()), TextOf(plan_));
    EXPECT_EQ(TextOf(Rebuilt()), TextOf(plan_));
  }

 private:
  int Pick(int below) {
    return static_cast<int>(random_() % static_cast<unsigned>(below));
  }

  SeatRules RandomRules() {
    const int start = Pick(60);
    return {.state = VisitState::kPublished,
            .seats = 1 + Pick(6),
            .seats_per_organization = Pick(4),
            .sign_up_start = Pick(5) == 0 ? absl::InfinitePast() : At(start),
            .sign_up_end = At(start + 20 + Pick(80)),
            .end = At(150)};
  }

  // The time mostly passes, and sometimes another server's clock is behind.
  void Tick() { now_ = std::clamp(now_ + Pick(9) - 2, 0, 160); }

  std::string AnyOf(const std::vector<std::string>& ids) {
    return ids[static_cast<size_t>(Pick(static_cast<int>(ids.size())))];
  }

  Command RandomCommand() {
    const int what = Pick(100);
    if (what < 62 || seen_.empty()) {
      return SignUpCommand{
          {.sign_up = absl::StrCat("s", ++last_),
           .organization = absl::StrCat("o", Pick(kOrganizations)),
           .members = Pick(40) == 0 ? 2 : 1,
           .people = {absl::StrCat("p", Pick(kPeople))}}};
    }
    if (what < 84) return WithdrawCommand{AnyOf(seen_)};
    if (what < 90) return RandomReassignment();
    if (what < 98) {
      SeatRules rules = RandomRules();
      if (Pick(20) == 0) rules.state = VisitState::kCompleted;
      return ChangeRulesCommand{rules};
    }
    return CancelCommand{};
  }

  // Mostly of two that are there; whose sign-ups have ended is told, too.
  Command RandomReassignment() {
    const int from = Pick(kOrganizations);
    const int to = (from + 1 + Pick(kOrganizations - 1)) % kOrganizations;
    std::vector<Event> ended;
    if (Pick(2) == 0) ended.push_back({"gone", SignUpState::kWithdrawn});
    return ReassignCommand{absl::StrCat("o", from), absl::StrCat("o", to),
                           std::move(ended)};
  }

  // What must come of a command: the reason of its error, or "".
  std::string Expected(const Command& command) const {
    const SeatRules& rules = plan_.rules();
    const bool over = rules.state == VisitState::kCancelled ||
                      rules.state == VisitState::kCompleted;
    if (const auto* c = std::get_if<SignUpCommand>(&command)) {
      if (rules.state != VisitState::kPublished ||
          At(now_) < rules.sign_up_start || At(now_) >= rules.sign_up_end) {
        return "SIGN_UP_CLOSED";
      }
      if (c->party.members > 1) return "PARTY_TOO_LARGE";
      for (const auto& [id, party] : living_) {
        if (party.people == c->party.people) return "ALREADY_SIGNED_UP";
      }
      return "";
    }
    if (const auto* c = std::get_if<WithdrawCommand>(&command)) {
      return !living_.contains(c->sign_up) ||
                     rules.state != VisitState::kPublished ||
                     At(now_) >= rules.end
                 ? "WRONG_STATE"
                 : "";
    }
    if (const auto* c = std::get_if<ReassignCommand>(&command)) {
      const Tally tally = Count();
      const int mine = tally.Of(c->from);
      const int theirs = tally.Of(c->to);
      return rules.state == VisitState::kPublished && At(now_) < rules.end &&
                     rules.seats_per_organization > 0 && mine > 0 &&
                     theirs > 0 && mine + theirs > rules.seats_per_organization
                 ? "SHARE_EXCEEDED"
                 : "";
    }
    if (over) return "WRONG_STATE";
    const auto* c = std::get_if<ChangeRulesCommand>(&command);
    return c != nullptr && c->rules.seats < Count().all ? "SEATS_TAKEN" : "";
  }

  void Step() {
    Tick();
    const Command command = RandomCommand();
    const std::string expected = Expected(command);
    const auto decision = Decide(plan_, command, At(now_));
    ASSERT_EQ(ReasonOf(decision.status()), expected) << TextOf(plan_);
    if (!decision.ok()) return;
    Apply(*decision, plan_);
    decisions_.push_back(*decision);
    Follow(*decision);
    const Tally tally = Count();
    CheckCounters(tally);
    CheckSeats(*decision, tally);
  }

  // The test's own book of who is on the visit.
  void Follow(const Decision& decision) {
    if (const auto* c = std::get_if<SignUpCommand>(&decision.command)) {
      seen_.push_back(c->party.sign_up);
      Party& party = living_[c->party.sign_up] = c->party;
      party.arrival = decision.version;
    }
    if (const auto* c = std::get_if<ReassignCommand>(&decision.command)) {
      return FollowReassignment(*c, decision.events);
    }
    for (const Event& event : decision.events) {
      ASSERT_TRUE(living_.contains(event.sign_up));
      if (event.state == SignUpState::kConfirmed ||
          event.state == SignUpState::kWaitlisted) {
        ASSERT_NE(living_[event.sign_up].state, SignUpState::kConfirmed)
            << "nobody loses a seat, nobody gets it twice";
        living_[event.sign_up].state = event.state;
      } else {
        living_.erase(event.sign_up);
      }
    }
  }

  // Nobody's state changes; everybody whose organisation does is told.
  void FollowReassignment(const ReassignCommand& command,
                          const std::vector<Event>& events) {
    size_t told = 0;
    for (const Event& event : events) {
      if (event.sign_up == "gone") continue;
      ASSERT_EQ(living_.at(event.sign_up).state, event.state);
      ASSERT_EQ(event.reason != WaitReason::kNone,
                event.state == SignUpState::kWaitlisted);
      told += living_.at(event.sign_up).organization == command.from;
    }
    size_t moved = 0;
    for (auto& [id, party] : living_) {
      if (party.organization != command.from) continue;
      party.organization = command.to;
      ++moved;
    }
    ASSERT_EQ(told, moved);
    ASSERT_EQ(plan_.confirmed_of(command.from), 0);
  }

  // Confirmed people: of all, and of each organisation.
  struct Tally {
    int all = 0;
    std::array<int, kOrganizations> of{};

    int Of(const std::string& organization) const {
      return of[static_cast<size_t>(organization.back() - '0')];
    }
    int Of(const Party& party) const { return Of(party.organization); }
  };
  Tally Count() const {
    Tally tally;
    for (const auto& [id, party] : living_) {
      if (party.state != SignUpState::kConfirmed) continue;
      tally.all += party.members;
      tally.of[static_cast<size_t>(party.organization.back() - '0')] +=
          party.members;
    }
    return tally;
  }

  void CheckCounters(const Tally& tally) {
    ASSERT_EQ(plan_.confirmed(), tally.all);
    size_t waiting = 0;
    for (const auto& [id, party] : living_) {
      const Party* const kept = plan_.Find(id);
      const bool waits = party.state == SignUpState::kWaitlisted;
      waiting += waits;
      ASSERT_TRUE(kept != nullptr && kept->state == party.state &&
                  kept->arrival == party.arrival &&
                  plan_.has_person(party.people[0]) &&
                  plan_.confirmed_of(party.organization) == tally.Of(party) &&
                  (plan_.PositionOf(id) > 0) == waits)
          << id << "\n"
          << TextOf(plan_);
    }
    ASSERT_EQ(plan_.waiting(), static_cast<int>(waiting));
    ASSERT_EQ(plan_.queue().size(), waiting);
    int64_t arrival = 0;
    for (size_t i = 0; i < waiting; ++i) {
      const std::string& id = plan_.queue()[i];
      ASSERT_EQ(plan_.PositionOf(id), static_cast<int>(i) + 1);
      ASSERT_GT(living_[id].arrival,
                std::exchange(arrival, living_[id].arrival))
          << "out of the order of arrival\n"
          << TextOf(plan_);
    }
  }

  void CheckSeats(const Decision& decision, const Tally& tally) {
    const SeatRules& rules = plan_.rules();
    const int share = rules.seats_per_organization;
    ASSERT_LE(tally.all, rules.seats) << TextOf(plan_);
    const bool admits =
        !std::holds_alternative<ReassignCommand>(decision.command);
    for (const Event& event : decision.events) {
      if (!admits || event.state != SignUpState::kConfirmed || share == 0)
        continue;
      ASSERT_LE(tally.Of(living_[event.sign_up]), share)
          << "above the share when admitted\n"
          << TextOf(plan_);
    }
    if (rules.state != VisitState::kPublished || tally.all == rules.seats) {
      return;
    }
    for (const auto& [id, party] : living_) {
      ASSERT_TRUE(party.state == SignUpState::kConfirmed ||
                  (share > 0 && tally.Of(party) >= share))
          << id << " waits beside a free seat\n"
          << TextOf(plan_);
    }
  }

  SeatPlan Replayed() const {
    SeatPlan plan(1, first_, {});
    for (const Decision& decision : decisions_) Apply(decision, plan);
    return plan;
  }

  SeatPlan Rebuilt() {
    std::vector<Party> parties;
    for (const Party* party : plan_.parties()) parties.push_back(*party);
    std::shuffle(parties.begin(), parties.end(), random_);
    return SeatPlan(plan_.version(), plan_.rules(), std::move(parties));
  }

  std::mt19937 random_;
  int now_ = 30;
  int last_ = 0;
  SeatRules first_;
  SeatPlan plan_;
  std::vector<Decision> decisions_;
  std::vector<std::string> seen_;
  std::map<std::string, Party> living_;
};

// They are stored with each decision.
TEST(SeatsPropertyTest, NumbersCommandsForTheRecord) {
  EXPECT_EQ(KindOf(SignUpCommand{}), CommandKind::kSignUp);
  EXPECT_EQ(KindOf(WithdrawCommand{}), CommandKind::kWithdraw);
  EXPECT_EQ(KindOf(ChangeRulesCommand{}), CommandKind::kChangeRules);
  EXPECT_EQ(KindOf(CancelCommand{}), CommandKind::kCancel);
  EXPECT_EQ(KindOf(ReassignCommand{}), CommandKind::kReassign);
}

TEST(SeatsPropertyTest, KeepsTheRulesInAnyHistory) {
  for (int seed = 0; seed < kHistories; ++seed) {
    SCOPED_TRACE(testing::Message() << "history " << seed);
    History(seed).Run();
    if (HasFailure()) return;
  }
}

}  // namespace
}  // namespace lagnet::visits
