#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "clients/cpp/cli/names.h"
#include "clients/cpp/cli/nouns.h"
#include "clients/cpp/cli/text.h"
#include "clients/cpp/cli/verbs.h"

namespace lagnet::cli {
namespace {

using client::Territories;
using directory::v1::Territory;

// "PL22 PL-24": each code once, whatever the versions.
std::string Codes(const Territory& territory) {
  std::vector<std::string> codes;
  for (const auto& code : territory.codes()) {
    if (codes.empty() || codes.back() != code.code()) {
      codes.push_back(code.code());
    }
  }
  return absl::StrJoin(codes, " ");
}

template <typename Response>
std::function<Table(const Response&)> TableOf(Session& session) {
  return [&session](const Response& found) {
    Table table({"ID", "LEVEL", "CODES", "NAME"});
    for (const Territory& territory : found.territories()) {
      table.Add({ShortName(territory.name()),
                 Territory::Level_Name(territory.level()), Codes(territory),
                 Pick(territory.display_name(), session.language)});
    }
    return table;
  };
}

}  // namespace

void AddTerritory(CLI::App& app, Session& session) {
  using directory::v1::ListNeighbouringTerritoriesRequest;
  using directory::v1::ListNeighbouringTerritoriesResponse;
  CLI::App* noun = app.add_subcommand(
      "territory", "countries, regions and municipalities, with their codes");
  noun->require_subcommand(1);
  AddList<Territories>(
      noun, session, &Territories::ListTerritories, "Lists territories",
      {{"parent", "directly below this one"},
       {"country", "of this country only"},
       {"scheme", "in this list only"},
       {"version", "in this version of the list only", "list-version"},
       {"level", "of this level only"},
       {"name_prefix", "with a name, in any language, that begins so", "name"}},
      TableOf<directory::v1::ListTerritoriesResponse>(session));
  AddVerb(noun, session, "get", &Territories::GetTerritory,
          "Shows a territory");
  CLI::App* neighbours = noun->add_subcommand(
      "neighbours", "Lists those that share a border with a territory");
  const auto name = std::make_shared<std::string>();
  neighbours->add_option("name", *name, "id or full name")->required();
  session.OnRun(neighbours, [&session, name]() -> absl::Status {
    ListNeighbouringTerritoriesRequest request;
    ASSIGN_OR_RETURN(*request.mutable_name(),
                     FullName("lagnet/Territory", *name));
    ASSIGN_OR_RETURN(
        const ListNeighbouringTerritoriesResponse found,
        session.ListAll(&Territories::ListNeighbouringTerritories, request));
    session.json
        ? session.Print(found)
        : session.Print(
              TableOf<ListNeighbouringTerritoriesResponse>(session)(found),
              "No neighbours are known.");
    return absl::OkStatus();
  });
}

}  // namespace lagnet::cli
