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

// Whole entries, of those that the caller may get.
std::map<std::string, Organization> LoadReadable(
    db::Tx& tx, const Reader& reader, const std::vector<std::string>& ids) {
  std::map<std::string, Organization> entries = LoadOrganizations(tx, ids);
  for (auto entry = entries.begin(); entry != entries.end();) {
    entry = MayRead(reader, entry->second) ? std::next(entry)
                                           : entries.erase(entry);
  }
  return entries;
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

std::map<std::string, std::string> NetworksOf(
    const std::vector<Organization>& entries) {
  std::map<std::string, std::string> networks;
  for (const Organization& entry : entries) networks[entry.id] = entry.network;
  return networks;
}

std::set<Ids> DismissedPairs(db::Tx& tx) {
  std::set<Ids> pairs;
  for (NotDouble& pair : LoadNotDoubles(tx)) {
    pairs.emplace(std::move(pair.one), std::move(pair.other));
  }
  return pairs;
}

using Pairs = std::map<Place, DoubleFinder::Pair>;

// The pairs with an entry of `network` that nobody dismissed, in their order.
Pairs PairsOf(const DoubleFinder& finder,
              const std::map<std::string, std::string>& networks,
              const std::string& network, const std::set<Ids>& dismissed) {
  Pairs pairs;
  for (DoubleFinder::Pair& pair : finder.Pairs()) {
    const bool ours = networks.at(pair.one->id) == network ||
                      networks.at(pair.other->id) == network;
    if (!ours || dismissed.contains({pair.one->id, pair.other->id})) continue;
    Place place = PlaceOf(pair);
    pairs.emplace(std::move(place), std::move(pair));
  }
  return pairs;
}

// Adds pairs with their whole entries; a pair goes of which one went meanwhile.
absl::Status Show(db::Tx& tx, const Reader& reader,
                  const std::vector<const DoubleFinder::Pair*>& pairs,
                  v1::ListLikelyDoublesResponse& response) {
  std::vector<std::string> ids;
  for (const DoubleFinder::Pair* pair : pairs) {
    ids.push_back(pair->one->id);
    ids.push_back(pair->other->id);
  }
  const auto entries = LoadReadable(tx, reader, ids);
  response.clear_likely_doubles();
  for (const DoubleFinder::Pair* pair : pairs) {
    const auto one = entries.find(pair->one->id);
    const auto other = entries.find(pair->other->id);
    if (one == entries.end() || other == entries.end()) continue;
    v1::LikelyDouble* entry = response.add_likely_doubles();
    *entry->mutable_one() = ToProto(one->second);
    *entry->mutable_other() = ToProto(other->second);
    Fill(pair->resemblance, entry);
  }
  return absl::OkStatus();
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
  const Reader reader = ReaderOf(call);
  const auto find =
      [&](db::Tx& tx) -> absl::StatusOr<v1::FindLikelyDoublesResponse> {
    if (!id.empty()) {
      ASSIGN_OR_RETURN(wanted, LoadStaying(tx, id));
      if (!MayRead(reader, wanted)) return NoSuch("organisation", id);
    }
    const DoubleFinder finder(LoadForDoubles(tx, reader));
    std::vector<DoubleFinder::Match> matches = finder.Find(Traits(wanted));
    if (matches.size() > kMostFound) matches.resize(kMostFound);
    std::vector<std::string> ids;
    for (const auto& match : matches) ids.push_back(match.other->id);
    const auto entries = LoadReadable(tx, reader, ids);
    v1::FindLikelyDoublesResponse response;
    for (const DoubleFinder::Match& match : matches) {
      const auto entry = entries.find(match.other->id);
      if (entry == entries.end()) continue;
      v1::LikelyDouble* found = response.add_likely_doubles();
      *found->mutable_other() = ToProto(entry->second);
      Fill(match.resemblance, found);
    }
    return response;
  };
  return db::Transact(*pool_, call.deadline, find);
}

absl::StatusOr<v1::ListLikelyDoublesResponse> DoubleService::List(
    const rpc::Call& call, const v1::ListLikelyDoublesRequest& request) {
  ASSIGN_OR_RETURN(const std::string network,
                   rpc::IdOf("networks", "network", request.network()));
  ASSIGN_OR_RETURN(const rpc::Page page, rpc::PageOf(request));
  const Reader reader = ReaderOf(call);
  std::set<Ids> dismissed;
  const auto load =
      [&](db::Tx& tx) -> absl::StatusOr<std::vector<Organization>> {
    dismissed = DismissedPairs(tx);
    return LoadForDoubles(tx, reader);
  };
  ASSIGN_OR_RETURN(const std::vector<Organization> known,
                   db::Transact(*pool_, call.deadline, load));
  const DoubleFinder finder(known);
  const Pairs pairs = PairsOf(finder, NetworksOf(known), network, dismissed);

  v1::ListLikelyDoublesResponse response;
  std::vector<const DoubleFinder::Pair*> shown;
  const bool is_first = page.after.key.empty();
  auto next = is_first ? pairs.begin()
                       : pairs.upper_bound({page.after.id, page.after.key});
  for (; next != pairs.end(); ++next) {
    if (static_cast<int>(shown.size()) == page.size) {
      const Place& last = std::prev(next)->first;
      response.set_next_page_token(
          rpc::NextPageToken(request, {last.ids, last.millionths}));
      break;
    }
    shown.push_back(&next->second);
  }
  const auto show = [&](db::Tx& tx) -> absl::Status {
    return Show(tx, reader, shown, response);
  };
  RETURN_IF_ERROR(db::Transact(*pool_, call.deadline,
                               absl::FunctionRef<absl::Status(db::Tx&)>(show)));
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
