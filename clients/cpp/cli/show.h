#ifndef LAGNET_CLI_SHOW_H_
#define LAGNET_CLI_SHOW_H_

#include <string>

#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"

namespace lagnet::cli {

// A message for people: each field that is set on a line of its own, what is
// inside it indented.
//
//   name          studyVisits/kazbegi-latvia
//   title         Kazbegi LAG visits Latvia
//   hosts         organizations/lag-lielupe
//   seats         12
std::string ShowFields(const google::protobuf::Message& message,
                       absl::string_view language);

}  // namespace lagnet::cli

#endif  // LAGNET_CLI_SHOW_H_
