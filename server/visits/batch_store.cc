#include "server/visits/batch_store.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/base/work.h"
#include "server/db/requests.h"
#include "server/directory/standing_store.h"
#include "server/visits/fit.h"
#include "server/visits/letter.h"
#include "server/visits/seat_store.h"
#include "server/visits/sign_up_store.h"
#include "server/visits/traits_store.h"

namespace lagnet::visits {
namespace {

using Answer = absl::StatusOr<SignUp>;

// The version that a sign-up has got in this batch, or else `stored`.
int64_t VersionIn(const std::vector<Record>& records, const std::string& id,
                  int64_t stored) {
  for (const Record& record : records) {
    for (const Event& event : record.decision.events) {
      if (event.sign_up == id) stored = record.decision.version;
    }
  }
  return stored;
}

// That the organisation is there, and takes part, and is one that people can
// live or work in the area of.
absl::Status CheckOrganization(
    const SignUp& sign_up,
    const std::map<std::string, directory::OrganizationStanding>& known) {
  RETURN_IF_ERROR(directory::CheckStanding("sign_up.organization",
                                           sign_up.organization, known));
  const bool is_inhabitant = sign_up.standing == Standing::kResident ||
                             sign_up.standing == Standing::kOperator;
  if (is_inhabitant && !known.at(sign_up.organization).has_area) {
    return InvalidField("sign_up.standing",
                        "residents and operators sign up in a LAG's area, and "
                        "the organisation is no LAG");
  }
  return absl::OkStatus();
}

absl::Status CheckVersion(const std::string& etag, const Party* party,
                          int64_t version) {
  if (etag.empty() || party == nullptr ||
      etag == absl::StrCat("\"", version, "\"")) {
    return absl::OkStatus();
  }
  return Error(absl::StatusCode::kAborted, "ETAG_MISMATCH",
               "the sign-up changed meanwhile; read it again")
      .With("etag", absl::StrCat("\"", version, "\""));
}

// Makes the members those that this batch has made of them so far, which is not
// stored yet.
void FollowBatch(const std::vector<Record>& records, const SeatPlan& plan,
                 SignUp& sign_up) {
  for (const Record& record : records) {
    const auto* verify = std::get_if<VerifyCommand>(&record.decision.command);
    if (verify != nullptr && verify->sign_up == sign_up.id) {
      sign_up.is_unverified = false;
    }
    if (record.sign_up && record.sign_up->id == sign_up.id) {
      sign_up.members = record.sign_up->members;
      sign_up.head_version = record.sign_up->head_version;
    }
  }
  LeaveOutUnnamed(plan, sign_up);
}

// Makes a sign-up what an event made of it.
void Become(const Event& event, int64_t version, absl::Time now,
            SignUp& sign_up) {
  sign_up.state = event.state;
  sign_up.seats = event.seats;
  sign_up.due = event.due;
  sign_up.hold_until = event.hold_until;
  sign_up.is_second = event.is_second;
  sign_up.refuse_reason.clear();
  sign_up.version = version;
  sign_up.update_time = now;
}

void SayWhyItWaits(const SeatPlan& plan, absl::Time now, SignUp& sign_up) {
  const Party* party = plan.Find(sign_up.id);
  if (party == nullptr) return;
  sign_up.obstacle = WhyWaiting(plan, *party, now);
  sign_up.wait_position = plan.PositionOf(sign_up.id);
  // Whoever has not shown who they are is not told who has a seat elsewhere.
  if (sign_up.is_unverified && sign_up.is_second) {
    sign_up.is_second = false;
    sign_up.obstacle = {WaitReason::kAddressUnverified};
  }
}

// One attempt at a batch: made anew if its transaction is run again.
class Batch {
 public:
  Batch(db::Tx& tx, const std::vector<Wish>& wishes,
        const BatchOptions& options)
      : tx_(tx),
        wishes_(wishes),
        options_(options),
        answers_(wishes.size(), absl::UnknownError("not decided")),
        is_repeat_(wishes.size(), false) {}

  BatchResult Run(std::map<std::string, KnownPlan>& known) &&;

