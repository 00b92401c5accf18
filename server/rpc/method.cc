#include "server/rpc/method.h"

#include <cstdio>
#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace lagnet::rpc {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

[[noreturn]] void BadDeclaration(const std::string& method,
                                 absl::string_view why) {
  std::fprintf(stderr, "the proto of %s declares its access wrongly: %s\n",
               method.c_str(), std::string(why).c_str());
  std::abort();
}

std::vector<const FieldDescriptor*> PathTo(const std::string& method,
                                           const Descriptor* message,
                                           const std::string& text) {
  std::vector<const FieldDescriptor*> path;
  if (text.empty()) return path;
  const std::vector<std::string> names = absl::StrSplit(text, '.');
  for (const std::string& name : names) {
    const FieldDescriptor* field =
        message == nullptr ? nullptr : message->FindFieldByName(name);
    if (field == nullptr || field->is_repeated()) {
      BadDeclaration(method, absl::StrCat("no single field ", text));
    }
    path.push_back(field);
    message = field->message_type();
  }
  if (path.back()->type() != FieldDescriptor::TYPE_STRING) {
    BadDeclaration(method, absl::StrCat(text, " is not a name"));
  }
  return path;
}

}  // namespace

Method DescribeMethod(const google::protobuf::MethodDescriptor& descriptor) {
  const auto& access = descriptor.options().GetExtension(options::v1::access);
  Method method{
      .name = absl::StrCat(descriptor.service()->full_name(), "/",
                           descriptor.name()),
      .is_public = access.public_(),
      .signed_in = access.signed_in(),
      .reads_only = descriptor.options().idempotency_level() ==
                    google::protobuf::MethodOptions::NO_SIDE_EFFECTS,
      .request_id = descriptor.input_type()->FindFieldByName("request_id"),
  };
  for (const options::v1::Allow& allow : access.allow()) {
    Method::Allow entry;
    for (const int role : allow.roles()) {
      entry.roles.push_back(static_cast<options::v1::Role>(role));
    }
    entry.path = PathTo(method.name, descriptor.input_type(), allow.on());
    method.allow.push_back(std::move(entry));
  }
  if (!method.is_public && !method.signed_in && method.allow.empty()) {
    BadDeclaration(method.name, "nobody may call it");
  }
  return method;
}

std::string TextAt(const google::protobuf::Message& request,
                   const std::vector<const FieldDescriptor*>& path) {
  const google::protobuf::Message* message = &request;
  for (const FieldDescriptor* field : path) {
    const auto* reflection = message->GetReflection();
    if (field->type() == FieldDescriptor::TYPE_STRING) {
      return reflection->GetString(*message, field);
    }
    if (!reflection->HasField(*message, field)) return "";
    message = &reflection->GetMessage(*message, field);
  }
  return "";
}

}  // namespace lagnet::rpc
