#include "clients/cpp/exchange/cell_value.h"

#include <charconv>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "lagnet/options/v1/options.pb.h"
#include "lagnet/status_macros.h"
#include "lagnet/types/v1/types.pb.h"

namespace lagnet::exchange {
namespace {

using google::protobuf::DynamicCastToGenerated;
using google::protobuf::EnumDescriptor;
using google::protobuf::EnumValueDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using types::v1::Territory;

template <typename... Words>
absl::Status Wrong(const Words&... words) {
  return absl::InvalidArgumentError(absl::StrCat(words...));
}

absl::StatusOr<int> ParseEnum(const EnumDescriptor& type,
                              const std::string& text) {
  const std::string name = absl::StrReplaceAll(absl::AsciiStrToUpper(text),
                                               {{" ", "_"}, {"-", "_"}});
  const EnumValueDescriptor* value = type.FindValueByName(name);
  if (value != nullptr && value->number() != 0) return value->number();
  std::vector<std::string> names;
  for (int i = 1; i < type.value_count(); ++i) {
    names.push_back(std::string(type.value(i)->name()));
  }
  return Wrong("is none of ", absl::StrJoin(names, ", "));
}

// Whether `digits` is grouped by thousands, `1.081.000`, if at all.
bool IsGrouped(absl::string_view digits, char group) {
  const std::vector<absl::string_view> parts = absl::StrSplit(digits, group);
  for (size_t i = 1; i < parts.size(); ++i) {
    if (parts[i].size() != 3) return false;
  }
  return parts.size() == 1 || (!parts[0].empty() && parts[0].size() <= 4);
}

// The digits, with a point, of what a person wrote. A comma is never guessed
// about: 1,081 is another number in Kutaisi than in Boston.
absl::StatusOr<std::string> PlainNumber(const std::string& text,
                                        const CellRules& rules) {
  std::string plain = absl::StrReplaceAll(
      text, {{" ", ""}, {"\u00A0", ""}, {"\u202F", ""}, {"'", ""}});
  if (rules.decimal == '\0') {
    if (!absl::StrContains(plain, ',')) return plain;
    return Wrong(
        "has a comma: say in the map what `decimal` is, \",\" or \".\"");
  }
  const char group = rules.decimal == ',' ? '.' : ',';
  const size_t point = plain.find(rules.decimal);
  if (!IsGrouped(absl::string_view(plain).substr(0, point), group)) {
    return Wrong("is not a number with the `decimal` that the map says");
  }
  plain = absl::StrReplaceAll(plain, {{std::string(1, group), ""}});
  return absl::StrReplaceAll(plain, {{",", "."}});
}

absl::StatusOr<double> ParseDouble(const std::string& text,
                                   const CellRules& rules) {
  double number;
  ASSIGN_OR_RETURN(const std::string plain, PlainNumber(text, rules));
  if (plain.find_first_not_of("0123456789.-+eE") != std::string::npos ||
      !absl::SimpleAtod(plain, &number)) {
    return Wrong("is not a number");
  }
  return number;
}

absl::StatusOr<int64_t> ParseInteger(const std::string& text,
                                     const CellRules& rules) {
  ASSIGN_OR_RETURN(std::string plain, PlainNumber(text, rules));
  // What a spreadsheet makes of 71.
  while (absl::EndsWith(plain, ".0")) plain.resize(plain.size() - 2);
  int64_t number;
  if (!absl::SimpleAtoi(plain, &number)) return Wrong("is not a whole number");
  return number;
}

// 2016-01-31 from 31.1.2016 and the like; other texts as they are, for the
// server to judge.
std::string DateOf(const std::string& text, const std::string& order) {
  const std::vector<std::string> parts =
      absl::StrSplit(text, absl::ByAnyChar("./- "), absl::SkipEmpty());
  if (order.size() != 3 || parts.size() != 3 || parts[0].size() == 4) {
    return text;
  }
  int day, month, year;
  if (!absl::SimpleAtoi(parts[order.find('d')], &day) ||
      !absl::SimpleAtoi(parts[order.find('m')], &month) ||
      !absl::SimpleAtoi(parts[order.find('y')], &year) || year < 1000) {
    return text;
  }
  return absl::StrFormat("%04d-%02d-%02d", year, month, day);
}

std::string TextOf(const FieldDescriptor& field, const std::string& text,
                   const CellRules& cell) {
  const auto& rules = field.options().GetExtension(options::v1::rules);
  if (rules.format() == options::v1::LOCAL_DATE) {
    return DateOf(text, cell.dates);
  }
  const bool is_name = field.name() == "name" &&
                       field.containing_type() == Organization::descriptor();
  for (const auto& [type, collection] :
       {std::pair("lagnet/Network", "networks/"),
        std::pair("lagnet/Organization", "organizations/")}) {
    const bool refers = rules.refers_to() == type ||
                        (is_name && absl::StartsWith(collection, "org"));
    if (refers && !absl::StrContains(text, '/')) {
      return absl::StrCat(collection, text);
    }
  }
  return text;
}

absl::Status SetTerritory(const std::string& text, const CellRules& rules,
                          Territory& territory) {
  std::string scheme = rules.scheme;
  std::string code = text;
  if (const size_t colon = text.find(':'); colon != std::string::npos) {
    scheme = text.substr(0, colon);
    code = text.substr(colon + 1);
  }
  if (scheme.empty())
    return Wrong("needs a scheme, for example NUTS:PL815@2021");
  ASSIGN_OR_RETURN(const int number,
                   ParseEnum(*Territory::Scheme_descriptor(), scheme));
  std::string version = rules.version;
  if (const size_t at = code.find('@'); at != std::string::npos) {
    version = code.substr(at + 1);
    code.resize(at);
  }
  territory.set_scheme(static_cast<Territory::Scheme>(number));
  territory.set_version(version);
  territory.set_code(code);
  return absl::OkStatus();
}

absl::Status SetExternalId(const std::string& text, const CellRules& rules,
                           Organization::ExternalId& id) {
  std::string source = rules.source;
  std::string value = text;
  if (source.empty()) {
    const size_t colon = text.find(':');
    if (colon == std::string::npos) {
      return Wrong("needs its source, for example ksow-lgd:042");
    }
    source = text.substr(0, colon);
    value = text.substr(colon + 1);
  }
  id.set_source(source);
  id.set_id(value);
  return absl::OkStatus();
}

absl::Status SetMessage(const std::string& text, const CellRules& rules,
                        Message& message) {
  if (auto* territory = DynamicCastToGenerated<Territory>(&message)) {
    return SetTerritory(text, rules, *territory);
  }
  auto* id = DynamicCastToGenerated<Organization::ExternalId>(&message);
  return SetExternalId(text, rules, *id);
}

std::string TextOfMessage(const Message& message) {
  if (const auto* area = DynamicCastToGenerated<Territory>(&message)) {
    return absl::StrCat(Territory::Scheme_Name(area->scheme()), ":",
                        area->code(), area->version().empty() ? "" : "@",
                        area->version());
  }
  const auto* id = DynamicCastToGenerated<Organization::ExternalId>(&message);
  return absl::StrCat(id->source(), ":", id->id());
}

// The shortest digits that read back as the same number.
std::string TextOfDouble(double number) {
  char buffer[400];
  const auto end = std::to_chars(buffer, buffer + sizeof(buffer), number,
                                 std::chars_format::fixed);
  return std::string(buffer, end.ptr);
}

}  // namespace

bool HasCellForm(const FieldDescriptor& field) {
  const auto* message = field.message_type();
  return message == nullptr || message == Territory::descriptor() ||
         message == Organization::ExternalId::descriptor();
}

absl::Status SetValue(const FieldDescriptor& field, const std::string& text,
                      const CellRules& rules, Message& message) {
  const auto* reflection = message.GetReflection();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING: {
      std::string value = TextOf(field, text, rules);
      field.is_repeated()
          ? reflection->AddString(&message, &field, std::move(value))
          : reflection->SetString(&message, &field, std::move(value));
      return absl::OkStatus();
    }
    case FieldDescriptor::CPPTYPE_ENUM: {
      ASSIGN_OR_RETURN(const int number, ParseEnum(*field.enum_type(), text));
      field.is_repeated() ? reflection->AddEnumValue(&message, &field, number)
                          : reflection->SetEnumValue(&message, &field, number);
      return absl::OkStatus();
    }
    case FieldDescriptor::CPPTYPE_INT32: {
      ASSIGN_OR_RETURN(const int64_t number, ParseInteger(text, rules));
      if (number != static_cast<int32_t>(number)) {
        return Wrong("is too large a number");
      }
      reflection->SetInt32(&message, &field, static_cast<int32_t>(number));
      return absl::OkStatus();
    }
    case FieldDescriptor::CPPTYPE_INT64: {
      ASSIGN_OR_RETURN(const int64_t number, ParseInteger(text, rules));
      reflection->SetInt64(&message, &field, number);
      return absl::OkStatus();
    }
    case FieldDescriptor::CPPTYPE_DOUBLE: {
      ASSIGN_OR_RETURN(const double number, ParseDouble(text, rules));
      reflection->SetDouble(&message, &field, number);
      return absl::OkStatus();
    }
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return SetMessage(text, rules,
                        field.is_repeated()
                            ? *reflection->AddMessage(&message, &field)
                            : *reflection->MutableMessage(&message, &field));
    default:
      return Wrong("cannot be given in a table");
  }
}

std::string GetValue(const FieldDescriptor& field, int index,
                     const Message& message) {
  const auto* reflection = message.GetReflection();
  const bool item = field.is_repeated();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return item ? reflection->GetRepeatedString(message, &field, index)
                  : reflection->GetString(message, &field);
    case FieldDescriptor::CPPTYPE_ENUM: {
      const int number =
          item ? reflection->GetRepeatedEnumValue(message, &field, index)
               : reflection->GetEnumValue(message, &field);
      const auto* value = field.enum_type()->FindValueByNumber(number);
      return number == 0 || value == nullptr ? "" : std::string(value->name());
    }
    case FieldDescriptor::CPPTYPE_INT32:
      return absl::StrCat(reflection->GetInt32(message, &field));
    case FieldDescriptor::CPPTYPE_INT64:
      return absl::StrCat(reflection->GetInt64(message, &field));
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return TextOfDouble(reflection->GetDouble(message, &field));
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return TextOfMessage(
          item ? reflection->GetRepeatedMessage(message, &field, index)
               : reflection->GetMessage(message, &field));
    default:
      return "";
  }
}

}  // namespace lagnet::exchange
