#ifndef LAGNET_CLI_JSON_H_
#define LAGNET_CLI_JSON_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"

// Protobuf's own JSON.
namespace lagnet::cli {

// With every field, set or not, so that programs need no defaults.
std::string ToJson(const google::protobuf::Message& message, bool one_line);

// Overwrites `message`. Fails with a UsageError; unknown fields are refused.
absl::Status FromJson(absl::string_view json,
                      google::protobuf::Message& message);

// The content of a file, `-` for standard input.
absl::StatusOr<std::string> ReadInput(const std::string& file);

}  // namespace lagnet::cli

#endif  // LAGNET_CLI_JSON_H_
