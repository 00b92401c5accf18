#include "server/visits/desk.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/hash/hash.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "server/base/error.h"
#include "server/base/failpoint.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/base/work.h"
#include "server/db/requests.h"
#include "server/db/transact.h"
#include "server/directory/standing_store.h"
#include "server/rpc/workers.h"
#include "server/visits/fit.h"
#include "server/visits/letter.h"
#include "server/visits/plan_store.h"
#include "server/visits/sign_up_store.h"
#include "server/visits/traits_store.h"

namespace lagnet::visits {
namespace {

constexpr absl::Duration kBatchTime = absl::Seconds(10);
// After a repeated call was found only when its request id was stored.
constexpr absl::Duration kCareful = absl::Seconds(10);
constexpr size_t kGoodBatch = 128;  // So many are taken at once.
constexpr int kBatchesToTell = 2;   // Above that, answering slows deciding.

absl::Status TooManySignUps() {
  return Error(absl::StatusCode::kUnavailable, "OVERLOADED",
               "the server has more sign-ups than it can decide")
      .RetryAfter(absl::Seconds(1));
}

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

// By what a repeated wish is known.
std::pair<std::string, std::string> IdOf(const Wish& wish) {
  return {wish.request.caller, absl::AsciiStrToLower(wish.request.request_id)};
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

}  // namespace

class Desk::Counter {
 public:
  Counter(const Options& options, db::Pool* pool, const privacy::Vault* vault)
      : options_(options),
        pool_(pool),
        vault_(vault),
        postman_(1, kBatchesToTell),
        thread_([this] { Run(); }) {}

  ~Counter() {
    {
      absl::MutexLock lock(&mutex_);
      stopping_ = true;
    }
    thread_.join();
  }

  bool HasRoom() const {
    absl::MutexLock lock(&mutex_);
    return CanTake();
  }

  bool Submit(Wish& wish) {
    absl::MutexLock lock(&mutex_);
    if (!CanTake()) return false;
    queue_.push_back(std::move(wish));
    return true;
  }

  int queued() const {
    absl::MutexLock lock(&mutex_);
    return static_cast<int>(queue_.size());
  }

 private:
  using Answer = absl::StatusOr<SignUp>;

  // What a batch works on; made anew for each attempt.
  struct Attempt {
    std::map<std::string, LockedVisit> visits;
    std::map<std::string, SeatPlan> plans;
    std::map<std::string, directory::OrganizationStanding> organizations;
    std::vector<Record> records;
    std::vector<db::DoneCall> calls;
    std::vector<Answer> answers;
    std::vector<bool> is_repeat;  // Whose answer is an earlier one.
    absl::Time now;
  };

  bool CanTake() const ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return !stopping_ && static_cast<int>(queue_.size()) < options_.max_queue;
  }
  void Run();
  std::vector<Wish> Take();
  void Serve(std::vector<Wish> wishes);
  absl::Status Try(const std::vector<Wish>& wishes, Attempt& attempt);
  absl::Status DecideAll(db::Tx& tx, const std::vector<Wish>& wishes,
                         Attempt& attempt);
  // Answers those of the wishes that are repeats as they were answered before.
  void AnswerRepeats(db::Tx& tx, const std::vector<Wish>& wishes,
                     const std::vector<size_t>& which, Attempt& attempt);
  Answer AnswerAgain(db::Tx& tx, const Wish& wish, const std::string& name,
                     const Attempt& attempt) const;
  void BringPlansUpToDate(db::Tx& tx, Attempt& attempt);
  Answer DecideOne(db::Tx& tx, const Wish& wish, Attempt& attempt);
  // Decides a new sign-up; what is to be stored goes to `records`.
  Answer SignUpOne(db::Tx& tx, const Wish& wish, const LockedVisit& visit,
                   SeatPlan& plan, Attempt& attempt,
                   std::vector<Record>& records);
  // In the scope of the rules.
  std::vector<std::string> HashesFor(const Wish& wish,
                                     const SeatRules& rules) const;
  // What the other visits of the project say of a new party.
  absl::Status LookAcross(const std::string& visit, Attempt& attempt,
                          Party& party) const;
  Answer ChangeOne(db::Tx& tx, const Wish& wish, const LockedVisit& visit,
                   SeatPlan& plan, Attempt& attempt);
  absl::StatusOr<Command> CommandFor(db::Tx& tx, const Wish& wish,
                                     const SeatPlan& plan,
                                     SignUp& sign_up) const;
  // Not before the head's address is known to be one.
  void TellMembers(const SignUp& sign_up, const std::vector<int64_t>& places,
                   Record& record) const {
    if (!options_.sends_mail || sign_up.is_unverified) return;
    record.letters = LettersToMembers(sign_up, places);
  }
  void Keep(Attempt& attempt);
  void Tell(std::vector<Wish> wishes, std::vector<Answer> answers);

