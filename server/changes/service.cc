#include "server/changes/service.h"

#include <algorithm>
#include <map>

#include "server/base/status_macros.h"
#include "server/db/transact.h"
#include "server/rpc/page_token.h"
#include "server/rpc/types.h"

namespace lagnet::changes {
namespace {

v1::Change ToProto(const LoggedChange& change) {
  v1::Change result;
  result.set_resource(change.resource);
  result.set_version(change.version);
  result.set_removed(change.removed);
  result.set_method(change.method);
  *result.mutable_change_time() = rpc::ToProto(change.change_time);
  return result;
}

// Only the newest change of each resource, in the order of the log.
std::vector<LoggedChange> Newest(const std::vector<LoggedChange>& changes) {
  std::map<std::string, int64_t> newest;
  for (const LoggedChange& change : changes) {
    int64_t& version = newest[change.resource];
    version = std::max(version, change.version);
  }
  std::vector<LoggedChange> kept;
  for (const LoggedChange& change : changes) {
    const auto found = newest.find(change.resource);
    if (found == newest.end() || found->second != change.version) continue;
    kept.push_back(change);
    newest.erase(found);
  }
  return kept;
}

}  // namespace

ChangeService::ChangeService(rpc::Gate* gate, db::Pool* pool,
                             const Tailer* tailer)
    : gate_(gate), pool_(pool), tailer_(tailer) {
  gate->RegisterService(*v1::Change::descriptor()->file()->service(0));
}

absl::StatusOr<v1::ListChangesResponse> ChangeService::List(
    const rpc::Call& call, const v1::ListChangesRequest& request) {
  ASSIGN_OR_RETURN(const std::string network,
                   rpc::IdOf("networks", "network", request.network()));
  const int size = request.page_size() == 0
                       ? rpc::kDefaultPageSize
                       : std::min(request.page_size(), rpc::kMaxPageSize);
  const uint64_t hash = rpc::HashWithout(request, {"page_size", "page_token"});
  Position after;
  if (!request.page_token().empty()) {
    ASSIGN_OR_RETURN(after,
                     OpenToken(tailer_->history(), hash, request.page_token()));
  }
  const auto list = [&](db::Tx& tx) -> absl::StatusOr<Stretch> {
    RETURN_IF_ERROR(CheckReached(tx, after));
    return ReadLog(tx, after, size, Parts::kRead, network);
  };
  ASSIGN_OR_RETURN(const Stretch stretch,
                   db::Transact(*pool_, call.deadline, list));
  v1::ListChangesResponse response;
  for (const LoggedChange& change : Newest(stretch.changes)) {
    *response.add_changes() = ToProto(change);
  }
  response.set_resume_token(MakeToken(tailer_->history(), hash, stretch.end));
  if (!stretch.is_last) {
    response.set_next_page_token(response.resume_token());
  }
  return response;
}

}  // namespace lagnet::changes
