#include "server/rpc/deny_list.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace lagnet::rpc {
namespace {

// RFC 5280 allows 20 octets. What is longer is a fingerprint, most likely.
constexpr size_t kMostDigits = 40;

// One spelling for each number: capitals, no colons, no zeros in front.
std::string Normal(absl::string_view serial) {
  std::string digits =
      absl::AsciiStrToUpper(absl::StrReplaceAll(serial, {{":", ""}}));
  digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size()));
  return digits;
}

bool IsSerial(absl::string_view text) {
  const std::string digits = absl::StrReplaceAll(text, {{":", ""}});
  return !digits.empty() && digits.size() <= kMostDigits &&
         std::all_of(digits.begin(), digits.end(), absl::ascii_isxdigit);
}

}  // namespace

absl::StatusOr<DenyList> DenyList::Parse(absl::string_view text) {
  DenyList list;
  int number = 0;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    ++number;
    absl::string_view serial =
        absl::StripAsciiWhitespace(line.substr(0, line.find('#')));
    if (serial.empty()) continue;
    absl::ConsumePrefix(&serial, "serial=");
    if (!IsSerial(serial)) {
      return absl::InvalidArgumentError(absl::StrCat(
          "line ", number,
          " is not a serial number in hex, as `openssl x509 -noout -serial` "
          "prints it"));
    }
    list.serials_.insert(Normal(serial));
  }
  return list;
}

bool DenyList::Contains(absl::string_view serial) const {
  return serials_.contains(Normal(serial));
}

}  // namespace lagnet::rpc
