#ifndef LAGNET_CLI_TEXT_H_
#define LAGNET_CLI_TEXT_H_

#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "google/protobuf/timestamp.pb.h"
#include "lagnet/types/v1/types.pb.h"

// How single values are shown to people.
namespace lagnet::cli {

// How many columns a text fills in a terminal: combining marks none, wide
// letters two. Counts bytes that are not UTF-8 as one each.
int DisplayWidth(absl::string_view text);

// The text with at most `width` columns, its end marked by `…` if cut.
std::string Cut(absl::string_view text, int width);

// The text without what could command a terminal; a line's end is a space.
std::string OneLine(absl::string_view text);

// The text in `language`, else in its main language (`sr` for `sr-Latn`), else
// in English, else in whichever comes first.
std::string Pick(const types::v1::LocalizedText& text,
                 absl::string_view language);

// The language that LANG asks for (`ka_GE.UTF-8` is `ka`), English if none.
std::string LanguageOf(absl::string_view lang);

// 17607220 PLN is `176,072.20 PLN`.
std::string Show(const types::v1::Money& money);

// In the zone of this machine; "" if not set.
std::string Show(const google::protobuf::Timestamp& time,
                 absl::TimeZone zone = absl::LocalTimeZone());

}  // namespace lagnet::cli

#endif  // LAGNET_CLI_TEXT_H_
