#include "server/directory/import_service.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/id.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/db/requests.h"
#include "server/db/transact.h"
#include "server/directory/convert.h"
#include "server/directory/external_id.h"
#include "server/directory/external_id_store.h"
#include "server/directory/field_change_convert.h"
#include "server/directory/import_convert.h"
#include "server/directory/life.h"
#include "server/directory/likely_double.h"
#include "server/directory/service.h"
#include "server/directory/store.h"
#include "server/rpc/field_mask.h"
#include "server/rpc/types.h"
#include "server/rpc/validate.h"

namespace lagnet::directory {
namespace {

using v1::ImportRowResult;

// Imports the rows of one call, in one transaction.
class RowImport {
 public:
  RowImport(db::Tx& tx, const rpc::Call& call,
            const v1::ImportOrganizationsRequest& request, std::string network,
            Provenance provenance)
      : tx_(tx),
        call_(call),
        request_(request),
        network_(std::move(network)),
        provenance_(std::move(provenance)) {}

  // What became of each row. A row that fails has written nothing.
  std::vector<ImportRowResult> Run() {
    FindEntries();
    std::vector<ImportRowResult> results(
        static_cast<size_t>(request_.rows_size()));
    for (const int i : InOrder()) {
      const v1::ImportRow& row = request_.rows(i);
      ImportRowResult& result = results[static_cast<size_t>(i)];
      Errors errors;
      const absl::Status done = tx_.Try([&]() -> absl::Status {
        errors = ImportRow(row, result);
        return errors;
      });
      result.set_row(row.row());
      if (done.ok()) continue;
      result.set_outcome(ImportRowResult::REFUSED);
      result.clear_changed_fields();
      for (auto& problem : ProblemsOf(errors)) {
        *result.add_problems() = std::move(problem);
      }
    }
    return results;
  }

 private:
  // Finds out which entries the external ids name, and locks all that may be
  // changed, in one order for all imports: no two wait for each other.
  void FindEntries() {
    std::vector<ExternalId> ids;
    std::vector<std::string> names;
    for (const v1::ImportRow& row : request_.rows()) {
      for (const auto& id : row.organization().external_ids()) {
        ids.push_back({.source = id.source(), .id = id.id()});
      }
      const auto name = ParseName("organizations", row.organization().name());
      if (!name) continue;
      names.push_back(*name);
      named_.emplace(*name, row.row());
    }
    known_ = FindByExternalIds(tx_, network_, ids);
    for (const auto& [id, name] : known_) names.push_back(name);
    LockOrganizations(tx_, names);
  }

  // By name, so that two imports of one list do not wait for each other.
  std::vector<int> InOrder() const {
    std::vector<int> order(static_cast<size_t>(request_.rows_size()));
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
      return request_.rows(a).organization().name() <
             request_.rows(b).organization().name();
    });
    return order;
  }

  static void WarnOfName(const std::string& id, const std::string& why,
                         ImportRowResult& result) {
    ImportRowResult::Problem* problem = result.add_problems();
    problem->set_field("name");
    problem->set_reason("RENAMED");
    problem->set_message(absl::StrCat("is ", MakeName("organizations", id),
                                      " in the directory, ", why));
  }

  // The entry that a row is about: that of its name, else of an external id.
  absl::StatusOr<std::optional<Organization>> Match(
      const v1::Organization& wanted, ImportRowResult& result) {
    ASSIGN_OR_RETURN(
        const std::string id,
        rpc::IdOf("organizations", "organization.name", wanted.name()));
    if (!id.empty()) {
      absl::StatusOr<Organization> entry = LoadOrganization(tx_, id);
      if (entry.ok() && !entry->life.merged_into.empty()) {
        // An old name answers for ever: the row is about who took it over.
        ASSIGN_OR_RETURN(Organization staying,
                         LockOrganization(tx_, entry->life.merged_into));
        WarnOfName(staying.id, "which it was merged into", result);
        return std::optional(std::move(staying));
      }
      if (entry.ok()) return std::optional(*std::move(entry));
      if (!absl::IsNotFound(entry.status())) return entry.status();
    }
    for (const auto& external : wanted.external_ids()) {
      const auto known = known_.find({external.source(), external.id()});
      if (known == known_.end()) continue;
      ASSIGN_OR_RETURN(Organization entry,
                       LoadOrganization(tx_, known->second));
      if (!id.empty()) {
        WarnOfName(entry.id,
                   absl::StrCat("by ", external.source(), ":", external.id()),
                   result);
      }
      return std::optional(std::move(entry));
    }
    return std::optional<Organization>();
  }

  // The name of what a row creates.
  absl::StatusOr<std::string> NewId(const v1::Organization& wanted) const {
    if (!wanted.name().empty()) {
      ASSIGN_OR_RETURN(
          const std::string id,
          rpc::IdOf("organizations", "organization.name", wanted.name()));
      if (IsSlug(id)) return id;
      return InvalidField("organization.name",
                          "must be organizations/ and 4 to 63 of a-z, 0-9 and "
                          "-, beginning with a letter");
    }
    if (wanted.external_ids_size() == 0) {
      return InvalidField("organization.name",
                          "is missing, and there is no external id");
    }
    const std::string id = SlugOf(ExternalId{wanted.external_ids(0).source(),
                                             wanted.external_ids(0).id()});
    if (!id.empty()) return id;
    return InvalidField("organization.name",
                        "is missing, and none can be made of the external id");
  }

