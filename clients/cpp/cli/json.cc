#include "clients/cpp/cli/json.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>
#include <sstream>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "clients/cpp/cli/failure.h"
#include "google/protobuf/util/json_util.h"

namespace lagnet::cli {

namespace json = google::protobuf::util;

std::string ToJson(const google::protobuf::Message& message, bool one_line) {
  json::JsonPrintOptions options;
  options.add_whitespace = !one_line;
  options.always_print_primitive_fields = true;
  std::string text;
  // Cannot fail: no Any of an unknown type is ever sent by lagnet.
  (void)json::MessageToJsonString(message, &text, options);
  return text;
}

absl::Status FromJson(absl::string_view text,
                      google::protobuf::Message& message) {
  message.Clear();
  const auto status = json::JsonStringToMessage(
      google::protobuf::StringPiece(text.data(), text.size()), &message);
  if (status.ok()) return absl::OkStatus();
  // "(a.b) foo: Cannot find field." names the field by its place.
  std::string why(status.message().data(), status.message().size());
  if (absl::StrContains(why, "Cannot find field")) {
    why = absl::StrCat("unknown field ",
                       absl::StrReplaceAll(why, {{": Cannot find field.", ""}}),
                       " in ", message.GetDescriptor()->name());
  }
  return UsageError(why);
}

absl::StatusOr<std::string> ReadInput(const std::string& file) {
  std::ostringstream content;
  if (file == "-") {
    content << std::cin.rdbuf();
    return content.str();
  }
  std::ifstream in(file, std::ios::binary);
  if (!in || !(content << in.rdbuf())) {
    return UsageError(absl::StrCat(
        "cannot read ", file, ": ",
        errno != 0 ? std::strerror(errno) : "it is empty or no file"));
  }
  return content.str();
}

}  // namespace lagnet::cli
