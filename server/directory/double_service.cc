#include "server/directory/double_service.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/db/requests.h"
#include "server/db/transact.h"
#include "server/directory/convert.h"
#include "server/directory/double_finder.h"
#include "server/directory/store.h"
#include "server/rpc/field_mask.h"
#include "server/rpc/page_token.h"
#include "server/rpc/types.h"

namespace lagnet::directory {
namespace {

static_assert(v1::DoubleSign::NAME == static_cast<int>(DoubleReason::kName));
static_assert(v1::DoubleSign::SEAT == static_cast<int>(DoubleReason::kSeat));

constexpr size_t kMostFound = 20;

// Entries that the caller may get, and what is found among them.
struct Known {
  std::map<std::string, Organization> by_id;
  std::vector<Organization> all;

  v1::Organization ToProto(const std::string& id) const {
    return directory::ToProto(by_id.at(id));
  }
};

Known LoadKnown(db::Tx& tx, const Reader& reader) {
  Known known;
  for (Organization& organization : LoadForDoubles(tx)) {
    if (!MayRead(reader, organization)) continue;
    known.by_id[organization.id] = organization;
    known.all.push_back(std::move(organization));
  }
  return known;
}

void Fill(const Resemblance& resemblance, v1::LikelyDouble* result) {
  result->set_score(resemblance.score);
  for (const DoubleSign& sign : resemblance.signs) {
    v1::DoubleSign* entry = result->add_signs();
    entry->set_reason(static_cast<v1::DoubleSign::Reason>(sign.reason));
    entry->set_one(sign.one);
    entry->set_other(sign.other);
  }
}

// The order of the list, also between pages: by score, in millionths, then by
// the ids.
struct Place {
  int64_t millionths;
  std::string ids;

