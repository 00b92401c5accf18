#include "server/draw/dossier.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <tuple>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "server/base/status_macros.h"
#include "server/draw/document.h"
#include "server/draw/fairness.h"
#include "server/draw/small_groups.h"
#include "server/draw/tree.h"

namespace lagnet::draw {
namespace {

constexpr absl::string_view kLottery("lagnet-draw/1 lottery\0", 22);

bool IsLess(const Chance& a, const Chance& b) {
  using Wide = __int128;
  return Wide{a.numerator} * b.denominator < Wide{b.numerator} * a.denominator;
}

// Counts a group: the people of a share, or all.
Group GroupOf(const Dossier& dossier, const std::vector<Chance>& chances,
              std::optional<size_t> share) {
  const std::vector<Party>& parties = dossier.list.parties();
  Group group{share ? dossier.list.problem().shares[*share].name : ""};
  bool first = true;
  std::vector<bool> selected(parties.size(), false);
  for (const int i : dossier.result.selected) {
    selected[static_cast<size_t>(i)] = true;
  }
  for (size_t i = 0; i < parties.size(); ++i) {
    const int people = share ? parties[i].counts[*share] : parties[i].size;
    if (people == 0) continue;
    const auto type = static_cast<size_t>(dossier.list.type_of()[i]);
    const Chance& chance = chances[type];
    group.applied += people;
    group.selected += selected[i] ? people : 0;
    if (first || IsLess(chance, group.lowest)) group.lowest = chance;
    if (first || IsLess(group.highest, chance)) group.highest = chance;
    first = false;
  }
  return group;
}

// Who is hidden, has no numbers. The share of an organisation is there only
// because people of it applied, so its name goes, too, and its place.
void Hide(const std::vector<bool>& hidden, PublicDossier& shown) {
  std::vector<Share> shares, unnamed;
  std::vector<Group> groups = {shown.groups.front()}, hidden_groups;
  for (size_t s = 0; s < hidden.size(); ++s) {
    Share& share = shown.shares[s];
    Group& group = shown.groups[s + 1];
    if (hidden[s]) group = {.share = share.name, .hidden = true};
    if (hidden[s] && absl::StartsWith(share.name, kOrganizationShare)) {
      share.name = absl::StrCat("organization-", unnamed.size() + 1);
      group.share = share.name;
      unnamed.push_back(std::move(share));
      hidden_groups.push_back(std::move(group));
    } else {
      shares.push_back(std::move(share));
      groups.push_back(std::move(group));
    }
  }
  shares.insert(shares.end(), unnamed.begin(), unnamed.end());
  groups.insert(groups.end(), hidden_groups.begin(), hidden_groups.end());
  shown.shares = std::move(shares);
  shown.groups = std::move(groups);
}

std::vector<Chance> ChancesOf(const Dossier& dossier) {
  const Problem& problem = dossier.list.problem();
  const std::vector<int64_t> expected = Expected(problem, dossier.lottery);
  std::vector<Chance> chances;
  for (size_t t = 0; t < expected.size(); ++t) {
    chances.push_back(ChanceOf(expected[t], problem.types[t].parties));
  }
  return chances;
}

}  // namespace

ClosedList::ClosedList(int seats, std::vector<Share> shares,
                       std::vector<Party> parties) {
  problem_.seats = seats;
  problem_.shares = std::move(shares);
  std::vector<std::pair<Digest, size_t>> order;
  for (size_t i = 0; i < parties.size(); ++i) {
    order.emplace_back(LeafOf(parties[i]), i);
  }
  std::sort(order.begin(), order.end());
  for (const auto& [leaf, i] : order) {
    leaves_.push_back(leaf);
    parties_.push_back(std::move(parties[i]));
  }
  root_ = RootOf(leaves_);
  FindTypes();
}

void ClosedList::FindTypes() {
  using Key = std::tuple<int, int, std::vector<int>>;
  const auto key = [](const Party& party) {
    return Key(party.size, party.weight, party.counts);
  };
  std::map<Key, int> numbers;
  for (const Party& party : parties_) numbers[key(party)] = 0;
  for (auto& [alike, number] : numbers) {
    number = static_cast<int>(problem_.types.size());
    const auto& [size, weight, counts] = alike;
    problem_.types.push_back({size, counts, weight, 0});
  }
  for (const Party& party : parties_) {
    type_of_.push_back(numbers[key(party)]);
    ++problem_.types[static_cast<size_t>(type_of_.back())].parties;
  }
}

std::string LeafData(const Party& party) {
  return Canonical({{"application", party.application},
                    {"counts", party.counts},
                    {"party", party.id},
                    {"size", party.size},
                    {"weight", party.weight}});
}

Digest LeafOf(const Party& party) {
  return party.leaf ? *party.leaf : LeafOf(party.salt, LeafData(party));
}

Party Erased(const Party& party) {
  return {.id = party.id,
          .size = party.size,
          .counts = party.counts,
          .weight = party.weight,
          .leaf = LeafOf(party)};
}

Digest DigestOf(const Problem& problem, const Lottery& lottery) {
  return Sha256({kLottery, Canonical({{"lottery", ToJson(lottery)},
                                      {"problem", ToJson(problem)}})});
}

Digest KeyFor(const std::string& draw, const Digest& root,
              const Digest& lottery, const std::vector<Host>& hosts,
              const std::vector<Restart>& restarts) {
  std::vector<Seed> seeds;
  for (const Host& host : hosts) seeds.push_back({host.name, host.seed});
  return KeyOf(draw, root, lottery, std::move(seeds),
               restarts.empty() ? "" : Canonical(ToJson(restarts)));
}

Dossier MakeDossier(std::string draw, ClosedList list, std::vector<Host> hosts,
                    Lottery lottery, std::vector<Restart> restarts) {
  const Digest digest = DigestOf(list.problem(), lottery);
  const Digest key = KeyFor(draw, list.root(), digest, hosts, restarts);
  Result result = Draw(key, list.type_of(), lottery);
  const Digest root = list.root();
  return {.draw = std::move(draw),
          .list = std::move(list),
          .hosts = std::move(hosts),
          .restarts = std::move(restarts),
          .root = root,
          .lottery_digest = digest,
          .lottery = std::move(lottery),
          .result = std::move(result)};
}

absl::StatusOr<PublicDossier> PublicPartOf(const Dossier& dossier) {
  const Problem& problem = dossier.list.problem();
  ASSIGN_OR_RETURN(const int64_t loss, ProvenLoss(problem, dossier.lottery));
  PublicDossier shown{
      .draw = dossier.draw,
      .seats = problem.seats,
      .shares = problem.shares,
      .hosts = dossier.hosts,
      .restarts = dossier.restarts,
      .leaves = dossier.list.leaves(),
      .root = dossier.root,
      .lottery_digest = dossier.lottery_digest,
      .key = KeyFor(dossier.draw, dossier.root, dossier.lottery_digest,
                    dossier.hosts, dossier.restarts),
      .loss = loss};
  const std::vector<Chance> chances = ChancesOf(dossier);
  shown.groups.push_back(GroupOf(dossier, chances, std::nullopt));
  for (size_t s = 0; s < problem.shares.size(); ++s) {
    shown.groups.push_back(GroupOf(dossier, chances, s));
  }
  if (shown.groups.front().applied < kSmallGroup) {
    shown.groups.front() = {.hidden = true};
  }
  Hide(HiddenShares(problem), shown);
  return shown;
}

Opening OpeningOf(const Dossier& dossier, size_t index) {
  const auto type = static_cast<size_t>(dossier.list.type_of()[index]);
  const Result& result = dossier.result;
  const auto i = static_cast<int>(index);
  const auto waits = std::find(result.waiting.begin(), result.waiting.end(), i);
  const bool selected = waits == result.waiting.end();
  return {
      .draw = dossier.draw,
      .party = dossier.list.parties()[index],
      .index = index,
      .path = PathOf(dossier.list.leaves(), index),
      .chance = ChancesOf(dossier)[type],
      .selected = selected,
      .waiting_position =
          selected ? 0 : static_cast<int>(waits - result.waiting.begin()) + 1};
}

}  // namespace lagnet::draw
