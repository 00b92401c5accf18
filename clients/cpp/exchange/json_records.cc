#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "clients/cpp/exchange/csv.h"
#include "clients/cpp/exchange/field.h"
#include "clients/cpp/exchange/records.h"
#include "clients/cpp/exchange/workbook.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/util/json_util.h"
#include "lagnet/status_macros.h"
#include "nlohmann/json.hpp"

namespace lagnet::exchange {
namespace {

using google::protobuf::FieldDescriptor;
using nlohmann::json;

// Before anything is built: a file of brackets would take a hundred times its
// own size in memory, and too deep a one the stack.
absl::Status CheckSize(absl::string_view text) {
  constexpr int kMostDepth = 20;
  int depth = 0, values = 0;
  bool quoted = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c == '\\') ++i;
      quoted = c != '"';
      continue;
    }
    quoted = c == '"';
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') --depth;
    if (c == ',' || c == '{' || c == '[') ++values;
    if (depth > kMostDepth) {
      return absl::InvalidArgumentError("is no list: its JSON is too deep");
    }
    if (values > 2 * kMostCells) {
      return absl::InvalidArgumentError("is too large; split it");
    }
  }
  return absl::OkStatus();
}

const FieldDescriptor* FieldOf(const std::string& key) {
  const auto* type = Organization::descriptor();
  const FieldDescriptor* field = type->FindFieldByName(key);
  return field != nullptr ? field : type->FindFieldByCamelcaseName(key);
}

Record RecordOf(int row, const json& object) {
  Record record{.row = row};
  if (!object.is_object()) {
    record.problems.push_back({"", "is not an organisation: { … }", ""});
    return record;
  }
  std::set<std::string> mask;
  json kept = json::object();
  for (const auto& [key, value] : object.items()) {
    const FieldDescriptor* field = FieldOf(key);
    if (field == nullptr) {
      record.problems.push_back({key, "is no field of an organisation", ""});
    } else if (IsImported(*field)) {
      if (key != "name") mask.insert(std::string(field->name()));
      kept[key] = value;
    }
  }
  const auto read = [](const json& from, Organization& to) {
    return google::protobuf::util::JsonStringToMessage(from.dump(), &to);
  };
  if (!read(kept, record.organization).ok()) {
    // Key by key, to tell all that are wrong, and for what is right.
    record.organization.Clear();
    for (const auto& [key, value] : kept.items()) {
      Organization part;
      const auto done = read(json::object({{key, value}}), part);
      if (done.ok()) {
        record.organization.MergeFrom(part);
      } else {
        record.problems.push_back({key, std::string(done.message()),
                                   std::string(FieldOf(key)->name())});
      }
    }
  }
  record.mask.assign(mask.begin(), mask.end());
  return record;
}

void ClearKept(Organization& organization) {
  const auto* type = organization.GetDescriptor();
  for (int i = 0; i < type->field_count(); ++i) {
    if (IsImported(*type->field(i))) continue;
    organization.GetReflection()->ClearField(&organization, type->field(i));
  }
  if (!HasEnded(organization)) organization.clear_state();
}

// One organisation on a line, with its keys in order.
std::string WriteJson(const std::vector<Organization>& all) {
  std::string text = "[";
  for (const Organization& organization : all) {
    std::string line;
    // Cannot fail: it has no Any, and no times.
    (void)google::protobuf::util::MessageToJsonString(organization, &line);
    absl::StrAppend(&text, text.size() > 1 ? "," : "", "\n",
                    json::parse(line).dump());
  }
  return text + "\n]\n";
}

}  // namespace

absl::StatusOr<Records> ReadJson(absl::string_view text) {
  RETURN_IF_ERROR(CheckSize(text));
  json root = json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (root.is_discarded()) return absl::InvalidArgumentError("is not JSON");
  if (root.is_object()) {
    for (const auto& entry : root.items()) {
      if (entry.key() == "organizations") continue;
      return absl::InvalidArgumentError(absl::StrCat(
          "holds ", entry.key(), ", too; `lagnet import` loads such files"));
    }
    root = json(root["organizations"]);
  }
  if (!root.is_array()) {
    return absl::InvalidArgumentError("is no array of organisations: [ … ]");
  }
  Records result;
  for (const json& object : root) {
    result.records.push_back(
        RecordOf(static_cast<int>(result.records.size()) + 1, object));
  }
  return result;
}

std::string Write(Format format, const std::vector<Organization>& all) {
  std::vector<Organization> kept = all;
  for (Organization& organization : kept) ClearKept(organization);
  switch (format) {
    case Format::kJson:
      return WriteJson(kept);
    case Format::kXlsx:
      return WriteWorkbook(ToTable(kept), "organizations");
    case Format::kCsv:
      break;
  }
  return WriteCsv(ToTable(kept));
}

}  // namespace lagnet::exchange
