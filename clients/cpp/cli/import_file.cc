#include "clients/cpp/cli/import_file.h"

#include <algorithm>
#include <filesystem>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "clients/cpp/cli/failure.h"
#include "clients/cpp/cli/json.h"
#include "clients/cpp/cli/names.h"
#include "lagnet/status_macros.h"
#include "lagnet/uuid.h"

namespace lagnet::cli {
namespace {

using nlohmann::json;

void ResolveDates(absl::CivilDay today, json& value) {
  if (value.is_string()) {
    value = ResolveDate(value.get<std::string>(), today);
  } else if (value.is_structured()) {
    for (auto& item : value) ResolveDates(today, item);
  }
}

// Takes a text out of an object; "" if it is not there.
std::string Take(json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || !found->is_string()) return "";
  std::string text = found->get<std::string>();
  object.erase(found);
  return text;
}

absl::StatusOr<ImportItem> ParseItem(const std::string& file,
                                     const std::string& kind, json object,
                                     absl::CivilDay today) {
  if (!object.is_object()) {
    return absl::InvalidArgumentError(
        absl::StrCat(kind, " holds something that is not an object"));
  }
  ImportItem item{.file = file, .kind = kind};
  // Keys are sorted: the order in the file does not matter. A text that is
  // not UTF-8 could not be parsed before.
  const std::string content = object.dump();
  if (kind == "signUps") {
    item.parent = Take(object, "parent");
    if (item.parent.empty()) {
      return absl::InvalidArgumentError(
          "a sign-up has no parent: which visit is it for?");
    }
    ASSIGN_OR_RETURN(item.parent, FullName("lagnet/StudyVisit", item.parent));
    const auto id = object.find("externalId");
    item.name = absl::StrCat(
        item.parent, " ",
        id != object.end() && id->is_string() ? id->get<std::string>() : "?");
  } else {
    const auto name = object.find("name");
    if (name == object.end() || !name->is_string() ||
        !absl::StartsWith(name->get<std::string>(), kind + "/")) {
      return absl::InvalidArgumentError(
          absl::StrCat("an item of ", kind, " has no name ", kind, "/ID"));
    }
    item.name = name->get<std::string>();
  }
  item.request_id =
      client::UuidFor(absl::StrCat("import\n", item.name, "\n", content));
  ResolveDates(today, object);
  item.json = std::move(object);
  return item;
}

absl::StatusOr<std::vector<std::string>> Files(
    const std::vector<std::string>& paths) {
  namespace fs = std::filesystem;
  std::vector<std::string> files;
  for (const std::string& path : paths) {
    std::error_code error;
    if (!fs::is_directory(path, error)) {
      files.push_back(path);
      continue;
    }
    std::vector<std::string> inside;
    for (const auto& entry : fs::directory_iterator(path, error)) {
      if (entry.path().extension() == ".json") inside.push_back(entry.path());
    }
    if (error || inside.empty()) {
      return UsageError(absl::StrCat(path, " holds no .json file"));
    }
    std::sort(inside.begin(), inside.end());
    files.insert(files.end(), inside.begin(), inside.end());
  }
  return files;
}

}  // namespace

std::string ResolveDate(const std::string& text, absl::CivilDay today) {
  if (text.size() < 4 || text[0] != '@' || (text[1] != '+' && text[1] != '-')) {
    return text;
  }
  const size_t end = text.find_first_not_of("0123456789", 2);
  int days;
  if (end == std::string::npos || text[end] != 'd' || end > 7 ||
      !absl::SimpleAtoi(text.substr(2, end - 2), &days)) {
    return text;
  }
  const absl::CivilDay day = text[1] == '+' ? today + days : today - days;
  return absl::StrCat(absl::FormatCivilTime(day), text.substr(end + 1));
}

absl::StatusOr<std::vector<ImportItem>> ParseImport(const std::string& file,
                                                    const std::string& text,
                                                    absl::CivilDay today) {
  json root;
  try {
    root = json::parse(text);
  } catch (const json::parse_error& error) {
    return absl::InvalidArgumentError(
        absl::StrCat("is not JSON: ", error.what()));
  }
  if (!root.is_object()) {
    return absl::InvalidArgumentError("is not an object of kinds");
  }
  std::vector<ImportItem> items;
  for (const auto& [kind, array] : root.items()) {
    if (std::find(kImportKinds.begin(), kImportKinds.end(), kind) ==
        kImportKinds.end()) {
      return absl::InvalidArgumentError(
          absl::StrCat("has the unknown kind \"", kind,
                       "\"; there are networks, "
                       "organizations, projects, studyVisits and signUps"));
    }
    if (!array.is_array()) {
      return absl::InvalidArgumentError(absl::StrCat(kind, " is not an array"));
    }
    for (const json& object : array) {
      ASSIGN_OR_RETURN(ImportItem item, ParseItem(file, kind, object, today));
      items.push_back(std::move(item));
    }
  }
  return items;
}

absl::StatusOr<std::vector<ImportItem>> LoadImport(
    const std::vector<std::string>& paths, absl::CivilDay today) {
  ASSIGN_OR_RETURN(const std::vector<std::string> files, Files(paths));
  std::vector<ImportItem> items;
  for (const std::string& file : files) {
    ASSIGN_OR_RETURN(const std::string text, ReadInput(file));
    absl::StatusOr<std::vector<ImportItem>> found =
        ParseImport(file, text, today);
    if (!found.ok()) {
      return UsageError(absl::StrCat(file, ": ", found.status().message()));
    }
    for (ImportItem& item : *found) items.push_back(std::move(item));
  }
  const auto rank = [](const ImportItem& item) {
    return std::find(kImportKinds.begin(), kImportKinds.end(), item.kind);
  };
  std::stable_sort(items.begin(), items.end(),
                   [&](const ImportItem& a, const ImportItem& b) {
                     return rank(a) < rank(b);
                   });
  return items;
}

}  // namespace lagnet::cli
