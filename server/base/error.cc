#include "server/base/error.h"

#include <algorithm>
#include <optional>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"

namespace lagnet {
namespace {

template <typename Message>
std::string TypeUrl() {
  return absl::StrCat("type.googleapis.com/",
                      Message::descriptor()->full_name());
}

template <typename Message>
void Attach(absl::Status& status, const Message& message) {
  status.SetPayload(TypeUrl<Message>(),
                    absl::Cord(message.SerializeAsString()));
}

template <typename Message>
std::optional<Message> Detach(const absl::Status& status) {
  const auto payload = status.GetPayload(TypeUrl<Message>());
  Message message;
  if (!payload || !message.ParseFromString(std::string(*payload))) {
    return std::nullopt;
  }
  return message;
}

}  // namespace

Error::Error(absl::StatusCode code, absl::string_view reason,
             absl::string_view message)
    : code_(code), message_(message) {
  info_.set_reason(std::string(reason));
  info_.set_domain("lagnet");
}

Error& Error::With(absl::string_view key, absl::string_view value) {
  (*info_.mutable_metadata())[std::string(key)] = std::string(value);
  return *this;
}

Error& Error::Field(absl::string_view path, absl::string_view description) {
  auto* violation = bad_request_.add_field_violations();
  violation->set_field(std::string(path));
  violation->set_description(std::string(description));
  return *this;
}

Error& Error::RetryAfter(absl::Duration delay) {
  retry_delay_ = delay;
  return *this;
}

Error& Error::Quota(absl::string_view subject, absl::string_view description) {
  auto* violation = quota_.add_violations();
  violation->set_subject(std::string(subject));
  violation->set_description(std::string(description));
  return *this;
}

Error::operator absl::Status() const {
  absl::Status status(code_, message_);
  Attach(status, info_);
  if (bad_request_.field_violations_size() > 0) Attach(status, bad_request_);
  if (quota_.violations_size() > 0) Attach(status, quota_);
  if (retry_delay_ > absl::ZeroDuration()) {
    google::rpc::RetryInfo retry;
    const int64_t nanos = absl::ToInt64Nanoseconds(retry_delay_);
    retry.mutable_retry_delay()->set_seconds(nanos / 1'000'000'000);
    retry.mutable_retry_delay()->set_nanos(
        static_cast<int32_t>(nanos % 1'000'000'000));
    Attach(status, retry);
  }
  return status;
}

void Errors::Add(absl::Status status) {
  if (!status.ok()) all_.push_back(std::move(status));
}

void Errors::Add(const Errors& others) {
  all_.insert(all_.end(), others.all_.begin(), others.all_.end());
}

Errors::operator absl::Status() const {
  if (all_.empty()) return absl::OkStatus();
  absl::Status joined = all_[0];
  google::rpc::BadRequest request;
  for (const absl::Status& status : all_) {
    if (ReasonOf(status) != ReasonOf(joined)) continue;
    const auto named = Detach<google::rpc::BadRequest>(status);
    if (named) request.MergeFrom(*named);
  }
  // Beyond some kilobytes a status does not reach a client.
  constexpr int kMostFields = 20;
  const int more = request.field_violations_size() - kMostFields;
  if (more > 0) {
    request.mutable_field_violations()->DeleteSubrange(kMostFields, more);
  }
  if (request.field_violations_size() > 0) Attach(joined, request);
  return joined;
}

std::string ReasonOf(const absl::Status& status) {
  const auto info = Detach<google::rpc::ErrorInfo>(status);
  return info ? info->reason() : "";
}

std::vector<std::pair<std::string, std::string>> WrongFieldsOf(
    const absl::Status& status) {
  std::vector<std::pair<std::string, std::string>> fields;
  const auto request = Detach<google::rpc::BadRequest>(status);
  if (!request) return fields;
  for (const auto& violation : request->field_violations()) {
    fields.emplace_back(violation.field(), violation.description());
  }
  return fields;
}

absl::Duration RetryDelayOf(const absl::Status& status) {
  const auto retry = Detach<google::rpc::RetryInfo>(status);
  if (!retry) return absl::ZeroDuration();
  return absl::Seconds(retry->retry_delay().seconds()) +
         absl::Nanoseconds(retry->retry_delay().nanos());
}

Error InvalidField(absl::string_view path, absl::string_view description) {
  return Error(absl::StatusCode::kInvalidArgument, "INVALID_FIELDS",
               absl::StrCat(path, " ", description))
      .Field(path, description);
}

Error NoSuch(absl::string_view what, absl::string_view id) {
  return Error(absl::StatusCode::kNotFound, "NOT_FOUND",
               absl::StrCat("there is no ", what, " ", id))
      .With("id", id);
}

Error NameTaken(absl::string_view name) {
  return Error(absl::StatusCode::kAlreadyExists, "NAME_TAKEN",
               absl::StrCat(name, " exists already; choose another id"))
      .With("name", name);
}

Error UnknownReference(absl::string_view field, absl::string_view name) {
  return Error(absl::StatusCode::kInvalidArgument, "UNKNOWN_REFERENCE",
               absl::StrCat(field, ": there is no ", name))
      .With("name", name)
      .Field(field, absl::StrCat("there is no ", name));
}

}  // namespace lagnet
