#include "server/directory/likely_double.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/base/error.h"
#include "server/base/resource_name.h"
#include "server/directory/life.h"

namespace lagnet::directory {
namespace {

absl::string_view WordsOf(DoubleReason reason) {
  switch (reason) {
    case DoubleReason::kName:
      return "name";
    case DoubleReason::kTerritory:
      return "area";
    case DoubleReason::kMailbox:
      return "mailbox";
    case DoubleReason::kMailboxDomain:
      return "mailbox domain";
    case DoubleReason::kWebsite:
      return "web site";
    case DoubleReason::kRegisterNumber:
      return "register number";
    case DoubleReason::kSeat:
      return "seat";
    case DoubleReason::kUnspecified:
      break;
  }
  return "";
}

// "name, mailbox and seat".
std::string WordsOf(const std::vector<DoubleSign>& signs) {
  std::string words;
  for (size_t i = 0; i < signs.size(); ++i) {
    if (i > 0) absl::StrAppend(&words, i + 1 < signs.size() ? ", " : " and ");
    absl::StrAppend(&words, WordsOf(signs[i].reason));
  }
  return words;
}

// The name that met, if a name did; else the first of them.
std::string TextOf(const DoubleFinder::Match& match) {
  for (const DoubleSign& sign : match.resemblance.signs) {
    if (sign.reason == DoubleReason::kName) return sign.other;
  }
  const auto& names = match.other->names;
  return names.empty() ? "" : names.front().text;
}

}  // namespace

absl::string_view NameOf(DoubleReason reason) {
  switch (reason) {
    case DoubleReason::kName:
      return "NAME";
    case DoubleReason::kTerritory:
      return "TERRITORY";
    case DoubleReason::kMailbox:
      return "MAILBOX";
    case DoubleReason::kMailboxDomain:
      return "MAILBOX_DOMAIN";
    case DoubleReason::kWebsite:
      return "WEBSITE";
    case DoubleReason::kRegisterNumber:
      return "REGISTER_NUMBER";
    case DoubleReason::kSeat:
      return "SEAT";
    case DoubleReason::kUnspecified:
      break;
  }
  return "";
}

std::string Describe(const DoubleFinder::Match& match) {
  std::vector<std::string> about;
  if (const std::string text = TextOf(match); !text.empty()) {
    about.push_back(text);
  }
  if (!IsInDirectory(match.other->state)) {
    about.emplace_back(NameOf(match.other->state));
  }
  return absl::StrCat(MakeName("organizations", match.other->id),
                      about.empty() ? "" : " (", absl::StrJoin(about, ", "),
                      about.empty() ? "" : ")", ", by ",
                      WordsOf(match.resemblance.signs));
}

absl::Status CheckNoDoubles(const std::vector<DoubleFinder::Match>& matches) {
  if (matches.empty()) return absl::OkStatus();
  std::vector<std::string> words;
  std::vector<std::string> names;
  std::vector<std::string> signs;
  for (size_t i = 0; i < std::min(matches.size(), kMostTold); ++i) {
    words.push_back(Describe(matches[i]));
    names.push_back(MakeName("organizations", matches[i].other->id));
    signs.push_back(
        absl::StrJoin(matches[i].resemblance.signs, " ",
                      [](std::string* text, const DoubleSign& sign) {
                        absl::StrAppend(text, NameOf(sign.reason));
                      }));
  }
  return Error(
             absl::StatusCode::kAlreadyExists, "LIKELY_DOUBLE",
             absl::StrCat("likely there already: ", absl::StrJoin(words, "; "),
                          ". Use that entry, or set allow_likely_doubles if "
                          "it is another organisation"))
      .With("doubles", absl::StrJoin(names, ","))
      .With("signs", absl::StrJoin(signs, ","));
}

}  // namespace lagnet::directory
