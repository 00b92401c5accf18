#include "clients/cpp/cli/show.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "clients/cpp/cli/text.h"
#include "google/protobuf/descriptor.h"
#include "lagnet/directory/v1/organizations.pb.h"

namespace lagnet::cli {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

template <typename T>
const T* As(const Message& message) {
  return google::protobuf::DynamicCastToGenerated<T>(&message);
}

// A message that is shown as one value.
std::optional<std::string> AsValue(const Message& message,
                                   absl::string_view language) {
  if (const auto* text = As<types::v1::LocalizedText>(message)) {
    return Pick(*text, language);
  }
  if (const auto* time = As<google::protobuf::Timestamp>(message)) {
    return Show(*time);
  }
  if (const auto* money = As<types::v1::Money>(message)) return Show(*money);
  if (const auto* area = As<types::v1::Territory>(message)) {
    return absl::StrCat(types::v1::Territory::Scheme_Name(area->scheme()), " ",
                        area->code(), area->version().empty() ? "" : " (",
                        area->version(), area->version().empty() ? "" : ")");
  }
  if (const auto* at = As<directory::v1::Organization::Position>(message)) {
    return absl::StrCat(at->latitude(), ", ", at->longitude());
  }
  return std::nullopt;
}

std::string Scalar(const Message& message, const FieldDescriptor* field,
                   int index) {
  const auto* reflection = message.GetReflection();
  const bool one = index < 0;
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return one ? reflection->GetString(message, field)
                 : reflection->GetRepeatedString(message, field, index);
    case FieldDescriptor::CPPTYPE_ENUM:
      return one ? reflection->GetEnum(message, field)->name()
                 : reflection->GetRepeatedEnum(message, field, index)->name();
    case FieldDescriptor::CPPTYPE_INT32:
      return absl::StrCat(reflection->GetInt32(message, field));
    case FieldDescriptor::CPPTYPE_INT64:
      return absl::StrCat(reflection->GetInt64(message, field));
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return absl::StrCat(reflection->GetDouble(message, field));
    case FieldDescriptor::CPPTYPE_BOOL:
      return reflection->GetBool(message, field) ? "yes" : "no";
    default:
      return "?";
  }
}

// One line of the answer, or a heading with what is inside it.
struct Line {
  std::string label;
  std::string value;
  std::vector<Line> inside;
};

std::vector<Line> Lines(const Message& message, absl::string_view language);

Line ToLine(std::string label, const Message& message,
            absl::string_view language) {
  if (const auto value = AsValue(message, language)) return {label, *value, {}};
  return {label, "", Lines(message, language)};
}

std::vector<Line> Lines(const Message& message, absl::string_view language) {
  const auto* reflection = message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection->ListFields(message, &fields);
  std::vector<Line> lines;
  for (const FieldDescriptor* field : fields) {
    const std::string label = absl::StrReplaceAll(field->name(), {{"_", " "}});
    const bool is_message =
        field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
    if (!field->is_repeated()) {
      lines.push_back(
          is_message
              ? ToLine(label, reflection->GetMessage(message, field), language)
              : Line{label, Scalar(message, field, -1), {}});
      continue;
    }
    Line line{label, "", {}};
    std::vector<std::string> values;
    for (int i = 0; i < reflection->FieldSize(message, field); ++i) {
      if (!is_message) {
        values.push_back(Scalar(message, field, i));
        continue;
      }
      Line item = ToLine("-", reflection->GetRepeatedMessage(message, field, i),
                         language);
      if (item.inside.empty()) values.push_back(item.value);
      line.inside.push_back(std::move(item));
    }
    if (!values.empty()) line = {label, absl::StrJoin(values, ", "), {}};
    lines.push_back(std::move(line));
  }
  return lines;
}

void Print(const std::vector<Line>& lines, const std::string& indent,
           std::string& out) {
  int width = 0;
  for (const Line& line : lines) {
    if (line.inside.empty()) {
      width = std::max(width, DisplayWidth(line.label));
    }
  }
  for (const Line& line : lines) {
    if (!line.inside.empty()) {
      absl::StrAppend(&out, indent, line.label, "\n");
      Print(line.inside, indent + "  ", out);
      continue;
    }
    const std::string margin =
        indent + std::string(width - DisplayWidth(line.label) + 2, ' ') +
        std::string(DisplayWidth(line.label), ' ');
    // A text of several lines keeps them, below each other.
    bool first = true;
    for (const absl::string_view part : absl::StrSplit(line.value, '\n')) {
      absl::StrAppend(
          &out,
          first ? absl::StrCat(indent, line.label,
                               margin.substr(indent.size() + line.label.size()))
                : margin,
          OneLine(part), "\n");
      first = false;
    }
  }
}

}  // namespace

std::string ShowFields(const Message& message, absl::string_view language) {
  std::string out;
  Print(Lines(message, language), "", out);
  return out;
}

}  // namespace lagnet::cli
