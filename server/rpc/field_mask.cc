#include "server/rpc/field_mask.h"

#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/util/message_differencer.h"
#include "lagnet/options/v1/options.pb.h"
#include "server/base/error.h"

namespace lagnet::rpc {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

bool IsSet(const Message& message, const FieldDescriptor* field) {
  return field->is_repeated()
             ? message.GetReflection()->FieldSize(message, field) > 0
             : message.GetReflection()->HasField(message, field);
}

// Makes `field` of `to` what it is in `from`.
void CopyField(const Message& from, const FieldDescriptor* field, Message& to) {
  to.GetReflection()->ClearField(&to, field);
  if (!IsSet(from, field)) return;
  const std::unique_ptr<Message> only(from.New());
  only->CopyFrom(from);
  for (int i = 0; i < from.GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor* other = from.GetDescriptor()->field(i);
    if (other != field) only->GetReflection()->ClearField(only.get(), other);
  }
  to.MergeFrom(*only);
}

bool FieldDiffers(const Message& a, const Message& b,
                  const FieldDescriptor* field) {
  google::protobuf::util::MessageDifferencer differencer;
  return !differencer.CompareWithFields(a, b, {field}, {field});
}

absl::StatusOr<std::vector<const FieldDescriptor*>> FieldsOf(
    const google::protobuf::FieldMask& mask, const Message& wanted) {
  const auto* descriptor = wanted.GetDescriptor();
  std::vector<const FieldDescriptor*> fields;
  const bool all = mask.paths_size() == 1 && mask.paths(0) == "*";
  if (mask.paths().empty() || all) {
    for (int i = 0; i < descriptor->field_count(); ++i) {
      const FieldDescriptor* field = descriptor->field(i);
      if (all || IsSet(wanted, field)) fields.push_back(field);
    }
    return fields;
  }
  for (const std::string& path : mask.paths()) {
    const FieldDescriptor* field = descriptor->FindFieldByName(path);
    if (field == nullptr) {
      return Error(absl::StatusCode::kInvalidArgument, "UNKNOWN_FIELD",
                   absl::StrCat("update_mask names ", path, ", which ",
                                descriptor->name(), " does not have"))
          .With("path", path)
          .Field("update_mask", absl::StrCat(path, " does not exist"));
    }
    fields.push_back(field);
  }
  return fields;
}

}  // namespace

absl::Status ApplyMask(const google::protobuf::FieldMask& mask,
                       const Message& wanted, Message& resource) {
  const auto fields = FieldsOf(mask, wanted);
  if (!fields.ok()) return fields.status();
  for (const FieldDescriptor* field : *fields) {
    const auto& rules = field->options().GetExtension(options::v1::rules);
    if (rules.output_only() || field->name() == "etag") continue;
    if (!rules.immutable()) {
      CopyField(wanted, field, resource);
    } else if (IsSet(wanted, field) && FieldDiffers(wanted, resource, field)) {
      return Error(absl::StatusCode::kInvalidArgument, "IMMUTABLE_FIELD",
                   absl::StrCat(field->name(), " cannot be changed"))
          .With("field", field->name())
          .Field(field->name(), "cannot be changed");
    }
  }
  return absl::OkStatus();
}

absl::Status CheckEtag(const std::string& given, const std::string& current) {
  if (given.empty() || given == current) return absl::OkStatus();
  return Error(absl::StatusCode::kAborted, "ETAG_MISMATCH",
               "somebody else changed this meanwhile; read it again")
      .With("etag", current);
}

std::string EtagOf(int64_t version) {
  return absl::StrCat("\"", version, "\"");
}

}  // namespace lagnet::rpc