  // Whether two rows of the call are about one entry.
  absl::Status CheckIsFirst(const std::string& id, int row) {
    const auto [first, is_new] = rows_.emplace(id, row);
    if (is_new) return absl::OkStatus();
    return InvalidField("organization.name",
                        absl::StrCat("is ", MakeName("organizations", id),
                                     ", as row ", first->second, " is"));
  }

  // To be asked before the entry is made. Read at the first that is new: a list
  // that brings nothing new has nothing to wait for.
  void WarnOfDoubles(const Organization& wanted, ImportRowResult& result) {
    if (!doubles_) doubles_.emplace(LoadForDoubles(tx_, ReaderOf(call_)));
    const auto matches = doubles_->Find(Traits(wanted));
    for (size_t i = 0; i < std::min(matches.size(), kMostTold); ++i) {
      ImportRowResult::Problem* problem = result.add_problems();
      problem->set_field("name");
      problem->set_reason("LIKELY_DOUBLE");
      problem->set_message(absl::StrCat("is likely ", Describe(matches[i]),
                                        AdviceOn(matches[i].other->id)));
    }
  }

  // What to do if a row is the entry `id`.
  std::string AdviceOn(const std::string& id) const {
    for (const auto* rows : {&rows_, &named_}) {
      const auto row = rows->find(id);
      if (row == rows->end()) continue;
      return absl::StrCat(": if row ", row->second,
                          " is the same, leave one of the two out");
    }
    return ": if it is, give the row that name, or leave it out";
  }

  // Finds the entry that a row is about, if there is one, and what it is or
  // will be called.
  absl::Status Identify(const v1::ImportRow& row,
                        std::optional<Organization>& entry, std::string& id,
                        ImportRowResult& result) {
    ASSIGN_OR_RETURN(entry, Match(row.organization(), result));
    if (entry) {
      id = entry->id;
    } else {
      ASSIGN_OR_RETURN(id, NewId(row.organization()));
    }
    result.set_name(MakeName("organizations", id));
    RETURN_IF_ERROR(CheckIsFirst(id, row.row()));
    if (!entry || entry->network == network_) return absl::OkStatus();
    entry.reset();
    return Error(absl::StatusCode::kAlreadyExists, "NAME_TAKEN",
                 "another network keeps an organisation of this name; choose "
                 "another")
        .Field("organization.name", "is kept by another network");
  }

  // Imports a row, or says all that is wrong with it.
  Errors ImportRow(const v1::ImportRow& row, ImportRowResult& result) {
    const v1::Organization& wanted = row.organization();
    Errors errors;
    if (!wanted.network().empty() && wanted.network() != request_.network()) {
      errors.Add(InvalidField("organization.network",
                              "is another network than the import's"));
    }
    std::optional<Organization> entry;
    std::string id;
    const absl::Status identified = Identify(row, entry, id, result);
    errors.Add(identified);
    // What else is wrong with it, another network knows.
    if (absl::IsAlreadyExists(identified)) return errors;
    v1::Organization before;
    before.set_network(request_.network());
    if (entry) {
      before = ToProto(*entry);
      result.set_etag(before.etag());
      errors.Add(rpc::CheckEtag(wanted.etag(), before.etag()));
    }
    v1::Organization merged = before;
    if (absl::Status unread = MergeRow(row, merged); !unread.ok()) {
      errors.Add(std::move(unread));
      return errors;
    }
    if (entry) KeepIds(*entry, before, merged);
    errors.Add(rpc::Validate(merged));
    Organization edited = ReadRow(id, std::move(merged), errors);
    errors.Add(CheckOrganization(edited));
    errors.Add(CheckIdsAreFree(edited));
    return entry ? Update(*entry, before, std::move(edited), errors, result)
                 : Create(std::move(edited), !wanted.name().empty(), errors,
                          result);
  }

  // Those that entries had before the call.
  Errors CheckIdsAreFree(const Organization& wanted) const {
    Errors errors;
    for (size_t i = 0; i < wanted.external_ids.size(); ++i) {
      const auto known = known_.find(wanted.external_ids[i]);
      if (known == known_.end() || known->second == wanted.id) continue;
      errors.Add(ExternalIdTaken(i, wanted.external_ids[i]));
    }
    return errors;
  }

