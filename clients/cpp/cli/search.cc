#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "clients/cpp/cli/facets.h"
#include "clients/cpp/cli/failure.h"
#include "clients/cpp/cli/names.h"
#include "clients/cpp/cli/nouns.h"
#include "clients/cpp/cli/text.h"
#include "clients/cpp/cli/verbs.h"

namespace lagnet::cli {
namespace {

using client::Searches;
using search::v1::Highlighted;
using search::v1::Reason;
using search::v1::Result;
using search::v1::SearchRequest;
using search::v1::SearchResponse;

// What the command line was given; CLI11 writes into it.
struct SearchInput {
  std::vector<std::string> words;
  std::vector<std::string> networks;
  std::string near;
  std::string order;
  int limit = 20;
  bool suggest = false;
  SearchRequest request;
};

std::string TextOf(const Highlighted& highlighted) {
  std::string text;
  for (const auto& piece : highlighted.pieces()) text += piece.text();
  return OneLine(text);
}

// "lagodexi = ლაგოდეხის (TRANSLITERATED)"
std::string TextOf(const Reason& reason) {
  return OneLine(absl::StrCat(reason.word(), " = ", reason.found(), " (",
                              Reason::How_Name(reason.how()), ")"));
}

Table ToTable(const SearchResponse& found, const SearchRequest& request) {
  std::vector<std::string> header = {"KIND", "ID", "COUNTRY"};
  if (request.has_near()) header.push_back("KM");
  header.push_back("TITLE");
  if (request.explain()) header.push_back("WHY");
  Table table(header);
  for (const Result& result : found.results()) {
    std::vector<std::string> cells = {result.kind(), ShortName(result.name()),
                                      result.country()};
    if (request.has_near()) {
      cells.push_back(
          result.has_position()
              ? absl::StrFormat("%.0f", result.distance_metres() / 1000)
              : "");
    }
    cells.push_back(absl::StrCat(TextOf(result.title()),
                                 result.unpublished() ? " (draft)" : ""));
    if (request.explain()) {
      std::vector<std::string> reasons;
      for (const Reason& reason : result.reasons()) {
        reasons.push_back(TextOf(reason));
      }
      cells.push_back(absl::StrJoin(reasons, "; "));
    }
    table.Add(std::move(cells));
  }
  return table;
}

absl::Status PutNear(const std::string& text, SearchRequest& request) {
  if (text.empty()) return absl::OkStatus();
  const std::vector<std::string> parts = absl::StrSplit(text, ',');
  double latitude = 0;
  double longitude = 0;
  if (parts.size() != 2 || !absl::SimpleAtod(parts[0], &latitude) ||
      !absl::SimpleAtod(parts[1], &longitude)) {
    return UsageError(
        absl::StrCat("--near takes LATITUDE,LONGITUDE in degrees, "
                     "for example 41.8,46.3, and not ",
                     text));
  }
  request.mutable_near()->set_latitude(latitude);
  request.mutable_near()->set_longitude(longitude);
  return absl::OkStatus();
}

absl::Status Complete(const std::string& language, SearchInput& input) {
  SearchRequest& request = input.request;
  request.set_query(absl::StrJoin(input.words, " "));
  request.set_language(language);
  RETURN_IF_ERROR(PutNear(input.near, request));
  for (const std::string& network : input.networks) {
    ASSIGN_OR_RETURN(*request.mutable_filter()->add_networks(),
                     FullName("lagnet/Network", network));
  }
  request.set_order(input.order == "title"      ? SearchRequest::TITLE
                    : input.order == "distance" ? SearchRequest::DISTANCE
                                                : SearchRequest::RELEVANCE);
  return absl::OkStatus();
}

// `lag` and `social-enterprise` as the API has them. What the server keeps of
// other kinds is named here as well.
CLI::Validator KindsOnly() {
  const auto kinds = [] {
    std::vector<std::string> names = {"STUDY_VISIT"};
    const auto* type = directory::v1::Organization::Kind_descriptor();
    for (int i = 1; i < type->value_count(); ++i) {
      names.push_back(std::string(type->value(i)->name()));
    }
    return names;
  };
  const auto change = [kinds](std::string& text) -> std::string {
    const std::string name =
        absl::AsciiStrToUpper(absl::StrReplaceAll(text, {{"-", "_"}}));
    const std::vector<std::string> known = kinds();
    if (!absl::c_linear_search(known, name)) {
      return absl::StrCat("\"", text, "\" is not one of ",
                          absl::StrJoin(known, ", "));
    }
    text = name;
    return "";
  };
  return CLI::Validator(change, "");
}

// What of a filter the server does not know: nothing can have it.
absl::StatusOr<std::string> WhatIsUnknown(Session& session,
                                          const search::v1::Filter& filter) {
  std::string unknown;
  if (filter.themes_size() > 0) {
    ASSIGN_OR_RETURN(const directory::v1::ListThemesResponse all,
                     session.ListAll(&client::Themes::ListThemes,
                                     directory::v1::ListThemesRequest()));
    for (const std::string& theme : filter.themes()) {
      const bool is_known =
          absl::c_any_of(all.themes(), [&](const directory::v1::Theme& known) {
            return known.id() == theme;
          });
      if (is_known) continue;
      absl::StrAppend(&unknown, "There is no theme ", OneLine(theme),
                      "; `lagnet theme list` shows those there are.\n");
    }
  }
  for (const std::string& code : filter.territories()) {
    directory::v1::GetTerritoryRequest request;
    request.set_name(absl::StrCat("territories/", code));
    const auto found =
        session.Call(&client::Territories::GetTerritory, request);
    if (found.ok()) continue;
    // A code may have letters that no name has.
    if (!absl::IsNotFound(found.status()) &&
        !absl::IsInvalidArgument(found.status())) {
      return found.status();
    }
    absl::StrAppend(&unknown, "There is no territory with the code ",
                    OneLine(code),
                    "; `lagnet territory list --name …` shows codes.\n");
  }
  return unknown;
}

// What somebody who is typing would be shown.
absl::Status RunSuggest(Session& session, const SearchInput& input) {
  search::v1::SuggestRequest request;
  request.set_query(input.request.query());
  request.set_language(input.request.language());
  *request.mutable_filter() = input.request.filter();
  request.set_limit(input.limit);
  ASSIGN_OR_RETURN(const search::v1::SuggestResponse found,
                   session.Call(&Searches::Suggest, request));
  if (session.json) {
    session.Print(found);
    return absl::OkStatus();
  }
  Table table({"KIND", "ID", "TITLE"});
  for (const auto& suggestion : found.suggestions()) {
    table.Add({suggestion.kind(), ShortName(suggestion.name()),
               TextOf(suggestion.title())});
  }
  session.Print(table, "Nothing is called so.");
  return absl::OkStatus();
}

absl::Status RunSearch(Session& session, SearchInput& input) {
  RETURN_IF_ERROR(Complete(session.language, input));
  if (input.suggest) return RunSuggest(session, input);
  ASSIGN_OR_RETURN(
      const SearchResponse found,
      session.ListFirst(&Searches::Search, input.request, input.limit,
                        &SearchResponse::mutable_results));
  if (session.json) {
    session.Print(found);
    return absl::OkStatus();
  }
  if (!found.did_you_mean().empty()) {
    std::cout << "Did you mean: " << OneLine(found.did_you_mean()) << "\n\n";
  }
  session.Print(ToTable(found, input.request), "Nothing found.");
  if (found.total_size() == 0) {
    ASSIGN_OR_RETURN(const std::string unknown,
                     WhatIsUnknown(session, input.request.filter()));
    std::cerr << unknown;
  }
  if (found.total_size() > found.results_size()) {
    std::cout << "\nThe first " << found.results_size() << " of "
              << found.total_size() << "; --limit or --all shows more.\n";
  }
  if (found.has_facets()) {
    std::cout << '\n';
    session.Print(TableOf(found.facets()), "Nothing to count.");
  }
  return absl::OkStatus();
}

// An option takes one value, and may be given again: the words behind it are
// the query's.
template <typename Field>
CLI::Option* AddFilter(CLI::App* command, const char* flag, const char* help,
                       std::shared_ptr<SearchInput> input, Field* field) {
  return command
      ->add_option_function<std::vector<std::string>>(
          flag,
          [input, field](const std::vector<std::string>& values) {
            field->Assign(values.begin(), values.end());
          },
          help)
      ->allow_extra_args(false);
}

CLI::App* AddSearchCommand(const std::string& collection,
                           const std::string& help, CLI::App* parent,
                           Session& session) {
  CLI::App* command = parent->add_subcommand("search", help);
  const auto input = std::make_shared<SearchInput>();
  SearchRequest& request = input->request;
  auto* filter = request.mutable_filter();
  if (!collection.empty()) filter->add_collections(collection);
  command->add_option("query", input->words,
                      "what you look for, in any of the languages");
  AddFilter(command, "--kind", "of this kind only, for example LAG", input,
            filter->mutable_kinds())
      ->transform(KindsOnly());
  AddFilter(command, "--theme", "with this theme or a narrower one", input,
            filter->mutable_themes());
  AddFilter(command, "--territory", "within this territory: PL8, GE-KA, GE",
            input, filter->mutable_territories());
  command
      ->add_option("--network", input->networks,
                   "of this network or a member of it")
      ->allow_extra_args(false);
  CLI::Option* suggest =
      command->add_flag("--suggest", input->suggest,
                        "complete what is being typed to titles, at most 20");
  command->add_option("--near", input->near, "show the distance from a point")
      ->type_name("LAT,LON")
      ->excludes(suggest);
  command->add_option("--order", input->order, "in which order")
      ->type_name("relevance|title|distance")
      ->check(CLI::IsMember({"relevance", "title", "distance"}).description(""))
      ->excludes(suggest);
  CLI::Option* limit =
      command->add_option("--limit", input->limit, "show at most so many")
          ->check(CLI::PositiveNumber)
          ->capture_default_str();
  command
      ->add_flag_callback(
          "--all", [input] { input->limit = std::numeric_limits<int>::max(); },
          "show all there are")
      ->excludes(limit)
      ->excludes(suggest);
  command
      ->add_flag_callback(
          "--facets", [input] { input->request.set_with_facets(true); },
          "count by kind, network, theme and territory")
      ->excludes(suggest);
  command
      ->add_flag_callback(
          "--explain", [input] { input->request.set_explain(true); },
          "say why each was found")
      ->excludes(suggest);
  session.OnRun(command,
                [&session, input] { return RunSearch(session, *input); });
  return command;
}

}  // namespace

void AddSearch(CLI::App& app, Session& session) {
  AddSearchCommand("", "Finds whatever there is, in any language", &app,
                   session);
}

void AddSearchOf(const std::string& collection, CLI::App* noun,
                 Session& session) {
  AddSearchCommand(collection, "Finds them, in any language", noun, session);
}

}  // namespace lagnet::cli
