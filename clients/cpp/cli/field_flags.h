#ifndef LAGNET_CLI_FIELD_FLAGS_H_
#define LAGNET_CLI_FIELD_FLAGS_H_

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "CLI/App.hpp"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"

namespace lagnet::cli {

// A flag that sets a field of a message.
struct FieldFlag {
  // The field's name in the proto.
  std::string field;
  std::string help;
  // The flag's name without dashes, if it is not the field's.
  std::string flag = {};
};

// Flags of a command that set the fields of a message. What a flag takes
// follows from the field's type and rules:
//
//   a reference to a resource   its id or its full name
//   LocalizedText               [LANGUAGE=]TEXT, once for each language
//   an enum                     a value's name, as `lag-manager`
//   a repeated field            values with commas, or the flag repeated
//   Territory                   SCHEME:CODE[@VERSION], as `nuts:PL815@2021`
//   Position                    LATITUDE,LONGITUDE
//   Timestamp                   2027-05-01, 2027-05-01T09:00 or RFC 3339
//
// Values that do not fit are refused while the command line is parsed.
class FieldFlags {
 public:
  // Adds the flags to `command`; `type` is any message of the type.
  FieldFlags(CLI::App* command, const google::protobuf::Message& type,
             const std::vector<FieldFlag>& flags);

  // Sets the fields whose flags were given. Lists are replaced; of texts, the
  // given languages. A text without language is in `language`.
  absl::Status Apply(absl::string_view language,
                     google::protobuf::Message& message) const;

  // The fields whose flags were given.
  std::vector<std::string> given() const;

 private:
  struct Flag {
    const google::protobuf::FieldDescriptor* field;
    std::vector<std::string> values;
    bool set = false;  // of a bool
  };
  std::deque<Flag> flags_;  // Stays where it is: CLI11 writes into it.
};

}  // namespace lagnet::cli

#endif  // LAGNET_CLI_FIELD_FLAGS_H_
