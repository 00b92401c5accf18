#include "server/rpc/validate.h"

#include <cmath>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/field_mask.pb.h"
#include "google/protobuf/timestamp.pb.h"
#include "lagnet/options/v1/options.pb.h"
#include "server/base/error.h"
#include "server/rpc/format.h"

namespace lagnet::rpc {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using options::v1::Rules;

constexpr int kDefaultMaxLength = 200;
constexpr int kMostViolations = 50;

struct Violation {
  std::string path;
  std::string description;
};

// Which required fields of an update's resource may be absent.
struct Mask {
  bool present = false;
  absl::flat_hash_set<std::string> paths;

  bool Demands(const std::string& field) const {
    return !present || paths.contains("*") || paths.contains(field);
  }
};

// The way to a value. Written out only where there is something to say.
struct Path {
  const Path* parent = nullptr;
  absl::string_view name;            // Of the field.
  int index = -1;                    // Of an item of a repeated one,
  const std::string* key = nullptr;  // or of an entry of a map.

  std::string Text() const {
    std::string text =
        parent == nullptr ? "" : absl::StrCat(parent->Text(), ".");
    absl::StrAppend(&text, name);
    if (index >= 0) absl::StrAppend(&text, "[", index, "]");
    if (key != nullptr) absl::StrAppend(&text, "[", *key, "]");
    return text;
  }
};

// What is to be looked at in messages of one type.
struct Plan {
  explicit Plan(const Descriptor& type)
      : mask(type.FindFieldByName("update_mask")),
        is_localized(type.full_name() == "lagnet.types.v1.LocalizedText"),
        is_time(type.full_name() == "google.protobuf.Timestamp") {
    for (int i = 0; i < type.field_count(); ++i) {
      const FieldDescriptor* field = type.field(i);
      const Rules& rules = field->options().GetExtension(options::v1::rules);
      if (!rules.output_only()) fields.push_back({field, &rules});
    }
  }

  std::vector<std::pair<const FieldDescriptor*, const Rules*>> fields;
  const FieldDescriptor* mask;  // Null if it has none.
  bool is_localized;
  bool is_time;
};

// Made once for each type and thread: looking the rules up anew took most of
// the time of a small request.
const Plan& PlanFor(const Message& message) {
  thread_local absl::flat_hash_map<const Descriptor*, std::unique_ptr<Plan>>
      plans;
  std::unique_ptr<Plan>& plan = plans[message.GetDescriptor()];
  if (plan == nullptr) plan = std::make_unique<Plan>(*message.GetDescriptor());
  return *plan;
}

class Validator {
 public:
  void Check(const Message& message, const Path* parent,
             const Mask& mask = {}) {
    const Plan& plan = PlanFor(message);
    const Mask inner = MaskOf(message, plan.mask);
    for (const auto& [field, rules] : plan.fields) {
      CheckField(message, field, *rules,
                 {.parent = parent, .name = field->name()},
                 mask.Demands(field->name()), inner);
    }
  }

  absl::Status Result() const {
    if (found_.empty()) return absl::OkStatus();
    Error error(
        absl::StatusCode::kInvalidArgument, "INVALID_FIELDS",
        absl::StrCat(found_[0].path, " ", found_[0].description,
                     found_.size() > 1
                         ? absl::StrCat(" (and ", found_.size() - 1, " more)")
                         : ""));
    for (const Violation& v : found_) error.Field(v.path, v.description);
    return error;
  }

 private:
  // The mask of a request that has one; its resource is the message beside.
  static Mask MaskOf(const Message& message, const FieldDescriptor* field) {
    if (field == nullptr) return {};
    Mask mask{.present = true};
    const auto& value = static_cast<const google::protobuf::FieldMask&>(
        message.GetReflection()->GetMessage(message, field));
    mask.paths.insert(value.paths().begin(), value.paths().end());
    return mask;
  }

