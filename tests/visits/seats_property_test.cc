// Whatever happens to a visit, in whatever order, its seats are given out by
// the rules: random histories of parties, shares, holds, offers, confirmations,
// made-up addresses and draws, each step checked against what the test works
// out for itself: 10,000 of them, 100,000 by tests/run.sh --full.

#include <algorithm>
#include <cstdlib>
#include <map>
#include <optional>
#include <random>
#include <set>
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

constexpr int kOrganizations = 4;
constexpr int kPeople = 20;
constexpr int kEnd = 150;

// One random history of one visit.
class PropertyHistory {
 public:
  explicit PropertyHistory(int seed) : random_(static_cast<unsigned>(seed)) {
    first_ = RandomRules();
    first_.state = Pick(5) == 0 ? VisitState::kDraft : VisitState::kPublished;
    plan_ = SeatPlan(1, first_, {});
  }

  void Run() {
    const int steps = 4 + Pick(14) + (Pick(10) == 0 ? 30 : 0);
    for (int i = 0; i < steps && !testing::Test::HasFailure(); ++i) Step();
    EXPECT_EQ(TextOf(Replayed()), TextOf(plan_));
    EXPECT_EQ(TextOf(Rebuilt()), TextOf(plan_));
    const SeatPlan other = CaughtUp();
    EXPECT_EQ(TextOf(other), TextOf(plan_));
    for (int person = 0; person < kPeople; ++person) {
      const std::string hash = absl::StrCat("p", person);
      EXPECT_EQ(other.has_person(hash), plan_.has_person(hash)) << hash;
    }
  }

 private:
  int Pick(int below) {
    return static_cast<int>(random_() % static_cast<unsigned>(below));
  }

  Group RandomGroup() {
    switch (Pick(4)) {
      case 0:
        return {.organization = absl::StrCat("o", Pick(kOrganizations))};
      case 1:
        return {.territory = absl::StrCat("t", Pick(2))};
      case 2:
        return {.sector = static_cast<Sector>(1 + Pick(3)),
                .staff = Pick(2) == 0};
      default:
        return {.sector = static_cast<Sector>(1 + Pick(3))};
    }
  }

  SeatRules RandomRules() {
    const int end = 20 + Pick(100);
    SeatRules rules{
        .state = VisitState::kPublished,
        .seats = 1 + Pick(8),
        .seats_per_organization = Pick(2) * Pick(6),
        .sign_up_start = Pick(5) == 0 ? absl::InfinitePast() : At(Pick(30)),
        .sign_up_end = At(end),
        .end = At(kEnd),
        .policy = static_cast<Policy>(Pick(3) == 0 ? 1 + Pick(3) : 1)};
    std::vector<Share> shares;
    for (int i = Pick(2) * Pick(5); i > 0; --i) {
      Share share{
          .group = RandomGroup(), .min = Pick(3), .min_until = At(Pick(kEnd))};
      if (Pick(2) == 0) share.max = share.min + Pick(4);
      shares.push_back(std::move(share));
    }
    rules.shares = ShareBook(std::move(shares));
    if (rules.policy == Policy::kPriorityGroups) {
      rules.priority_groups = {RandomGroup(), RandomGroup()};
    }
    const auto maybe = [&](int most) {
      return Pick(3) == 0 ? absl::Seconds(1 + Pick(most))
                          : absl::ZeroDuration();
    };
    rules.confirm_within = maybe(30);
    rules.verify_within = absl::Seconds(1 + Pick(30));
    rules.offer_for = maybe(30);
    rules.hold_for = maybe(30);
    if (rules.hold_for > absl::ZeroDuration()) rules.largest_hold = 2 + Pick(3);
    if (Pick(3) == 0) rules.placeholders_end = At(Pick(kEnd));
    if (Pick(2) == 0) rules.unverified_per_network = Pick(4);
    if (Pick(2) == 0) rules.unverified_per_organization = Pick(5);
    return rules;
  }

