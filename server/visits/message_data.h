#ifndef LAGNET_SERVER_VISITS_MESSAGE_DATA_H_
#define LAGNET_SERVER_VISITS_MESSAGE_DATA_H_

#include "absl/strings/string_view.h"

namespace lagnet::visits {

// The files of server/visits/messages, put into the program by the build.
absl::string_view EnJson();
absl::string_view KaJson();
absl::string_view PlJson();
absl::string_view CsJson();

}  // namespace lagnet::visits

#endif  // LAGNET_SERVER_VISITS_MESSAGE_DATA_H_
