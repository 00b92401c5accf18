#include "clients/cpp/exchange/mapping.h"

#include <optional>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "lagnet/directory/v1/territories.pb.h"
#include "lagnet/status_macros.h"
#include "nlohmann/json.hpp"

namespace lagnet::exchange {
namespace {

using nlohmann::json;

template <typename... Words>
absl::Status Unfit(const Words&... words) {
  return absl::InvalidArgumentError(absl::StrCat(words...));
}

// One object of the file. Takes its entries out one by one, so that what is
// left at the end is what nobody knows.
class Entries {
 public:
  Entries(std::string where, json object)
      : where_(std::move(where)), object_(std::move(object)) {}

  absl::Status CheckIsObject() const {
    return object_.is_object() ? absl::OkStatus()
                               : Unfit(where_, " is not an object");
  }

  std::optional<json> Take(const char* key) {
    const auto found = object_.find(key);
    if (found == object_.end()) return std::nullopt;
    json value = std::move(*found);
    object_.erase(found);
    return value;
  }

  absl::Status TakeText(const char* key, std::string& text) {
    const std::optional<json> value = Take(key);
    if (!value) return absl::OkStatus();
    if (!value->is_string()) return Unfit(where_, ": ", key, " is not a text");
    text = value->get<std::string>();
    return absl::OkStatus();
  }

  absl::Status TakeFlag(const char* key, bool& flag) {
    const std::optional<json> value = Take(key);
    if (!value) return absl::OkStatus();
    if (!value->is_boolean()) {
      return Unfit(where_, ": ", key, " is not true or false");
    }
    flag = value->get<bool>();
    return absl::OkStatus();
  }

  // One of `allowed`, as one character.
  absl::Status TakeCharacter(const char* key, const std::string& allowed,
                             char& character) {
    std::string text;
    RETURN_IF_ERROR(TakeText(key, text));
    if (text.empty()) return absl::OkStatus();
    if (text.size() != 1 || allowed.find(text[0]) == std::string::npos) {
      return Unfit(where_, ": ", key, " must be one of ", json(allowed).dump());
    }
    character = text[0];
    return absl::OkStatus();
  }

  absl::Status TakeTexts(const char* key,
                         std::map<std::string, std::string>& texts) {
    std::optional<json> value = Take(key);
    if (!value) return absl::OkStatus();
    if (!value->is_object())
      return Unfit(where_, ": ", key, " is not an object");
    for (const auto& [name, text] : value->items()) {
      if (!text.is_string()) {
        return Unfit(where_, ": ", key, ".", name, " is not a text");
      }
      texts[name] = text.get<std::string>();
    }
    return absl::OkStatus();
  }

  absl::Status CheckEmpty() const {
    std::vector<std::string> names;
    for (const auto& entry : object_.items()) names.push_back(entry.key());
    if (names.empty()) return absl::OkStatus();
    return Unfit(where_, " has what no map has: ", absl::StrJoin(names, ", "));
  }

