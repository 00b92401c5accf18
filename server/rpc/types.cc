#include "server/rpc/types.h"

#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"

namespace lagnet::rpc {

LocalizedText FromProto(const types::v1::LocalizedText& text) {
  LocalizedText result;
  for (const auto& [language, translation] : text.texts()) {
    result[language] = Translation{.text = translation.text(),
                                   .origin = translation.origin(),
                                   .status = translation.status()};
  }
  return result;
}

types::v1::LocalizedText ToProto(const LocalizedText& text) {
  types::v1::LocalizedText result;
  for (const auto& [language, translation] : text) {
    types::v1::Translation& entry = (*result.mutable_texts())[language];
    entry.set_text(translation.text);
    entry.set_origin(
        static_cast<types::v1::Translation::Origin>(translation.origin));
    entry.set_status(
        static_cast<types::v1::Translation::Status>(translation.status));
  }
  return result;
}

absl::Time FromProto(const google::protobuf::Timestamp& time) {
  return absl::FromUnixSeconds(time.seconds()) +
         absl::Nanoseconds(time.nanos());
}

google::protobuf::Timestamp ToProto(absl::Time time) {
  google::protobuf::Timestamp result;
  const int64_t seconds = absl::ToUnixSeconds(time);
  result.set_seconds(seconds);
  result.set_nanos(static_cast<int32_t>(
      absl::ToInt64Nanoseconds(time - absl::FromUnixSeconds(seconds))));
  return result;
}

absl::StatusOr<std::string> IdOf(absl::string_view collection,
                                 absl::string_view field,
                                 const std::string& name) {
  if (name.empty()) return std::string();
  std::optional<std::string> id = ParseName(collection, name);
  if (!id) {
    return InvalidField(
        field, absl::StrCat("must be a name such as ", collection, "/…"));
  }
  return *std::move(id);
}

absl::StatusOr<std::vector<std::string>> IdsOf(
    absl::string_view collection, absl::string_view field,
    const google::protobuf::RepeatedPtrField<std::string>& names) {
  std::vector<std::string> ids;
  for (int i = 0; i < names.size(); ++i) {
    ASSIGN_OR_RETURN(
        std::string id,
        IdOf(collection, absl::StrCat(field, "[", i, "]"), names[i]));
    ids.push_back(std::move(id));
  }
  return ids;
}

}  // namespace lagnet::rpc