  Person RandomPerson(bool is_named) {
    // Their own, and that of an organisation's area.
    std::vector<std::string> territories = {absl::StrCat("t", Pick(3))};
    if (Pick(3) == 0) territories.push_back(absl::StrCat("t", Pick(3)));
    return {.hash = is_named ? absl::StrCat("p", Pick(kPeople)) : "",
            .traits = {.territories = std::move(territories),
                       .sector = static_cast<Sector>(1 + Pick(4)),
                       .staff = Pick(3) == 0}};
  }

  Party RandomParty() {
    Party party{.sign_up = absl::StrCat("s", ++last_),
                .organization = absl::StrCat("o", Pick(kOrganizations))};
    const int size = Pick(2) == 0 ? 1 : 1 + Pick(4);
    for (int i = 0; i < size; ++i) {
      Person person = RandomPerson(i == 0 || Pick(3) > 0);
      const auto same = [&](const Person& other) {
        return !person.hash.empty() && other.hash == person.hash;
      };
      if (std::any_of(party.members.begin(), party.members.end(), same)) {
        continue;
      }
      person.traits.organization = party.organization;
      party.members.push_back(std::move(person));
    }
    if (Pick(2) == 0) party.min_members = 1 + Pick(party.size());
    party.is_unverified = Pick(3) == 0;
    if (party.is_unverified && Pick(4) > 0) {
      party.network = absl::StrCat("n", Pick(3));
    }
    return party;
  }

  std::string AnySignUp() {
    return absl::StrCat("s", 1 + Pick(std::max(last_, 1)));
  }

  Command RandomCommand() {
    switch (Pick(28)) {
      case 0:
      case 1:
      case 2:
        return WithdrawCommand{AnySignUp()};
      case 26:
      case 27:
        return YieldCommand{AnySignUp()};
      case 3: {
        SeatRules rules = RandomRules();
        if (Pick(20) == 0) rules.state = VisitState::kCompleted;
        // A draw that was held stays held, unless there is none any more.
        rules.is_drawn = plan_.rules().is_drawn;
        return ChangeRulesCommand{std::move(rules)};
      }
      case 4:
        return Pick(8) == 0 ? Command(CancelCommand())
                            : Command(WithdrawCommand{AnySignUp()});
      case 5: {
        const int from = Pick(kOrganizations);
        const int to = (from + 1 + Pick(kOrganizations - 1)) % kOrganizations;
        return ReassignCommand{
            absl::StrCat("o", from), absl::StrCat("o", to), {}};
      }
      case 6:
        return ConfirmCommand{AnySignUp()};
      case 7:
        return RefuseCommand{AnySignUp()};
      case 8:
        return AcceptCommand{AnySignUp()};
      case 9:
        return DeclineCommand{AnySignUp()};
      case 10: {
        Person person = RandomPerson(true);
        const std::string id = AnySignUp();
        const Party* party = plan_.Find(id);
        if (party != nullptr) person.traits.organization = party->organization;
        return SubstituteCommand{id, Pick(3), std::move(person)};
      }
      case 11:
        return PromoteCommand{AnySignUp()};
      case 12:
        return RandomDraw();
      case 13:
      case 14:
        return VerifyCommand{AnySignUp()};
      case 15:
        return RandomRank();
      case 16:
        return RandomLeaving();
      default:
        return SignUpCommand{
            .party = RandomParty(),
            .needs_confirmation =
                plan_.rules().confirm_within > absl::ZeroDuration() &&
                Pick(3) > 0};
    }
  }

  // A member leaves, who is not the head.
  Command RandomLeaving() {
    SubstituteCommand leaving{.sign_up = AnySignUp(),
                              .member = 1 + Pick(2),
                              .person = {.has_left = true}};
    if (const Party* party = plan_.Find(leaving.sign_up)) {
      leaving.person.traits.organization = party->organization;
    }
    return leaving;
  }

