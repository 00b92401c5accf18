#include "clients/cpp/exchange/workbook_styles.h"

#include <cmath>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/civil_time.h"
#include "clients/cpp/exchange/xml.h"
#include "lagnet/status_macros.h"

namespace lagnet::exchange {
namespace {

constexpr char kStyles[] = "xl/styles.xml";
constexpr size_t kMostStyles = 100'000;

// The numbers of formats that every workbook has without saying so (ECMA-376
// part 1, 18.8.30): days, and in East Asian versions some more.
bool IsBuiltInDate(int format) {
  return (format >= 14 && format <= 17) || format == 22 ||
         (format >= 27 && format <= 31) || format == 36 ||
         (format >= 50 && format <= 54) || format == 57 || format == 58;
}

}  // namespace

absl::Status WorkbookStyles::Read(ZipReader& archive) {
  if (!archive.Has(kStyles)) return absl::OkStatus();
  bool in_cells = false;
  const auto begin = [&](absl::string_view name, const XmlAttributes& values) {
    int number = 0;
    if (name == "cellXfs") in_cells = true;
    if (name == "numFmt" && absl::SimpleAtoi(values.Get("numFmtId"), &number) &&
        formats_.size() < kMostStyles) {
      formats_[number] = std::string(values.Get("formatCode"));
    }
    if (name == "xf" && in_cells && styles_.size() < kMostStyles) {
      (void)absl::SimpleAtoi(values.Get("numFmtId"), &number);
      styles_.push_back(number);
    }
    return absl::OkStatus();
  };
  const auto end = [&](absl::string_view name) {
    if (name == "cellXfs") in_cells = false;
    return absl::OkStatus();
  };
  XmlReader reader({.begin = begin, .end = end});
  RETURN_IF_ERROR(archive.Read(
      kStyles, [&](absl::string_view piece) { return reader.Take(piece); }));
  return reader.Finish();
}

bool WorkbookStyles::IsDate(absl::string_view style) const {
  int number = 0;
  if (!style.empty() && !absl::SimpleAtoi(style, &number)) return false;
  if (number < 0 || number >= static_cast<int>(styles_.size())) return false;
  const int format = styles_[static_cast<size_t>(number)];
  const auto own = formats_.find(format);
  return own == formats_.end() ? IsBuiltInDate(format) : ShowsDate(own->second);
}

bool ShowsDate(absl::string_view format) {
  for (size_t i = 0; i < format.size(); ++i) {
    const char c = absl::ascii_tolower(format[i]);
    if (c == ';') return false;  // The first part is for positive numbers.
    if (c == '\\' || c == '_' || c == '*') {
      ++i;
    } else if (c == '"' || c == '[') {
      i = format.find(c == '"' ? '"' : ']', i + 1);
      if (i == absl::string_view::npos) return false;
    } else if (c == 'y' || c == 'd') {
      return true;
    }
  }
  return false;
}

std::string DateOfSerial(double serial, bool from_1904) {
  if (!(serial >= 0 && serial < 2'958'466)) return "";  // Ends with year 9999.
  const auto minutes = static_cast<int64_t>(std::llround(serial * 1440));
  const int64_t days = minutes / 1440;
  absl::CivilDay day(1904, 1, 1);
  if (!from_1904) day = absl::CivilDay(1899, 12, days < 60 ? 31 : 30);
  day += days;
  std::string text = absl::FormatCivilTime(day);
  if (const int64_t rest = minutes % 1440; rest != 0) {
    absl::StrAppend(&text, absl::StrFormat("T%02d:%02d", rest / 60, rest % 60));
  }
  return text;
}

}  // namespace lagnet::exchange
