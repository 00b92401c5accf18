#include "server/directory/import_convert.h"

#include <memory>
#include <set>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/types/span.h"
#include "google/protobuf/descriptor.h"
#include "lagnet/options/v1/options.pb.h"
#include "lagnet/types/v1/types.pb.h"
#include "nlohmann/json.hpp"
#include "server/base/status_macros.h"
#include "server/directory/convert.h"

namespace lagnet::directory {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using Path = absl::Span<const std::string>;
using Problem = v1::ImportRowResult::Problem;
// Not LocalizedText, which in this slice is the rules' own.
using TextProto = types::v1::LocalizedText;

bool IsPassedOver(const FieldDescriptor& field) {
  const auto& rules = field.options().GetExtension(options::v1::rules);
  return rules.output_only() || rules.immutable() || field.name() == "etag";
}

bool IsSet(const FieldDescriptor& field, const Message& message) {
  const auto* reflection = message.GetReflection();
  return field.is_repeated() ? reflection->FieldSize(message, &field) > 0
                             : reflection->HasField(message, &field);
}

// Makes a whole field of `to` what it is in `from`.
void CopyField(const Message& from, const FieldDescriptor& field, Message& to) {
  const std::unique_ptr<Message> other(from.New());
  other->CopyFrom(from);
  to.GetReflection()->SwapFields(&to, other.get(), {&field});
}

absl::Status UnknownPath(const std::string& path) {
  return Error(absl::StatusCode::kInvalidArgument, "UNKNOWN_FIELD",
               absl::StrCat("update_mask names ", path,
                            ", which an organisation does not have"))
      .With("path", path)
      .Field("update_mask", absl::StrCat(path, " does not exist"));
}

absl::Status MergePath(Path rest, const std::string& path, const Message& from,
                       Message& to);

// `rest` begins behind the text's own name: `texts.pl` or `texts.pl.text`.
absl::Status MergeText(Path rest, const std::string& path,
                       const TextProto& from, TextProto& to) {
  if (rest.size() < 2 || rest[0] != "texts") return UnknownPath(path);
  const std::string& language = rest[1];
  const auto found = from.texts().find(language);
  const types::v1::Translation wanted =
      found == from.texts().end() ? types::v1::Translation() : found->second;
  types::v1::Translation& translation = (*to.mutable_texts())[language];
  if (rest.size() == 2) {
    translation = wanted;
  } else {
    RETURN_IF_ERROR(MergePath(rest.subspan(2), path, wanted, translation));
  }
  if (translation.text().empty()) to.mutable_texts()->erase(language);
  return absl::OkStatus();
}

absl::Status MergePath(Path rest, const std::string& path, const Message& from,
                       Message& to) {
  const FieldDescriptor* field = from.GetDescriptor()->FindFieldByName(rest[0]);
  if (field == nullptr) return UnknownPath(path);
  if (IsPassedOver(*field)) return absl::OkStatus();
  if (rest.size() == 1) {
    CopyField(from, *field, to);
    return absl::OkStatus();
  }
  if (field->is_repeated() || field->message_type() == nullptr) {
    return UnknownPath(path);
  }
  const Message& inner_from = from.GetReflection()->GetMessage(from, field);
  Message& inner_to = *to.GetReflection()->MutableMessage(&to, field);
  const Path inner = rest.subspan(1);
  if (field->message_type() == TextProto::descriptor()) {
    RETURN_IF_ERROR(MergeText(inner, path,
                              static_cast<const TextProto&>(inner_from),
                              static_cast<TextProto&>(inner_to)));
  } else {
    RETURN_IF_ERROR(MergePath(inner, path, inner_from, inner_to));
  }
  if (inner_to.ByteSizeLong() == 0 && inner_from.ByteSizeLong() == 0) {
    to.GetReflection()->ClearField(&to, field);
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status MergeRow(const v1::ImportRow& row, v1::Organization& entry) {
  const v1::Organization& from = row.organization();
  if (!row.has_update_mask()) {
    const auto* type = v1::Organization::descriptor();
    for (int i = 0; i < type->field_count(); ++i) {
      const FieldDescriptor& field = *type->field(i);
      if (IsSet(field, from) && !IsPassedOver(field)) {
        CopyField(from, field, entry);
      }
    }
    return absl::OkStatus();
  }
  for (const std::string& path : row.update_mask().paths()) {
    const std::vector<std::string> parts = absl::StrSplit(path, '.');
    RETURN_IF_ERROR(MergePath(parts, path, from, entry));
  }
  return absl::OkStatus();
}

Organization ReadRow(const std::string& id, v1::Organization merged,
                     Errors& errors) {
  const auto* type = merged.GetDescriptor();
  for (int i = 0; i <= type->field_count(); ++i) {
    absl::StatusOr<Organization> read = FromProto(id, merged);
    if (read.ok()) return *std::move(read);
    errors.Add(read.status());
    for (const auto& [path, words] : WrongFieldsOf(read.status())) {
      const absl::string_view rest = absl::StripPrefix(path, "organization.");
      const FieldDescriptor* field = type->FindFieldByName(
          std::string(rest.substr(0, rest.find_first_of(".["))));
      if (field != nullptr) merged.GetReflection()->ClearField(&merged, field);
    }
  }
  return {};
}

std::vector<Problem> ProblemsOf(const Errors& errors) {
  std::vector<Problem> problems;
  // What two checks find is told once.
  std::set<std::pair<std::string, std::string>> told;
  const auto add = [&](absl::string_view path, const std::string& reason,
                       const std::string& message) {
    const std::string field(absl::StripPrefix(path, "organization."));
    if (!told.emplace(field, message).second) return;
    Problem& problem = problems.emplace_back();
    problem.set_error(true);
    problem.set_field(field);
    problem.set_reason(reason);
    problem.set_message(message);
  };
  for (const absl::Status& error : errors.all()) {
    const std::string reason = ReasonOf(error);
    const auto fields = WrongFieldsOf(error);
    for (const auto& [field, words] : fields) add(field, reason, words);
    if (fields.empty()) add("", reason, std::string(error.message()));
  }
  return problems;
}

absl::Status RowsRefused(const std::vector<v1::ImportRowResult>& results) {
  constexpr int kMostFields = 50;
  int refused = 0, fields = 0;
  std::vector<std::pair<std::string, std::string>> errors;
  for (size_t i = 0; i < results.size(); ++i) {
    if (results[i].outcome() != v1::ImportRowResult::REFUSED) continue;
    ++refused;
    for (const auto& problem : results[i].problems()) {
      if (!problem.error() || ++fields > kMostFields) continue;
      errors.emplace_back(
          absl::StrCat("rows[", i, "].organization",
                       problem.field().empty() ? "" : ".", problem.field()),
          problem.message());
    }
  }
  Error error(absl::StatusCode::kFailedPrecondition, "ROWS_REFUSED",
              absl::StrCat(refused, " of ", results.size(),
                           " rows cannot be imported, so none was; leave them "
                           "out, or mend them"));
  for (const auto& [field, words] : errors) error.Field(field, words);
  return error;
}

std::string ToRecord(const std::vector<v1::ImportRowResult>& results) {
  nlohmann::json record = nlohmann::json::array();
  for (const v1::ImportRowResult& result : results) {
    nlohmann::json fields = nlohmann::json::array();
    for (const std::string& field : result.changed_fields()) {
      fields.push_back(field);
    }
    record.push_back({result.row(), static_cast<int>(result.outcome()),
                      result.name(), fields});
  }
  return record.dump();
}

absl::StatusOr<v1::ImportOrganizationsResponse> FromRecord(
    const std::string& record) {
  v1::ImportOrganizationsResponse response;
  for (const auto& entry : nlohmann::json::parse(record)) {
    v1::ImportRowResult* result = response.add_results();
    result->set_row(entry[0].get<int>());
    result->set_outcome(
        static_cast<v1::ImportRowResult::Outcome>(entry[1].get<int>()));
    result->set_name(entry[2].get<std::string>());
    for (const auto& field : entry[3]) {
      result->add_changed_fields(field.get<std::string>());
    }
  }
  return response;
}

}  // namespace lagnet::directory
