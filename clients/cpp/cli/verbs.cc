#include "clients/cpp/cli/verbs.h"

namespace lagnet::cli {

void SetText(const std::string& field, const std::string& value,
             google::protobuf::Message& message) {
  const auto* descriptor = message.GetDescriptor()->FindFieldByName(field);
  if (descriptor == nullptr || value.empty()) return;
  message.GetReflection()->SetString(&message, descriptor, value);
}

FieldFlag EtagFlag() { return {"etag", "only if it still has this etag"}; }

void AddRequestId(CLI::App* command, std::string* id) {
  command
      ->add_option("--request-id", *id,
                   "repeats the call that was made with this id, safely")
      ->type_name("UUID");
}

}  // namespace lagnet::cli
