#include "server/projects/convert.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/base/zoned_time.h"
#include "server/rpc/field_mask.h"
#include "server/rpc/types.h"

namespace lagnet::projects {
namespace {

static_assert(v1::Project::PLANNED == static_cast<int>(State::kPlanned));
static_assert(v1::Project::APPLIED == static_cast<int>(State::kApplied));
static_assert(v1::Project::APPROVED == static_cast<int>(State::kApproved));
static_assert(v1::Project::RUNNING == static_cast<int>(State::kRunning));
static_assert(v1::Project::SETTLED == static_cast<int>(State::kSettled));
static_assert(v1::Project::CLOSED == static_cast<int>(State::kClosed));
static_assert(v1::Project::Partner::LEAD ==
              static_cast<int>(PartnerRole::kLead));
static_assert(v1::Project::Partner::PARTNER ==
              static_cast<int>(PartnerRole::kPartner));

absl::StatusOr<absl::CivilDay> DayOf(absl::string_view field,
                                     const std::string& text) {
  const std::optional<absl::CivilDay> day = ParseLocalDate(text);
  if (!day) return InvalidField(field, "is not a date such as 2026-09-19");
  return *day;
}

types::v1::Money ToProto(const Money& money) {
  types::v1::Money result;
  result.set_minor_units(money.minor_units);
  result.set_currency(money.currency);
  return result;
}

absl::StatusOr<std::vector<Partner>> PartnersOf(const v1::Project& project) {
  std::vector<Partner> partners;
  for (int i = 0; i < project.partners_size(); ++i) {
    const v1::Project::Partner& entry = project.partners(i);
    Partner partner{.role = static_cast<PartnerRole>(entry.role())};
    ASSIGN_OR_RETURN(
        partner.organization,
        rpc::IdOf("organizations",
                  absl::StrCat("project.partners[", i, "].organization"),
                  entry.organization()));
    partners.push_back(std::move(partner));
  }
  return partners;
}

absl::StatusOr<std::vector<BudgetLine>> BudgetOf(const v1::Project& project) {
  std::vector<BudgetLine> budget;
  for (int i = 0; i < project.budget_size(); ++i) {
    const v1::Project::BudgetLine& entry = project.budget(i);
    BudgetLine line{.title = entry.title(),
                    .year = entry.year(),
                    .amount = {.minor_units = entry.amount().minor_units(),
                               .currency = entry.amount().currency()}};
    ASSIGN_OR_RETURN(line.partner,
                     rpc::IdOf("organizations",
                               absl::StrCat("project.budget[", i, "].partner"),
                               entry.partner()));
    budget.push_back(std::move(line));
  }
  return budget;
}

std::vector<Indicator> IndicatorsOf(const v1::Project& project) {
  std::vector<Indicator> indicators;
  for (const v1::Project::Indicator& entry : project.indicators()) {
    indicators.push_back({.title = entry.title(),
                          .unit = entry.unit(),
                          .target = entry.target(),
                          .actual = entry.actual()});
  }
  return indicators;
}

void FillParts(const Project& project, v1::Project& result) {
  for (const Partner& partner : project.partners) {
    v1::Project::Partner* entry = result.add_partners();
    entry->set_organization(MakeName("organizations", partner.organization));
    entry->set_role(static_cast<v1::Project::Partner::Role>(partner.role));
  }
  for (const BudgetLine& line : project.budget) {
    v1::Project::BudgetLine* entry = result.add_budget();
    entry->set_title(line.title);
    entry->set_year(line.year);
    entry->set_partner(MakeName("organizations", line.partner));
    *entry->mutable_amount() = ToProto(line.amount);
  }
  if (const std::optional<Money> total = BudgetTotal(project)) {
    *result.mutable_budget_total() = ToProto(*total);
  }
  for (const Indicator& indicator : project.indicators) {
    v1::Project::Indicator* entry = result.add_indicators();
    entry->set_title(indicator.title);
    entry->set_unit(indicator.unit);
    entry->set_target(indicator.target);
    entry->set_actual(indicator.actual);
  }
}

}  // namespace

absl::StatusOr<Project> FromProto(const std::string& id,
                                  const v1::Project& project) {
  Project result{
      .id = id,
      .title = rpc::FromProto(project.title()),
      .description = rpc::FromProto(project.description()),
      .programme = project.programme(),
      .priority = project.priority(),
      .goal = project.goal(),
      .action = project.action(),
      .agreement_number = project.agreement_number(),
      .indicators = IndicatorsOf(project),
      .credit_line = rpc::FromProto(project.credit_line()),
      .logo_urls = rpc::ToVector(project.logo_urls()),
  };
  ASSIGN_OR_RETURN(result.network,
                   rpc::IdOf("networks", "project.network", project.network()));
  ASSIGN_OR_RETURN(result.partners, PartnersOf(project));
  ASSIGN_OR_RETURN(result.start_date,
                   DayOf("project.start_date", project.start_date()));
  ASSIGN_OR_RETURN(result.end_date,
                   DayOf("project.end_date", project.end_date()));
  ASSIGN_OR_RETURN(result.budget, BudgetOf(project));
  ASSIGN_OR_RETURN(
      result.predecessor,
      rpc::IdOf("projects", "project.predecessor", project.predecessor()));
  return result;
}

v1::Project ToProto(const Project& project) {
  v1::Project result;
  result.set_name(MakeName("projects", project.id));
  result.set_network(MakeName("networks", project.network));
  *result.mutable_title() = rpc::ToProto(project.title);
  *result.mutable_description() = rpc::ToProto(project.description);
  result.set_programme(project.programme);
  result.set_priority(project.priority);
  result.set_goal(project.goal);
  result.set_action(project.action);
  result.set_agreement_number(project.agreement_number);
  result.set_start_date(absl::FormatCivilTime(project.start_date));
  result.set_end_date(absl::FormatCivilTime(project.end_date));
  FillParts(project, result);
  *result.mutable_credit_line() = rpc::ToProto(project.credit_line);
  rpc::Fill(project.logo_urls, result.mutable_logo_urls());
  result.set_predecessor(MakeName("projects", project.predecessor));
  result.set_state(static_cast<v1::Project::State>(project.state));
  *result.mutable_create_time() = rpc::ToProto(project.create_time);
  *result.mutable_update_time() = rpc::ToProto(project.update_time);
  result.set_etag(rpc::EtagOf(project.version));
  return result;
}

absl::StatusOr<ProjectFilter> FilterOf(const v1::ListProjectsRequest& request) {
  ProjectFilter filter{.state = static_cast<State>(request.state())};
  ASSIGN_OR_RETURN(filter.network,
                   rpc::IdOf("networks", "network", request.network()));
  ASSIGN_OR_RETURN(
      filter.organization,
      rpc::IdOf("organizations", "organization", request.organization()));
  return filter;
}

}  // namespace lagnet::projects