 private:
  void BringPlansUpToDate(std::map<std::string, KnownPlan>& known);
  std::map<std::string, KnownPlan> PlansToKeep();

  // Answers those of the wishes that are repeats as they were answered before.
  void AnswerRepeats(const std::vector<size_t>& which);
  Answer AnswerAgain(const Wish& wish, const std::string& name) const;

  Answer DecideOne(const Wish& wish);
  // Decides a new sign-up; what is to be stored goes to `records`.
  Answer SignUpOne(const Wish& wish, const LockedVisit& visit, SeatPlan& plan,
                   std::vector<Record>& records);
  // In the scope of the rules.
  std::vector<std::string> HashesFor(const Wish& wish,
                                     const SeatRules& rules) const;
  // What the other visits of the project say of a new party.
  absl::Status LookAcross(const std::string& visit, Party& party);
  Answer ChangeOne(const Wish& wish, const LockedVisit& visit, SeatPlan& plan);
  absl::StatusOr<Command> CommandFor(const Wish& wish, const SeatPlan& plan,
                                     SignUp& sign_up) const;
  // Not before the head's address is known to be one.
  void TellMembers(const SignUp& sign_up, const std::vector<int64_t>& places,
                   Record& record) const {
    if (!options_.sends_mail || sign_up.is_unverified) return;
    record.letters = LettersToMembers(sign_up, places);
  }

