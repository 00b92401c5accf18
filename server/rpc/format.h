#ifndef LAGNET_SERVER_RPC_FORMAT_H_
#define LAGNET_SERVER_RPC_FORMAT_H_

#include <string>

#include "absl/strings/string_view.h"
#include "lagnet/options/v1/options.pb.h"

namespace lagnet::rpc {

// What is wrong with `text` as a value of `format`, as the end of a sentence
// ("is not an e-mail address"); "" if nothing.
std::string WrongFormat(absl::string_view text, options::v1::Format format);

// What is wrong with the characters of any text: control characters other
// than line breaks and tabs, and characters that turn the reading direction
// (they make text look like other text). "" if nothing. `text` is UTF-8.
std::string WrongCharacters(absl::string_view text);

// How many Unicode code points.
int CountCodePoints(absl::string_view text);

}  // namespace lagnet::rpc

#endif  // LAGNET_SERVER_RPC_FORMAT_H_
