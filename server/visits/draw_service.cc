#include "server/visits/draw_service.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <utility>
#include <variant>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "server/base/error.h"
#include "server/base/id.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/db/requests.h"
#include "server/db/transact.h"
#include "server/draw/document.h"
#include "server/draw/draw.h"
#include "server/rpc/types.h"
#include "server/solver/run.h"
#include "server/visits/closed_list.h"
#include "server/visits/draw_store.h"
#include "server/visits/fit.h"
#include "server/visits/plan_store.h"
#include "server/visits/seat_history_store.h"
#include "server/visits/seat_store.h"
#include "server/visits/store.h"

namespace lagnet::visits {
namespace {

// What is left of the call's time is for the database.
constexpr absl::Duration kForTheDatabase = absl::Seconds(5);
constexpr absl::Duration kLongestSolving = absl::Seconds(24);

absl::Status WrongDrawState(absl::string_view what) {
  return Error(absl::StatusCode::kFailedPrecondition, "WRONG_STATE", what);
}

absl::StatusOr<draw::Digest> DigestOfField(const std::string& field,
                                           const std::string& hex) {
  const auto digest = draw::DigestFromHex(absl::AsciiStrToLower(hex));
  if (!digest) return InvalidField(field, "must be 64 hexadecimal digits");
  return *digest;
}

draw::Digest RandomSalt() {
  const std::string bytes = RandomBytes(sizeof(draw::Digest));
  draw::Digest salt;
  std::memcpy(salt.data(), bytes.data(), salt.size());
  return salt;
}

absl::Status CheckIsDraw(const StudyVisit& visit) {
  return visit.rules.policy == Policy::kDraw
             ? absl::OkStatus()
             : WrongDrawState(
                   "the seats of this study visit are not drawn; "
                   "set the policy of its seat_rules to DRAW");
}

void AddHosts(const std::vector<DrawHost>& hosts,
              google::protobuf::RepeatedPtrField<v1::SeatDraw::Host>& to) {
  for (const DrawHost& host : hosts) {
    v1::SeatDraw::Host* entry = to.Add();
    entry->set_host(host.host);
    entry->set_commitment(host.commitment);
    entry->set_seed(host.seed);
  }
}

void AddProgress(const DrawProgress& progress, v1::SeatDraw& to) {
  v1::SeatDraw::Progress* const entry = to.mutable_progress();
  v1::SeatDraw::Progress::Step step = v1::SeatDraw::Progress::STEP_UNSPECIFIED;
  v1::SeatDraw::Progress::Step_Parse(absl::AsciiStrToUpper(progress.step),
                                     &step);
  entry->set_step(step);
  entry->set_done_percent(progress.done_percent);
  entry->set_panels(progress.panels);
  entry->set_time_percent(progress.time_percent);
  *entry->mutable_start_time() = rpc::ToProto(progress.start_time);
}

absl::StatusOr<v1::SeatDraw> ReadDraw(db::Tx& tx, const std::string& name) {
  ASSIGN_OR_RETURN(const StudyVisit visit,
                   LoadVisit(tx, *ParseName("studyVisits", name)));
  RETURN_IF_ERROR(CheckIsDraw(visit));
  v1::SeatDraw result;
  result.set_name(name);
  result.set_state(v1::SeatDraw::OPEN);
  AddHosts(LoadDrawHosts(tx, visit.row), *result.mutable_hosts());
  for (const DrawRestart& restart : LoadDrawRestarts(tx, visit.row)) {
    v1::SeatDraw::Restart* entry = result.add_restarts();
    entry->set_reason(restart.reason);
    AddHosts(restart.hosts, *entry->mutable_hosts());
    *entry->mutable_restart_time() = rpc::ToProto(restart.time);
  }
  const auto closed = LoadClosedDraw(tx, visit.row);
  if (!closed) {
    const auto progress = LoadDrawProgress(tx, visit.row);
    if (progress) AddProgress(*progress, result);
    return result;
  }
  result.set_state(closed->hold_time ? v1::SeatDraw::HELD
                                     : v1::SeatDraw::CLOSED);
  result.set_root(closed->root);
  result.set_lottery_digest(closed->lottery_digest);
  result.set_document(closed->document);
  *result.mutable_close_time() = rpc::ToProto(closed->close_time);
  if (closed->hold_time) {
    *result.mutable_hold_time() = rpc::ToProto(*closed->hold_time);
  }
  return result;
}

absl::Status CheckAllCommitted(const StudyVisit& visit,
                               const std::vector<DrawHost>& committed) {
  if (committed.empty()) {
    return WrongDrawState("no host has committed to a seed");
  }
  for (const std::string& id : visit.hosts) {
    const std::string host = MakeName("organizations", id);
    if (std::none_of(committed.begin(), committed.end(),
                     [&](const DrawHost& one) { return one.host == host; })) {
      return WrongDrawState(absl::StrCat(host, " has not committed to a seed"));
    }
  }
  return absl::OkStatus();
}

bool IsAnyOpen(const std::vector<DrawHost>& hosts) {
  return std::any_of(hosts.begin(), hosts.end(),
                     [](const DrawHost& host) { return !host.seed.empty(); });
}

// Whether sign-up has begun, as the visit stands.
bool HasBegun(db::Tx& tx, const StudyVisit& visit) {
  return visit.state != VisitState::kDraft &&
         tx.now() >= InstantsOf(visit).sign_up_start;
}

// Whether hosts can commit themselves now: before sign-up begins, or after the
// draw was begun anew, until the list is closed or a seed of the new attempt
// is known. When sign-up begins may be changed, and so is not asked alone.
absl::Status CheckCanCommit(db::Tx& tx, const StudyVisit& visit,
                            const std::vector<DrawHost>& hosts,
                            const std::vector<DrawRestart>& restarts) {
  if (visit.is_drawn || IsAnyOpen(hosts)) {
    return WrongDrawState("a seed is open already: it is too late to commit");
  }
  const auto closed = LoadClosedDraw(tx, visit.row);
  if (closed &&
      (restarts.empty() || restarts.back().time < closed->close_time)) {
    return WrongDrawState("the list is closed: it is too late to commit");
  }
  if (restarts.empty() && HasBegun(tx, visit)) {
    return WrongDrawState("sign-up has begun: it is too late to commit");
  }
  return absl::OkStatus();
}

absl::Status CheckIsNew(const std::string& commitment,
                        const std::vector<DrawRestart>& restarts) {
  for (const DrawRestart& restart : restarts) {
    for (const DrawHost& host : restart.hosts) {
      if (host.commitment != commitment) continue;
      return InvalidField("commitment",
                          "is that of a seed from before the draw was begun "
                          "anew: make another one");
    }
  }
  return absl::OkStatus();
}

// Another host could otherwise put a seed that it knows in place of one that
// it does not, and then know all of them.
absl::Status CheckMayReplace(const rpc::Call& call, const std::string& host) {
  if (call.caller.Holds({rpc::Role::HOST_COORDINATOR}, {.hosts = {host}},
                        call.now)) {
    return absl::OkStatus();
  }
  return Error(absl::StatusCode::kPermissionDenied, "PERMISSION_DENIED",
               "the host has committed to a seed; only its own coordinator "
               "can put another in its place")
      .With("caller", call.caller.identity);
}

// Whether the list can be closed now: who signed up is known, and every host
// has committed.
absl::Status CheckCanClose(db::Tx& tx, const StudyVisit& visit) {
  RETURN_IF_ERROR(CheckIsDraw(visit));
  if (visit.state != VisitState::kPublished ||
      tx.now() < InstantsOf(visit).sign_up_end) {
    return WrongDrawState("sign-up has not ended");
  }
  if (LoadClosedDraw(tx, visit.row)) {
    return WrongDrawState("the list is closed already");
  }
  return CheckAllCommitted(visit, LoadDrawHosts(tx, visit.row));
}

// A chance is for people who are there: made-up sign-ups would take from it.
absl::Status CheckAddresses(const SeatPlan& plan) {
  absl::Time until = absl::InfinitePast();
  for (const Party* party : plan.parties()) {
    if (party->is_unverified) until = std::max(until, party->due);
  }
  if (until == absl::InfinitePast()) return absl::OkStatus();
  const std::string time =
      absl::FormatTime(absl::RFC3339_sec, until, absl::UTCTimeZone());
  return Error(absl::StatusCode::kFailedPrecondition, "ADDRESSES_UNVERIFIED",
               absl::StrCat("people who signed up may still confirm their "
                            "addresses, at the latest until ",
                            time, "; close the list then"))
      .With("until", time);
}

// The plan as it is now, with what was due settled in memory.
absl::StatusOr<SeatPlan> PlanToClose(db::Tx& tx, const std::string& id) {
  ASSIGN_OR_RETURN(const StudyVisit visit, LoadVisit(tx, id));
  RETURN_IF_ERROR(CheckCanClose(tx, visit));
  SeatPlan plan = std::move(LoadPlans(tx, {id}).at(id));
  if (Settle(plan, tx.now())) {
    return absl::AbortedError("something is to be settled first");
  }
  RETURN_IF_ERROR(CheckAddresses(plan));
  if (Free(plan) <= 0) {
    return WrongDrawState("all seats are taken: there is none to draw");
  }
  return plan;
}

// Keeps how far a search is where every server sees it, once a second, until
// it ends. A draw does not fail for that.
class ProgressNote {
 public:
  ProgressNote(db::Pool& pool, std::string visit)
      : pool_(pool), visit_(std::move(visit)) {}
  ~ProgressNote() {
    if (row_ != 0) Write([&](db::Tx& tx) { RemoveDrawProgress(tx, row_); });
  }

