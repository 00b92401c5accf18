#include "server/directory/profile_convert.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/base/zoned_time.h"
#include "server/rpc/types.h"

namespace lagnet::directory {
namespace {

using Proto = v1::Organization;

static_assert(Proto::PRIVATE == static_cast<int>(Fund::kPrivate));
static_assert(Proto::ENPARD == static_cast<int>(Fund::kEnpard));
static_assert(Proto::DECISION_BODY == static_cast<int>(Body::kDecisionBody));
static_assert(Proto::PartnerRegistration::ENDED ==
              static_cast<int>(PartnerStatus::kEnded));

absl::StatusOr<std::vector<Membership>> MembershipsOf(const Proto& proto) {
  std::vector<Membership> memberships;
  for (int i = 0; i < proto.memberships_size(); ++i) {
    const Proto::Membership& entry = proto.memberships(i);
    const std::string path = absl::StrCat("organization.memberships[", i, "].");
    Membership one;
    ASSIGN_OR_RETURN(one.network,
                     rpc::IdOf("networks", path + "network", entry.network()));
    ASSIGN_OR_RETURN(one.since, DayFromText(path + "since", entry.since()));
    ASSIGN_OR_RETURN(one.until, DayFromText(path + "until", entry.until()));
    memberships.push_back(std::move(one));
  }
  return memberships;
}

absl::StatusOr<std::vector<PartnerRegistration>> RegistrationsOf(
    const Proto& proto) {
  std::vector<PartnerRegistration> registrations;
  for (int i = 0; i < proto.partner_registrations_size(); ++i) {
    const Proto::PartnerRegistration& entry = proto.partner_registrations(i);
    const std::string path =
        absl::StrCat("organization.partner_registrations[", i, "].");
    PartnerRegistration one{.status =
                                static_cast<PartnerStatus>(entry.status())};
    ASSIGN_OR_RETURN(one.network,
                     rpc::IdOf("networks", path + "network", entry.network()));
    ASSIGN_OR_RETURN(one.applied_on,
                     DayFromText(path + "applied_on", entry.applied_on()));
    ASSIGN_OR_RETURN(one.registered_on, DayFromText(path + "registered_on",
                                                    entry.registered_on()));
    ASSIGN_OR_RETURN(one.ended_on,
                     DayFromText(path + "ended_on", entry.ended_on()));
    registrations.push_back(std::move(one));
  }
  return registrations;
}

std::vector<FundPeriod> FundsOf(const Proto& proto) {
  std::vector<FundPeriod> funds;
  for (const Proto::FundPeriod& entry : proto.funds()) {
    funds.push_back({.fund = static_cast<Fund>(entry.fund()),
                     .programme = entry.programme(),
                     .years = {entry.start_year(), entry.end_year()}});
  }
  return funds;
}

Strategy StrategyOf(const Proto::Strategy& proto) {
  return {.title = rpc::FromProto(proto.title()),
          .years = {proto.start_year(), proto.end_year()},
          .themes = rpc::ToVector(proto.themes()),
          .website = proto.website()};
}

MemberCounts MembersOf(const Proto::MemberCounts& proto) {
  return {.total = proto.total(),
          .public_sector = proto.public_sector(),
          .private_sector = proto.private_sector(),
          .civic_sector = proto.civic_sector(),
          .individuals = proto.individuals()};
}

absl::StatusOr<RegisterEntry> RegisterEntryOf(
    const Proto::RegisterEntry& proto) {
  RegisterEntry entry{.register_name = proto.register_(),
                      .number = proto.number()};
  ASSIGN_OR_RETURN(entry.registered_on,
                   DayFromText("organization.register_entry.registered_on",
                               proto.registered_on()));
  return entry;
}

void FillStrategy(const Strategy& strategy, Proto::Strategy& proto) {
  *proto.mutable_title() = rpc::ToProto(strategy.title);
  proto.set_start_year(strategy.years.start);
  proto.set_end_year(strategy.years.end);
  rpc::Fill(strategy.themes, proto.mutable_themes());
  proto.set_website(strategy.website);
}

void FillNetworks(const Profile& profile, Proto& proto) {
  for (const Membership& one : profile.memberships) {
    Proto::Membership* entry = proto.add_memberships();
    entry->set_network(MakeName("networks", one.network));
    entry->set_since(TextOf(one.since));
    entry->set_until(TextOf(one.until));
  }
  for (const PartnerRegistration& one : profile.partner_registrations) {
    Proto::PartnerRegistration* entry = proto.add_partner_registrations();
    entry->set_network(MakeName("networks", one.network));
    entry->set_status(
        static_cast<Proto::PartnerRegistration::Status>(one.status));
    entry->set_applied_on(TextOf(one.applied_on));
    entry->set_registered_on(TextOf(one.registered_on));
    entry->set_ended_on(TextOf(one.ended_on));
  }
}

void FillMembers(const MemberCounts& members, Proto::MemberCounts& proto) {
  proto.set_total(members.total);
  proto.set_public_sector(members.public_sector);
  proto.set_private_sector(members.private_sector);
  proto.set_civic_sector(members.civic_sector);
  proto.set_individuals(members.individuals);
}

}  // namespace

absl::StatusOr<Profile> ProfileFromProto(const v1::Organization& proto) {
  Profile profile{.funds = FundsOf(proto),
                  .area_km2 = proto.area_km2(),
                  .population = proto.population()};
  ASSIGN_OR_RETURN(profile.memberships, MembershipsOf(proto));
  ASSIGN_OR_RETURN(profile.partner_registrations, RegistrationsOf(proto));
  if (proto.has_strategy()) profile.strategy = StrategyOf(proto.strategy());
  if (const LegalForm form{proto.legal_form().text(),
                           proto.legal_form().elf_code()};
      form != LegalForm()) {
    profile.legal_form = form;
  }
  ASSIGN_OR_RETURN(profile.founded_on,
                   DayFromText("organization.founded_on", proto.founded_on()));
  if (proto.has_register_entry()) {
    ASSIGN_OR_RETURN(profile.register_entry,
                     RegisterEntryOf(proto.register_entry()));
  }
  if (proto.has_member_counts()) {
    profile.member_counts = MembersOf(proto.member_counts());
  }
  for (const int body : proto.bodies()) {
    profile.bodies.push_back(static_cast<Body>(body));
  }
  return profile;
}

void FillProfile(const Profile& profile, v1::Organization& proto) {
  FillNetworks(profile, proto);
  for (const FundPeriod& period : profile.funds) {
    Proto::FundPeriod* entry = proto.add_funds();
    entry->set_fund(static_cast<Proto::Fund>(period.fund));
    entry->set_programme(period.programme);
    entry->set_start_year(period.years.start);
    entry->set_end_year(period.years.end);
  }
  if (profile.strategy) {
    FillStrategy(*profile.strategy, *proto.mutable_strategy());
  }
  if (profile.legal_form) {
    proto.mutable_legal_form()->set_text(profile.legal_form->text);
    proto.mutable_legal_form()->set_elf_code(profile.legal_form->elf_code);
  }
  proto.set_founded_on(TextOf(profile.founded_on));
  if (profile.register_entry) {
    Proto::RegisterEntry* entry = proto.mutable_register_entry();
    entry->set_register_(profile.register_entry->register_name);
    entry->set_number(profile.register_entry->number);
    entry->set_registered_on(TextOf(profile.register_entry->registered_on));
  }
  if (profile.member_counts) {
    FillMembers(*profile.member_counts, *proto.mutable_member_counts());
  }
  for (const Body body : profile.bodies) {
    proto.add_bodies(static_cast<Proto::Body>(body));
  }
  proto.set_area_km2(profile.area_km2);
  proto.set_population(profile.population);
}

absl::StatusOr<Day> DayFromText(absl::string_view field,
                                const std::string& text) {
  if (text.empty()) return Day();
  const Day day = ParseLocalDate(text);
  if (!day) return InvalidField(field, "is not a date such as 2026-09-19");
  return day;
}

std::string TextOf(const Day& day) {
  return day ? absl::FormatCivilTime(*day) : "";
}

}  // namespace lagnet::directory