  bool operator<(const Place& other) const {
    return std::tie(other.millionths, ids) < std::tie(millionths, other.ids);
  }
};

Place PlaceOf(const DoubleFinder::Pair& pair) {
  return {std::llround(pair.resemblance.score * 1e6),
          absl::StrCat(pair.one->id, " ", pair.other->id)};
}

using Ids = std::pair<std::string, std::string>;

std::set<Ids> DismissedPairs(db::Tx& tx) {
  std::set<Ids> pairs;
  for (NotDouble& pair : LoadNotDoubles(tx)) {
    pairs.emplace(std::move(pair.one), std::move(pair.other));
  }
  return pairs;
}

}  // namespace

DoubleService::DoubleService(rpc::Gate* gate, db::Pool* pool,
                             std::vector<Mover> movers, OnMerge on_merge)
    : gate_(gate),
      pool_(pool),
      movers_(std::move(movers)),
      on_merge_(std::move(on_merge)) {
  gate->RegisterService(*v1::LikelyDouble::descriptor()->file()->service(0));
}

absl::StatusOr<v1::FindLikelyDoublesResponse> DoubleService::Find(
    const rpc::Call& call, const v1::FindLikelyDoublesRequest& request) {
  if (request.has_organization() == !request.name().empty()) {
    return InvalidField("organization",
                        "is to be set, or else the name of an entry");
  }
  ASSIGN_OR_RETURN(const std::string id,
                   rpc::IdOf("organizations", "name", request.name()));
  ASSIGN_OR_RETURN(Organization wanted, FromProto("", request.organization()));
  const auto load = [&](db::Tx& tx) -> absl::StatusOr<Known> {
    return LoadKnown(tx, ReaderOf(call));
  };
  ASSIGN_OR_RETURN(const Known known,
                   db::Transact(*pool_, call.deadline, load));
  if (!id.empty()) {
    const auto found = known.by_id.find(id);
    if (found == known.by_id.end()) return NoSuch("organisation", id);
    wanted = found->second;
  }
  const DoubleFinder finder(known.all);
  v1::FindLikelyDoublesResponse response;
  for (const DoubleFinder::Match& match : finder.Find(Traits(wanted))) {
    if (response.likely_doubles_size() == kMostFound) break;
    v1::LikelyDouble* entry = response.add_likely_doubles();
    *entry->mutable_other() = known.ToProto(match.other->id);
    Fill(match.resemblance, entry);
  }
  return response;
}

absl::StatusOr<v1::ListLikelyDoublesResponse> DoubleService::List(
    const rpc::Call& call, const v1::ListLikelyDoublesRequest& request) {
  ASSIGN_OR_RETURN(const std::string network,
                   rpc::IdOf("networks", "network", request.network()));
  ASSIGN_OR_RETURN(const rpc::Page page, rpc::PageOf(request));
  std::set<Ids> dismissed;
  const auto load = [&](db::Tx& tx) -> absl::StatusOr<Known> {
    dismissed = DismissedPairs(tx);
    return LoadKnown(tx, ReaderOf(call));
  };
  ASSIGN_OR_RETURN(const Known known,
                   db::Transact(*pool_, call.deadline, load));
  const DoubleFinder finder(known.all);
  std::map<Place, DoubleFinder::Pair> pairs;
  for (DoubleFinder::Pair& pair : finder.Pairs()) {
    const bool ours = known.by_id.at(pair.one->id).network == network ||
                      known.by_id.at(pair.other->id).network == network;
    if (!ours || dismissed.contains({pair.one->id, pair.other->id})) continue;
    Place place = PlaceOf(pair);
    pairs.emplace(std::move(place), std::move(pair));
  }
  v1::ListLikelyDoublesResponse response;
  const bool is_first = page.after.key.empty();
  auto next = is_first ? pairs.begin()
                       : pairs.upper_bound({page.after.id, page.after.key});
  for (; next != pairs.end(); ++next) {
    if (response.likely_doubles_size() == page.size) {
      const Place& last = std::prev(next)->first;
      response.set_next_page_token(
          rpc::NextPageToken(request, {last.ids, last.millionths}));
      break;
    }
    v1::LikelyDouble* entry = response.add_likely_doubles();
    *entry->mutable_one() = known.ToProto(next->second.one->id);
    *entry->mutable_other() = known.ToProto(next->second.other->id);
    Fill(next->second.resemblance, entry);
  }
  return response;
}

absl::StatusOr<v1::DismissLikelyDoubleResponse> DoubleService::Dismiss(
    const rpc::Call& call, const v1::DismissLikelyDoubleRequest& request) {
  ASSIGN_OR_RETURN(
      const std::string one,
      rpc::IdOf("organizations", "organization", request.organization()));
  ASSIGN_OR_RETURN(const std::string other,
                   rpc::IdOf("organizations", "other", request.other()));
  const auto dismiss = [&](db::Tx& tx) -> absl::StatusOr<std::string> {
    if (one == other) {
      return Error(absl::StatusCode::kFailedPrecondition, "WRONG_STATE",
                   "both names are of one entry, which is no double of itself");
    }
    RETURN_IF_ERROR(LoadOrganization(tx, one).status());
    const auto entry = LoadOrganization(tx, other);
    if (!entry.ok() || !MayRead(ReaderOf(call), *entry)) {
      return UnknownReference("other", request.other());
    }
    InsertNotDouble(tx, call.request, one, other);
    return absl::StrCat(one, " ", other);
  };
  const auto render = [&](db::Tx& tx, const std::string&)
      -> absl::StatusOr<v1::DismissLikelyDoubleResponse> {
    v1::DismissLikelyDoubleResponse response;
    response.set_organization(request.organization());
    response.set_other(request.other());
    // It is gone if the two were merged after all.
    const auto pair = LoadNotDouble(tx, one, other);
    if (!pair.ok()) return response;
    response.set_actor(pair->actor);
    *response.mutable_dismiss_time() = rpc::ToProto(pair->time);
    return response;
  };
  return db::Once(*pool_, {call.deadline, call.request}, dismiss, render);
}

}  // namespace lagnet::directory
