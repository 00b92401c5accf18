#include "clients/cpp/cli/parse_value.h"

#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "clients/cpp/cli/failure.h"
#include "clients/cpp/cli/names.h"
#include "lagnet/directory/v1/organizations.pb.h"
#include "lagnet/options/v1/options.pb.h"
#include "lagnet/status_macros.h"
#include "lagnet/types/v1/types.pb.h"

namespace lagnet::cli {
namespace {

using google::protobuf::EnumDescriptor;
using google::protobuf::EnumValueDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// Whether `text` starts with a language tag and `=`.
bool SplitLanguage(absl::string_view text, absl::string_view& language,
                   absl::string_view& rest) {
  const size_t equals = text.find('=');
  if (equals == absl::string_view::npos || equals < 2) return false;
  const absl::string_view tag = text.substr(0, equals);
  const size_t main = tag.substr(0, tag.find('-')).size();
  if (main < 2 || main > 3) return false;
  for (const char c : tag) {
    if (!absl::ascii_isalnum(c) && c != '-') return false;
  }
  language = tag;
  rest = text.substr(equals + 1);
  return true;
}

absl::Status SetTerritory(absl::string_view text, types::v1::Territory& area) {
  const std::vector<std::string> parts =
      absl::StrSplit(text, absl::MaxSplits(':', 1));
  if (parts.size() != 2) {
    return UsageError("write SCHEME:CODE, for example nuts:PL815");
  }
  ASSIGN_OR_RETURN(
      const EnumValueDescriptor* scheme,
      ParseEnum(types::v1::Territory::Scheme_descriptor(), parts[0]));
  const std::vector<std::string> code =
      absl::StrSplit(parts[1], absl::MaxSplits('@', 1));
  area.set_scheme(static_cast<types::v1::Territory::Scheme>(scheme->number()));
  area.set_code(code[0]);
  if (code.size() == 2) area.set_version(code[1]);
  return absl::OkStatus();
}

absl::Status SetMessage(absl::string_view text, absl::string_view language,
                        Message& message) {
  using google::protobuf::DynamicCastToGenerated;
  if (auto* texts =
          DynamicCastToGenerated<types::v1::LocalizedText>(&message)) {
    absl::string_view tag = language, rest = text;
    SplitLanguage(text, tag, rest);
    auto& translation = (*texts->mutable_texts())[std::string(tag)];
    translation.Clear();
    translation.set_text(std::string(rest));
    return absl::OkStatus();
  }
  if (auto* area = DynamicCastToGenerated<types::v1::Territory>(&message)) {
    return SetTerritory(text, *area);
  }
  if (auto* time =
          DynamicCastToGenerated<google::protobuf::Timestamp>(&message)) {
    ASSIGN_OR_RETURN(*time, ParseTime(text));
    return absl::OkStatus();
  }
  if (auto* position =
          DynamicCastToGenerated<directory::v1::Organization::Position>(
              &message)) {
    const std::vector<absl::string_view> parts = absl::StrSplit(text, ',');
    double latitude, longitude;
    if (parts.size() != 2 || !absl::SimpleAtod(parts[0], &latitude) ||
        !absl::SimpleAtod(parts[1], &longitude)) {
      return UsageError("write LATITUDE,LONGITUDE, for example 42.66,44.64");
    }
    position->set_latitude(latitude);
    position->set_longitude(longitude);
    return absl::OkStatus();
  }
  return UsageError("this field can be given by --from only");
}

absl::Status SetOne(const FieldDescriptor* field, absl::string_view text,
                    absl::string_view language, Message& message) {
  const auto* reflection = message.GetReflection();
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING: {
      const auto& rules = field->options().GetExtension(options::v1::rules);
      ASSIGN_OR_RETURN(std::string value, FullName(rules.refers_to(), text));
      field->is_repeated()
          ? reflection->AddString(&message, field, std::move(value))
          : reflection->SetString(&message, field, std::move(value));
      return absl::OkStatus();
    }
    case FieldDescriptor::CPPTYPE_ENUM: {
      ASSIGN_OR_RETURN(const EnumValueDescriptor* value,
                       ParseEnum(field->enum_type(), text));
      field->is_repeated() ? reflection->AddEnum(&message, field, value)
                           : reflection->SetEnum(&message, field, value);
      return absl::OkStatus();
    }
    case FieldDescriptor::CPPTYPE_INT32: {
      int32_t value;
      if (!absl::SimpleAtoi(text, &value)) {
        return UsageError(absl::StrCat("\"", text, "\" is not a number"));
      }
      reflection->SetInt32(&message, field, value);
      return absl::OkStatus();
    }
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return SetMessage(text, language,
                        field->is_repeated()
                            ? *reflection->AddMessage(&message, field)
                            : *reflection->MutableMessage(&message, field));
    default:
      return UsageError("this field can be given by --from only");
  }
}

}  // namespace

