#include "server/db/value.h"

#include "absl/strings/escaping.h"

namespace lagnet::db {

std::string ArrayLiteral(const std::vector<Value>& items) {
  std::string literal = "{";
  for (const Value& item : items) {
    if (literal.size() > 1) literal.push_back(',');
    if (!item) {
      literal.append("NULL");
      continue;
    }
    literal.push_back('"');
    for (const char c : *item) {
      // As a text outside of an array does, which libpq sends up to its NUL.
      if (c == '\0') break;
      if (c == '"' || c == '\\') literal.push_back('\\');
      literal.push_back(c);
    }
    literal.push_back('"');
  }
  literal.push_back('}');
  return literal;
}

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
