#ifndef LAGNET_CLIENT_ERROR_H_
#define LAGNET_CLIENT_ERROR_H_

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "google/rpc/status.pb.h"
#include "grpcpp/support/status.h"

namespace lagnet::client {

// What a failed call says, for programs. Every `absl::Status` that this
// library returns can be decoded into one:
//
//   if (!visit.ok() && Decode(visit.status()).reason == "SIGN_UP_CLOSED") …
struct Error {
  // A field of the request that is wrong.
  struct Field {
    std::string path;  // for example `study_visit.title`
    std::string description;
  };

  absl::StatusCode code = absl::StatusCode::kOk;

  // An English sentence for developers; do not parse it.
  std::string message;

  // A constant such as `SIGN_UP_CLOSED`, see docs/api/errors.md. Empty if the
  // call failed on the way and lagnet itself said nothing.
  std::string reason;

  // What the sentence mentions.
  std::map<std::string, std::string> metadata;

  // Every wrong field; set with the reason `INVALID_FIELDS`.
  std::vector<Field> fields;

  // How long to wait at least before another try. Not set: trying again
  // does not help.
  std::optional<absl::Duration> retry_delay;

  // The `request_id` that the call was sent with: a repeat with the same one
  // is safe, however the first one ended. Empty for calls that change nothing.
  std::string request_id;

  // Whether the answer is lagnet's own. Otherwise no server was reached, or
  // not in time, and a change may or may not have happened.
  bool from_server() const { return !reason.empty(); }
};

// Decodes a status, whoever made it. An OK status gives an empty error.
Error Decode(const absl::Status& status);

// Keep all details, as payloads under their type URL.
absl::Status ToStatus(const grpc::Status& status);
absl::Status ToStatus(const google::rpc::Status& status);

// Adds what `Error::request_id` says. Does nothing to an OK status.
void SetRequestId(const std::string& request_id, absl::Status& status);

}  // namespace lagnet::client

#endif  // LAGNET_CLIENT_ERROR_H_
