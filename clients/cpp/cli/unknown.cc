#include "clients/cpp/cli/unknown.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace lagnet::cli {
namespace {

// How many letters have to be put in, left out or changed (Levenshtein 1966).
size_t Distance(const std::string& a, const std::string& b) {
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), 0);
  for (size_t i = 0; i < a.size(); ++i) {
    size_t diagonal = std::exchange(row[0], i + 1);
    for (size_t j = 0; j < b.size(); ++j) {
      const size_t changed = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({changed, row[j] + 1, diagonal + 1});
    }
  }
  return row.back();
}

// The one of `names` that is most like `word`; "" if none is much like it.
std::string Nearest(const std::string& word,
                    const std::vector<std::string>& names) {
  std::string nearest;
  size_t least = std::max<size_t>(2, word.size() / 4) + 1;
  for (const std::string& name : names) {
    const size_t distance = Distance(word, name);
    if (distance < least) {
      least = distance;
      nearest = name;
    }
  }
  return nearest;
}

std::vector<const CLI::App*> CommandsOf(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App*) { return true; });
}

const CLI::App* FindCommand(const CLI::App& app, const std::string& word) {
  for (const CLI::App* command : CommandsOf(app)) {
    if (command->check_name(word)) return command;
  }
  return nullptr;
}

// The option of the command, or of one that it stands behind.
const CLI::Option* FindOption(const CLI::App* app, const std::string& name) {
  for (; app != nullptr; app = app->get_parent()) {
    for (const CLI::Option* option : app->get_options()) {
      if (option->check_lname(name)) return option;
    }
  }
  return nullptr;
}

std::string NoCommand(const CLI::App& app, const std::string& word) {
  std::vector<std::string> names;
  for (const CLI::App* command : CommandsOf(app)) {
    names.push_back(command->get_name());
  }
  const std::string nearest = Nearest(word, names);
  return absl::StrCat(
      "There is no command ", word, " of ", app.get_name(), "; ",
      nearest.empty() ? absl::StrCat("there are ", absl::StrJoin(names, ", "))
                      : absl::StrCat("did you mean ", nearest, "?"));
}

std::string NoOption(const CLI::App* app, const std::string& name) {
  std::vector<std::string> names;
  for (; app != nullptr; app = app->get_parent()) {
    for (const CLI::Option* option : app->get_options()) {
      const auto& own = option->get_lnames();
      names.insert(names.end(), own.begin(), own.end());
    }
  }
  const std::string nearest = Nearest(name, names);
  return absl::StrCat(
      "There is no option --", name,
      nearest.empty() ? "" : absl::StrCat("; did you mean --", nearest, "?"));
}

}  // namespace

std::string ExplainUnknown(const CLI::App& app,
                           const std::vector<std::string>& words) {
  const CLI::App* command = &app;
  for (size_t i = 0; i < words.size() && words[i] != "--"; ++i) {
    if (absl::StartsWith(words[i], "--")) {
      const size_t equals = words[i].find('=');
      const std::string name =
          words[i].substr(2, equals == std::string::npos ? equals : equals - 2);
      const CLI::Option* option = FindOption(command, name);
      if (option == nullptr) return NoOption(command, name);
      const bool takes_next =
          equals == std::string::npos && option->get_items_expected_max() > 0;
      if (takes_next) ++i;
    } else if (!absl::StartsWith(words[i], "-") &&
               !CommandsOf(*command).empty()) {
      const CLI::App* next = FindCommand(*command, words[i]);
      if (next == nullptr) return NoCommand(*command, words[i]);
      command = next;
    }
  }
  return "";
}

}  // namespace lagnet::cli
