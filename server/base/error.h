#ifndef LAGNET_SERVER_BASE_ERROR_H_
#define LAGNET_SERVER_BASE_ERROR_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "google/rpc/error_details.pb.h"

namespace lagnet {

// Builds a status that carries machine-readable details (AIP-193).
//
//   return Error(absl::StatusCode::kFailedPrecondition, "SIGN_UP_CLOSED",
//                "sign-up ended on 3 May")
//       .With("signUpEndTime", "2030-05-03T12:00:00Z");
//
// `reason` is part of the API: once released it keeps its meaning, and it is
// registered in docs/api/errors.md (a test checks).
class Error {
 public:
  Error(absl::StatusCode code, absl::string_view reason,
        absl::string_view message);

  // Adds what the message mentions, so that no client parses the message.
  Error& With(absl::string_view key, absl::string_view value);

  // Names a request field that is wrong.
  Error& Field(absl::string_view path, absl::string_view description);

  // Tells the caller when trying again makes sense.
  Error& RetryAfter(absl::Duration delay);

  // Names the limit that is used up.
  Error& Quota(absl::string_view subject, absl::string_view description);

  operator absl::Status() const;  // NOLINT(google-explicit-constructor)

 private:
  absl::StatusCode code_;
  std::string message_;
  google::rpc::ErrorInfo info_;
  google::rpc::BadRequest bad_request_;
  google::rpc::QuotaFailure quota_;
  absl::Duration retry_delay_ = absl::ZeroDuration();
};

// What is wrong with one thing, gathered so that all of it is told at once.
//
//   Errors errors;
//   errors.Add(CheckFounding(…));
//   errors.Add(CheckMembers(…));
//   return errors;
class Errors {
 public:
  // Passes over what is OK.
  void Add(absl::Status status);
  void Add(const Errors& others);

  bool ok() const { return all_.empty(); }
  const std::vector<absl::Status>& all() const { return all_; }

  // OK if nothing is wrong. Else the first error, which names the fields of all
  // that have its reason: a status has one.
  operator absl::Status() const;  // NOLINT(google-explicit-constructor)

 private:
  std::vector<absl::Status> all_;
};

// The reason that an Error put into a status, or "" if it has none.
std::string ReasonOf(const absl::Status& status);

// The fields that an Error named, each with what is wrong with it.
std::vector<std::pair<std::string, std::string>> WrongFieldsOf(
    const absl::Status& status);

// How long to wait before trying again; zero if the status does not say.
absl::Duration RetryDelayOf(const absl::Status& status);

// One field that is wrong: the shortest way to say INVALID_FIELDS.
Error InvalidField(absl::string_view path, absl::string_view description);

// NOT_FOUND: there is no such thing. `what` is a noun: "study visit".
Error NoSuch(absl::string_view what, absl::string_view id);

// ALREADY_EXISTS / NAME_TAKEN: a resource has this name already.
Error NameTaken(absl::string_view name);

// INVALID_ARGUMENT / UNKNOWN_REFERENCE: `field` names what does not exist.
Error UnknownReference(absl::string_view field, absl::string_view name);

}  // namespace lagnet

#endif  // LAGNET_SERVER_BASE_ERROR_H_
