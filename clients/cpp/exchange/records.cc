#include "clients/cpp/exchange/records.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/civil_time.h"
#include "clients/cpp/exchange/csv.h"
#include "clients/cpp/exchange/encoding.h"
#include "clients/cpp/exchange/table.h"
#include "clients/cpp/exchange/workbook.h"
#include "google/protobuf/descriptor.h"
#include "lagnet/status_macros.h"

namespace lagnet::exchange {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// What is done with a column of a table.
struct Use {
  size_t column;
  std::string header;
  std::vector<Target> targets;
};

absl::StatusOr<std::vector<Use>> UsesOf(const Table& table,
                                        const Mapping& mapping) {
  std::vector<Use> uses;
  std::vector<std::string> unknown;
  for (size_t i = 0; i < table.header.size(); ++i) {
    const std::string& header = table.header[i];
    const auto mapped = mapping.columns.find(header);
    if (mapped != mapping.columns.end()) {
      uses.push_back({i, header, mapped->second.targets});
      continue;
    }
    if (header.empty() || mapping.ignore_others) continue;
    absl::StatusOr<Field> field = Field::Parse(header);
    if (field.ok()) {
      uses.push_back({i, header, {{.field = *std::move(field)}}});
    } else {
      unknown.push_back(header);
    }
  }
  if (!unknown.empty()) {
    return absl::InvalidArgumentError(absl::StrCat(
        "has columns that are no fields: ", absl::StrJoin(unknown, ", "),
        ". Name them in a map, null for what is not imported"));
  }
  for (const auto& [header, column] : mapping.columns) {
    const bool there = std::any_of(
        uses.begin(), uses.end(),
        [name = header](const Use& use) { return use.header == name; });
    if (there || column.optional) continue;
    return absl::InvalidArgumentError(absl::StrCat(
        "has no column \"", header, "\", which the map names. It has: ",
        absl::StrJoin(table.header, ", ")));
  }
  return uses;
}

// Takes empty messages out of lists: columns for more than this record has.
void DropEmptyItems(Message& message) {
  const auto* type = message.GetDescriptor();
  const auto* reflection = message.GetReflection();
  for (int i = 0; i < type->field_count(); ++i) {
    const FieldDescriptor* field = type->field(i);
    if (!field->is_repeated() || field->message_type() == nullptr) continue;
    int kept = 0;
    const int size = reflection->FieldSize(message, field);
    for (int n = 0; n < size; ++n) {
      if (reflection->GetRepeatedMessage(message, field, n).ByteSizeLong() >
          0) {
        reflection->SwapElements(&message, field, kept++, n);
      }
    }
    while (kept < reflection->FieldSize(message, field)) {
      reflection->RemoveLast(&message, field);
    }
  }
}

// Puts a record together, cell by cell.
class RecordMaker {
 public:
  RecordMaker(int row, const Mapping& mapping, bool from_workbook)
      : mapping_(mapping), from_workbook_(from_workbook) {
    record_.row = row;
  }

  void Set(const Target& target, const std::string& header, std::string cell) {
    if (!mapping_.keep_spaces) absl::StripAsciiWhitespace(&cell);
    if (!cell.empty() || mapping_.clear_empty)
      mask_.insert(target.field.mask());
    if (cell.empty()) return;
    if (target.slug) cell = SlugOf(cell);
    CellRules rules = target.rules;
    // In a workbook 1081.7 is a number, however its author writes numbers.
    if (from_workbook_ && !absl::StrContains(cell, ',')) rules.decimal = '\0';
    const absl::Status set =
        target.field.Set(cell, rules, record_.organization);
    if (set.ok()) return;
    record_.problems.push_back(
        {header, std::string(set.message()),
         target.field.is_list() ? "" : target.field.mask()});
  }

  // Says of the row as a whole why it cannot be imported.
  void Refuse(std::string words) {
    record_.problems.push_back({"", std::move(words), ""});
  }

  Record Finish() {
    DropEmptyItems(record_.organization);
    mask_.erase("name");
    record_.mask.assign(mask_.begin(), mask_.end());
    return std::move(record_);
  }

