#include "clients/cpp/cli/field_flags.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "clients/cpp/cli/parse_value.h"
#include "google/protobuf/descriptor.h"
#include "lagnet/status_macros.h"
#include "lagnet/types/v1/types.pb.h"

namespace lagnet::cli {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

FieldFlags::FieldFlags(CLI::App* command, const Message& type,
                       const std::vector<FieldFlag>& flags) {
  for (const FieldFlag& wanted : flags) {
    const FieldDescriptor* field =
        type.GetDescriptor()->FindFieldByName(wanted.field);
    const std::string name =
        absl::StrCat("--", wanted.flag.empty()
                               ? absl::StrReplaceAll(wanted.field, {{"_", "-"}})
                               : wanted.flag);
    Flag& flag = flags_.emplace_back(Flag{field, {}});
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_BOOL) {
      command->add_flag(name, flag.set, wanted.help);
      continue;
    }
    const auto check = [field, empty = std::shared_ptr<Message>(type.New())](
                           const std::string& text) -> std::string {
      const std::unique_ptr<Message> scratch(empty->New());
      return std::string(SetField(field, text, "en", *scratch).message());
    };
    CLI::Option* option = command->add_option(name, flag.values, wanted.help)
                              ->type_name(ValueName(field))
                              ->allow_extra_args(false)
                              ->check(CLI::Validator(check, ""));
    const bool many =
        field->is_repeated() ||
        field->message_type() == types::v1::LocalizedText::descriptor();
    if (!many) option->expected(1);
  }
}

absl::Status FieldFlags::Apply(absl::string_view language,
                               Message& message) const {
  for (const Flag& flag : flags_) {
    if (flag.set) message.GetReflection()->SetBool(&message, flag.field, true);
    if (!flag.values.empty() && flag.field->is_repeated()) {
      message.GetReflection()->ClearField(&message, flag.field);
    }
    for (const std::string& value : flag.values) {
      RETURN_IF_ERROR(SetField(flag.field, value, language, message));
    }
  }
  return absl::OkStatus();
}

std::vector<std::string> FieldFlags::given() const {
  std::vector<std::string> names;
  for (const Flag& flag : flags_) {
    if (flag.set || !flag.values.empty()) names.push_back(flag.field->name());
  }
  return names;
}

}  // namespace lagnet::cli
