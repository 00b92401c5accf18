#include "server/directory/profile_store.h"

#include "server/base/status_macros.h"
#include "server/base/zoned_time.h"
#include "server/directory/network_store.h"
#include "server/directory/theme_store.h"

namespace lagnet::directory {
namespace {

Day DayOf(const nlohmann::json& date) {
  return date.is_null() ? Day() : ParseLocalDate(date.get<std::string>());
}

nlohmann::json ToJson(const Day& day) {
  return day ? nlohmann::json(absl::FormatCivilTime(*day)) : nlohmann::json();
}

void ReadNetworks(const db::Row& row, Profile& profile) {
  for (const auto& entry : row.Get<nlohmann::json>("memberships")) {
    profile.memberships.push_back({.network = entry["network"],
                                   .since = DayOf(entry["since"]),
                                   .until = DayOf(entry["until"])});
  }
  for (const auto& entry : row.Get<nlohmann::json>("registrations")) {
    profile.partner_registrations.push_back(
        {.network = entry["network"],
         .status = static_cast<PartnerStatus>(entry["status"].get<int>()),
         .applied_on = DayOf(entry["applied_on"]),
         .registered_on = DayOf(entry["registered_on"]),
         .ended_on = DayOf(entry["ended_on"])});
  }
}

std::optional<Strategy> ReadStrategy(const db::Row& row) {
  const auto json = row.Get<std::optional<nlohmann::json>>("strategy");
  if (!json) return std::nullopt;
  return Strategy{.title = LocalizedTextFromJson((*json)["title"]),
                  .years = {(*json)["start_year"], (*json)["end_year"]},
                  .themes = (*json)["themes"],
                  .website = (*json)["website"]};
}

nlohmann::json ToJson(const Strategy& strategy) {
  return {{"title", lagnet::ToJson(strategy.title)},
          {"start_year", strategy.years.start},
          {"end_year", strategy.years.end},
          {"themes", strategy.themes},
          {"website", strategy.website}};
}

}  // namespace

Day ReadDay(const db::Row& row, const char* column) {
  const auto text = row.Get<std::string>(column);
  return text.empty() ? Day() : ParseLocalDate(text);
}

db::Value ToDateValue(const Day& day) {
  return day ? db::Value(absl::FormatCivilTime(*day)) : db::Value();
}

Profile ReadProfile(const db::Row& row) {
  Profile profile{.strategy = ReadStrategy(row),
                  .founded_on = ReadDay(row, "founded_on"),
                  .area_km2 = row.Get<double>("area_km2"),
                  .population = row.Get<int64_t>("population")};
  ReadNetworks(row, profile);
  for (const auto& entry : row.Get<nlohmann::json>("funds")) {
    profile.funds.push_back(
        {.fund = static_cast<Fund>(entry["fund"].get<int>()),
         .programme = entry["programme"],
         .years = {entry["start_year"], entry["end_year"]}});
  }
  LegalForm form{row.Get<std::string>("legal_form"),
                 row.Get<std::string>("elf_code")};
  if (form != LegalForm()) profile.legal_form = form;
  RegisterEntry entry{row.Get<std::string>("register"),
                      row.Get<std::string>("register_number"),
                      ReadDay(row, "registered_on")};
  if (entry != RegisterEntry()) profile.register_entry = entry;
  const MemberCounts members{.total = row.Get<int>("member_total"),
                             .public_sector = row.Get<int>("member_public"),
                             .private_sector = row.Get<int>("member_private"),
                             .civic_sector = row.Get<int>("member_civic"),
                             .individuals = row.Get<int>("member_individual")};
  if (members != MemberCounts()) profile.member_counts = members;
  for (const std::string& body : row.Get<std::vector<std::string>>("bodies")) {
    profile.bodies.push_back(static_cast<Body>(std::stoi(body)));
  }
  return profile;
}

namespace {

constexpr db::Statement kPutProfile{"directory.put_profile", R"sql(
  UPDATE directory.organization
     SET strategy = $2, legal_form = $3, elf_code = $4, founded_on = $5,
         register = $6, register_number = $7, registered_on = $8,
         member_total = $9, member_public = $10, member_private = $11,
         member_civic = $12, member_individual = $13, bodies = $14::int[],
         area_km2 = $15, population = $16
   WHERE organization_id = $1
)sql"};

void PutFacts(db::Tx& tx, int64_t row, const Profile& profile) {
  const LegalForm form = profile.legal_form.value_or(LegalForm());
  const RegisterEntry entry = profile.register_entry.value_or(RegisterEntry());
  const MemberCounts members = profile.member_counts.value_or(MemberCounts());
  const db::Value strategy =
      profile.strategy ? db::ToValue(ToJson(*profile.strategy)) : db::Value();
  tx.Run(kPutProfile, row, strategy, form.text, form.elf_code,
         ToDateValue(profile.founded_on), entry.register_name, entry.number,
         ToDateValue(entry.registered_on), members.total, members.public_sector,
         members.private_sector, members.civic_sector, members.individuals,
         profile.bodies, profile.area_km2, profile.population);
}

// Before the new ones, not with them: the key that keeps a network from being
// named twice would see both.
constexpr db::Statement kClearParts{"directory.clear_profile", R"sql(
  WITH memberships AS (
    DELETE FROM directory.organization_membership WHERE organization_id = $1
  ), registrations AS (
    DELETE FROM directory.organization_registration WHERE organization_id = $1
  )
  DELETE FROM directory.organization_fund WHERE organization_id = $1
)sql"};

constexpr db::Statement kPutMemberships{"directory.put_memberships", R"sql(
  INSERT INTO directory.organization_membership (organization_id, position,
                                                 network, since, until)
  SELECT $1, n - 1, entry ->> 'network', (entry ->> 'since')::date,
         (entry ->> 'until')::date
    FROM jsonb_array_elements($2) WITH ORDINALITY AS list (entry, n)
)sql"};

constexpr db::Statement kPutRegistrations{"directory.put_registrations",
                                          R"sql(
  INSERT INTO directory.organization_registration (organization_id, position,
                                                   network, status, applied_on,
                                                   registered_on, ended_on)
  SELECT $1, n - 1, entry ->> 'network', (entry ->> 'status')::smallint,
         (entry ->> 'applied_on')::date, (entry ->> 'registered_on')::date,
         (entry ->> 'ended_on')::date
    FROM jsonb_array_elements($2) WITH ORDINALITY AS list (entry, n)
)sql"};

constexpr db::Statement kPutFunds{"directory.put_funds", R"sql(
  INSERT INTO directory.organization_fund (organization_id, position, fund,
                                           programme, start_year, end_year)
  SELECT $1, n - 1, (entry ->> 'fund')::smallint, entry ->> 'programme',
         (entry ->> 'start_year')::int, (entry ->> 'end_year')::int
    FROM jsonb_array_elements($2) WITH ORDINALITY AS list (entry, n)
)sql"};

void PutLists(db::Tx& tx, int64_t row, const Profile& profile) {
  nlohmann::json memberships = nlohmann::json::array();
  for (const Membership& one : profile.memberships) {
    memberships.push_back({{"network", one.network},
                           {"since", ToJson(one.since)},
                           {"until", ToJson(one.until)}});
  }
  nlohmann::json registrations = nlohmann::json::array();
  for (const PartnerRegistration& one : profile.partner_registrations) {
    registrations.push_back({{"network", one.network},
                             {"status", static_cast<int>(one.status)},
                             {"applied_on", ToJson(one.applied_on)},
                             {"registered_on", ToJson(one.registered_on)},
                             {"ended_on", ToJson(one.ended_on)}});
  }
  nlohmann::json funds = nlohmann::json::array();
  for (const FundPeriod& period : profile.funds) {
    funds.push_back({{"fund", static_cast<int>(period.fund)},
                     {"programme", period.programme},
                     {"start_year", period.years.start},
                     {"end_year", period.years.end}});
  }
  tx.Run(kClearParts, row);
  tx.Run(kPutMemberships, row, memberships);
  tx.Run(kPutRegistrations, row, registrations);
  tx.Run(kPutFunds, row, funds);
}

}  // namespace

Errors CheckReferences(db::Tx& tx, const Profile& profile) {
  Errors errors;
  for (const Membership& one : profile.memberships) {
    errors.Add(CheckNetworkExists(tx, "organization.memberships.network",
                                  one.network));
  }
  for (const PartnerRegistration& one : profile.partner_registrations) {
    errors.Add(CheckNetworkExists(
        tx, "organization.partner_registrations.network", one.network));
  }
  if (profile.strategy) {
    errors.Add(CheckThemesExist(tx, "organization.strategy.themes",
                                profile.strategy->themes));
  }
  return errors;
}

void PutProfile(db::Tx& tx, int64_t row, const Profile& profile) {
  PutFacts(tx, row, profile);
  PutLists(tx, row, profile);
}

}  // namespace lagnet::directory