  // Of those who wait, as many as fit into the seats, the rest behind them; now
  // and then some more, as if the rules had changed since the list was closed.
  DrawCommand RandomDraw() {
    std::vector<std::string> waiting = QueueOf(plan_);
    std::shuffle(waiting.begin(), waiting.end(), random_);
    DrawCommand draw;
    int free = plan_.rules().seats - plan_.taken();
    for (const std::string& id : waiting) {
      const int size = plan_.Find(id)->most();
      const bool is_drawn = size <= free || Pick(5) == 0;
      (is_drawn ? draw.seated : draw.waiting).push_back(id);
      if (is_drawn) free -= size;
    }
    return draw;
  }

  // Some of those of an organisation that wait, in any order; now and then one
  // that may not wait, or not for it.
  RankCommand RandomRank() {
    RankCommand rank{absl::StrCat("o", Pick(kOrganizations)), {}};
    for (const std::string& id : QueueOf(plan_)) {
      if (plan_.Find(id)->organization == rank.organization && Pick(4) > 0) {
        rank.sign_ups.push_back(id);
      }
    }
    if (Pick(8) == 0) rank.sign_ups.push_back(AnySignUp());
    std::shuffle(rank.sign_ups.begin(), rank.sign_ups.end(), random_);
    return rank;
  }

  // Each place in the queue stays with its organisation, whose parties stand
  // in the order that it gave; nobody loses a seat.
  void CheckRanked(const SeatPlan& before, const Decision& decision) {
    const auto* rank = std::get_if<RankCommand>(&decision.command);
    if (rank == nullptr) return;
    for (const Party* party : before.parties()) {
      ASSERT_GE(plan_.Find(party->sign_up)->seats, party->seats);
    }
    const std::vector<std::string> then = QueueOf(before);
    const std::vector<std::string> now = QueueOf(plan_);
    if (then.size() != now.size()) return;  // Somebody has got seats by it.
    // By priority group, and those who have a seat elsewhere apart.
    const auto group_of = [&](const Party& party) {
      return std::pair(party.is_second, plan_.KeyOf(party).tier);
    };
    std::map<std::pair<bool, int>, std::vector<std::string>> mine;
    for (size_t i = 0; i < now.size(); ++i) {
      const Party& party = *plan_.Find(now[i]);
      if (party.organization == rank->organization) {
        ASSERT_EQ(before.Find(then[i])->organization, rank->organization);
        mine[group_of(party)].push_back(now[i]);
      } else {
        ASSERT_EQ(then[i], now[i]);
      }
    }
    std::map<std::pair<bool, int>, std::vector<std::string>> named;
    for (const std::string& id : rank->sign_ups) {
      named[group_of(*plan_.Find(id))].push_back(id);
    }
    for (const auto& [group, ids] : named) {
      ASSERT_TRUE(std::equal(ids.begin(), ids.end(), mine[group].begin()))
          << TextOf(plan_);
    }
  }

  // Somebody has, or has no longer, a seat on another visit of the project.
  std::vector<Mark> RandomMarks() {
    std::vector<Mark> marks;
    for (const Party* party : plan_.parties()) {
      if (Pick(20) == 0) marks.push_back({party->sign_up, Pick(2) == 0});
    }
    return marks;
  }

  void Step() {
    // The time mostly passes, and sometimes another server's clock is behind.
    now_ = std::clamp(now_ + Pick(9) - 2, 0, kEnd + 10);
    const SeatPlan unsettled = plan_;
    if (auto settled = Settle(plan_, At(now_), RandomMarks())) {
      CheckMaximums(unsettled, *settled);
      Note(*std::move(settled));
    }
    const Command command = RandomCommand();
    const SeatPlan before = plan_;
    const auto decision = Decide(plan_, command, At(now_));
    if (!decision.ok()) {
      ASSERT_EQ(TextOf(plan_), TextOf(before)) << "a refusal changes nothing";
      ASSERT_NE(ReasonOf(decision.status()), "");
      return;
    }
    CheckMaximums(before, *decision);
    CheckRanked(before, *decision);
    Note(*decision);
    CheckCounters();
    CheckNobodyWaitsBesideASeat();
    // It may be too late to name whoever comes instead of who left.
    const auto* leaving = std::get_if<SubstituteCommand>(&decision->command);
    if (leaving != nullptr && leaving->person.has_left) {
      if (auto settled = Settle(plan_, At(now_))) Note(*std::move(settled));
    }
    ASSERT_FALSE(Settle(plan_, At(now_)).has_value())
        << "a decision leaves nothing to settle\n"
        << TextOf(plan_);
  }

