#ifndef LAGNET_SERVER_BASE_ID_H_
#define LAGNET_SERVER_BASE_ID_H_

#include <string>

#include "absl/strings/string_view.h"

namespace lagnet {

// `size` bytes of the kernel's randomness, fit for secrets.
std::string RandomBytes(size_t size);

// A name for a record about a person: 128 random bits in 26 lower-case
// letters and digits. It tells nothing about when or after whom it was made.
std::string RandomId();

// A name for what passes, such as a call: 64 bits, not fit for secrets.
std::string PassingId();

// Lower-case letters and digits (Crockford's base 32) for `bytes`.
std::string Base32(absl::string_view bytes);

// `^[a-z][a-z0-9-]{2,61}[a-z0-9]$`: what clients may choose as a name.
bool IsSlug(absl::string_view text);

// The canonical form of a UUID: 8-4-4-4-12 hexadecimal digits.
bool IsUuid(absl::string_view text);

}  // namespace lagnet

#endif  // LAGNET_SERVER_BASE_ID_H_
