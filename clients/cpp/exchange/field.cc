#include "clients/cpp/exchange/field.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "clients/cpp/exchange/cell_value.h"
#include "clients/cpp/exchange/list_cell.h"
#include "clients/cpp/exchange/territory_names.h"
#include "google/protobuf/descriptor.h"
#include "lagnet/options/v1/options.pb.h"
#include "lagnet/status_macros.h"
#include "lagnet/types/v1/types.pb.h"

namespace lagnet::exchange {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using types::v1::LocalizedText;
using types::v1::Territory;
using types::v1::Translation;

// A number that a table names an item by is at most this, whatever the limit
// of the field.
constexpr int kMostItems = 40;

absl::Status NoField(absl::string_view column, absl::string_view why) {
  return absl::InvalidArgumentError(
      absl::StrCat("\"", column, "\" is no field of an organisation: ", why));
}

const LocalizedText& AsText(const Message& message) {
  return static_cast<const LocalizedText&>(message);
}

// Whether a column shows the field of `message`. A coordinate of 0 is one, so
// in a message that is there all doubles are shown.
bool IsShown(const FieldDescriptor& field, const Message& message) {
  const auto* reflection = message.GetReflection();
  if (field.is_repeated()) return reflection->FieldSize(message, &field) > 0;
  const bool is_coordinate =
      field.cpp_type() == FieldDescriptor::CPPTYPE_DOUBLE &&
      message.GetDescriptor() != Organization::descriptor();
  return is_coordinate || reflection->HasField(message, &field);
}

// Collects the columns for what messages have, in the order of the proto.
class Columns {
 public:
  void Collect(const std::string& prefix,
               const std::vector<const Message*>& messages,
               const Descriptor* type) {
    for (int i = 0; i < type->field_count(); ++i) {
      const FieldDescriptor& field = *type->field(i);
      if (!IsImported(field)) continue;
      const std::string name = absl::StrCat(prefix, field.name());
      if (HasCellForm(field)) {
        const bool shown =
            name == "name" ||
            std::any_of(messages.begin(), messages.end(),
                        [&](const Message* m) { return IsShown(field, *m); });
        if (shown) names_.push_back(name);
      } else if (field.is_repeated()) {
        CollectItems(name, messages, field);
      } else {
        CollectOne(name, messages, field);
      }
    }
  }

  const std::vector<std::string>& names() const { return names_; }

 private:
  void CollectItems(const std::string& name,
                    const std::vector<const Message*>& messages,
                    const FieldDescriptor& field) {
    for (int n = 0;; ++n) {
      std::vector<const Message*> items;
      for (const Message* message : messages) {
        const auto* reflection = message->GetReflection();
        if (reflection->FieldSize(*message, &field) > n) {
          items.push_back(&reflection->GetRepeatedMessage(*message, &field, n));
        }
      }
      if (items.empty()) return;
      Collect(absl::StrCat(name, ".", n + 1, "."), items, field.message_type());
    }
  }

  void CollectOne(const std::string& name,
                  const std::vector<const Message*>& messages,
                  const FieldDescriptor& field) {
    std::vector<const Message*> inner;
    for (const Message* message : messages) {
      const auto* reflection = message->GetReflection();
      if (reflection->HasField(*message, &field)) {
        inner.push_back(&reflection->GetMessage(*message, &field));
      }
    }
    if (field.message_type() == LocalizedText::descriptor()) {
      return CollectText(name, inner);
    }
    Collect(name + ".", inner, field.message_type());
  }

  void CollectText(const std::string& name,
                   const std::vector<const Message*>& texts) {
    std::set<std::string> columns;
    for (const Message* message : texts) {
      for (const auto& [language, translation] : AsText(*message).texts()) {
        const std::string column = absl::StrCat(name, ".", language);
        columns.insert(column);
        if (translation.origin() != 0) columns.insert(column + ".origin");
        if (translation.status() != 0) columns.insert(column + ".status");
      }
    }
    names_.insert(names_.end(), columns.begin(), columns.end());
  }

  std::vector<std::string> names_;
};

}  // namespace

bool IsOfEnd(absl::string_view field) {
  return field == "state" || field == "successor" || field == "dissolved_on";
}

bool IsImported(const FieldDescriptor& field) {
  return IsOfEnd(field.name()) ||
         (!field.options().GetExtension(options::v1::rules).output_only() &&
          field.name() != "etag");
}

absl::StatusOr<Field> Field::Parse(absl::string_view column) {
  const std::vector<std::string> parts = absl::StrSplit(column, '.');
  const Descriptor* type = Organization::descriptor();
  Field result;
  bool whole = false;  // The mask names the whole list.
  for (size_t i = 0; i < parts.size(); ++i) {
    const FieldDescriptor* field = type->FindFieldByName(parts[i]);
    if (field == nullptr) {
      return NoField(column, absl::StrCat("there is no ", parts[i]));
    }
    if (!IsImported(*field)) return NoField(column, "the server keeps it");
    if (!whole) {
      absl::StrAppend(&result.mask_, i == 0 ? "" : ".", field->name());
    }
    if (HasCellForm(*field)) {
      result.leaf_ = field;
      if (i + 1 == parts.size()) return result;
      return NoField(column, absl::StrCat(parts[i], " has no parts"));
    }
    Step step{.field = field};
    if (field->message_type() == LocalizedText::descriptor()) {
      if (i + 1 == parts.size() || i + 3 < parts.size()) {
        return NoField(column, "write the language behind it, such as .pl");
      }
      step.language = parts[i + 1];
      const std::string part = i + 2 < parts.size() ? parts[i + 2] : "text";
      result.leaf_ = Translation::descriptor()->FindFieldByName(part);
      if (result.leaf_ == nullptr) {
        return NoField(column, "behind a language goes .origin or .status");
      }
      if (!whole) {
        absl::StrAppend(&result.mask_, ".texts.", step.language, ".", part);
      }
      result.way_.push_back(std::move(step));
      return result;
    }
    if (field->is_repeated()) {
      int number = 0;
      if (i + 1 < parts.size()) (void)absl::SimpleAtoi(parts[++i], &number);
      if (number < 1 || number > kMostItems) {
        return NoField(column, absl::StrCat("write its number behind ",
                                            field->name(), ", such as .1"));
      }
      step.index = number - 1;
      whole = true;
    }
    result.way_.push_back(std::move(step));
    type = field->message_type();
  }
  return NoField(column, "it has parts, such as the columns of an export");
}