  Errors Create(Organization wanted, bool is_named, Errors errors,
                ImportRowResult& result) {
    absl::StatusOr<Life> life =
        BirthOf(request_.initial_state(), network_, call_, tx_.now());
    errors.Add(life.status());
    if (!errors.ok()) {
      // Of a row that is right, writing it tells.
      errors.Add(CheckReferences(tx_, wanted));
      return errors;
    }
    wanted.life = *std::move(life);
    result.set_outcome(ImportRowResult::CREATED);
    WarnOfDoubles(wanted, result);
    errors = InsertOrganization(
        tx_, call_.request, wanted,
        {Compare(v1::Organization(), ToProto(wanted)), provenance_});
    if (errors.ok()) doubles_->Add(wanted);
    // Nobody had the name when the row was looked up: an import that was cut
    // off has just been committed.
    if (is_named && absl::IsAlreadyExists(errors)) throw db::RunAgain();
    return errors;
  }

  // A list says what it calls an entry, and nothing of what others call it:
  // ids are added only. Those of an entry that was merged into this one may
  // have stayed there, where they are known as well.
  void KeepIds(const Organization& current, const v1::Organization& before,
               v1::Organization& merged) const {
    std::vector<v1::Organization::ExternalId> added;
    for (const auto& id : merged.external_ids()) {
      const auto known = known_.find({id.source(), id.id()});
      if (known == known_.end() || known->second != current.id) {
        added.push_back(id);
      }
    }
    *merged.mutable_external_ids() = before.external_ids();
    for (const auto& id : added) {
      if (!Has(before, id)) *merged.add_external_ids() = id;
    }
  }

  static bool Has(const v1::Organization& entry,
                  const v1::Organization::ExternalId& wanted) {
    return std::any_of(entry.external_ids().begin(), entry.external_ids().end(),
                       [&](const v1::Organization::ExternalId& id) {
                         return id.source() == wanted.source() &&
                                id.id() == wanted.id();
                       });
  }

  Errors Update(const Organization& current, const v1::Organization& before,
                Organization edited, Errors errors, ImportRowResult& result) {
    edited.life = current.life;
    edited.row = current.row;
    // Before the step: that somebody looked is not what the list says.
    const std::vector<FieldChange> changes = Compare(before, ToProto(edited));
    if (!changes.empty()) {
      errors.Add(Take(LifeStep::kUpdate, tx_.now(), edited.life));
    }
    if (!errors.ok()) {
      errors.Add(CheckReferences(tx_, edited));
      return errors;
    }
    result.set_outcome(changes.empty() ? ImportRowResult::UNCHANGED
                                       : ImportRowResult::UPDATED);
    for (const FieldChange& change : changes) {
      result.add_changed_fields(change.field);
    }
    if (changes.empty()) return errors;
    return SaveOrganization(tx_, call_.request, edited,
                            {Compare(before, ToProto(edited)), provenance_});
  }

  db::Tx& tx_;
  const rpc::Call& call_;
  const v1::ImportOrganizationsRequest& request_;
  const std::string network_;
  const Provenance provenance_;
  std::map<ExternalId, std::string> known_;  // To the entries' ids.
  std::map<std::string, int> rows_;          // By the ids of their entries.
  std::map<std::string, int> named_;         // The same, by what rows say.
  std::optional<DoubleFinder> doubles_;      // And what earlier rows made.
};

bool AnyRefused(const std::vector<ImportRowResult>& results) {
  for (const ImportRowResult& result : results) {
    if (result.outcome() == ImportRowResult::REFUSED) return true;
  }
  return false;
}

}  // namespace

ImportService::ImportService(rpc::Gate* gate, db::Pool* pool)
    : gate_(gate), pool_(pool) {
  gate->RegisterService(
      *v1::ImportOrganizationsRequest::descriptor()->file()->service(0));
}

absl::StatusOr<v1::ImportOrganizationsResponse> ImportService::Import(
    const rpc::Call& call, const v1::ImportOrganizationsRequest& request) {
  ASSIGN_OR_RETURN(const std::string network,
                   rpc::IdOf("networks", "network", request.network()));
  ASSIGN_OR_RETURN(const Provenance provenance,
                   ProvenanceOf(request.source(), request.as_of()));
  std::vector<ImportRowResult> results;
  const auto import = [&](db::Tx& tx) -> absl::StatusOr<std::string> {
    RETURN_IF_ERROR(CheckNotInFuture("as_of", provenance.as_of, tx.now()));
    RETURN_IF_ERROR(
        BirthOf(request.initial_state(), network, call, tx.now()).status());
    results = RowImport(tx, call, request, network, provenance).Run();
    if (!request.validate_only() && AnyRefused(results)) {
      return RowsRefused(results);
    }
    return ToRecord(results);
  };
  const auto render = [&](db::Tx&, const std::string& record)
      -> absl::StatusOr<v1::ImportOrganizationsResponse> {
    // The call that did it knows more than what is kept of it.
    ASSIGN_OR_RETURN(v1::ImportOrganizationsResponse response,
                     FromRecord(record));
    if (results.empty()) return response;
    response.clear_results();
    for (const ImportRowResult& result : results) {
      *response.add_results() = result;
    }
    return response;
  };
  return db::Once(*pool_,
                  {call.deadline, call.request, request.validate_only()},
                  import, render);
}

}  // namespace lagnet::directory