 private:
  const std::string where_;
  json object_;
};

absl::Status CheckDates(const std::string& where, const std::string& order) {
  if (order.empty() || order == "dmy" || order == "mdy" || order == "ymd") {
    return absl::OkStatus();
  }
  return Unfit(where, ": dates must be dmy, mdy or ymd");
}

// `"kind"`, or `{"field": "kind", …}`.
absl::StatusOr<Target> TargetOf(const std::string& where, json value) {
  if (value.is_string()) value = json{{"field", value}};
  Entries entries(where, std::move(value));
  RETURN_IF_ERROR(entries.CheckIsObject());
  std::string name;
  RETURN_IF_ERROR(entries.TakeText("field", name));
  absl::StatusOr<Field> field = Field::Parse(name);
  if (!field.ok()) return Unfit(where, ": ", field.status().message());
  Target target{.field = *std::move(field)};
  CellRules& rules = target.rules;
  RETURN_IF_ERROR(entries.TakeTexts("values", rules.values));
  RETURN_IF_ERROR(entries.TakeCharacter("split", ",;|/\n", rules.split));
  RETURN_IF_ERROR(entries.TakeCharacter("decimal", ",.", rules.decimal));
  RETURN_IF_ERROR(entries.TakeText("dates", rules.dates));
  RETURN_IF_ERROR(CheckDates(where, rules.dates));
  RETURN_IF_ERROR(entries.TakeText("scheme", rules.scheme));
  RETURN_IF_ERROR(entries.TakeText("version", rules.version));
  RETURN_IF_ERROR(entries.TakeText("source", rules.source));
  RETURN_IF_ERROR(entries.TakeText("names_in", rules.names_in));
  RETURN_IF_ERROR(entries.TakeText("level", rules.level));
  directory::v1::Territory::Level level;
  if (!rules.level.empty() &&
      !directory::v1::Territory::Level_Parse(rules.level, &level)) {
    return Unfit(where,
                 ": level must be COUNTRY, MACROREGION, REGION, "
                 "SUBREGION, DISTRICT or MUNICIPALITY");
  }
  RETURN_IF_ERROR(entries.TakeFlag("slug", target.slug));
  if (target.slug && name != "name") {
    return Unfit(where, ": only `name` is made as a slug");
  }
  RETURN_IF_ERROR(entries.CheckEmpty());
  return target;
}

absl::StatusOr<MappedColumn> ColumnOf(const std::string& where, json value) {
  MappedColumn column;
  if (value.is_null()) return column;
  if (value.is_array()) {
    for (json& one : value) {
      ASSIGN_OR_RETURN(Target target, TargetOf(where, std::move(one)));
      column.targets.push_back(std::move(target));
    }
    return column;
  }
  if (value.is_object() && value.contains("optional")) {
    if (!value["optional"].is_boolean()) {
      return Unfit(where, ": optional is not true or false");
    }
    column.optional = value["optional"].get<bool>();
    value.erase("optional");
  }
  ASSIGN_OR_RETURN(Target target, TargetOf(where, std::move(value)));
  column.targets.push_back(std::move(target));
  return column;
}

absl::Status ReadColumns(Entries& entries, Mapping& mapping) {
  std::optional<json> columns = entries.Take("columns");
  if (!columns || !columns->is_object()) {
    return Unfit(
        "the map has no columns: {\"columns\": {\"a header\": "
        "\"a field\"}}");
  }
  for (auto& [header, value] : columns->items()) {
    const std::string where = absl::StrCat("column \"", header, "\"");
    ASSIGN_OR_RETURN(mapping.columns[header],
                     ColumnOf(where, std::move(value)));
  }
  std::map<std::string, std::string> constants;
  RETURN_IF_ERROR(entries.TakeTexts("constants", constants));
  for (const auto& [field, text] : constants) {
    ASSIGN_OR_RETURN(Target target, TargetOf("constants", field));
    mapping.constants.emplace_back(std::move(target), text);
  }
  return absl::OkStatus();
}

}  // namespace

Mapping OwnMapping() {
  Mapping mapping;
  mapping.keep_spaces = true;
  return mapping;
}

absl::StatusOr<Mapping> ParseMapping(absl::string_view text) {
  json root = json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (root.is_discarded()) return Unfit("the map is not JSON");
  Entries entries("the map", std::move(root));
  RETURN_IF_ERROR(entries.CheckIsObject());
  Mapping mapping;
  RETURN_IF_ERROR(entries.TakeText("encoding", mapping.encoding));
  RETURN_IF_ERROR(
      entries.TakeCharacter("separator", ",;\t", mapping.separator));
  RETURN_IF_ERROR(entries.TakeText("sheet", mapping.sheet));
  if (const std::optional<json> row = entries.Take("header_row"); row) {
    if (!row->is_number_unsigned() || row->get<uint64_t>() < 1 ||
        row->get<uint64_t>() > 1000) {
      return Unfit("the map: header_row must be a number from 1 to 1000");
    }
    mapping.header_row = row->get<int>();
  }
  std::string empty = "keep", others = "refuse";
  RETURN_IF_ERROR(entries.TakeText("empty_cells", empty));
  RETURN_IF_ERROR(entries.TakeText("other_columns", others));
  if (empty != "keep" && empty != "clear") {
    return Unfit("the map: empty_cells must be keep or clear");
  }
  if (others != "refuse" && others != "ignore") {
    return Unfit("the map: other_columns must be refuse or ignore");
  }
  mapping.clear_empty = empty == "clear";
  mapping.ignore_others = others == "ignore";
  RETURN_IF_ERROR(ReadColumns(entries, mapping));
  RETURN_IF_ERROR(entries.CheckEmpty());
  return mapping;
}

}  // namespace lagnet::exchange
