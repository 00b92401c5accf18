#include "server/rpc/old_names.h"

#include "lagnet/options/v1/options.pb.h"

namespace lagnet::rpc {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

bool OldNames::HoldsName(const FieldDescriptor* field) const {
  if (field->type() != FieldDescriptor::TYPE_STRING || field->is_map()) {
    return false;
  }
  const auto& rules = field->options().GetExtension(options::v1::rules);
  return (!source_.resource.empty() && rules.refers_to() == source_.resource) ||
         field->name() == "name" || field->name() == "parent";
}

void OldNames::Learn(const Descriptor* type) {
  const auto [place, is_new] = places_.try_emplace(type);
  if (!is_new) return;
  Places found;
  for (int i = 0; i < type->field_count(); ++i) {
    const FieldDescriptor* field = type->field(i);
    if (HoldsName(field)) found.names.push_back(field);
    // Maps hold texts by language, and no names.
    if (field->message_type() == nullptr || field->is_map()) continue;
    Learn(field->message_type());
    const auto inner = places_.find(field->message_type());
    if (!inner->second.names.empty() || !inner->second.messages.empty()) {
      found.messages.push_back(field);
    }
  }
  places_[type] = std::move(found);
}

std::unique_ptr<Message> OldNames::Replace(const Message& request) const {
  if (!source_.any || !source_.any() || !HasOld(request)) return nullptr;
  std::unique_ptr<Message> copy(request.New());
  copy->CopyFrom(request);
  ReplaceIn(copy.get());
  return copy;
}

bool OldNames::HasOld(const Message& message) const {
  const auto found = places_.find(message.GetDescriptor());
  if (found == places_.end()) return false;
  const auto* reflection = message.GetReflection();
  for (const FieldDescriptor* field : found->second.names) {
    std::string scratch;
    const int size =
        field->is_repeated() ? reflection->FieldSize(message, field) : 1;
    for (int i = 0; i < size; ++i) {
      const std::string& name =
          field->is_repeated()
              ? reflection->GetRepeatedStringReference(message, field, i,
                                                       &scratch)
              : reflection->GetStringReference(message, field, &scratch);
      if (source_.staying(name)) return true;
    }
  }
  for (const FieldDescriptor* field : found->second.messages) {
    if (!field->is_repeated()) {
      if (reflection->HasField(message, field) &&
          HasOld(reflection->GetMessage(message, field))) {
        return true;
      }
      continue;
    }
    for (int i = 0; i < reflection->FieldSize(message, field); ++i) {
      if (HasOld(reflection->GetRepeatedMessage(message, field, i))) {
        return true;
      }
    }
  }
  return false;
}

void OldNames::ReplaceIn(Message* message) const {
  const auto found = places_.find(message->GetDescriptor());
  if (found == places_.end()) return;
  const auto* reflection = message->GetReflection();
  for (const FieldDescriptor* field : found->second.names) {
    if (!field->is_repeated()) {
      const auto staying =
          source_.staying(reflection->GetString(*message, field));
      if (staying) reflection->SetString(message, field, *staying);
      continue;
    }
    for (int i = 0; i < reflection->FieldSize(*message, field); ++i) {
      const auto staying =
          source_.staying(reflection->GetRepeatedString(*message, field, i));
      if (staying) reflection->SetRepeatedString(message, field, i, *staying);
    }
  }
  for (const FieldDescriptor* field : found->second.messages) {
    if (!field->is_repeated()) {
      if (reflection->HasField(*message, field)) {
        ReplaceIn(reflection->MutableMessage(message, field));
      }
      continue;
    }
    for (int i = 0; i < reflection->FieldSize(*message, field); ++i) {
      ReplaceIn(reflection->MutableRepeatedMessage(message, field, i));
    }
  }
}

}  // namespace lagnet::rpc
