#include "server/visits/service.h"

#include <algorithm>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/db/requests.h"
#include "server/db/transact.h"
#include "server/directory/store.h"
#include "server/projects/store.h"
#include "server/rpc/field_mask.h"
#include "server/rpc/page_token.h"
#include "server/rpc/types.h"
#include "server/rpc/validate.h"
#include "server/visits/convert.h"
#include "server/visits/draw_store.h"
#include "server/visits/plan_store.h"
#include "server/visits/presets.h"
#include "server/visits/preview.h"
#include "server/visits/rules_convert.h"
#include "server/visits/seat_store.h"
#include "server/visits/store.h"
#include "server/visits/traits_store.h"
#include "server/visits/why_store.h"

namespace lagnet::visits {
namespace {

using options::v1::Role;

rpc::Scope ScopeOf(const StudyVisit& visit) {
  return {.network = visit.network,
          .organizations = visit.hosts,
          .hosts = visit.hosts,
          .project = visit.project};
}

absl::Status CheckIsOfNetwork(const rpc::Call& call, const StudyVisit& visit) {
  if (call.caller.Holds({Role::NETWORK_ADMIN, Role::NETWORK_EDITOR},
                        ScopeOf(visit), call.now)) {
    return absl::OkStatus();
  }
  return Error(absl::StatusCode::kPermissionDenied, "PERMISSION_DENIED",
               "the hosts and the project of a study visit are changed by its "
               "network")
      .With("caller", call.caller.identity);
}

absl::Status ReasonRequired() {
  return Error(absl::StatusCode::kFailedPrecondition, "REASON_REQUIRED",
               "people have signed up by these rules: say why they change, in "
               "rules_change_reason")
      .Field("rules_change_reason", "must be given");
}

// Once sign-up has begun it is too late for hosts to commit to seeds: a draw
// that begins at once has them before.
absl::Status CheckSeeds(db::Tx& tx, const StudyVisit& visit) {
  if (visit.rules.policy != Policy::kDraw ||
      tx.now() < InstantsOf(visit).sign_up_start) {
    return absl::OkStatus();
  }
  const std::vector<DrawHost> committed = LoadDrawHosts(tx, visit.row);
  for (const std::string& id : visit.hosts) {
    const std::string host = MakeName("organizations", id);
    if (std::any_of(committed.begin(), committed.end(),
                    [&](const DrawHost& one) { return one.host == host; })) {
      continue;
    }
    return Error(absl::StatusCode::kFailedPrecondition, "SEEDS_NOT_COMMITTED",
                 absl::StrCat("sign-up would begin at once, and ", host,
                              " has not committed to a seed for the draw, "
                              "which is too late then: set sign_up_start to a "
                              "later time, or let all hosts commit first"))
        .With("host", host);
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::StudyVisit> RenderVisit(db::Tx& tx,
                                           const std::string& name) {
  ASSIGN_OR_RETURN(const StudyVisit visit,
                   LoadVisit(tx, *ParseName("studyVisits", name)));
  return ToProto(visit, tx.now());
}

// The page token's key is the start in microseconds.
std::string KeyOf(const StudyVisit& visit) {
  return absl::StrCat(absl::ToUnixMicros(InstantsOf(visit).start));
}

absl::Time StartOf(const rpc::PagePosition& position) {
  int64_t micros = 0;
  return absl::SimpleAtoi(position.key, &micros) ? absl::FromUnixMicros(micros)
                                                 : absl::InfinitePast();
}

}  // namespace

StudyVisitService::StudyVisitService(rpc::Gate* gate, db::Pool* pool,
                                     Watches* watches, const Snapshot* snapshot)
    : gate_(gate), pool_(pool), watches_(watches), snapshot_(snapshot) {
  gate->RegisterService(*v1::StudyVisit::descriptor()->file()->service(0));
  gate->RegisterOwner(
      "studyVisits",
      {.from_memory =
           [snapshot](const std::string& name) -> std::optional<rpc::Scope> {
         const auto id = ParseName("studyVisits", name);
         const auto shown = id && snapshot ? snapshot->Find(*id) : nullptr;
         if (shown == nullptr) return std::nullopt;
         return ScopeOf(shown->page->visit);
       },
       .load = [pool](const std::string& name,
                      absl::Time deadline) -> absl::StatusOr<rpc::Scope> {
         ASSIGN_OR_RETURN(const std::string id,
                          rpc::IdOf("studyVisits", "name", name));
         ASSIGN_OR_RETURN(const StudyVisit visit,
                          db::Transact(*pool, deadline, [&](db::Tx& tx) {
                            return LoadVisit(tx, id);
                          }));
         return ScopeOf(visit);
       }});
}

bool StudyVisitService::MaySee(const rpc::Call& call,
                               const StudyVisit& visit) const {
  if (visit.state != VisitState::kDraft) return true;
  rpc::Scope scope = ScopeOf(visit);
  gate_->authority().AddRegions(call.caller, scope);
  return call.caller.Holds({Role::NETWORK_ADMIN, Role::NETWORK_EDITOR,
                            Role::HOST_COORDINATOR, Role::LAG_MANAGER},
                           scope, call.now);
}

bool StudyVisitService::IsInMemory(const rpc::Call& call) const {
  return snapshot_ != nullptr && snapshot_->HasAll(call.revision);
}

std::optional<absl::Status> StudyVisitService::GetFromMemory(
    const rpc::Call& call, const v1::GetStudyVisitRequest& request,
    std::string* answer) {
  const auto id = ParseName("studyVisits", request.name());
  if (!id || !IsInMemory(call)) return std::nullopt;
  const auto shown = snapshot_->Find(*id);
  // What is not there may have been made a moment ago on another server.
  if (shown == nullptr || !MaySee(call, shown->page->visit))
    return std::nullopt;
  shown->AppendTo(answer, call.now);
  return absl::OkStatus();
}

std::optional<absl::Status> StudyVisitService::ListFromMemory(
    const rpc::Call& call, const v1::ListStudyVisitsRequest& request,
    std::string* answer) {
  if (!IsInMemory(call)) return std::nullopt;
  const absl::StatusOr<rpc::Page> page = rpc::PageOf(request);
  const absl::StatusOr<VisitFilter> filter = FilterOf(request);
  if (!page.ok()) return page.status();
  if (!filter.ok()) return filter.status();
  // From the page's start or the filter's, whichever is later.
  rpc::PagePosition after = page->after;
  absl::Time start = StartOf(after);
  if (start < filter->start_after) {
    start = filter->start_after;
    after.id = 0;
  }
  const auto size = static_cast<size_t>(page->size);
  auto listed = snapshot_->List(start, after.id, size + 1,
                                [&](const Shown::Page& candidate) {
                                  return Matches(candidate.visit, *filter) &&
                                         MaySee(call, candidate.visit);
                                });
  if (listed.size() > size) {
    listed.resize(size);
    const StudyVisit& last = listed.back()->page->visit;
    v1::ListStudyVisitsResponse rest;
    rest.set_next_page_token(
        rpc::NextPageToken(request, {KeyOf(last), last.row}));
    rest.AppendToString(answer);
  }
  constexpr size_t kUsualBytes = 512;
  answer->reserve(answer->size() + kUsualBytes * listed.size());
  for (const auto& shown : listed) {
    shown->AppendItemTo(answer, call.now);
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::StudyVisit> StudyVisitService::Get(
    const rpc::Call& call, const v1::GetStudyVisitRequest& request) {
  ASSIGN_OR_RETURN(const std::string id,
                   rpc::IdOf("studyVisits", "name", request.name()));
  const auto get = [&](db::Tx& tx) -> absl::StatusOr<v1::StudyVisit> {
    ASSIGN_OR_RETURN(const StudyVisit visit, LoadVisit(tx, id));
    if (!MaySee(call, visit)) {
      return NoSuch("study visit", id);
    }
    return ToProto(visit, tx.now());
  };
  return db::Transact(*pool_, call.deadline, get);
}

absl::StatusOr<v1::ListStudyVisitsResponse> StudyVisitService::List(
    const rpc::Call& call, const v1::ListStudyVisitsRequest& request) {
  ASSIGN_OR_RETURN(const rpc::Page page, rpc::PageOf(request));
  ASSIGN_OR_RETURN(const VisitFilter filter, FilterOf(request));
  const absl::Time after = StartOf(page.after);
  const auto list =
      [&](db::Tx& tx) -> absl::StatusOr<v1::ListStudyVisitsResponse> {
    std::vector<StudyVisit> visits =
        LoadVisits(tx, filter, after, page.after.id, page.size + 1);
    v1::ListStudyVisitsResponse response;
    if (static_cast<int>(visits.size()) > page.size) {
      visits.resize(static_cast<size_t>(page.size));
      response.set_next_page_token(rpc::NextPageToken(
          request, {KeyOf(visits.back()), visits.back().row}));
    }
    for (const StudyVisit& visit : visits) {
      if (!MaySee(call, visit)) continue;
      *response.add_study_visits() = ToProto(visit, tx.now(), View::kBasic);
    }
    return response;
  };
  return db::Transact(*pool_, call.deadline, list);
}

absl::StatusOr<v1::StudyVisit> StudyVisitService::Create(
    const rpc::Call& call, const v1::CreateStudyVisitRequest& request) {
  ASSIGN_OR_RETURN(StudyVisit visit,
                   FromProto(request.study_visit_id(), request.study_visit()));
  PlaceGroups(visit.rules);
  RETURN_IF_ERROR(CheckTerritories(visit.rules));
  RETURN_IF_ERROR(CheckVisit(visit));
  const auto insert = [&](db::Tx& tx) -> absl::StatusOr<std::string> {
    RETURN_IF_ERROR(InsertVisit(tx, call.request, visit));
    return MakeName("studyVisits", visit.id);
  };
  return db::Once(*pool_,
                  {call.deadline, call.request, request.validate_only()},
                  insert, RenderVisit);
}

absl::StatusOr<v1::StudyVisit> StudyVisitService::Change(
    const rpc::Call& call, const std::string& name, const std::string& etag,
    bool validate_only, const std::string& rules_change_reason,
    const std::function<absl::StatusOr<Command>(StudyVisit& visit,
                                                absl::Time now)>& edit) {
  ASSIGN_OR_RETURN(const std::string id,
                   rpc::IdOf("studyVisits", "name", name));
  const auto change = [&](db::Tx& tx) -> absl::StatusOr<std::string> {
    const auto locked = LockSeats(tx, {id});
    ASSIGN_OR_RETURN(StudyVisit visit, LoadVisit(tx, id));
    RETURN_IF_ERROR(rpc::CheckEtag(etag, rpc::EtagOf(visit.version)));
    const StudyVisit before = visit;
    ASSIGN_OR_RETURN(const Command command, edit(visit, tx.now()));
    const bool is_new_rule = visit.state == VisitState::kPublished &&
                             (before.state != VisitState::kPublished ||
                              RulesText(before) != RulesText(visit));
    if (is_new_rule && before.state == VisitState::kPublished &&
        rules_change_reason.empty()) {
      return ReasonRequired();
    }
    if (is_new_rule && before.state != VisitState::kPublished) {
      RETURN_IF_ERROR(CheckSeeds(tx, visit));
    }
    const LockedVisit& row = locked.at(id);
    std::map<std::string, SeatPlan> plans;
    SeatPlan& plan = plans.emplace(id, LoadPlanFor(tx, before, RulesOf(visit)))
                         .first->second;
    std::vector<Record> records;
    SettleSeats(tx, locked, id, plans, records);
    ASSIGN_OR_RETURN(Decision decision, Decide(plan, command, tx.now()));
    visit.state = plan.rules().state;
    RETURN_IF_ERROR(SaveVisit(tx, visit));
    records.push_back(
        RecordOf(row, plan, std::move(decision), call.request, tx.now(),
                 is_new_rule ? rules_change_reason : visit.cancel_reason));
    FollowAcross(tx, locked, id, plans, records);
    StoreDecisions(tx, records);
    if (is_new_rule) {
      InsertRulesVersion(tx, call.request, visit, rules_change_reason);
    }
    return name;
  };
  return db::Once(*pool_, {call.deadline, call.request, validate_only}, change,
                  RenderVisit);
}

absl::StatusOr<v1::StudyVisit> StudyVisitService::Update(
    const rpc::Call& call, const v1::UpdateStudyVisitRequest& request) {
  const v1::StudyVisit& wanted = request.study_visit();
  return Change(
      call, wanted.name(), wanted.etag(), request.validate_only(),
      request.rules_change_reason(),
      [&](StudyVisit& visit, absl::Time now) -> absl::StatusOr<Command> {
        v1::StudyVisit merged = ToProto(visit, now);
        RETURN_IF_ERROR(rpc::ApplyMask(request.update_mask(), wanted, merged));
        RETURN_IF_ERROR(rpc::Validate(merged));
        ASSIGN_OR_RETURN(StudyVisit edited, FromProto(visit.id, merged));
        edited.row = visit.row;
        edited.state = visit.state;
        edited.cancel_reason = visit.cancel_reason;
        edited.is_drawn = visit.is_drawn;
        PlaceGroups(edited.rules);
        RETURN_IF_ERROR(CheckTerritories(edited.rules));
        RETURN_IF_ERROR(CheckVisit(edited));
        RETURN_IF_ERROR(CheckStaysTogether(visit, edited));
        if (edited.hosts != visit.hosts || edited.project != visit.project) {
          RETURN_IF_ERROR(CheckIsOfNetwork(call, visit));
        }
        visit = std::move(edited);
        return ChangeRulesCommand{RulesOf(visit)};
      });
}

absl::StatusOr<v1::StudyVisit> StudyVisitService::Publish(
    const rpc::Call& call, const v1::PublishStudyVisitRequest& request) {
  return Change(
      call, request.name(), request.etag(), false, "",
      [](StudyVisit& visit, absl::Time now) -> absl::StatusOr<Command> {
        RETURN_IF_ERROR(CheckMove(visit, VisitState::kPublished, now));
        visit.state = VisitState::kPublished;
        return ChangeRulesCommand{RulesOf(visit)};
      });
}

absl::StatusOr<v1::StudyVisit> StudyVisitService::Cancel(
    const rpc::Call& call, const v1::CancelStudyVisitRequest& request) {
  return Change(
      call, request.name(), request.etag(), false, "",
      [&](StudyVisit& visit, absl::Time now) -> absl::StatusOr<Command> {
        RETURN_IF_ERROR(CheckMove(visit, VisitState::kCancelled, now));
        visit.cancel_reason = request.reason();
        return CancelCommand{};
      });
}

absl::StatusOr<v1::StudyVisit> StudyVisitService::Complete(
    const rpc::Call& call, const v1::CompleteStudyVisitRequest& request) {
  return Change(
      call, request.name(), request.etag(), false, "",
      [](StudyVisit& visit, absl::Time now) -> absl::StatusOr<Command> {
        RETURN_IF_ERROR(CheckMove(visit, VisitState::kCompleted, now));
        visit.state = VisitState::kCompleted;
        return ChangeRulesCommand{RulesOf(visit)};
      });
}

absl::StatusOr<v1::StudyVisit> StudyVisitService::Delete(
    const rpc::Call& call, const v1::DeleteStudyVisitRequest& request) {
  ASSIGN_OR_RETURN(const std::string id,
                   rpc::IdOf("studyVisits", "name", request.name()));
  const auto remove = [&](db::Tx& tx) -> absl::StatusOr<std::string> {
    ASSIGN_OR_RETURN(const StudyVisit visit, LockVisit(tx, id));
    RETURN_IF_ERROR(rpc::CheckEtag(request.etag(), rpc::EtagOf(visit.version)));
    if (visit.state != VisitState::kDraft) {
      return Error(absl::StatusCode::kFailedPrecondition, "WRONG_STATE",
                   "only a draft can be deleted; cancel the study visit")
          .With("state", NameOf(visit.state));
    }
    DeleteVisit(tx, call.request, visit);
    return request.name();
  };
  const auto render =
      [](db::Tx&, const std::string& name) -> absl::StatusOr<v1::StudyVisit> {
    v1::StudyVisit gone;
    gone.set_name(name);
    return gone;
  };
  return db::Once(*pool_, {call.deadline, call.request}, remove, render);
}

absl::StatusOr<v1::DescribeSeatRulesResponse> StudyVisitService::DescribeRules(
    const rpc::Call& call, const v1::DescribeSeatRulesRequest& request) {
  ASSIGN_OR_RETURN(const std::string id,
                   rpc::IdOf("studyVisits", "name", request.name()));
  const std::string language =
      request.language().empty() ? "en" : request.language();
  const auto describe =
      [&](db::Tx& tx) -> absl::StatusOr<v1::DescribeSeatRulesResponse> {
    ASSIGN_OR_RETURN(const StudyVisit visit, LoadVisit(tx, id));
    if (!MaySee(call, visit)) return NoSuch("study visit", id);
    v1::DescribeSeatRulesResponse response;
    response.set_text(
        SayRules(language, visit, LoadNames(tx, visit.rules, language)));
    return response;
  };
  return db::Transact(*pool_, call.deadline, describe);
}

absl::StatusOr<v1::PreviewLettersResponse> StudyVisitService::Preview(
    const rpc::Call& call, const v1::PreviewLettersRequest& request) {
  ASSIGN_OR_RETURN(const std::string id,
                   rpc::IdOf("studyVisits", "name", request.name()));
  const auto preview =
      [&](db::Tx& tx) -> absl::StatusOr<v1::PreviewLettersResponse> {
    ASSIGN_OR_RETURN(const StudyVisit visit, LoadVisit(tx, id));
    std::string host;
    for (const auto& [name, organization] :
         directory::LoadOrganizations(tx, visit.hosts)) {
      host = TextFor(organization.display_name, request.language());
    }
    v1::PreviewLettersResponse response;
    for (const LetterPreview& letter :
         visits::PreviewLetters(visit, request.language(), host)) {
      auto* entry = response.add_letters();
      entry->set_kind(letter.kind);
      entry->set_subject(letter.message.subject);
      entry->set_text(letter.message.text);
      entry->set_html(letter.message.html);
    }
    return response;
  };
  return db::Transact(*pool_, call.deadline, preview);
}

absl::StatusOr<v1::SeatRules> StudyVisitService::SuggestRules(
    const rpc::Call& call, const v1::SuggestSeatRulesRequest& request) {
  ASSIGN_OR_RETURN(const std::string id,
                   rpc::IdOf("studyVisits", "name", request.name()));
  ASSIGN_OR_RETURN(
      std::vector<std::string> partners,
      rpc::IdsOf("organizations", "organizations", request.organizations()));
  const auto suggest = [&](db::Tx& tx) -> absl::StatusOr<v1::SeatRules> {
    ASSIGN_OR_RETURN(const StudyVisit visit, LoadVisit(tx, id));
    const auto preset = static_cast<Preset>(request.preset());
    std::vector<std::string> named = partners;
    if (preset == Preset::kSeatsPerPartner && named.empty() &&
        !visit.project.empty()) {
      ASSIGN_OR_RETURN(const projects::Project project,
                       projects::LoadProject(tx, visit.project));
      for (const auto& partner : project.partners) {
        named.push_back(partner.organization);
      }
    }
    ASSIGN_OR_RETURN(const VisitRules rules,
                     Suggest(preset, visit, named, tx.now()));
    return ToProto(rules);
  };
  return db::Transact(*pool_, call.deadline, suggest);
}

absl::StatusOr<v1::ListSeatRulesVersionsResponse> StudyVisitService::ListRules(
    const rpc::Call& call, const v1::ListSeatRulesVersionsRequest& request) {
  ASSIGN_OR_RETURN(const std::string id,
                   rpc::IdOf("studyVisits", "parent", request.parent()));
  ASSIGN_OR_RETURN(const rpc::Page page, rpc::PageOf(request));
  const auto list =
      [&](db::Tx& tx) -> absl::StatusOr<std::vector<RulesVersion>> {
    ASSIGN_OR_RETURN(const StudyVisit visit, LoadVisit(tx, id));
    if (!MaySee(call, visit)) return NoSuch("study visit", id);
    return LoadRulesVersions(tx, id, page.after.id, page.size + 1);
  };
  ASSIGN_OR_RETURN(std::vector<RulesVersion> versions,
                   db::Transact(*pool_, call.deadline, list));
  v1::ListSeatRulesVersionsResponse response;
  if (static_cast<int>(versions.size()) > page.size) {
    versions.resize(static_cast<size_t>(page.size));
    response.set_next_page_token(
        rpc::NextPageToken(request, {"", versions.back().version}));
  }
  for (const RulesVersion& version : versions) {
    v1::SeatRulesVersion* entry = response.add_versions();
    entry->set_version(version.version);
    entry->set_text(version.text);
    entry->set_hash(version.hash);
    entry->set_reason(version.reason);
    *entry->mutable_create_time() = rpc::ToProto(version.create_time);
  }
  return response;
}

absl::Status StudyVisitService::Watch(
    const rpc::Call& call, const v1::WatchStudyVisitsRequest& request,
    std::shared_ptr<rpc::Feed<v1::WatchStudyVisitsResponse>> feed) {
  return watches_->Open(request, call.deadline, std::move(feed));
}

}  // namespace lagnet::visits
