#ifndef LAGNET_SERVER_ACCESS_MESSAGE_DATA_H_
#define LAGNET_SERVER_ACCESS_MESSAGE_DATA_H_

#include "absl/strings/string_view.h"

namespace lagnet::access {

// The files of server/access/messages, put into the program by the build.
absl::string_view EnJson();
absl::string_view KaJson();
absl::string_view PlJson();
absl::string_view CsJson();

}  // namespace lagnet::access

#endif  // LAGNET_SERVER_ACCESS_MESSAGE_DATA_H_