bool Field::numeric() const {
  return !leaf_->is_repeated() &&
         leaf_->cpp_type() != FieldDescriptor::CPPTYPE_STRING &&
         leaf_->cpp_type() != FieldDescriptor::CPPTYPE_ENUM &&
         leaf_->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE;
}

Message* Field::Make(Organization& organization) const {
  Message* message = &organization;
  for (const Step& step : way_) {
    const auto* reflection = message->GetReflection();
    if (step.index < 0) {
      message = reflection->MutableMessage(message, step.field);
    } else {
      while (reflection->FieldSize(*message, step.field) <= step.index) {
        reflection->AddMessage(message, step.field);
      }
      message =
          reflection->MutableRepeatedMessage(message, step.field, step.index);
    }
    if (!step.language.empty()) {
      auto& text = static_cast<LocalizedText&>(*message);
      message = &(*text.mutable_texts())[step.language];
    }
  }
  return message;
}

const Message* Field::Find(const Organization& organization) const {
  const Message* message = &organization;
  for (const Step& step : way_) {
    const auto* reflection = message->GetReflection();
    if (step.index >= 0) {
      if (reflection->FieldSize(*message, step.field) <= step.index) {
        return nullptr;
      }
      message =
          &reflection->GetRepeatedMessage(*message, step.field, step.index);
    } else if (reflection->HasField(*message, step.field)) {
      message = &reflection->GetMessage(*message, step.field);
    } else {
      return nullptr;
    }
    if (step.language.empty()) continue;
    const auto& texts = AsText(*message).texts();
    const auto found = texts.find(step.language);
    if (found == texts.end()) return nullptr;
    message = &found->second;
  }
  return message;
}

absl::Status Field::Set(absl::string_view cell, const CellRules& rules,
                        Organization& organization) const {
  // Says which value is wrong: of a list, not the whole cell is.
  const auto about = [](const std::string& written, const absl::Status& done) {
    if (done.ok()) return done;
    return absl::Status(done.code(),
                        absl::StrCat("\"", written, "\" ", done.message()));
  };
  const auto set = [&](const std::string& written, const std::string& value) {
    return about(written, SetValue(*leaf_, value, rules, *Make(organization)));
  };
  const bool by_name = leaf_->message_type() == Territory::descriptor() &&
                       !rules.territories.empty();
  if (!leaf_->is_repeated()) {
    const std::string written(cell);
    const auto found = rules.values.find(written);
    const std::string value =
        found == rules.values.end() ? written : found->second;
    return value.empty() ? absl::OkStatus() : set(written, value);
  }
  std::vector<std::string> wrong;
  const auto note = [&](const absl::Status& done) {
    if (!done.ok()) wrong.emplace_back(done.message());
  };
  // A value may mean several, as `South` two counties; and two may mean one.
  std::set<std::string> meanings;
  for (const std::string& item : SplitListCell(cell, rules.split)) {
    const auto found = rules.values.find(item);
    if (found != rules.values.end()) {
      for (const std::string& value : SplitListCell(found->second)) {
        if (meanings.insert(value).second) note(set(item, value));
      }
    } else if (by_name && !absl::StrContains(item, ':')) {
      const auto called = TerritoryCalled(item, rules);
      note(called.ok() ? set(item, *called) : about(item, called.status()));
    } else {
      note(set(item, item));
    }
  }
  return wrong.empty() ? absl::OkStatus()
                       : absl::InvalidArgumentError(absl::StrJoin(wrong, "; "));
}

std::string Field::Get(const Organization& organization) const {
  const Message* message = Find(organization);
  if (message == nullptr || !IsShown(*leaf_, *message)) return "";
  if (!leaf_->is_repeated()) return GetValue(*leaf_, 0, *message);
  std::vector<std::string> values;
  const int size = message->GetReflection()->FieldSize(*message, leaf_);
  for (int i = 0; i < size; ++i) {
    values.push_back(GetValue(*leaf_, i, *message));
  }
  return JoinListCell(values);
}

Table ToTable(const std::vector<Organization>& organizations) {
  std::vector<const Message*> messages;
  for (const Organization& one : organizations) messages.push_back(&one);
  Columns columns;
  columns.Collect("", messages, Organization::descriptor());
  Table table;
  std::vector<Field> fields;
  for (const std::string& name : columns.names()) {
    absl::StatusOr<Field> field = Field::Parse(name);
    if (!field.ok()) continue;  // More items than a table can name.
    table.header.push_back(name);
    table.numeric.push_back(field->numeric());
    fields.push_back(*std::move(field));
  }
  for (const Organization& one : organizations) {
    Table::Row row{.number = static_cast<int>(table.rows.size()) + 2};
    for (const Field& field : fields) row.cells.push_back(field.Get(one));
    table.rows.push_back(std::move(row));
  }
  return table;
}

}  // namespace lagnet::exchange