  const Options& options_;
  db::Pool* const pool_;
  const privacy::Vault* const vault_;

  // Only the thread touches these.
  std::map<std::string, KnownPlan> plans_;
  absl::Time careful_until_ = absl::InfinitePast();
  rpc::Workers postman_;

  mutable absl::Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::deque<Wish> queue_ ABSL_GUARDED_BY(mutex_);
  std::thread thread_;
};

void Desk::Counter::Run() {
  for (;;) {
    std::vector<Wish> wishes = Take();
    if (wishes.empty()) return;
    Serve(std::move(wishes));
  }
}

// The next batch; empty when there will be none any more.
std::vector<Wish> Desk::Counter::Take() {
  const auto has_work = [this] {
    mutex_.AssertReaderHeld();
    return stopping_ || !queue_.empty();
  };
  std::vector<Wish> wishes;
  absl::MutexLock lock(&mutex_);
  mutex_.Await(absl::Condition(&has_work));
  // Of a longer queue the half, so that clients are busy with the answers of
  // one batch while the other is stored.
  const size_t count =
      std::min({std::max(kGoodBatch, queue_.size() / 2), queue_.size(),
                static_cast<size_t>(options_.max_batch)});
  std::set<std::pair<std::string, std::string>> requests;
  while (wishes.size() < count &&
         requests.insert(IdOf(queue_.front())).second) {
    wishes.push_back(std::move(queue_.front()));
    queue_.pop_front();
  }
  return wishes;
}

void Desk::Counter::Serve(std::vector<Wish> wishes) {
  std::erase_if(wishes, [now = absl::Now()](const Wish& wish) {
    if (now <= wish.deadline) return false;
    wish.done(TooManySignUps());
    return true;
  });
  if (wishes.empty()) return;
  Attempt attempt;
  const int before = StatementsOfThisThread();
  const absl::Status status = Try(wishes, attempt);
  NoteBatch(StatementsOfThisThread() - before);
  if (status.ok()) {
    Keep(attempt);
    if (options_.on_commit) options_.on_commit();
    return Tell(std::move(wishes), std::move(attempt.answers));
  }
  if (wishes.size() == 1 || absl::IsUnavailable(status) ||
      absl::IsDeadlineExceeded(status) || absl::IsUnknown(status)) {
    for (Wish& wish : wishes) wish.done(status);
    return;
  }
  // One wish may have spoilt it for all.
  for (Wish& wish : wishes) {
    std::vector<Wish> alone;
    alone.push_back(std::move(wish));
    Serve(std::move(alone));
  }
}

// The next batch need not wait until all have their answers.
void Desk::Counter::Tell(std::vector<Wish> wishes,
                         std::vector<Answer> answers) {
  struct Mail {
    std::vector<Wish> wishes;
    std::vector<Answer> answers;
  };
  const auto mail =
      std::make_shared<Mail>(Mail{std::move(wishes), std::move(answers)});
  const auto deliver = [mail, statements = StatementsOfBatch(),
                        revision = RevisionOfThisThread()] {
    NoteBatch(statements);
    NoteRevision(revision);
    for (size_t i = 0; i < mail->wishes.size(); ++i) {
      mail->wishes[i].done(std::move(mail->answers[i]));
    }
  };
  if (!postman_.Submit(deliver)) deliver();
}

absl::Status Desk::Counter::Try(const std::vector<Wish>& wishes,
                                Attempt& attempt) {
  bool is_again = false;
  const auto body = [&](db::Tx& tx) {
    attempt = Attempt();
    // Another call was first, or it is not known whether this one was stored.
    if (is_again) careful_until_ = tx.now() + kCareful;
    is_again = true;
    absl::Status decided = DecideAll(tx, wishes, attempt);
    Failpoint("visits.before_commit");
    return decided;
  };
  absl::Status done = db::Transact(
      *pool_, absl::Now() + kBatchTime,
      absl::FunctionRef<absl::Status(db::Tx&)>(body), db::InDoubt::kRunAgain);
  Failpoint("visits.after_commit");
  return done;
}

absl::Status Desk::Counter::DecideAll(db::Tx& tx,
                                      const std::vector<Wish>& wishes,
                                      Attempt& attempt) {
  std::set<std::string> ids;
  std::set<std::string> organizations;
  for (const Wish& wish : wishes) {
    ids.insert(wish.visit);
    if (!wish.change) organizations.insert(wish.sign_up.organization);
  }
  attempt.now = tx.now();
  attempt.visits = LockSeats(tx, {ids.begin(), ids.end()});
  BringPlansUpToDate(tx, attempt);
  attempt.organizations = directory::LoadStandings(
      tx, {organizations.begin(), organizations.end()});
  attempt.answers.assign(wishes.size(), absl::UnknownError("not decided"));
  attempt.is_repeat.assign(wishes.size(), false);
  // A repeat is mostly refused, as what it asks for has been done: that is when
  // it is looked up. If it is not refused, its id cannot be stored, and the
  // whole batch is done again, more carefully.
  const bool is_careful = tx.now() < careful_until_;
  std::vector<size_t> before, after;
  for (size_t i = 0; i < wishes.size(); ++i) {
    if (is_careful || wishes[i].validate_only) before.push_back(i);
  }
  AnswerRepeats(tx, wishes, before, attempt);
  for (size_t i = 0; i < wishes.size(); ++i) {
    if (attempt.is_repeat[i]) continue;
    attempt.answers[i] = DecideOne(tx, wishes[i], attempt);
    if (!attempt.answers[i].ok() && !is_careful) after.push_back(i);
  }
  StoreDecisions(tx, attempt.records);
  // As the batch leaves what they did. Before ids are saved: what is noted last
  // is the transaction that a reader of any of these answers must see.
  AnswerRepeats(tx, wishes, after, attempt);
  if (!attempt.calls.empty()) db::SaveRequests(tx, attempt.calls);
  return absl::OkStatus();
}

void Desk::Counter::AnswerRepeats(db::Tx& tx, const std::vector<Wish>& wishes,
                                  const std::vector<size_t>& which,
                                  Attempt& attempt) {
  if (which.empty()) return;
  std::vector<const RequestKey*> keys;
  for (const size_t i : which) keys.push_back(&wishes[i].request);
  const auto earlier = db::FindRequests(tx, keys);
  for (size_t n = 0; n < which.size(); ++n) {
    const size_t i = which[n];
    if (earlier[n].ok() && !earlier[n]->found) continue;
    attempt.is_repeat[i] = true;
    attempt.answers[i] =
        earlier[n].ok()
            ? AnswerAgain(tx, wishes[i], earlier[n]->resource, attempt)
            : Answer(earlier[n].status());
  }
}

Desk::Counter::Answer Desk::Counter::AnswerAgain(db::Tx& tx, const Wish& wish,
                                                 const std::string& name,
                                                 const Attempt& attempt) const {
  const auto ids = ParseName("studyVisits", "signUps", name);
  ASSIGN_OR_RETURN(SignUp sign_up,
                   LoadSignUp(tx, *vault_, ids ? ids->second : ""));
  if (attempt.visits.contains(wish.visit)) {
    SayWhyItWaits(attempt.plans.at(wish.visit), tx.now(), sign_up);
  }
  return sign_up;
}

void Desk::Counter::BringPlansUpToDate(db::Tx& tx, Attempt& attempt) {
  std::vector<std::string> stale;
  std::map<std::string, KnownPlan> older;
  for (const auto& [id, visit] : attempt.visits) {
    const auto known = plans_.find(id);
    if (known == plans_.end()) {
      stale.push_back(id);
      continue;
    }
    // Moved, not copied: a failed attempt leaves nothing half-decided.
    if (known->second.plan.version() == visit.version &&
        known->second.decide_time == visit.update_time) {
      attempt.plans.emplace(id, std::move(known->second.plan));
    } else {
      stale.push_back(id);
      older.emplace(id, std::move(known->second));
    }
    plans_.erase(known);
  }
  if (stale.empty()) return;
  attempt.plans.merge(LoadPlans(tx, stale, std::move(older)));
}

Desk::Counter::Answer Desk::Counter::DecideOne(db::Tx& tx, const Wish& wish,
                                               Attempt& attempt) {
  const auto visit = attempt.visits.find(wish.visit);
  if (visit == attempt.visits.end()) return NoSuch("study visit", wish.visit);
  SeatPlan& plan = attempt.plans.at(wish.visit);
  if (wish.validate_only) {
    SeatPlan tried = plan;
    std::vector<Record> nothing;
    Settle(tried, tx.now());
    return SignUpOne(tx, wish, visit->second, tried, attempt, nothing);
  }
  SettleSeats(tx, attempt.visits, wish.visit, attempt.plans, attempt.records);
  Answer answer =
      wish.change
          ? ChangeOne(tx, wish, visit->second, plan, attempt)
          : SignUpOne(tx, wish, visit->second, plan, attempt, attempt.records);
  FollowAcross(tx, attempt.visits, wish.visit, attempt.plans, attempt.records);
  if (answer.ok()) {
    attempt.calls.push_back(
        {&wish.request, SignUpName(wish.visit, answer->id)});
  }
  return answer;
}

Desk::Counter::Answer Desk::Counter::SignUpOne(db::Tx& tx, const Wish& wish,
                                               const LockedVisit& visit,
                                               SeatPlan& plan, Attempt& attempt,
                                               std::vector<Record>& records) {
  SignUp sign_up = wish.sign_up;
  RETURN_IF_ERROR(CheckOrganization(sign_up, attempt.organizations));
  SignUpCommand command{
      .party = {.sign_up = sign_up.id,
                .organization = sign_up.organization,
                .members = NamePeople(tx, sign_up, plan.rules(),
                                      HashesFor(wish, plan.rules())),
                .min_members = sign_up.min_members,
                .is_unverified = sign_up.is_unverified,
                .network = wish.network,
                .choice = sign_up.choice},
      .needs_confirmation =
          plan.rules().confirm_within > absl::ZeroDuration() &&
          !wish.is_nominated};
  RETURN_IF_ERROR(LookAcross(wish.visit, attempt, command.party));
  ASSIGN_OR_RETURN(Decision decision,
                   Decide(plan, std::move(command), tx.now()));
  Become(decision.events[0], decision.version, tx.now(), sign_up);
  sign_up.create_time = tx.now();
  SayWhyItWaits(plan, tx.now(), sign_up);
  Record record =
      RecordOf(visit, plan, std::move(decision), wish.request, tx.now());
  const std::vector<int64_t> places = GivePlaces(sign_up.version, sign_up);
  TellMembers(sign_up, places, record);
  record.sign_up = sign_up;
  record.sealed = wish.sealed;
  records.push_back(std::move(record));
  return sign_up;
}

std::vector<std::string> Desk::Counter::HashesFor(
    const Wish& wish, const SeatRules& rules) const {
  return rules.project.empty() ? wish.hashes
                               : HashesOf(*vault_, ScopeOf(wish.visit, rules),
                                          wish.sign_up.members);
}

absl::Status Desk::Counter::LookAcross(const std::string& visit,
                                       Attempt& attempt, Party& party) const {
  const std::string& project = attempt.plans.at(visit).rules().project;
  if (project.empty()) {
    return party.choice == 0
               ? absl::OkStatus()
               : InvalidField("sign_up.choice",
                              "is for visits of a project that give seats out "
                              "together; leave it out");
  }
  const ProjectPlans together = PlansOf(project, attempt.plans);
  // Who has not shown yet who they are is told nothing of others.
  if (!party.is_unverified) {
    RETURN_IF_ERROR(CheckChoice(together, visit, party));
  }
  party.is_second = IsSecond(together, visit, party);
  return absl::OkStatus();
}

absl::StatusOr<Command> Desk::Counter::CommandFor(db::Tx& tx, const Wish& wish,
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
      NamePeople(tx, sign_up, plan.rules(),
                 HashesOf(*vault_, ScopeOf(sign_up.visit, plan.rules()),
                          sign_up.members))[place];
  return command;
}

Desk::Counter::Answer Desk::Counter::ChangeOne(db::Tx& tx, const Wish& wish,
                                               const LockedVisit& visit,
                                               SeatPlan& plan,
                                               Attempt& attempt) {
  ASSIGN_OR_RETURN(SignUp sign_up, LoadSignUp(tx, *vault_, wish.sign_up.id));
  if (sign_up.visit != wish.visit ||
      (!wish.organization.empty() &&
       sign_up.organization != wish.organization)) {
    return NoSuch("sign-up", wish.sign_up.id);
  }
  RETURN_IF_ERROR(
      CheckVersion(wish.etag, plan.Find(sign_up.id),
                   VersionIn(attempt.records, sign_up.id, sign_up.version)));
  FollowBatch(attempt.records, plan, sign_up);
  ASSIGN_OR_RETURN(Command command, CommandFor(tx, wish, plan, sign_up));
  ASSIGN_OR_RETURN(Decision decision,
                   Decide(plan, std::move(command), tx.now()));
  Become(decision.events[0], decision.version, tx.now(), sign_up);
  const bool is_verified = std::holds_alternative<VerifyCommand>(*wish.change);
  if (is_verified) sign_up.is_unverified = false;
  if (sign_up.state == SignUpState::kRefused) {
    sign_up.refuse_reason = wish.reason;
  }
  SayWhyItWaits(plan, tx.now(), sign_up);
  Record record = RecordOf(visit, plan, std::move(decision), wish.request,
                           tx.now(), wish.reason);
  if (is_verified) TellMembers(sign_up, PlacesOf(sign_up.members), record);
  if (wish.substitute) {
    const bool is_head = std::get<SubstituteCommand>(*wish.change).member == 0;
    if (is_head) sign_up.head_version = sign_up.version;
    const std::vector<int64_t> places = GivePlaces(sign_up.version, sign_up);
    TellMembers(sign_up, places, record);
    record.sign_up = sign_up;
    record.sealed = vault_->Seal(PackMembers(sign_up.members));
  }
  attempt.records.push_back(std::move(record));
  return sign_up;
}

void Desk::Counter::Keep(Attempt& attempt) {
  // Dropping all is crude and rare: one server seldom has so many visits open.
  if (static_cast<int>(plans_.size()) > options_.max_plans) plans_.clear();
  for (auto& [id, plan] : attempt.plans) {
    // People may be forgotten then without a decision.
    if (plan.rules().start <= attempt.now) continue;
    const LockedVisit& before = attempt.visits.at(id);
    const absl::Time decide_time =
        plan.version() == before.version ? before.update_time : attempt.now;
    plans_.emplace(id, KnownPlan{std::move(plan), decide_time});
  }
}

Desk::Desk(Options options, db::Pool* pool, const privacy::Vault* vault)
    : options_(std::move(options)), vault_(vault) {
  for (int i = 0; i < options_.threads; ++i) {
    counters_.push_back(std::make_unique<Counter>(options_, pool, vault));
  }
}

Desk::~Desk() = default;

void Desk::Submit(Wish wish) {
  Counter& counter =
      *counters_[absl::Hash<std::string>{}(wish.visit) % counters_.size()];
  if (!counter.HasRoom()) return wish.done(TooManySignUps());
  if (!wish.change) {
    const std::vector<Member>& members = wish.sign_up.members;
    wish.hashes = HashesOf(*vault_, wish.visit, members);
    if (!wish.validate_only) wish.sealed = vault_->Seal(PackMembers(members));
  }
  if (counter.Submit(wish)) return;
  wish.done(TooManySignUps());
}

int Desk::queued() const {
  int queued = 0;
  for (const auto& counter : counters_) queued += counter->queued();
  return queued;
}

}  // namespace lagnet::visits
