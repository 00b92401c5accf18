#include "lagnet/retry.h"

#include <algorithm>

#include "absl/random/random.h"
#include "google/protobuf/descriptor.h"
#include "lagnet/uuid.h"

namespace lagnet::client {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

const char kServiceConfig[] = R"json({
  "methodConfig": [ {
    "name": [ {} ],
    "retryPolicy": {
      "maxAttempts": 4,
      "initialBackoff": "0.1s",
      "maxBackoff": "2s",
      "backoffMultiplier": 2,
      "retryableStatusCodes": [ "UNAVAILABLE", "CANCELLED" ]
    }
  } ],
  "retryThrottling": { "maxTokens": 100, "tokenRatio": 0.1 }
})json";

absl::Duration Backoff::Next(absl::Duration least) {
  thread_local absl::BitGen random;
  // Spread widely: those that a restarted server cut all come back at once.
  const absl::Duration pause = least + next_ * absl::Uniform(random, 0.3, 1.0);
  next_ = std::min(next_ * 2, longest_);
  return pause;
}

std::optional<absl::Duration> RetryDelay(const Error& error) {
  if (error.code == absl::StatusCode::kUnknown) {
    if (error.reason != "COMMIT_IN_DOUBT") return std::nullopt;
    return error.retry_delay.value_or(absl::ZeroDuration());
  }
  const bool may_pass = error.code == absl::StatusCode::kAborted ||
                        error.code == absl::StatusCode::kUnavailable ||
                        error.code == absl::StatusCode::kResourceExhausted;
  return may_pass ? error.retry_delay : std::nullopt;
}

std::string FillRequestIds(Message& request) {
  const auto* type = request.GetDescriptor();
  const auto* reflection = request.GetReflection();
  for (int i = 0; i < type->field_count(); ++i) {
    const FieldDescriptor* field = type->field(i);
    if (!field->is_repeated() || field->is_map() ||
        field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE ||
        field->message_type()->FindFieldByName("request_id") == nullptr) {
      continue;
    }
    for (int item = 0; item < reflection->FieldSize(request, field); ++item) {
      FillRequestIds(
          *reflection->MutableRepeatedMessage(&request, field, item));
    }
  }
  const FieldDescriptor* id = type->FindFieldByName("request_id");
  if (id == nullptr || id->cpp_type() != FieldDescriptor::CPPTYPE_STRING) {
    return "";
  }
  if (reflection->GetString(request, id).empty()) {
    reflection->SetString(&request, id, NewUuid());
  }
  return reflection->GetString(request, id);
}

}  // namespace lagnet::client