  void Note(Decision decision) {
    ASSERT_EQ(decision.version, plan_.version());
    decisions_.push_back(std::move(decision));
  }

  // Seats by organisation and by share, counted anew.
  struct Tally {
    int all = 0;
    std::map<std::string, int> of;
    std::vector<int> shares;
    std::map<std::string, int> unverified_from;
    std::map<std::string, int> unverified_for;
  };
  static Tally Count(const SeatPlan& plan) {
    const auto& shares = plan.rules().shares.shares();
    Tally tally{.shares = std::vector<int>(shares.size(), 0)};
    for (const Party* party : plan.parties()) {
      tally.all += party->seats;
      tally.of[party->organization] += party->seats;
      if (party->is_unverified) {
        tally.unverified_from[party->network] += party->seats;
        tally.unverified_for[party->organization] += party->seats;
      }
      for (int i = 0; i < party->seats; ++i) {
        const Person& person = party->members[static_cast<size_t>(i)];
        for (size_t s = 0; s < shares.size(); ++s) {
          tally.shares[s] += Belongs(person.traits, shares[s].group);
        }
      }
    }
    return tally;
  }

  void CheckCounters() {
    const Tally tally = Count(plan_);
    ASSERT_LE(tally.all, plan_.rules().seats) << TextOf(plan_);
    ASSERT_EQ(plan_.taken(), tally.all);
    ASSERT_EQ(plan_.share_counts(), tally.shares);
    for (const auto& [network, seats] : tally.unverified_from) {
      ASSERT_EQ(plan_.unverified_from(network), seats);
    }
    for (const auto& [organization, seats] : tally.unverified_for) {
      ASSERT_EQ(plan_.unverified_for(organization), seats);
    }
    int waiting = 0;
    for (const Party* party : plan_.parties()) {
      const bool waits = MayWait(party->state) && party->most() > 0;
      if (waits) waiting += party->most();
      const bool has_queue =
          plan_.rules().policy != Policy::kDraw || plan_.rules().is_drawn;
      ASSERT_EQ(plan_.PositionOf(party->sign_up) > 0, waits && has_queue)
          << TextOf(plan_);
      ASSERT_EQ(plan_.taken_of(party->organization),
                tally.of.at(party->organization));
      ASSERT_TRUE(party->seats == 0 ||
                  party->seats >= std::min(party->min_members == 0
                                               ? party->size()
                                               : party->min_members,
                                           party->size()))
          << "fewer than the party comes with\n"
          << TextOf(plan_);
      ASSERT_TRUE(party->due > At(now_) || now_ >= kEnd ||
                  plan_.rules().state != VisitState::kPublished)
          << "lapsed\n"
          << TextOf(plan_);
    }
    ASSERT_EQ(plan_.waiting(), waiting);
  }

  // Whoever got seats by this decision is within every maximum.
  void CheckMaximums(const SeatPlan& before, const Decision& decision) {
    if (std::holds_alternative<ReassignCommand>(decision.command)) return;
    const SeatRules& rules = plan_.rules();
    const Tally tally = Count(plan_);
    for (const Event& event : decision.events) {
      const Party* party = plan_.Find(event.sign_up);
      const Party* old = before.Find(event.sign_up);
      const int had = old == nullptr ? 0 : old->seats;
      if (party == nullptr || party->seats <= had) continue;
      ASSERT_TRUE(!party->is_unverified || IsByHand(decision, event.sign_up) ||
                  MayHoldUnverified(*party, 0, tally))
          << event.sign_up << " holds too much\n"
          << TextOf(plan_);
      ASSERT_TRUE(rules.seats_per_organization == 0 ||
                  tally.of.at(party->organization) <=
                      rules.seats_per_organization)
          << event.sign_up << "\n"
          << TextOf(plan_);
      for (int i = had; i < party->seats; ++i) {
        for (size_t s = 0; s < rules.shares.shares().size(); ++s) {
          const Share& share = rules.shares.shares()[s];
          ASSERT_TRUE(!Belongs(party->members[static_cast<size_t>(i)].traits,
                               share.group) ||
                      tally.shares[s] <= share.max)
              << event.sign_up << " and share " << s << "\n"
              << TextOf(plan_);
        }
      }
    }
  }