  db::Tx& tx_;
  const std::vector<Wish>& wishes_;
  const BatchOptions& options_;
  std::map<std::string, LockedVisit> visits_;
  std::map<std::string, SeatPlan> plans_;
  std::map<std::string, directory::OrganizationStanding> organizations_;
  std::vector<Record> records_;
  std::vector<db::DoneCall> calls_;
  std::vector<Answer> answers_;
  std::vector<bool> is_repeat_;  // Whose answer is an earlier one.
};

BatchResult Batch::Run(std::map<std::string, KnownPlan>& known) && {
  std::set<std::string> ids;
  std::set<std::string> organizations;
  for (const Wish& wish : wishes_) {
    ids.insert(wish.visit);
    if (!wish.change) organizations.insert(wish.sign_up.organization);
  }
  visits_ = LockSeats(tx_, {ids.begin(), ids.end()});
  BringPlansUpToDate(known);
  organizations_ = directory::LoadStandings(
      tx_, {organizations.begin(), organizations.end()});
  std::vector<size_t> before, after;
  for (size_t i = 0; i < wishes_.size(); ++i) {
    if (options_.is_careful || wishes_[i].validate_only) before.push_back(i);
  }
  AnswerRepeats(before);
  for (size_t i = 0; i < wishes_.size(); ++i) {
    if (is_repeat_[i]) continue;
    answers_[i] = DecideOne(wishes_[i]);
    if (!answers_[i].ok() && !options_.is_careful) after.push_back(i);
  }
  StoreDecisions(tx_, records_);
  // As the batch leaves what they did.
  AnswerRepeats(after);
  // A repeat may have been done by another server, after this batch began.
  const uint64_t repeated = RevisionOfThisThread();
  if (!calls_.empty()) db::SaveRequests(tx_, calls_);
  NoteRevision(std::max(repeated, RevisionOfThisThread()));
  return {std::move(answers_), PlansToKeep()};
}

void Batch::AnswerRepeats(const std::vector<size_t>& which) {
  if (which.empty()) return;
  std::vector<const RequestKey*> keys;
  for (const size_t i : which) keys.push_back(&wishes_[i].request);
  const auto earlier = db::FindRequests(tx_, keys);
  for (size_t n = 0; n < which.size(); ++n) {
    const size_t i = which[n];
    if (earlier[n].ok() && !earlier[n]->found) continue;
    is_repeat_[i] = true;
    answers_[i] = earlier[n].ok()
                      ? AnswerAgain(wishes_[i], earlier[n]->resource)
                      : Answer(earlier[n].status());
  }
}

Answer Batch::AnswerAgain(const Wish& wish, const std::string& name) const {
  const auto ids = ParseName("studyVisits", "signUps", name);
  ASSIGN_OR_RETURN(SignUp sign_up,
                   LoadSignUp(tx_, *options_.vault, ids ? ids->second : ""));
  if (visits_.contains(wish.visit)) {
    SayWhyItWaits(plans_.at(wish.visit), tx_.now(), sign_up);
  }
  return sign_up;
}

void Batch::BringPlansUpToDate(std::map<std::string, KnownPlan>& known) {
  std::map<std::string, StalePlan> stale;
  for (const auto& [id, visit] : visits_) {
    const auto found = known.find(id);
    if (found == known.end()) continue;
    // Moved, not copied: a failed attempt leaves nothing half-decided.
    KnownPlan& plan = found->second;
    if (plan.plan.version() == visit.version &&
        plan.decide_time == visit.update_time) {
      plans_.emplace(id, std::move(plan.plan));
    } else {
      stale.emplace(id, StalePlan{std::move(plan), visit.row, visit.version});
    }
    known.erase(found);
  }
  plans_.merge(CatchUp(tx_, std::move(stale)));
  std::vector<std::string> missing;
  for (const auto& [id, visit] : visits_) {
    if (!plans_.contains(id)) missing.push_back(id);
  }
  if (!missing.empty()) plans_.merge(LoadPlans(tx_, missing));
}

Answer Batch::DecideOne(const Wish& wish) {
  const auto visit = visits_.find(wish.visit);
  if (visit == visits_.end()) return NoSuch("study visit", wish.visit);
  SeatPlan& plan = plans_.at(wish.visit);
  if (wish.validate_only) {
    SeatPlan tried = plan;
    std::vector<Record> nothing;
    Settle(tried, tx_.now());
    return SignUpOne(wish, visit->second, tried, nothing);
  }
  SettleSeats(tx_, visits_, wish.visit, plans_, records_);
  Answer answer = wish.change ? ChangeOne(wish, visit->second, plan)
                              : SignUpOne(wish, visit->second, plan, records_);
  FollowAcross(tx_, visits_, wish.visit, plans_, records_);
  if (answer.ok()) {
    calls_.push_back({&wish.request, SignUpName(wish.visit, answer->id)});
  }
  return answer;
}

Answer Batch::SignUpOne(const Wish& wish, const LockedVisit& visit,
                        SeatPlan& plan, std::vector<Record>& records) {
  SignUp sign_up = wish.sign_up;
  RETURN_IF_ERROR(CheckOrganization(sign_up, organizations_));
  SignUpCommand command{
      .party = {.sign_up = sign_up.id,
                .organization = sign_up.organization,
                .members = NamePeople(tx_, sign_up, plan.rules(),
                                      HashesFor(wish, plan.rules())),
                .min_members = sign_up.min_members,
                .is_unverified = sign_up.is_unverified,
                .network = wish.network,
                .choice = sign_up.choice},
      .needs_confirmation =
          plan.rules().confirm_within > absl::ZeroDuration() &&
          !wish.is_nominated};
  RETURN_IF_ERROR(LookAcross(wish.visit, command.party));
  ASSIGN_OR_RETURN(Decision decision,
                   Decide(plan, std::move(command), tx_.now()));
  Become(decision.events[0], decision.version, tx_.now(), sign_up);
  sign_up.create_time = tx_.now();
  SayWhyItWaits(plan, tx_.now(), sign_up);
  Record record =
      RecordOf(visit, plan, std::move(decision), wish.request, tx_.now());
  const std::vector<int64_t> places = GivePlaces(sign_up.version, sign_up);
  TellMembers(sign_up, places, record);
  record.sign_up = sign_up;
  record.sealed = wish.sealed;
  records.push_back(std::move(record));
  return sign_up;
}

std::vector<std::string> Batch::HashesFor(const Wish& wish,
                                          const SeatRules& rules) const {
  return rules.project.empty()
             ? wish.hashes
             : HashesOf(*options_.vault, ScopeOf(wish.visit, rules),
                        wish.sign_up.members);
}

absl::Status Batch::LookAcross(const std::string& visit, Party& party) {
  const std::string& project = plans_.at(visit).rules().project;
  if (project.empty()) {
    return party.choice == 0
               ? absl::OkStatus()
               : InvalidField("sign_up.choice",
                              "is for visits of a project that give seats out "
                              "together; leave it out");
  }
  const ProjectPlans together = PlansOf(project, plans_);
  // Who has not shown yet who they are is told nothing of others.
  if (!party.is_unverified) {
    RETURN_IF_ERROR(CheckChoice(together, visit, party));
  }
  party.is_second = IsSecond(together, visit, party);
  return absl::OkStatus();
}

absl::StatusOr<Command> Batch::CommandFor(const Wish& wish,
                                          const SeatPlan& plan,
                                          SignUp& sign_up) const {
  Command command = *wish.change;
  auto* substitute = std::get_if<SubstituteCommand>(&command);
  if (substitute == nullptr) return command;
  if (substitute->member >= static_cast<int>(sign_up.members.size())) {
    return InvalidField(
        "member", absl::StrCat("is more than the ", sign_up.members.size(),
                               " members of this sign-up"));
  }
  const size_t place = static_cast<size_t>(substitute->member);
  PutMember(place, *wish.substitute, sign_up);
  substitute->person =
      NamePeople(tx_, sign_up, plan.rules(),
                 HashesOf(*options_.vault, ScopeOf(sign_up.visit, plan.rules()),
                          sign_up.members))[place];
  return command;
}

Answer Batch::ChangeOne(const Wish& wish, const LockedVisit& visit,
                        SeatPlan& plan) {
  ASSIGN_OR_RETURN(SignUp sign_up,
                   LoadSignUp(tx_, *options_.vault, wish.sign_up.id));
  if (sign_up.visit != wish.visit ||
      (!wish.organization.empty() &&
       sign_up.organization != wish.organization)) {
    return NoSuch("sign-up", wish.sign_up.id);
  }
  RETURN_IF_ERROR(
      CheckVersion(wish.etag, plan.Find(sign_up.id),
                   VersionIn(records_, sign_up.id, sign_up.version)));
  FollowBatch(records_, plan, sign_up);
  ASSIGN_OR_RETURN(Command command, CommandFor(wish, plan, sign_up));
  ASSIGN_OR_RETURN(Decision decision,
                   Decide(plan, std::move(command), tx_.now()));
  Become(decision.events[0], decision.version, tx_.now(), sign_up);
  const bool is_verified = std::holds_alternative<VerifyCommand>(*wish.change);
  if (is_verified) sign_up.is_unverified = false;
  if (sign_up.state == SignUpState::kRefused) {
    sign_up.refuse_reason = wish.reason;
  }
  SayWhyItWaits(plan, tx_.now(), sign_up);
  Record record = RecordOf(visit, plan, std::move(decision), wish.request,
                           tx_.now(), wish.reason);
  if (is_verified) TellMembers(sign_up, PlacesOf(sign_up.members), record);
  if (wish.substitute) {
    const bool is_head = std::get<SubstituteCommand>(*wish.change).member == 0;
    if (is_head) sign_up.head_version = sign_up.version;
    const std::vector<int64_t> places = GivePlaces(sign_up.version, sign_up);
    TellMembers(sign_up, places, record);
    record.sign_up = sign_up;
    record.sealed = options_.vault->Seal(PackMembers(sign_up.members));
  }
  records_.push_back(std::move(record));
  return sign_up;
}

std::map<std::string, KnownPlan> Batch::PlansToKeep() {
  std::map<std::string, KnownPlan> kept;
  for (auto& [id, plan] : plans_) {
    // People may be forgotten then without a decision.
    if (plan.rules().start <= tx_.now()) continue;
    const LockedVisit& before = visits_.at(id);
    const absl::Time decide_time =
        plan.version() == before.version ? before.update_time : tx_.now();
    kept.emplace(id, KnownPlan{std::move(plan), decide_time});
  }
  return kept;
}

}  // namespace

BatchResult DecideBatch(db::Tx& tx, const std::vector<Wish>& wishes,
                        const BatchOptions& options,
                        std::map<std::string, KnownPlan>& known) {
  return Batch(tx, wishes, options).Run(known);
}

}  // namespace lagnet::visits
