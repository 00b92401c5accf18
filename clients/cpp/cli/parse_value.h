#ifndef LAGNET_CLI_PARSE_VALUE_H_
#define LAGNET_CLI_PARSE_VALUE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "google/protobuf/timestamp.pb.h"

// Reads single values as people write them. Failures are UsageErrors.
namespace lagnet::cli {

// `lag-manager`, `LAG_MANAGER`; never the value 0.
absl::StatusOr<const google::protobuf::EnumValueDescriptor*> ParseEnum(
    const google::protobuf::EnumDescriptor* type, absl::string_view text);

// `2027-05-01` and `2027-05-01T09:00` in this machine's time zone, or RFC 3339.
absl::StatusOr<google::protobuf::Timestamp> ParseTime(absl::string_view text);

// Sets a field, or adds to it if it is repeated, from what a person wrote.
absl::Status SetField(const google::protobuf::FieldDescriptor* field,
                      absl::string_view text, absl::string_view language,
                      google::protobuf::Message& message);

// What a flag for this field takes, for the help.
std::string ValueName(const google::protobuf::FieldDescriptor* field);

}  // namespace lagnet::cli

#endif  // LAGNET_CLI_PARSE_VALUE_H_