  void Hear(const solver::Progress& now) {
    if (absl::Now() < next_) return;
    Write([&](db::Tx& tx) {
      SaveDrawProgress(tx, row_,
                       {.step = now.step,
                        .done_percent = now.done_percent,
                        .panels = now.panels,
                        .time_percent = now.time_percent,
                        .start_time = start_});
    });
    // From then on: a slow database must not keep the answer waiting.
    next_ = absl::Now() + kPause;
  }

 private:
  static constexpr absl::Duration kPause = absl::Seconds(1);

  void Write(absl::FunctionRef<void(db::Tx&)> body) {
    const auto write = [&](db::Tx& tx) -> absl::Status {
      if (row_ == 0) {
        ASSIGN_OR_RETURN(const StudyVisit visit, LoadVisit(tx, visit_));
        row_ = visit.row;
        start_ = tx.now();
      }
      body(tx);
      return absl::OkStatus();
    };
    db::Transact(pool_, absl::Now() + kPause,
                 absl::FunctionRef<absl::Status(db::Tx&)>(write))
        .IgnoreError();
  }

  db::Pool& pool_;
  const std::string visit_;
  int64_t row_ = 0;  // Not known yet.
  absl::Time start_;
  absl::Time next_ = absl::InfinitePast();
};

// A solver that had too little time leaves the list open: whoever checks a
// lottery that is not as fair as can be would have to call it wrong.
absl::Status Unfinished(const absl::Status& status) {
  if (!absl::IsDeadlineExceeded(status)) return status;
  return Error(absl::StatusCode::kDeadlineExceeded, "LOTTERY_UNFINISHED",
               "no lottery was found in time that is proven to be fair; the "
               "list is still open: close it again, with 30 seconds of time");
}

v1::SeatDraw ToProto(const draw::Conflict& conflict, v1::SeatDraw result) {
  for (const draw::Demand& demand : conflict.demands) {
    v1::SeatDraw::Conflict* entry = result.add_conflicts();
    entry->set_share(demand.share);
    entry->set_is_maximum(demand.kind == draw::Demand::Kind::kMax);
    entry->set_asked(demand.asked);
    entry->set_eligible(demand.eligible);
  }
  return result;
}

// Draws, now that all seeds are open.
absl::Status Hold(db::Tx& tx, const StudyVisit& visit,
                  const std::map<std::string, LockedVisit>& locked,
                  const RequestKey& by) {
  const LockedVisit& row = locked.at(visit.id);
  const std::string name = MakeName("studyVisits", visit.id);
  const auto closed = LoadClosedDraw(tx, visit.row);
  ASSIGN_OR_RETURN(const draw::Dossier dossier,
                   LoadDossier(tx, visit.row, name, *closed));
  ASSIGN_OR_RETURN(const draw::PublicDossier open, draw::PublicPartOf(dossier));
  std::map<std::string, SeatPlan> plans = LoadPlans(tx, {visit.id});
  SeatPlan& plan = plans.at(visit.id);
  std::vector<Record> records;
  SettleSeats(tx, locked, visit.id, plans, records);
  ASSIGN_OR_RETURN(
      Decision decision,
      Decide(plan, CommandOf(dossier.list, dossier.result, plan), tx.now()));
  records.push_back(RecordOf(row, plan, std::move(decision), by, tx.now()));
  FollowAcross(tx, locked, visit.id, plans, records);
  StoreDecisions(tx, records);
  SaveHeld(tx, visit.row, draw::Canonical(draw::ToJson(open)));
  return absl::OkStatus();
}

}  // namespace

DrawService::DrawService(rpc::Gate* gate, db::Pool* pool,
                         const privacy::Vault* vault, std::string solver)
    : gate_(gate), pool_(pool), vault_(vault), solver_(std::move(solver)) {
  gate->RegisterService(*v1::SeatDraw::descriptor()->file()->service(0));
}

absl::StatusOr<v1::SeatDraw> DrawService::Commit(
    const rpc::Call& call, const v1::CommitDrawSeedRequest& request) {
  ASSIGN_OR_RETURN(const std::string id,
                   rpc::IdOf("studyVisits", "name", request.name()));
  ASSIGN_OR_RETURN(const std::string host,
                   rpc::IdOf("organizations", "host", request.host()));
  ASSIGN_OR_RETURN(const draw::Digest commitment,
                   DigestOfField("commitment", request.commitment()));
  const auto commit = [&](db::Tx& tx) -> absl::StatusOr<std::string> {
    ASSIGN_OR_RETURN(const StudyVisit visit, LockVisit(tx, id));
    RETURN_IF_ERROR(CheckIsDraw(visit));
    if (std::find(visit.hosts.begin(), visit.hosts.end(), host) ==
        visit.hosts.end()) {
      return InvalidField("host", "is no host of this study visit");
    }
    const std::string hash = draw::ToHex(commitment);
    const std::vector<DrawHost> hosts = LoadDrawHosts(tx, visit.row);
    const std::vector<DrawRestart> restarts = LoadDrawRestarts(tx, visit.row);
    RETURN_IF_ERROR(CheckCanCommit(tx, visit, hosts, restarts));
    RETURN_IF_ERROR(CheckIsNew(hash, restarts));
    const auto before = std::find_if(
        hosts.begin(), hosts.end(),
        [&](const DrawHost& one) { return one.host == request.host(); });
    if (before != hosts.end()) {
      if (before->commitment == hash) return request.name();
      RETURN_IF_ERROR(CheckMayReplace(call, host));
    }
    SaveCommitment(tx, visit.row, request.host(), hash);
    return request.name();
  };
  return db::Once(*pool_, {call.deadline, call.request}, commit, ReadDraw);
}

absl::StatusOr<v1::SeatDraw> DrawService::Close(
    const rpc::Call& call, const v1::CloseDrawRequest& request) {
  ASSIGN_OR_RETURN(const std::string id,
                   rpc::IdOf("studyVisits", "name", request.name()));
  const auto earlier = [&](db::Tx& tx) -> absl::StatusOr<bool> {
    ASSIGN_OR_RETURN(const db::EarlierCall found,
                     db::FindRequest(tx, call.request));
    return found.found;
  };
  const auto read = [&](db::Tx& tx) { return ReadDraw(tx, request.name()); };
  ASSIGN_OR_RETURN(const bool is_repeat,
                   db::Transact(*pool_, call.deadline, earlier));
  if (is_repeat) return db::Transact(*pool_, call.deadline, read);
  const auto settle = [&](db::Tx& tx) -> absl::StatusOr<int> {
    return SettleVisits(tx, 20);
  };
  ASSIGN_OR_RETURN(int settled, db::Transact(*pool_, call.deadline, settle));
  (void)settled;
  ASSIGN_OR_RETURN(const SeatPlan plan,
                   db::Transact(*pool_, call.deadline, [&](db::Tx& tx) {
                     return PlanToClose(tx, id);
                   }));
  ASSIGN_OR_RETURN(const auto weights,
                   db::Transact(*pool_, call.deadline, [&](db::Tx& tx) {
                     return WeighParties(tx, *vault_, id, plan);
                   }));
  const draw::ClosedList list = CloseList(plan, weights, RandomSalt);
  ProgressNote note(*pool_, id);  // Until the list is closed, or is not.
  const absl::StatusOr<draw::Outcome> outcome = solver::RunSolver(
      solver_, list.problem(),
      std::min(kLongestSolving, call.deadline - absl::Now() - kForTheDatabase),
      [&](const solver::Progress& now) { note.Hear(now); });
  if (!outcome.ok()) return Unfinished(outcome.status());
  if (const auto* conflict = std::get_if<draw::Conflict>(&*outcome)) {
    ASSIGN_OR_RETURN(v1::SeatDraw result,
                     db::Transact(*pool_, call.deadline, read));
    result.clear_progress();
    return ToProto(*conflict, std::move(result));
  }
  const draw::Lottery& lottery = std::get<draw::Lottery>(*outcome);
  const auto close = [&](db::Tx& tx) -> absl::StatusOr<std::string> {
    const auto locked = LockSeats(tx, {id});
    ASSIGN_OR_RETURN(const StudyVisit visit, LoadVisit(tx, id));
    RETURN_IF_ERROR(CheckCanClose(tx, visit));
    if (visit.version != plan.version()) {
      return Error(absl::StatusCode::kAborted, "ETAG_MISMATCH",
                   "somebody gave up while the lottery was being found; try "
                   "again");
    }
    InsertClosedDraw(tx, visit.row,
                     {.list = PackList(list),
                      .root = draw::ToHex(list.root()),
                      .lottery = draw::ToJson(lottery),
                      .lottery_digest = draw::ToHex(
                          draw::DigestOf(list.problem(), lottery))});
    return request.name();
  };
  return db::Once(*pool_, {call.deadline, call.request}, close, ReadDraw);
}

absl::StatusOr<v1::SeatDraw> DrawService::Open(
    const rpc::Call& call, const v1::OpenDrawSeedRequest& request) {
  ASSIGN_OR_RETURN(const std::string id,
                   rpc::IdOf("studyVisits", "name", request.name()));
  ASSIGN_OR_RETURN(const draw::Digest seed,
                   DigestOfField("seed", request.seed()));
  const auto open = [&](db::Tx& tx) -> absl::StatusOr<std::string> {
    const auto locked = LockSeats(tx, {id});
    ASSIGN_OR_RETURN(const StudyVisit visit, LoadVisit(tx, id));
    RETURN_IF_ERROR(CheckIsDraw(visit));
    if (visit.is_drawn || !LoadClosedDraw(tx, visit.row)) {
      return WrongDrawState(
          "seeds are opened after the list is closed, and once");
    }
    const std::vector<DrawHost> hosts = LoadDrawHosts(tx, visit.row);
    // At first, the closing of the list has seen to it.
    if (!IsAnyOpen(hosts) && !LoadDrawRestarts(tx, visit.row).empty()) {
      RETURN_IF_ERROR(CheckAllCommitted(visit, hosts));
    }
    int missing = 0;
    bool is_known = false;
    for (const DrawHost& host : hosts) {
      if (host.host != request.host()) {
        missing += host.seed.empty() ? 1 : 0;
        continue;
      }
      is_known = true;
      if (draw::ToHex(draw::CommitmentTo(request.name(), host.host, seed)) !=
          host.commitment) {
        return Error(absl::StatusCode::kInvalidArgument, "WRONG_SEED",
                     "this is not the seed that the host committed to")
            .Field("seed", "does not fit the commitment");
      }
    }
    if (!is_known) return InvalidField("host", "has committed to no seed");
    SaveSeed(tx, visit.row, request.host(), draw::ToHex(seed));
    if (missing == 0) {
      RETURN_IF_ERROR(Hold(tx, visit, locked, call.request));
    }
    return request.name();
  };
  return db::Once(*pool_, {call.deadline, call.request}, open, ReadDraw);
}

absl::StatusOr<v1::SeatDraw> DrawService::Restart(
    const rpc::Call& call, const v1::RestartDrawRequest& request) {
  ASSIGN_OR_RETURN(const std::string id,
                   rpc::IdOf("studyVisits", "name", request.name()));
  const auto restart = [&](db::Tx& tx) -> absl::StatusOr<std::string> {
    const auto locked = LockSeats(tx, {id});
    ASSIGN_OR_RETURN(const StudyVisit visit, LoadVisit(tx, id));
    RETURN_IF_ERROR(CheckIsDraw(visit));
    if (visit.is_drawn) {
      return WrongDrawState("the seats are drawn: no draw begins anew then");
    }
    if (visit.state != VisitState::kPublished ||
        (!HasBegun(tx, visit) && !LoadClosedDraw(tx, visit.row))) {
      return WrongDrawState(
          "sign-up has not begun: a host that lost its seed commits to "
          "another");
    }
    visits::RestartDraw(tx, visit.row, request.reason());
    return request.name();
  };
  return db::Once(*pool_, {call.deadline, call.request}, restart, ReadDraw);
}

absl::StatusOr<v1::SeatDraw> DrawService::Get(
    const rpc::Call& call, const v1::GetDrawRequest& request) {
  const auto read = [&](db::Tx& tx) -> absl::StatusOr<v1::SeatDraw> {
    ASSIGN_OR_RETURN(const std::string id,
                     rpc::IdOf("studyVisits", "name", request.name()));
    ASSIGN_OR_RETURN(const StudyVisit visit, LoadVisit(tx, id));
    if (visit.state == VisitState::kDraft) return NoSuch("study visit", id);
    return ReadDraw(tx, request.name());
  };
  return db::Transact(*pool_, call.deadline, read);
}

absl::StatusOr<v1::GetDrawOpeningResponse> DrawService::GetOpening(
    const rpc::Call& call, const v1::GetDrawOpeningRequest& request) {
  const auto ids = ParseName("studyVisits", "signUps", request.name());
  if (!ids) return InvalidField("name", "must name a sign-up");
  const auto read =
      [&](db::Tx& tx) -> absl::StatusOr<v1::GetDrawOpeningResponse> {
    ASSIGN_OR_RETURN(const StudyVisit visit, LoadVisit(tx, ids->first));
    const auto closed = LoadClosedDraw(tx, visit.row);
    if (!closed || !closed->hold_time) {
      return NoSuch("draw of study visit", ids->first);
    }
    ASSIGN_OR_RETURN(
        const draw::Dossier dossier,
        LoadDossier(tx, visit.row, MakeName("studyVisits", visit.id), *closed));
    const auto& parties = dossier.list.parties();
    const auto party = std::find_if(
        parties.begin(), parties.end(),
        [&](const draw::Party& one) { return one.id == ids->second; });
    if (party == parties.end() || party->leaf) {
      return NoSuch("sign-up", ids->second);
    }
    v1::GetDrawOpeningResponse document;
    document.set_json(draw::Canonical(draw::ToJson(draw::OpeningOf(
        dossier, static_cast<size_t>(party - parties.begin())))));
    return document;
  };
  return db::Transact(*pool_, call.deadline, read);
}

absl::StatusOr<v1::GetDrawDossierResponse> DrawService::GetDossier(
    const rpc::Call& call, const v1::GetDrawDossierRequest& request) {
  ASSIGN_OR_RETURN(const std::string id,
                   rpc::IdOf("studyVisits", "name", request.name()));
  const auto read =
      [&](db::Tx& tx) -> absl::StatusOr<v1::GetDrawDossierResponse> {
    ASSIGN_OR_RETURN(const StudyVisit visit, LoadVisit(tx, id));
    const auto closed = LoadClosedDraw(tx, visit.row);
    if (!closed || !closed->hold_time) return NoSuch("draw of study visit", id);
    ASSIGN_OR_RETURN(const draw::Dossier dossier,
                     LoadDossier(tx, visit.row, request.name(), *closed));
    v1::GetDrawDossierResponse document;
    document.set_json(draw::Canonical(draw::ToJson(dossier)));
    return document;
  };
  return db::Transact(*pool_, call.deadline, read);
}

}  // namespace lagnet::visits
