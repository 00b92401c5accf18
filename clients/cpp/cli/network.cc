#include "absl/strings/str_join.h"
#include "clients/cpp/cli/names.h"
#include "clients/cpp/cli/nouns.h"
#include "clients/cpp/cli/text.h"
#include "clients/cpp/cli/verbs.h"

namespace lagnet::cli {

using client::Networks;
using client::Themes;

void AddNetwork(CLI::App& app, Session& session) {
  using directory::v1::Network;
  CLI::App* noun = app.add_subcommand("network", "networks of organisations");
  noun->require_subcommand(1);
  AddList<Networks>(
      noun, session, &Networks::ListNetworks, "Lists the networks", {},
      std::function(
          [&session](const directory::v1::ListNetworksResponse& found) {
            Table table({"ID", "KIND", "COUNTRIES", "NAME"});
            for (const Network& network : found.networks()) {
              table.Add({ShortName(network.name()),
                         Network::Kind_Name(network.kind()),
                         absl::StrJoin(network.countries(), ","),
                         Pick(network.display_name(), session.language)});
            }
            return table;
          }));
  AddVerb(noun, session, "get", &Networks::GetNetwork, "Shows a network");
  const std::vector<FieldFlag> flags = {
      {"kind", "how far it reaches"},
      {"display_name", "what it is called"},
      {"countries", "the states it covers", "country"},
      {"languages", "the languages its staff work in", "spoken"},
      {"currency", "the currency of its budgets"},
      {"time_zone", "the time zone of its deadlines"},
      {"jurisdiction_profile", "the set of legal rules that applies"}};
  AddCreate(noun, session, &Networks::CreateNetwork, "Adds a network", flags);
  AddUpdate(noun, session, &Networks::GetNetwork, &Networks::UpdateNetwork,
            "Changes a network", flags);
}

void AddTheme(CLI::App& app, Session& session) {
  CLI::App* noun =
      app.add_subcommand("theme", "the vocabulary that things are tagged with");
  noun->require_subcommand(1);
  AddList<Themes>(
      noun, session, &Themes::ListThemes, "Lists the themes", {},
      std::function([&session](const directory::v1::ListThemesResponse& found) {
        Table table({"ID", "PART OF", "LABEL"});
        for (const auto& theme : found.themes()) {
          table.Add({theme.id(), theme.broader(),
                     Pick(theme.label(), session.language)});
        }
        return table;
      }));
}

}  // namespace lagnet::cli
