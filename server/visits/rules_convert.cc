#include "server/visits/rules_convert.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/base/zoned_time.h"
#include "server/rpc/types.h"

namespace lagnet::visits {
namespace {

static_assert(v1::SeatRules::DRAW == static_cast<int>(Policy::kDraw));
static_assert(v1::SignUp::INDIVIDUAL == static_cast<int>(Sector::kIndividual));
static_assert(v1::SignUp::FROM_65 == static_cast<int>(AgeBand::kFrom65));

std::string TextOf(const std::optional<absl::CivilSecond>& time) {
  return time ? FormatLocalDateTime(*time) : "";
}

absl::StatusOr<Group> FromProto(const v1::SeatRules::Group& group,
                                const std::string& path) {
  Group result{.territory = group.territory(),
               .sector = static_cast<Sector>(group.sector()),
               .age_band = static_cast<AgeBand>(group.age_band()),
               .language = group.language(),
               .first_timers = group.first_timers(),
               .staff = group.staff()};
  ASSIGN_OR_RETURN(
      result.organization,
      rpc::IdOf("organizations", absl::StrCat(path, ".organization"),
                group.organization()));
  return result;
}

v1::SeatRules::Group ToProto(const Group& group) {
  v1::SeatRules::Group result;
  result.set_organization(MakeName("organizations", group.organization));
  result.set_territory(group.territory);
  result.set_sector(static_cast<v1::SignUp::Sector>(group.sector));
  result.set_age_band(static_cast<v1::SignUp::AgeBand>(group.age_band));
  result.set_language(group.language);
  result.set_first_timers(group.first_timers);
  result.set_staff(group.staff);
  return result;
}

template <typename Value, typename Numbers>
std::vector<Value> ValuesOf(const Numbers& numbers) {
  std::vector<Value> values;
  for (const int number : numbers) values.push_back(static_cast<Value>(number));
  return values;
}

absl::StatusOr<WhoMayCome> FromProto(const v1::SeatRules::WhoMayCome& who) {
  WhoMayCome result{
      .territories = rpc::ToVector(who.territories()),
      .organization_kinds = ValuesOf<int>(who.organization_kinds()),
      .sectors = ValuesOf<Sector>(who.sectors()),
      .age_bands = ValuesOf<AgeBand>(who.age_bands()),
      .languages = rpc::ToVector(who.languages())};
  ASSIGN_OR_RETURN(
      result.organizations,
      rpc::IdsOf("organizations",
                 "study_visit.seat_rules.who_may_come.organizations",
                 who.organizations()));
  return result;
}

void Fill(const WhoMayCome& who, v1::SeatRules::WhoMayCome* result) {
  rpc::Fill(who.territories, result->mutable_territories());
  for (const int kind : who.organization_kinds) {
    result->add_organization_kinds(kind);
  }
  for (const Sector sector : who.sectors) {
    result->add_sectors(static_cast<v1::SignUp::Sector>(sector));
  }
  for (const std::string& id : who.organizations) {
    result->add_organizations(MakeName("organizations", id));
  }
  for (const AgeBand band : who.age_bands) {
    result->add_age_bands(static_cast<v1::SignUp::AgeBand>(band));
  }
  rpc::Fill(who.languages, result->mutable_languages());
}

}  // namespace

absl::StatusOr<VisitRules> FromProto(const v1::SeatRules& rules) {
  VisitRules result{
      .policy = static_cast<Policy>(rules.policy()),
      .confirm_hours = rules.confirm_hours(),
      .verify_hours = rules.verify_hours(),
      .offer_hours = rules.offer_hours(),
      .hold_hours = rules.hold_hours(),
      .largest_hold = rules.largest_held_group(),
      .first_seats_first = rules.first_seats_first(),
      .placeholders_end = ParseLocalDateTime(rules.placeholders_end()),
      .free_withdrawal_end = ParseLocalDateTime(rules.free_withdrawal_end()),
      .draw_weights = {
          .years = rules.draw_weights().years(),
          .newcomers = rules.draw_weights().newcomers(),
          .new_organizations = rules.draw_weights().new_organizations()}};
  ASSIGN_OR_RETURN(result.who, FromProto(rules.who_may_come()));
  const std::string path = "study_visit.seat_rules";
  for (int i = 0; i < rules.shares_size(); ++i) {
    const v1::SeatRules::Share& share = rules.shares(i);
    ShareRule rule{.min = share.min(),
                   .max = share.max(),
                   .min_percent = share.min_percent(),
                   .max_percent = share.max_percent(),
                   .min_until = ParseLocalDateTime(share.min_until())};
    ASSIGN_OR_RETURN(
        rule.group,
        FromProto(share.group(), absl::StrCat(path, ".shares[", i, "].group")));
    result.shares.push_back(std::move(rule));
  }
  for (int i = 0; i < rules.priority_groups_size(); ++i) {
    ASSIGN_OR_RETURN(
        Group group,
        FromProto(rules.priority_groups(i),
                  absl::StrCat(path, ".priority_groups[", i, "]")));
    result.priority_groups.push_back(std::move(group));
  }
  return result;
}

v1::SeatRules ToProto(const VisitRules& rules) {
  v1::SeatRules result;
  result.set_policy(static_cast<v1::SeatRules::Policy>(rules.policy));
  if (rules.who != WhoMayCome()) {
    Fill(rules.who, result.mutable_who_may_come());
  }
  for (const ShareRule& rule : rules.shares) {
    v1::SeatRules::Share* share = result.add_shares();
    *share->mutable_group() = ToProto(rule.group);
    share->set_min(rule.min);
    share->set_max(rule.max);
    share->set_min_percent(rule.min_percent);
    share->set_max_percent(rule.max_percent);
    share->set_min_until(TextOf(rule.min_until));
  }
  for (const Group& group : rules.priority_groups) {
    *result.add_priority_groups() = ToProto(group);
  }
  result.set_confirm_hours(rules.confirm_hours);
  result.set_verify_hours(rules.verify_hours);
  result.set_offer_hours(rules.offer_hours);
  result.set_hold_hours(rules.hold_hours);
  result.set_largest_held_group(rules.largest_hold);
  result.set_first_seats_first(rules.first_seats_first);
  result.set_placeholders_end(TextOf(rules.placeholders_end));
  result.set_free_withdrawal_end(TextOf(rules.free_withdrawal_end));
  if (rules.draw_weights != DrawWeights()) {
    v1::SeatRules::DrawWeights* weights = result.mutable_draw_weights();
    weights->set_years(rules.draw_weights.years);
    weights->set_newcomers(rules.draw_weights.newcomers);
    weights->set_new_organizations(rules.draw_weights.new_organizations);
  }
  return result;
}

}  // namespace lagnet::visits
