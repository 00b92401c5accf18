#include "CLI/App.hpp"
#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "clients/cpp/cli/names.h"
#include "clients/cpp/cli/nouns.h"
#include "clients/cpp/cli/text.h"
#include "clients/cpp/cli/verbs.h"

namespace lagnet::cli {
namespace {

using client::Organizations;
using directory::v1::ListNearbyOrganizationsRequest;
using directory::v1::ListNearbyOrganizationsResponse;

struct NearInput {
  std::string from;
  ListNearbyOrganizationsRequest request;
  std::unique_ptr<FieldFlags> flags;
  int count = 20;
  double km = 0;
};

// "42.66,44.64" is a point, all else names an organisation.
absl::Status SetOrigin(const std::string& text,
                       ListNearbyOrganizationsRequest& request) {
  const std::vector<std::string> parts = absl::StrSplit(text, ',');
  double latitude = 0;
  double longitude = 0;
  if (parts.size() == 2 && absl::SimpleAtod(parts[0], &latitude) &&
      absl::SimpleAtod(parts[1], &longitude)) {
    request.mutable_position()->set_latitude(latitude);
    request.mutable_position()->set_longitude(longitude);
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(*request.mutable_organization(),
                   FullName("lagnet/Organization", text));
  return absl::OkStatus();
}

Table TableOf(const ListNearbyOrganizationsResponse& found,
              const std::string& language) {
  Table table({"KM", "ID", "KIND", "COUNTRY", "NAME"});
  for (const auto& nearby : found.organizations()) {
    const auto& org = nearby.organization();
    table.Add({absl::StrFormat("%s%.0f", nearby.is_area() ? "~" : "",
                               nearby.distance_km()),
               ShortName(org.name()),
               directory::v1::Organization::Kind_Name(org.kind()),
               org.country(), Pick(org.display_name(), language)});
  }
  return table;
}

}  // namespace

void AddOrgNear(CLI::App* org, Session& session) {
  CLI::App* command = org->add_subcommand(
      "near", "Lists organisations by distance; ~ is that of their area");
  const auto input = std::make_shared<NearInput>();
  command
      ->add_option("from", input->from,
                   "a point, as 42.66,44.64, or an organisation's id")
      ->required();
  command->add_option("--count", input->count, "how many to show")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  command->add_option("--km", input->km, "not farther than so many kilometres")
      ->check(CLI::Range(0.0, 20100.0));
  input->flags = std::make_unique<FieldFlags>(
      command, input->request,
      std::vector<FieldFlag>{{"network", "whose entry this network keeps"},
                             {"kind", "of this kind only"}});
  session.OnRun(command, [&session, input]() -> absl::Status {
    RETURN_IF_ERROR(SetOrigin(input->from, input->request));
    RETURN_IF_ERROR(input->flags->Apply(session.language, input->request));
    input->request.set_max_distance_km(input->km);
    ASSIGN_OR_RETURN(
        const ListNearbyOrganizationsResponse found,
        session.ListFirst(
            &Organizations::ListNearbyOrganizations, input->request,
            input->count,
            &ListNearbyOrganizationsResponse::mutable_organizations));
    session.json
        ? session.Print(found)
        : session.Print(TableOf(found, session.language), "Nothing found.");
    return absl::OkStatus();
  });
}

}  // namespace lagnet::cli