absl::StatusOr<const EnumValueDescriptor*> ParseEnum(const EnumDescriptor* type,
                                                     absl::string_view text) {
  const std::string name =
      absl::AsciiStrToUpper(absl::StrReplaceAll(text, {{"-", "_"}}));
  std::vector<std::string> names;
  for (int i = 0; i < type->value_count(); ++i) {
    const EnumValueDescriptor* value = type->value(i);
    if (value->number() == 0) continue;
    if (value->name() == name) return value;
    names.push_back(absl::AsciiStrToLower(
        absl::StrReplaceAll(value->name(), {{"_", "-"}})));
  }
  return UsageError(absl::StrCat("\"", text, "\" is not one of ",
                                 absl::StrJoin(names, ", ")));
}

absl::StatusOr<google::protobuf::Timestamp> ParseTime(absl::string_view text) {
  for (const char* format : {absl::RFC3339_full, "%Y-%m-%dT%H:%M:%S",
                             "%Y-%m-%dT%H:%M", "%Y-%m-%d"}) {
    absl::Time time;
    if (absl::ParseTime(format, text, absl::LocalTimeZone(), &time, nullptr)) {
      google::protobuf::Timestamp result;
      result.set_seconds(absl::ToUnixSeconds(time));
      return result;
    }
  }
  return UsageError(absl::StrCat("\"", text,
                                 "\" is not a time: write 2027-05-01 or "
                                 "2027-05-01T09:00"));
}

absl::Status SetField(const FieldDescriptor* field, absl::string_view text,
                      absl::string_view language, Message& message) {
  // A comma may be part of an address, or of a text.
  const bool list =
      field->is_repeated() &&
      field->options().GetExtension(options::v1::rules).format() !=
          options::v1::URL &&
      !(field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE &&
        field->message_type() == types::v1::LocalizedText::descriptor());
  if (!list) return SetOne(field, text, language, message);
  for (const absl::string_view item : absl::StrSplit(text, ',')) {
    RETURN_IF_ERROR(
        SetOne(field, absl::StripAsciiWhitespace(item), language, message));
  }
  return absl::OkStatus();
}

std::string ValueName(const FieldDescriptor* field) {
  if (field->cpp_type() == FieldDescriptor::CPPTYPE_INT32) return "NUMBER";
  if (field->cpp_type() == FieldDescriptor::CPPTYPE_ENUM) {
    std::vector<std::string> names;
    for (int i = 1; i < field->enum_type()->value_count(); ++i) {
      names.push_back(absl::AsciiStrToLower(absl::StrReplaceAll(
          field->enum_type()->value(i)->name(), {{"_", "-"}})));
    }
    return absl::StrJoin(names, "|");
  }
  if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
    const auto* type = field->message_type();
    if (type == types::v1::LocalizedText::descriptor()) return "[LANG=]TEXT";
    if (type == types::v1::Territory::descriptor()) return "SCHEME:CODE";
    if (type == google::protobuf::Timestamp::descriptor()) return "TIME";
    return "LATITUDE,LONGITUDE";
  }
  const auto& rules = field->options().GetExtension(options::v1::rules);
  if (!rules.refers_to().empty()) return "ID";
  switch (rules.format()) {
    case options::v1::EMAIL:
      return "EMAIL";
    case options::v1::LANGUAGE:
      return "LANG";
    case options::v1::TIME_ZONE:
      return "ZONE";
    case options::v1::CURRENCY:
      return "CODE";
    case options::v1::COUNTRY:
      return "COUNTRY";
    case options::v1::LOCAL_DATE:
      return "YYYY-MM-DD";
    case options::v1::LOCAL_DATE_TIME:
      return "YYYY-MM-DDTHH:MM";
    case options::v1::URL:
      return "URL";
    default:
      return "TEXT";
  }
}

}  // namespace lagnet::cli
