#include "tests/support/matchers.h"

#include <cstdio>
#include <cstdlib>
#include <memory>

#include "google/protobuf/text_format.h"
#include "google/protobuf/util/message_differencer.h"
#include "google/rpc/error_details.pb.h"

namespace lagnet::support {
namespace {

using google::protobuf::util::MessageDifferencer;

template <typename Detail>
Detail DetailOf(const absl::Status& status) {
  Detail detail;
  const auto payload = status.GetPayload("type.googleapis.com/" +
                                         Detail::descriptor()->full_name());
  if (payload) detail.ParseFromString(std::string(*payload));
  return detail;
}

}  // namespace

std::vector<std::string> WrongFields(const absl::Status& status) {
  const auto wrong = DetailOf<google::rpc::BadRequest>(status);
  std::vector<std::string> fields;
  for (const auto& violation : wrong.field_violations()) {
    fields.push_back(violation.field());
  }
  return fields;
}

std::string MetadataOf(const absl::Status& status, const std::string& key) {
  const auto info = DetailOf<google::rpc::ErrorInfo>(status);
  const auto found = info.metadata().find(key);
  return found == info.metadata().end() ? "" : found->second;
}

bool SameProto(const google::protobuf::Message& message,
               const std::string& text, bool partially,
               std::string* difference) {
  const std::unique_ptr<google::protobuf::Message> wanted(message.New());
  ParseText(text, wanted.get());
  MessageDifferencer differencer;
  if (partially) differencer.set_scope(MessageDifferencer::PARTIAL);
  differencer.ReportDifferencesToString(difference);
  return differencer.Compare(*wanted, message);
}

void ParseText(const std::string& text, google::protobuf::Message* message) {
  if (google::protobuf::TextFormat::ParseFromString(text, message)) return;
  std::fprintf(stderr, "this is not the text of a %s:\n%s\n",
               message->GetTypeName().c_str(), text.c_str());
  std::abort();
}

}  // namespace lagnet::support
