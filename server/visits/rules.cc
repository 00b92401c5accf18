#include "server/visits/rules.h"

#include <algorithm>
#include <map>
#include <type_traits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/base/error.h"
#include "server/base/status_macros.h"
#include "server/base/zoned_time.h"

namespace lagnet::visits {
namespace {

using nlohmann::json;

// What is not set is left out, so that equal rules are equal texts.
template <typename T>
void Put(absl::string_view key, const T& value, json& to) {
  if (value != T()) to[std::string(key)] = value;
}

void Put(absl::string_view key, const std::optional<absl::CivilSecond>& time,
         json& to) {
  if (time) to[std::string(key)] = FormatLocalDateTime(*time);
}

std::optional<absl::CivilSecond> TimeOf(const json& from, const char* key) {
  return ParseLocalDateTime(from.value(key, ""));
}

template <typename T>
std::vector<T> ListOf(const json& from, const char* key) {
  return from.value(key, std::vector<T>());
}

json GroupJson(const Group& group) {
  json result = json::object();
  Put("organization", group.organization, result);
  Put("territory", group.territory, result);
  Put("sector", static_cast<int>(group.sector), result);
  Put("age_band", static_cast<int>(group.age_band), result);
  Put("language", group.language, result);
  Put("first_timers", group.first_timers, result);
  Put("staff", group.staff, result);
  return result;
}

Group GroupOf(const json& from) {
  return {.organization = from.value("organization", ""),
          .territory = from.value("territory", ""),
          .sector = static_cast<Sector>(from.value("sector", 0)),
          .age_band = static_cast<AgeBand>(from.value("age_band", 0)),
          .language = from.value("language", ""),
          .first_timers = from.value("first_timers", false),
          .staff = from.value("staff", false)};
}

json ShareJson(const ShareRule& share) {
  json result = {{"group", GroupJson(share.group)}};
  Put("min", share.min, result);
  Put("max", share.max, result);
  Put("min_percent", share.min_percent, result);
  Put("max_percent", share.max_percent, result);
  Put("min_until", share.min_until, result);
  return result;
}

ShareRule ShareOf(const json& from) {
  return {.group = GroupOf(from.at("group")),
          .min = from.value("min", 0),
          .max = from.value("max", 0),
          .min_percent = from.value("min_percent", 0),
          .max_percent = from.value("max_percent", 0),
          .min_until = TimeOf(from, "min_until")};
}

template <typename T>
std::vector<int> Numbers(const std::vector<T>& values) {
  std::vector<int> numbers;
  for (const T value : values) numbers.push_back(static_cast<int>(value));
  return numbers;
}

template <typename T>
std::vector<T> Values(const std::vector<int>& numbers) {
  std::vector<T> values;
  for (const int number : numbers) values.push_back(static_cast<T>(number));
  return values;
}

json WhoJson(const WhoMayCome& who) {
  json result = json::object();
  Put("territories", who.territories, result);
  Put("organization_kinds", who.organization_kinds, result);
  Put("sectors", Numbers(who.sectors), result);
  Put("organizations", who.organizations, result);
  Put("age_bands", Numbers(who.age_bands), result);
  Put("languages", who.languages, result);
  return result;
}

WhoMayCome WhoOf(const json& from) {
  return {.territories = ListOf<std::string>(from, "territories"),
          .organization_kinds = ListOf<int>(from, "organization_kinds"),
          .sectors = Values<Sector>(ListOf<int>(from, "sectors")),
          .organizations = ListOf<std::string>(from, "organizations"),
          .age_bands = Values<AgeBand>(ListOf<int>(from, "age_bands")),
          .languages = ListOf<std::string>(from, "languages")};
}

json WeightsJson(const DrawWeights& weights) {
  json result = json::object();
  Put("years", weights.years, result);
  Put("newcomers", weights.newcomers, result);
  Put("new_organizations", weights.new_organizations, result);
  return result;
}

DrawWeights WeightsOf(const json& from) {
  return {.years = from.value("years", 0),
          .newcomers = from.value("newcomers", 0),
          .new_organizations = from.value("new_organizations", 0)};
}

template <typename Rules, typename Do>
void ForEachGroup(Rules& rules, const Do& act) {
  for (auto& share : rules.shares) act(share.group);
  for (auto& group : rules.priority_groups) act(group);
}

template <typename T>
bool Allows(const std::vector<T>& list, const T& asked) {
  return list.empty() || asked == T() ||
         std::find(list.begin(), list.end(), asked) != list.end();
}

// Whether somebody of the group may come. Territories are left out: who lives
// outside may work inside.
bool MayCome(const Group& group, const WhoMayCome& who) {
  return Allows(who.organizations, group.organization) &&
         Allows(who.sectors, group.sector) &&
         Allows(who.age_bands, group.age_band);
}

std::string PathOf(size_t share) {
  return absl::StrCat("study_visit.seat_rules.shares[", share, "]");
}

absl::Status CheckShare(const ShareRule& rule, const Share& share, int seats,
                        const WhoMayCome& who, const std::string& path) {
  if (rule.group == Group()) {
    return InvalidField(absl::StrCat(path, ".group"),
                        "says of nobody whom the share is for");
  }
  if ((rule.min > 0 && rule.min_percent > 0) ||
      (rule.max > 0 && rule.max_percent > 0)) {
    return InvalidField(path, "gives seats and per cent; choose one");
  }
  if (share.min == 0 && share.max == kNoLimit) {
    return InvalidField(path, "has neither a minimum nor a maximum");
  }
  if (share.min > share.max) {
    return InvalidField(
        path, absl::StrCat("asks for at least ", share.min, " and at most ",
                           share.max, " seats"));
  }
  if (share.min > seats) {
    return InvalidField(path, absl::StrCat("asks for at least ", share.min,
                                           " of ", seats, " seats"));
  }
  if (share.min > 0 && !MayCome(rule.group, who)) {
    return InvalidField(path, "keeps seats for people who may not come");
  }
  return absl::OkStatus();
}

using Chosen = std::vector<size_t>;  // Some of the shares, by number.

// Fewer people cannot fill the minimums of some shares, and which of them ask
// for so many.
struct Need {
  int people = 0;
  Chosen shares;
};

Need NeedOf(const std::vector<Share>& shares, const Chosen& chosen);

// What shares need of which each asks for one thing: nobody has two sectors.
// Nothing, if there is one of that kind only.
template <typename KindOf>
Need NeedOfKinds(const std::vector<Share>& shares, const Chosen& chosen,
                 const KindOf& kind_of) {
  using Kind = std::decay_t<decltype(kind_of(Group()))>;
  std::map<Kind, Chosen> kinds;
  for (const size_t i : chosen) {
    const Kind kind = kind_of(shares[i].group);
    if (kind != Kind()) kinds[kind].push_back(i);
  }
  Need all;
  if (kinds.size() < 2) return all;
  for (const auto& [kind, of_it] : kinds) {
    const Need need = NeedOf(shares, of_it);
    all.people += need.people;
    all.shares.insert(all.shares.end(), need.shares.begin(), need.shares.end());
  }
  return all;
}

// Territories are left out: whoever has two of them counts for both.
Need NeedOf(const std::vector<Share>& shares, const Chosen& chosen) {
  Need most;
  const auto consider = [&](Need need) {
    if (need.people > most.people) most = std::move(need);
  };
  for (const size_t i : chosen) consider({shares[i].min, {i}});
  consider(NeedOfKinds(shares, chosen,
                       [](const Group& group) { return group.organization; }));
  consider(NeedOfKinds(shares, chosen,
                       [](const Group& group) { return group.sector; }));
  consider(NeedOfKinds(shares, chosen,
                       [](const Group& group) { return group.age_band; }));
  std::sort(most.shares.begin(), most.shares.end());
  return most;
}

template <typename Belongs>
Need NeedWhere(const std::vector<Share>& shares, const Belongs& belongs) {
  Chosen chosen;
  for (size_t i = 0; i < shares.size(); ++i) {
    if (belongs(i)) chosen.push_back(i);
  }
  return NeedOf(shares, chosen);
}

// "asks for at least 3 seats", "asks together with shares[2] for at least 6
// seats": of the first of those that need them.
std::string SayNeed(const Need& need) {
  std::vector<std::string> others;
  for (size_t i = 1; i < need.shares.size(); ++i) {
    others.push_back(absl::StrCat("shares[", need.shares[i], "]"));
  }
  return absl::StrCat(
      "asks ",
      others.empty()
          ? ""
          : absl::StrCat("together with ", absl::StrJoin(others, ", "), " "),
      "for at least ", need.people, " seats");
}

// Groups inside another one cannot ask for more than that may have.
absl::Status CheckNested(const std::vector<Share>& shares) {
  for (size_t outer = 0; outer < shares.size(); ++outer) {
    const Need need = NeedWhere(shares, [&](size_t i) {
      return i != outer && IsWithin(shares[i].group, shares[outer].group);
    });
    if (need.people <= shares[outer].max) continue;
    const char* lies = need.shares.size() == 1 ? "lies" : "with them lies";
    return InvalidField(
        PathOf(need.shares.front()),
        absl::StrCat(SayNeed(need), " and ", lies, " within shares[", outer,
                     "], which has at most ", shares[outer].max));
  }
  return absl::OkStatus();
}

absl::Status CheckSums(const std::vector<Share>& shares, int seats) {
  const ShareBook::Demand most = ShareBook(shares).MostAsked();
  if (most.seats <= seats) return absl::OkStatus();
  return InvalidField(
      PathOf(static_cast<size_t>(most.shares.front())),
      absl::StrCat("asks together with the other shares of its kind (numbers ",
                   absl::StrJoin(most.shares, ", "), ", from 0) for ",
                   most.seats, " of ", seats, " seats"));
}

absl::Status CheckOrganizationLimit(const std::vector<Share>& shares,
                                    int limit) {
  if (limit == 0) return absl::OkStatus();
  for (const Share& share : shares) {
    const std::string& organization = share.group.organization;
    if (organization.empty()) continue;
    const Need need = NeedWhere(shares, [&](size_t i) {
      return shares[i].group.organization == organization;
    });
    if (need.people <= limit) continue;
    return InvalidField(PathOf(need.shares.front()),
                        absl::StrCat(SayNeed(need),
                                     " for one organisation, and "
                                     "seats_per_organization is ",
                                     limit));
  }
  return absl::OkStatus();
}

absl::Status CheckWeights(const VisitRules& rules) {
  const DrawWeights& weights = rules.draw_weights;
  if (weights == DrawWeights()) return absl::OkStatus();
  const std::string path = "study_visit.seat_rules.draw_weights";
  if (rules.policy != Policy::kDraw) {
    return InvalidField(path,
                        "count in a draw only: set the policy to DRAW, or "
                        "leave them out");
  }
  if (weights.years == 0) {
    return InvalidField(absl::StrCat(path, ".years"),
                        "must say how many years before the visit are looked "
                        "at: 1 to 5");
  }
  if (weights.newcomers <= 1 && weights.new_organizations <= 1) {
    return InvalidField(absl::StrCat(path, ".newcomers"),
                        "and new_organizations give nobody a weight above 1");
  }
  return absl::OkStatus();
}

}  // namespace

int HoursToVerify(const VisitRules& rules) {
  return rules.verify_hours > 0 ? rules.verify_hours : kVerifyHours;
}

int UnverifiedPerNetwork(int seats) {
  return std::min(seats, std::max(seats / 4, 5));
}

int UnverifiedPerOrganization(int seats) {
  return std::min(seats, std::max(seats / 2, 10));
}

json ToJson(const VisitRules& rules) {
  json result = json::object();
  Put("policy", static_cast<int>(rules.policy), result);
  Put("who", WhoJson(rules.who), result);
  json shares = json::array(), groups = json::array();
  for (const ShareRule& share : rules.shares)
    shares.push_back(ShareJson(share));
  for (const Group& group : rules.priority_groups) {
    groups.push_back(GroupJson(group));
  }
  if (result["who"].empty()) result.erase("who");
  if (!shares.empty()) result["shares"] = std::move(shares);
  if (!groups.empty()) result["priority_groups"] = std::move(groups);
  Put("confirm_hours", rules.confirm_hours, result);
  Put("verify_hours", rules.verify_hours, result);
  Put("offer_hours", rules.offer_hours, result);
  Put("hold_hours", rules.hold_hours, result);
  Put("largest_hold", rules.largest_hold, result);
  Put("first_seats_first", rules.first_seats_first, result);
  Put("placeholders_end", rules.placeholders_end, result);
  Put("free_withdrawal_end", rules.free_withdrawal_end, result);
  if (rules.draw_weights != DrawWeights()) {
    result["draw_weights"] = WeightsJson(rules.draw_weights);
  }
  return result;
}

VisitRules RulesFromJson(const json& from) {
  VisitRules rules{
      .policy = static_cast<Policy>(from.value("policy", 0)),
      .who = WhoOf(from.value("who", json::object())),
      .confirm_hours = from.value("confirm_hours", 0),
      .verify_hours = from.value("verify_hours", 0),
      .offer_hours = from.value("offer_hours", 0),
      .hold_hours = from.value("hold_hours", 0),
      .largest_hold = from.value("largest_hold", 0),
      .first_seats_first = from.value("first_seats_first", false),
      .placeholders_end = TimeOf(from, "placeholders_end"),
      .free_withdrawal_end = TimeOf(from, "free_withdrawal_end"),
      .draw_weights = WeightsOf(from.value("draw_weights", json::object())),
  };
  for (const json& share : from.value("shares", json::array())) {
    rules.shares.push_back(ShareOf(share));
  }
  for (const json& group : from.value("priority_groups", json::array())) {
    rules.priority_groups.push_back(GroupOf(group));
  }
  return rules;
}

std::vector<std::string> TerritoriesIn(const VisitRules& rules) {
  std::vector<std::string> codes = rules.who.territories;
  ForEachGroup(rules, [&](const Group& group) {
    if (!group.territory.empty()) codes.push_back(group.territory);
  });
  return codes;
}

std::vector<std::string> OrganizationsIn(const VisitRules& rules) {
  std::vector<std::string> ids = rules.who.organizations;
  ForEachGroup(rules, [&](const Group& group) {
    if (!group.organization.empty()) ids.push_back(group.organization);
  });
  return ids;
}

void Rename(const std::string& from, const std::string& to, VisitRules& rules) {
  std::replace(rules.who.organizations.begin(), rules.who.organizations.end(),
               from, to);
  ForEachGroup(rules, [&](Group& group) {
    if (group.organization == from) group.organization = to;
  });
}

std::vector<Share> SharesOf(const VisitRules& rules, int seats) {
  std::vector<Share> shares;
  for (const ShareRule& rule : rules.shares) {
    Share share{.group = rule.group, .min = rule.min};
    if (rule.min_percent > 0) share.min = (rule.min_percent * seats + 99) / 100;
    if (rule.max > 0) share.max = rule.max;
    if (rule.max_percent > 0) share.max = rule.max_percent * seats / 100;
    shares.push_back(std::move(share));
  }
  return shares;
}

absl::Status CheckRules(const VisitRules& rules, int seats,
                        int seats_per_organization) {
  const std::vector<Share> shares = SharesOf(rules, seats);
  for (size_t i = 0; i < shares.size(); ++i) {
    RETURN_IF_ERROR(
        CheckShare(rules.shares[i], shares[i], seats, rules.who, PathOf(i)));
  }
  RETURN_IF_ERROR(CheckNested(shares));
  RETURN_IF_ERROR(CheckSums(shares, seats));
  RETURN_IF_ERROR(CheckOrganizationLimit(shares, seats_per_organization));
  if (rules.policy == Policy::kPriorityGroups &&
      rules.priority_groups.empty()) {
    return InvalidField("study_visit.seat_rules.priority_groups",
                        "must say which groups go first");
  }
  if (rules.policy != Policy::kPriorityGroups &&
      !rules.priority_groups.empty()) {
    return InvalidField("study_visit.seat_rules.policy",
                        "must be PRIORITY_GROUPS for groups to go first");
  }
  if ((rules.hold_hours > 0) != (rules.largest_hold > 0)) {
    return InvalidField(
        "study_visit.seat_rules.hold_hours",
        "and largest_held_group go together: how long, and how many seats");
  }
  return CheckWeights(rules);
}

}  // namespace lagnet::visits
