#ifndef LAGNET_SERVER_MAIL_HEADER_H_
#define LAGNET_SERVER_MAIL_HEADER_H_

#include <string>

#include "absl/strings/string_view.h"

namespace lagnet::mail {

// The value of a header that people read, as mail servers take it: ASCII as it
// is, anything else in encoded words of at most 75 characters, no letter split
// (RFC 2047). Control characters become spaces: nobody adds headers by a title.
std::string EncodeHeader(absl::string_view text);

}  // namespace lagnet::mail

#endif  // LAGNET_SERVER_MAIL_HEADER_H_