  // A draw and a host's promotion ask nobody for a confirmed address.
  static bool IsByHand(const Decision& decision, const std::string& sign_up) {
    const auto* promote = std::get_if<PromoteCommand>(&decision.command);
    return std::holds_alternative<DrawCommand>(decision.command) ||
           (promote != nullptr && promote->sign_up == sign_up);
  }

  // Whether `count` more seats may be held for the party before it has
  // confirmed its address.
  bool MayHoldUnverified(const Party& party, int count, Tally tally) const {
    const SeatRules& rules = plan_.rules();
    return tally.unverified_for[party.organization] + count <=
               rules.unverified_per_organization &&
           (party.network.empty() ||
            tally.unverified_from[party.network] + count <=
                rules.unverified_per_network);
  }

  // Whether a party could have `count` more seats by the letter of the rules,
  // with `held` of those free seats that nobody's share keeps held for those
  // ahead.
  bool CouldHave(const Party& party, int count, int held,
                 const Tally& tally) const {
    const SeatRules& rules = plan_.rules();
    const int free = rules.seats - tally.all;
    if (count > free) return false;
    if (party.is_second && At(now_) < rules.sign_up_end) return false;
    if (party.is_unverified && !MayHoldUnverified(party, count, tally)) {
      return false;
    }
    const auto of = tally.of.find(party.organization);
    const int mine = of == tally.of.end() ? 0 : of->second;
    if (rules.seats_per_organization > 0 &&
        mine + count > rules.seats_per_organization) {
      return false;
    }
    std::vector<int> after = tally.shares;
    for (size_t s = 0; s < after.size(); ++s) {
      const Share& share = rules.shares.shares()[s];
      int adds = 0;
      for (int i = party.seats; i < party.seats + count; ++i) {
        adds +=
            Belongs(party.members[static_cast<size_t>(i)].traits, share.group);
      }
      after[s] += adds;
      if (adds > 0 && after[s] > share.max) return false;
    }
    const int kept = rules.shares.Kept(tally.shares, At(now_));
    const int kept_then = rules.shares.Kept(after, At(now_));
    return kept_then + std::min(held, std::max(0, free - kept)) <=
               free - count ||
           kept_then <= kept - count;
  }

  void CheckNobodyWaitsBesideASeat() {
    const SeatRules& rules = plan_.rules();
    if (!rules.GivesSeats(At(now_))) return;
    const Tally tally = Count(plan_);
    int held = 0;
    for (const std::string& id : QueueOf(plan_)) {
      const Party& party = *plan_.Find(id);
      bool could = false;
      for (int count = party.least(); count <= party.most(); ++count) {
        could = could || CouldHave(party, count, held, tally);
      }
      ASSERT_FALSE(could) << id << " waits beside a free seat at " << now_
                          << "\n"
                          << TextOf(plan_);
      // Nothing but the number of free seats hinders it: they are held.
      if (WithinMaximums(party, tally) && party.hold_until > At(now_) &&
          party.least() > 1 && party.least() <= rules.largest_hold &&
          rules.hold_for > absl::ZeroDuration()) {
        held += party.least();
      }
    }
  }

