#include "tests/support/callers.h"

#include <cctype>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "server/base/error.h"

namespace lagnet::support {
namespace {

absl::Status Unknown(absl::string_view token) {
  return Error(absl::StatusCode::kUnauthenticated, "UNKNOWN_CREDENTIALS",
               absl::StrCat("no caller has the token ", token));
}

// Where a grant keeps what it is held over; nullptr for another word.
std::string* Over(rpc::Grant& grant, absl::string_view what) {
  if (what == "network") return &grant.network;
  if (what == "region") return &grant.region;
  if (what == "organization") return &grant.organization;
  if (what == "project") return &grant.project;
  if (what == "sign_up") return &grant.sign_up;
  return nullptr;
}

// An account's id must be one that names can have.
std::string IdOf(absl::string_view text) {
  std::string id = absl::AsciiStrToLower(text);
  for (char& c : id) {
    if (!absl::ascii_isalnum(static_cast<unsigned char>(c))) c = '-';
  }
  return id;
}

}  // namespace

absl::StatusOr<rpc::Caller> CallerOf(absl::string_view token) {
  absl::string_view text = token;
  if (!absl::ConsumePrefix(&text, "role:")) return Unknown(token);
  const std::string id = IdOf(text);
  rpc::Caller caller{.identity = absl::StrCat("accounts/", id), .account = id};
  const std::pair<std::string, std::string> parts =
      absl::StrSplit(text, absl::MaxSplits('@', 1));
  if (parts.first == "NONE") return caller;
  rpc::Grant grant;
  if (!options::v1::Role_Parse(parts.first, &grant.role)) return Unknown(token);
  for (const auto entry :
       absl::StrSplit(parts.second, ',', absl::SkipEmpty())) {
    const std::pair<std::string, std::string> over =
        absl::StrSplit(entry, absl::MaxSplits('=', 1));
    std::string* const place = Over(grant, over.first);
    if (place == nullptr) return Unknown(token);
    *place = over.second;
  }
  caller.grants.push_back(std::move(grant));
  return caller;
}

}  // namespace lagnet::support
