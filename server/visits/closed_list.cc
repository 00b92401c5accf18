#include "server/visits/closed_list.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "server/visits/fit.h"

namespace lagnet::visits {
namespace {

using nlohmann::json;

// Those of a party who have no seat yet: who is drawn for.
std::vector<Person> DrawnFor(const Party& party) {
  return {party.members.begin() + party.seats, party.members.end()};
}

// What a party says of itself, without who it is.
json ApplicationOf(const Party& party) {
  json members = json::array();
  for (const Person& person : DrawnFor(party)) {
    const Traits& traits = person.traits;
    json entry = {{"sector", static_cast<int>(traits.sector)}};
    if (traits.age_band != AgeBand::kUnspecified) {
      entry["ageBand"] = static_cast<int>(traits.age_band);
    }
    if (!traits.languages.empty()) entry["languages"] = traits.languages;
    if (!traits.territories.empty()) entry["territories"] = traits.territories;
    if (traits.first_timer) entry["firstTimer"] = true;
    if (traits.staff) entry["staff"] = true;
    members.push_back(std::move(entry));
  }
  return {{"organization", party.organization}, {"members", members}};
}

std::vector<draw::Share> SharesOf(const SeatPlan& plan,
                                  const std::vector<std::string>& limited) {
  const SeatRules& rules = plan.rules();
  const int free = std::max(0, Free(plan));
  std::vector<draw::Share> shares;
  const auto add = [&](std::string name, int min, int max, int taken) {
    const int most = std::clamp(max - taken, 0, free);
    shares.push_back({.name = std::move(name),
                      .min = std::clamp(min - taken, 0, most),
                      .max = most});
  };
  const auto& own = rules.shares.shares();
  for (size_t i = 0; i < own.size(); ++i) {
    add(absl::StrCat("share-", i + 1), own[i].min, own[i].max,
        plan.share_counts()[i]);
  }
  for (const std::string& organization : limited) {
    add(absl::StrCat("organization/", organization), 0,
        rules.seats_per_organization, plan.taken_of(organization));
  }
  return shares;
}

// The organisations that their limit could bind.
std::vector<std::string> Limited(const SeatPlan& plan) {
  const int limit = plan.rules().seats_per_organization;
  if (limit == 0) return {};
  std::map<std::string, int> people;
  for (const auto& [key, id] : plan.queue()) {
    const Party& party = *plan.Find(id);
    if (party.is_second) continue;
    people[party.organization] += party.most();
  }
  std::vector<std::string> limited;
  for (const auto& [organization, count] : people) {
    if (plan.taken_of(organization) + count > limit) {
      limited.push_back(organization);
    }
  }
  return limited;
}

std::vector<int> CountsOf(const SeatPlan& plan, const Party& party,
                          const std::vector<std::string>& limited) {
  std::vector<int> counts(plan.rules().shares.shares().size(), 0);
  for (const Person& person : DrawnFor(party)) {
    for (size_t i = 0; i < counts.size(); ++i) {
      counts[i] += static_cast<int>((person.shares >> i) & 1);
    }
  }
  for (const std::string& organization : limited) {
    counts.push_back(party.organization == organization ? party.most() : 0);
  }
  return counts;
}

}  // namespace

draw::ClosedList CloseList(const SeatPlan& plan,
                           const std::map<std::string, int>& weights,
                           const std::function<draw::Digest()>& salt) {
  const std::vector<std::string> limited = Limited(plan);
  std::vector<draw::Party> parties;
  for (const auto& [key, id] : plan.queue()) {
    const Party& party = *plan.Find(id);
    if (party.is_second) continue;
    const auto weight = weights.find(id);
    parties.push_back({.id = id,
                       .size = party.most(),
                       .counts = CountsOf(plan, party, limited),
                       .weight = weight == weights.end() ? 1 : weight->second,
                       .application = ApplicationOf(party),
                       .salt = salt()});
  }
  return draw::ClosedList(Free(plan), SharesOf(plan, limited),
                          std::move(parties));
}

json PackList(const draw::ClosedList& list) {
  json shares = json::array(), parties = json::array();
  for (const draw::Share& share : list.problem().shares) {
    shares.push_back({share.name, share.min, share.max});
  }
  for (const draw::Party& party : list.parties()) {
    parties.push_back({party.id, party.size, party.counts, party.weight,
                       party.leaf ? json() : party.application,
                       draw::ToHex(party.leaf.value_or(party.salt))});
  }
  return {{"seats", list.problem().seats},
          {"shares", std::move(shares)},
          {"parties", std::move(parties)}};
}

absl::StatusOr<draw::ClosedList> UnpackList(const json& packed) {
  std::vector<draw::Share> shares;
  for (const json& share : packed.at("shares")) {
    shares.push_back(
        {.name = share.at(0), .min = share.at(1), .max = share.at(2)});
  }
  std::vector<draw::Party> parties;
  for (const json& party : packed.at("parties")) {
    const auto hash = draw::DigestFromHex(party.at(5).get<std::string>());
    if (!hash) return absl::DataLossError("a salt of the draw is unreadable");
    parties.push_back({.id = party.at(0),
                       .size = party.at(1),
                       .counts = party.at(2).get<std::vector<int>>(),
                       .weight = party.at(3)});
    if (party.at(4).is_null()) {
      parties.back().leaf = *hash;
    } else {
      parties.back().application = party.at(4);
      parties.back().salt = *hash;
    }
  }
  return draw::ClosedList(packed.at("seats"), std::move(shares),
                          std::move(parties));
}

draw::ClosedList WithoutPeopleOf(const draw::ClosedList& list,
                                 const std::string& sign_up) {
  std::vector<draw::Party> parties = list.parties();
  for (draw::Party& party : parties) {
    if (party.id == sign_up) party = draw::Erased(party);
  }
  return draw::ClosedList(list.problem().seats, list.problem().shares,
                          std::move(parties));
}

DrawCommand CommandOf(const draw::ClosedList& list, const draw::Result& result,
                      const SeatPlan& plan) {
  std::set<std::string> left;
  for (const auto& [key, id] : plan.queue()) left.insert(id);
  DrawCommand command;
  const auto put = [&](const std::vector<int>& drawn,
                       std::vector<std::string>& to) {
    for (const int index : drawn) {
      const std::string& id = list.parties()[static_cast<size_t>(index)].id;
      if (left.erase(id) > 0) to.push_back(id);
    }
  };
  put(result.selected, command.seated);
  put(result.waiting, command.waiting);
  command.waiting.insert(command.waiting.end(), left.begin(), left.end());
  return command;
}

}  // namespace lagnet::visits