  bool WithinMaximums(const Party& party, const Tally& tally) const {
    const SeatRules& rules = plan_.rules();
    const auto of = tally.of.find(party.organization);
    const int mine = of == tally.of.end() ? 0 : of->second;
    if (rules.seats_per_organization > 0 &&
        mine + party.least() > rules.seats_per_organization) {
      return false;
    }
    for (size_t s = 0; s < tally.shares.size(); ++s) {
      const Share& share = rules.shares.shares()[s];
      int adds = 0;
      for (int i = party.seats; i < party.seats + party.least(); ++i) {
        adds +=
            Belongs(party.members[static_cast<size_t>(i)].traits, share.group);
      }
      if (adds > 0 && tally.shares[s] + adds > share.max) return false;
    }
    return true;
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

  // As a server does it that knows an earlier state.
  SeatPlan CaughtUp() {
    size_t known = decisions_.size();
    while (known > 0 && !IsSweeping(KindOf(decisions_[known - 1].command))) {
      --known;
    }
    known += static_cast<size_t>(
        Pick(static_cast<int>(decisions_.size() - known) + 1));
    SeatPlan plan(1, first_, {});
    std::set<std::string> changed;
    for (size_t i = 0; i < decisions_.size(); ++i) {
      if (i < known) {
        Apply(decisions_[i], plan);
        continue;
      }
      for (const Event& event : decisions_[i].events) {
        changed.insert(event.sign_up);
      }
    }
    std::vector<Party> parties;
    for (const std::string& id : changed) {
      const Party* party = plan_.Find(id);
      parties.push_back(
          party != nullptr
              ? *party
              : Party{.sign_up = id, .state = SignUpState::kWithdrawn});
    }
    plan.CatchUp(plan_.version(), std::move(parties));
    return plan;
  }

  std::mt19937 random_;
  int now_ = 30;
  int last_ = 0;
  SeatRules first_;
  SeatPlan plan_;
  std::vector<Decision> decisions_;
};

// They are stored with each decision.
TEST(SeatsPropertyTest, NumbersCommandsForTheRecord) {
  EXPECT_EQ(KindOf(SignUpCommand{}), CommandKind::kSignUp);
  EXPECT_EQ(KindOf(WithdrawCommand{}), CommandKind::kWithdraw);
  EXPECT_EQ(KindOf(ChangeRulesCommand{}), CommandKind::kChangeRules);
  EXPECT_EQ(KindOf(CancelCommand{}), CommandKind::kCancel);
  EXPECT_EQ(KindOf(ReassignCommand{}), CommandKind::kReassign);
  EXPECT_EQ(KindOf(ConfirmCommand{}), CommandKind::kConfirm);
  EXPECT_EQ(KindOf(RefuseCommand{}), CommandKind::kRefuse);
  EXPECT_EQ(KindOf(AcceptCommand{}), CommandKind::kAccept);
  EXPECT_EQ(KindOf(DeclineCommand{}), CommandKind::kDecline);
  EXPECT_EQ(KindOf(SubstituteCommand{}), CommandKind::kSubstitute);
  EXPECT_EQ(KindOf(PromoteCommand{}), CommandKind::kPromote);
  EXPECT_EQ(KindOf(DrawCommand{}), CommandKind::kDraw);
  EXPECT_EQ(KindOf(SettleCommand{}), CommandKind::kSettle);
  EXPECT_EQ(KindOf(VerifyCommand{}), CommandKind::kVerify);
  EXPECT_EQ(KindOf(RankCommand{}), CommandKind::kRank);
  EXPECT_EQ(KindOf(YieldCommand{}), CommandKind::kYield);
}

TEST(SeatsPropertyTest, KeepsTheRulesInAnyHistory) {
  const char* full = std::getenv("LAGNET_E2E_SCALE");
  const int histories = full != nullptr ? 100'000 : 10'000;
  for (int seed = 0; seed < histories; ++seed) {
    SCOPED_TRACE(testing::Message() << "history " << seed);
    PropertyHistory(seed).Run();
    if (HasFailure()) return;
  }
}

}  // namespace
}  // namespace lagnet::visits
