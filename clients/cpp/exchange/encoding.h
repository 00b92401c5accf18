#ifndef LAGNET_EXCHANGE_ENCODING_H_
#define LAGNET_EXCHANGE_ENCODING_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace lagnet::exchange {

// Appends a code point as UTF-8.
void AppendUtf8(char32_t code_point, std::string& text);

// Whether `text` is UTF-8 (RFC 3629: no surrogates, shortest forms only).
bool IsUtf8(absl::string_view text);

// A text file as UTF-8 without a byte order mark. `encoding` is `windows-1250`
// or, if it is empty, UTF-8. An encoding is never guessed: nearly any bytes are
// Windows-1250, and a wrong guess is found when all names are wrong already.
//
// Fails with INVALID_ARGUMENT in words that say what to do: for UTF-16, for
// what is no text, and for other bytes than `encoding` says, with the first
// line that has some as Windows-1250 would read it.
absl::StatusOr<std::string> ToUtf8(absl::string_view bytes,
                                   absl::string_view encoding);

}  // namespace lagnet::exchange

#endif  // LAGNET_EXCHANGE_ENCODING_H_