  void CheckField(const Message& message, const FieldDescriptor* field,
                  const Rules& rules, const Path& path, bool demanded,
                  const Mask& inner) {
    const auto* reflection = message.GetReflection();
    if (!IsSet(message, field)) {
      if (rules.required() && demanded) Add(path, "is required");
      return;
    }
    if (rules.checked_by_method()) {
      TooMany(field->is_repeated() ? reflection->FieldSize(message, field) : 1,
              rules, path);
      return;
    }
    if (field->is_map()) return CheckMap(message, field, rules, path);
    if (!field->is_repeated()) {
      return CheckOne(message, field, -1, rules, path, inner);
    }
    const int size = reflection->FieldSize(message, field);
    if (TooMany(size, rules, path)) return;
    for (int i = 0; i < size; ++i) {
      Path item = path;
      item.index = i;
      CheckOne(message, field, i, rules, item, {});
    }
  }

  void CheckMap(const Message& message, const FieldDescriptor* field,
                const Rules& rules, const Path& path) {
    const auto* reflection = message.GetReflection();
    const int size = reflection->FieldSize(message, field);
    if (TooMany(size, rules, path)) return;
    const FieldDescriptor* key = field->message_type()->map_key();
    const FieldDescriptor* value = field->message_type()->map_value();
    for (int i = 0; i < size; ++i) {
      const Message& entry = reflection->GetRepeatedMessage(message, field, i);
      const std::string name = entry.GetReflection()->GetString(entry, key);
      CheckText(name, rules, path, " key");
      if (value->type() == FieldDescriptor::TYPE_MESSAGE) {
        Path item = path;
        item.key = &name;
        Check(entry.GetReflection()->GetMessage(entry, value), &item);
      }
    }
  }

  // One value: of a single field (index -1) or an item of a repeated one.
  void CheckOne(const Message& message, const FieldDescriptor* field, int index,
                const Rules& rules, const Path& path, const Mask& inner) {
    const auto* reflection = message.GetReflection();
    const bool item = index >= 0;
    switch (field->cpp_type()) {
      case FieldDescriptor::CPPTYPE_STRING: {
        std::string scratch;
        const std::string& value =
            item ? reflection->GetRepeatedStringReference(message, field, index,
                                                          &scratch)
                 : reflection->GetStringReference(message, field, &scratch);
        return field->type() == FieldDescriptor::TYPE_BYTES
                   ? CheckBytes(value, rules, path)
                   : CheckText(value, rules, path);
      }
      case FieldDescriptor::CPPTYPE_INT32:
        return CheckNumber(
            item ? reflection->GetRepeatedInt32(message, field, index)
                 : reflection->GetInt32(message, field),
            rules, path);
      case FieldDescriptor::CPPTYPE_INT64:
        return CheckNumber(
            static_cast<double>(
                item ? reflection->GetRepeatedInt64(message, field, index)
                     : reflection->GetInt64(message, field)),
            rules, path);
      case FieldDescriptor::CPPTYPE_DOUBLE:
        return CheckNumber(
            item ? reflection->GetRepeatedDouble(message, field, index)
                 : reflection->GetDouble(message, field),
            rules, path);
      case FieldDescriptor::CPPTYPE_ENUM:
        return CheckEnum(
            field,
            item ? reflection->GetRepeatedEnumValue(message, field, index)
                 : reflection->GetEnumValue(message, field),
            path);
      case FieldDescriptor::CPPTYPE_MESSAGE: {
        const Message& value =
            item ? reflection->GetRepeatedMessage(message, field, index)
                 : reflection->GetMessage(message, field);
        const Plan& plan = PlanFor(value);
        if (plan.is_localized) CheckLocalized(value, rules, path);
        if (plan.is_time) {
          return CheckTime(
              static_cast<const google::protobuf::Timestamp&>(value), path);
        }
        return Check(value, &path, inner);
      }
      default:
        return;
    }
  }

