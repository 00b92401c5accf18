#include "server/rpc/page_token.h"

#include <sodium.h>

#include <algorithm>
#include <cstring>
#include <memory>

#include "absl/strings/escaping.h"
#include "lagnet/internal/v1/tokens.pb.h"
#include "server/base/error.h"
#include "server/rpc/fingerprint.h"

namespace lagnet::rpc {
namespace {

constexpr uint32_t kVersion = 1;

absl::Status Mismatch() {
  return Error(absl::StatusCode::kInvalidArgument, "PAGE_TOKEN_MISMATCH",
               "page_token is not one that this list gave; start again "
               "without it")
      .Field("page_token", "does not belong to this request");
}

}  // namespace

uint64_t HashWithout(const google::protobuf::Message& request,
                     std::initializer_list<const char*> fields) {
  const std::string hash = Fingerprint(request, fields);
  uint64_t number = 0;
  std::memcpy(&number, hash.data(), sizeof(number));
  return number;
}

absl::StatusOr<Page> PageOf(const google::protobuf::Message& request) {
  const auto* descriptor = request.GetDescriptor();
  const auto* reflection = request.GetReflection();
  const int size =
      reflection->GetInt32(request, descriptor->FindFieldByName("page_size"));
  Page page{.size =
                size == 0 ? kDefaultPageSize : std::min(size, kMaxPageSize)};
  const std::string text =
      reflection->GetString(request, descriptor->FindFieldByName("page_token"));
  if (text.empty()) return page;
  std::string bytes;
  internal::v1::PageToken token;
  if (!absl::WebSafeBase64Unescape(text, &bytes) ||
      !token.ParseFromString(bytes) || token.version() != kVersion ||
      token.request_hash() !=
          HashWithout(request, {"page_size", "page_token"})) {
    return Mismatch();
  }
  page.after = {token.last_key(), token.last_id()};
  return page;
}

std::string NextPageToken(const google::protobuf::Message& request,
                          const PagePosition& last) {
  internal::v1::PageToken token;
  token.set_version(kVersion);
  token.set_request_hash(HashWithout(request, {"page_size", "page_token"}));
  token.set_last_key(last.key);
  token.set_last_id(last.id);
  return absl::WebSafeBase64Escape(token.SerializeAsString());
}

}  // namespace lagnet::rpc
