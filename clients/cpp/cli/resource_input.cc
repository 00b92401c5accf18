#include "clients/cpp/cli/resource_input.h"

#include "absl/strings/str_cat.h"
#include "clients/cpp/cli/failure.h"
#include "clients/cpp/cli/json.h"
#include "clients/cpp/cli/names.h"
#include "clients/cpp/cli/verbs.h"
#include "google/protobuf/field_mask.pb.h"
#include "lagnet/options/v1/options.pb.h"
#include "lagnet/status_macros.h"
#include "nlohmann/json.hpp"

namespace lagnet::cli {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

const FieldDescriptor* FieldOfType(const Descriptor* request,
                                   const Descriptor* resource) {
  for (int i = 0; i < request->field_count(); ++i) {
    if (request->field(i)->message_type() == resource) return request->field(i);
  }
  return nullptr;
}

// Fields that a file may contain, since `get --json` prints them, and that are
// not for writing.
bool IsWritable(const FieldDescriptor* field) {
  const auto& rules = field->options().GetExtension(options::v1::rules);
  return !rules.output_only() && field->name() != "name" &&
         field->name() != "etag";
}

}  // namespace

ResourceInput::ResourceInput(CLI::App* command, const Message& request,
                             const Message& resource,
                             const std::vector<FieldFlag>& flags,
                             const std::vector<FieldFlag>& of_request)
    : field_(FieldOfType(request.GetDescriptor(), resource.GetDescriptor())),
      loaded_(resource.New()) {
  command->add_option("name", id_, "id or full name; may be left to --from");
  command
      ->add_option("--from", file_,
                   "protobuf JSON of the resource; - for standard input")
      ->type_name("FILE");
  AddRequestId(command, &request_id_);
  if (request.GetDescriptor()->FindFieldByName("validate_only") != nullptr) {
    command->add_flag("--validate-only", validate_only_,
                      "check everything and change nothing");
  }
  flags_ = std::make_unique<FieldFlags>(command, resource, flags);
  request_flags_ = std::make_unique<FieldFlags>(command, request, of_request);
}

absl::Status ResourceInput::Load() {
  if (file_.empty() || !loaded_fields_.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::string text, ReadInput(file_));
  if (const absl::Status read = FromJson(text, *loaded_); !read.ok()) {
    return UsageError(absl::StrCat(file_, ": ", read.message()));
  }
  // The message does not tell a field given as 0 from one not given.
  const auto object = nlohmann::json::parse(text, nullptr, false);
  if (!object.is_object()) {
    return UsageError(absl::StrCat(file_, " is not strict JSON."));
  }
  for (const auto& item : object.items()) {
    const Descriptor* type = loaded_->GetDescriptor();
    const FieldDescriptor* field = type->FindFieldByName(item.key());
    if (field == nullptr) field = type->FindFieldByCamelcaseName(item.key());
    if (field != nullptr) loaded_fields_.push_back(field->name());
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> ResourceInput::Name() {
  RETURN_IF_ERROR(Load());
  const auto* type = loaded_->GetDescriptor();
  std::string name = id_;
  if (name.empty()) {
    name = loaded_->GetReflection()->GetString(*loaded_,
                                               type->FindFieldByName("name"));
  }
  if (name.empty()) {
    return UsageError("Say which one: its id is missing.");
  }
  return FullName(absl::StrCat("lagnet/", type->name()), name);
}

absl::Status ResourceInput::Read(absl::string_view language,
                                 Message& resource) {
  RETURN_IF_ERROR(Load());
  const auto* reflection = resource.GetReflection();
  for (const std::string& name : loaded_fields_) {
    const FieldDescriptor* field =
        resource.GetDescriptor()->FindFieldByName(name);
    reflection->ClearField(&resource, field);
  }
  resource.MergeFrom(*loaded_);
  return flags_->Apply(language, resource);
}

absl::Status ResourceInput::PutInto(const Message& resource, Message& request) {
  const auto* reflection = request.GetReflection();
  const auto* type = request.GetDescriptor();
  ASSIGN_OR_RETURN(const std::string name, Name());
  reflection->MutableMessage(&request, field_)->CopyFrom(resource);
  SetText(field_->name() + "_id", ShortName(name), request);
  SetText("request_id", request_id_, request);
  RETURN_IF_ERROR(request_flags_->Apply("en", request));
  if (validate_only_) {
    reflection->SetBool(&request, type->FindFieldByName("validate_only"), true);
  }
  const FieldDescriptor* mask_field = type->FindFieldByName("update_mask");
  if (mask_field == nullptr) return absl::OkStatus();
  google::protobuf::FieldMask mask;
  for (const std::string& field : loaded_fields_) {
    if (IsWritable(resource.GetDescriptor()->FindFieldByName(field))) {
      mask.add_paths(field);
    }
  }
  for (const std::string& field : flags_->given()) mask.add_paths(field);
  if (mask.paths().empty()) {
    return UsageError("Say what to change: give a flag or --from FILE.");
  }
  reflection->MutableMessage(&request, mask_field)->CopyFrom(mask);
  return absl::OkStatus();
}

}  // namespace lagnet::cli