  // A LocalizedText is required text, and its limit is that of each language.
  void CheckLocalized(const Message& text, const Rules& rules,
                      const Path& path) {
    const auto* field = text.GetDescriptor()->FindFieldByName("texts");
    const auto* reflection = text.GetReflection();
    const int size = reflection->FieldSize(text, field);
    if (size == 0 && rules.required()) {
      return Add(path, "needs a text in at least one language");
    }
    if (rules.max_length() == 0) return;
    for (int i = 0; i < size; ++i) {
      const Message& entry = reflection->GetRepeatedMessage(text, field, i);
      const Message& translation = entry.GetReflection()->GetMessage(
          entry, field->message_type()->map_value());
      const std::string value = translation.GetReflection()->GetString(
          translation, translation.GetDescriptor()->FindFieldByName("text"));
      if (CountCodePoints(value) > static_cast<int>(rules.max_length())) {
        Add(path,
            absl::StrCat("is longer than ", rules.max_length(), " characters"));
      }
    }
  }

  void CheckText(const std::string& text, const Rules& rules, const Path& path,
                 absl::string_view of = "") {
    const int limit = rules.max_length() > 0
                          ? static_cast<int>(rules.max_length())
                          : kDefaultMaxLength;
    if (CountCodePoints(text) > limit) {
      return Add(path, absl::StrCat("is longer than ", limit, " characters"),
                 of);
    }
    std::string wrong = WrongCharacters(text);
    if (wrong.empty()) wrong = WrongFormat(text, rules.format());
    if (!wrong.empty()) Add(path, wrong, of);
  }

  void CheckBytes(const std::string& bytes, const Rules& rules,
                  const Path& path) {
    if (bytes.size() > rules.max_length()) {
      Add(path, absl::StrCat("is longer than ", rules.max_length(), " bytes"));
    }
  }

  void CheckNumber(double number, const Rules& rules, const Path& path) {
    if (std::isnan(number)) return Add(path, "is not a number");
    if (rules.has_gte() && number < static_cast<double>(rules.gte())) {
      Add(path, absl::StrCat("is less than ", rules.gte()));
    }
    if (rules.has_lte() && number > static_cast<double>(rules.lte())) {
      Add(path, absl::StrCat("is more than ", rules.lte()));
    }
  }

  // From year 1 to year 9999, as timestamp.proto says: what is beyond has no
  // form in RFC 3339, nor in every database.
  void CheckTime(const google::protobuf::Timestamp& time, const Path& path) {
    constexpr int64_t kFirst = -62'135'596'800;
    constexpr int64_t kLast = 253'402'300'799;
    if (time.seconds() < kFirst || time.seconds() > kLast || time.nanos() < 0 ||
        time.nanos() > 999'999'999) {
      Add(path, "is not a time between the years 1 and 9999");
    }
  }

  void CheckEnum(const FieldDescriptor* field, int number, const Path& path) {
    if (field->enum_type()->FindValueByNumber(number) == nullptr) {
      Add(path, absl::StrCat(number, " is not a value this server knows"));
    }
  }

  bool TooMany(int size, const Rules& rules, const Path& path) {
    if (rules.max_items() == 0 || size <= static_cast<int>(rules.max_items())) {
      return false;
    }
    Add(path, absl::StrCat("has more than ", rules.max_items(), " items"));
    return true;
  }

  static bool IsSet(const Message& message, const FieldDescriptor* field) {
    const auto* reflection = message.GetReflection();
    return field->is_repeated() ? reflection->FieldSize(message, field) > 0
                                : reflection->HasField(message, field);
  }

  void Add(const Path& path, absl::string_view description,
           absl::string_view of = "") {
    if (found_.size() < kMostViolations) {
      found_.push_back(
          {absl::StrCat(path.Text(), of), std::string(description)});
    }
  }

  std::vector<Violation> found_;
};

}  // namespace

absl::Status Validate(const Message& request) {
  Validator validator;
  validator.Check(request, nullptr);
  return validator.Result();
}

}  // namespace lagnet::rpc
