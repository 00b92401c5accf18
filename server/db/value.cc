#include "server/db/value.h"

#include "absl/strings/escaping.h"

namespace lagnet::db {

Value ToValue(bool flag) { return flag ? "t" : "f"; }

Value ToValue(absl::Time time) {
  if (time == absl::InfiniteFuture() || time == absl::InfinitePast()) {
    return std::nullopt;
  }
  return absl::FormatTime("%E4Y-%m-%d %H:%M:%E6S+00", time,
                          absl::UTCTimeZone());
}

Value ToValue(Bytes bytes) {
  return absl::StrCat("\\x", absl::BytesToHexString(bytes.data));
}

Value ToValue(const nlohmann::json& json) { return json.dump(); }

}  // namespace lagnet::db