 private:
  const Mapping& mapping_;
  const bool from_workbook_;
  Record record_;
  std::set<std::string> mask_;
};

absl::StatusOr<Records> FromTable(const Table& table, const Mapping& mapping,
                                  bool from_workbook) {
  ASSIGN_OR_RETURN(const std::vector<Use> uses, UsesOf(table, mapping));
  Records result;
  for (const Use& use : uses) {
    for (const Target& target : use.targets) {
      result.columns.emplace(target.field.mask(), use.header);
    }
  }
  for (const Table::Row& row : table.rows) {
    RecordMaker maker(row.number, mapping, from_workbook);
    if (!row.wrong.empty()) maker.Refuse(row.wrong);
    for (const Use& use : uses) {
      for (const Target& target : use.targets) {
        maker.Set(target, use.header, Table::Cell(row, use.column));
      }
    }
    for (const auto& [target, text] : mapping.constants) {
      maker.Set(target, "constants", text);
    }
    result.records.push_back(maker.Finish());
  }
  return result;
}

// Records that say the same organisation are a mistake in the list.
void FindRepeats(Records& records) {
  std::map<std::string, int> rows;
  const auto note = [&](Record& record, const std::string& field,
                        const std::string& key) {
    const auto [first, is_new] = rows.emplace(key, record.row);
    if (is_new || first->second == record.row) return;
    record.problems.push_back(
        {records.ColumnOf(field),
         absl::StrCat("is the same as in row ", first->second), field});
  };
  for (Record& record : records.records) {
    const Organization& organization = record.organization;
    if (!organization.name().empty()) {
      note(record, "name", organization.name());
    }
    for (const auto& id : organization.external_ids()) {
      note(record, "external_ids", absl::StrCat(id.source(), ":", id.id()));
    }
  }
}

// Keeps of a record's state that its entry has ended. That is no part of an
// update, so of no mask.
void ReadEnd(const Records& records, Record& record) {
  auto& mask = record.mask;
  mask.erase(std::remove_if(mask.begin(), mask.end(), IsOfEnd), mask.end());
  Organization& organization = record.organization;
  const auto refuse = [&](const char* field, std::string words) {
    record.problems.push_back(
        {records.ColumnOf(field), std::move(words), field});
  };
  const Organization::State state = organization.state();
  if (state != Organization::STATE_UNSPECIFIED &&
      state != Organization::VERIFIED && state != Organization::STALE &&
      !HasEnded(organization)) {
    refuse("state",
           absl::StrCat("is ", Organization::State_Name(state),
                        ": a list says ARCHIVED, DISSOLVED or nothing, and "
                        "--initial-state how new entries begin"));
  }
  absl::CivilDay day;
  if (!organization.dissolved_on().empty() &&
      !absl::ParseCivilTime(organization.dissolved_on(), &day)) {
    refuse("dissolved_on", "is not a date such as 2026-09-19");
  }
  if (state != Organization::DISSOLVED) {
    const char* const why = "has a meaning with the state DISSOLVED only";
    if (!organization.successor().empty()) refuse("successor", why);
    if (!organization.dissolved_on().empty()) refuse("dissolved_on", why);
  }
  if (!HasEnded(organization)) organization.clear_state();
}

absl::StatusOr<Records> ReadAnyForm(Format format, absl::string_view bytes,
                                    const Mapping& mapping) {
  if (format == Format::kXlsx) {
    ASSIGN_OR_RETURN(const Table table,
                     ReadWorkbook(bytes, {.sheet = mapping.sheet,
                                          .header_row = mapping.header_row}));
    return FromTable(table, mapping, /*from_workbook=*/true);
  }
  ASSIGN_OR_RETURN(const std::string text, ToUtf8(bytes, mapping.encoding));
  if (format == Format::kJson) return ReadJson(text);
  ASSIGN_OR_RETURN(const Table table,
                   ReadCsv(text, {.separator = mapping.separator,
                                  .header_row = mapping.header_row}));
  return FromTable(table, mapping, /*from_workbook=*/false);
}

}  // namespace

std::string Records::ColumnOf(const std::string& field) const {
  // `territories[0].code` is `territories` in a mask.
  std::string path = field.substr(0, field.find('['));
  for (;;) {
    const auto found = columns.lower_bound(path);
    if (found != columns.end() &&
        (found->first == path || absl::StartsWith(found->first, path + "."))) {
      return found->second;
    }
    const size_t dot = path.rfind('.');
    if (dot == std::string::npos) return field;
    path.resize(dot);
  }
}

bool HasEnded(const Organization& organization) {
  return organization.state() == Organization::ARCHIVED ||
         organization.state() == Organization::DISSOLVED;
}

Format FormatOf(absl::string_view file, absl::string_view bytes) {
  const std::string lower = absl::AsciiStrToLower(file);
  if (absl::EndsWith(lower, ".csv") || absl::EndsWith(lower, ".tsv") ||
      absl::EndsWith(lower, ".txt")) {
    return Format::kCsv;
  }
  if (absl::EndsWith(lower, ".json")) return Format::kJson;
  if (absl::EndsWith(lower, ".xlsx") || LooksLikeWorkbook(bytes)) {
    return Format::kXlsx;
  }
  const size_t first = bytes.find_first_not_of(" \t\r\n");
  const bool is_json = first != absl::string_view::npos &&
                       (bytes[first] == '[' || bytes[first] == '{');
  return is_json ? Format::kJson : Format::kCsv;
}

absl::StatusOr<Records> ReadRecords(Format format, absl::string_view bytes,
                                    const Mapping& mapping) {
  if (bytes.size() > kMostBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("is larger than ", kMostBytes >> 20, " MiB; split it"));
  }
  ASSIGN_OR_RETURN(Records records, ReadAnyForm(format, bytes, mapping));
  for (Record& record : records.records) ReadEnd(records, record);
  FindRepeats(records);
  return records;
}

}  // namespace lagnet::exchange
