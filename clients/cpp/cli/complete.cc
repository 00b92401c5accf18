#include "clients/cpp/cli/complete.h"

#include <map>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"

namespace lagnet::cli {
namespace {

// Each script lets the program itself say what fits, and offers files where
// it says nothing.
constexpr char kBash[] = R"sh(_lagnet() {
  local IFS=$'\n'
  COMPREPLY=($("${COMP_WORDS[0]}" __complete \
    "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _lagnet lagnet
)sh";

constexpr char kZsh[] = R"sh(#compdef lagnet
_lagnet() {
  local -a found
  found=("${(@f)$(${words[1]} __complete "${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -n "${found[1]}" ]]; then
    compadd -- "${found[@]}"
  else
    _files
  fi
}
compdef _lagnet lagnet
)sh";

constexpr char kFish[] = R"sh(function __lagnet_complete
    set -l words (commandline -opc) (commandline -ct)
    $words[1] __complete $words[2..-1] 2>/dev/null
end
complete -c lagnet -a '(__lagnet_complete)'
)sh";

const CLI::App* Subcommand(const CLI::App& app, const std::string& name) {
  for (const CLI::App* sub :
       app.get_subcommands([](const CLI::App*) { return true; })) {
    if (sub->get_name() == name) return sub;
  }
  return nullptr;
}

// The option that `flag` means in `app` or around it.
const CLI::Option* Find(const CLI::App* app, const std::string& flag) {
  for (; app != nullptr; app = app->get_parent()) {
    const CLI::Option* option = app->get_option_no_throw(flag);
    if (option != nullptr) return option;
  }
  return nullptr;
}

// What a flag's value may be, where its type is a list of names.
std::vector<std::string> Values(const CLI::Option& option) {
  const std::string type = option.get_type_name();
  if (!absl::StrContains(type, "|")) return {};
  return absl::StrSplit(type, '|');
}

}  // namespace

std::vector<std::string> Complete(const CLI::App& root,
                                  const std::vector<std::string>& words) {
  const CLI::App* app = &root;
  const CLI::Option* awaits = nullptr;
  for (size_t i = 0; i + 1 < words.size(); ++i) {
    if (awaits != nullptr) {
      awaits = nullptr;
    } else if (absl::StartsWith(words[i], "--")) {
      if (absl::StrContains(words[i], "=")) continue;
      const CLI::Option* option = Find(app, words[i]);
      if (option != nullptr && option->get_items_expected_max() > 0) {
        awaits = option;
      }
    } else if (const CLI::App* sub = Subcommand(*app, words[i])) {
      app = sub;
    }
  }
  const std::string last = words.empty() ? "" : words.back();
  std::vector<std::string> candidates;
  if (awaits != nullptr) {
    candidates = Values(*awaits);
  } else if (absl::StartsWith(last, "-")) {
    for (const CLI::App* at = app; at != nullptr; at = at->get_parent()) {
      for (const CLI::Option* option : at->get_options()) {
        for (const std::string& name : option->get_lnames()) {
          candidates.push_back("--" + name);
        }
      }
    }
  } else {
    for (const CLI::App* sub :
         app->get_subcommands([](const CLI::App*) { return true; })) {
      candidates.push_back(sub->get_name());
    }
    for (const CLI::Option* option : app->get_options()) {
      if (!option->get_positional()) continue;
      for (std::string& value : Values(*option)) {
        candidates.push_back(std::move(value));
      }
    }
  }
  std::vector<std::string> fitting;
  for (std::string& candidate : candidates) {
    if (absl::StartsWith(candidate, last)) {
      fitting.push_back(std::move(candidate));
    }
  }
  return fitting;
}

void AddCompletion(CLI::App& app, Session& session) {
  CLI::App* command =
      app.add_subcommand("completion",
                         "Prints a script for your shell, for example\n"
                         "source <(lagnet completion bash)");
  const auto shell = std::make_shared<std::string>();
  command->add_option("shell", *shell, "your shell")
      ->required()
      ->type_name("bash|zsh|fish")
      ->check(CLI::IsMember({"bash", "zsh", "fish"}, CLI::ignore_case)
                  .description(""));
  session.OnRun(command, [shell]() -> absl::Status {
    std::cout << (*shell == "bash" ? kBash : *shell == "zsh" ? kZsh : kFish);
    return absl::OkStatus();
  });
}

}  // namespace lagnet::cli
