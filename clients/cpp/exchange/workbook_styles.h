#ifndef LAGNET_EXCHANGE_WORKBOOK_STYLES_H_
#define LAGNET_EXCHANGE_WORKBOOK_STYLES_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "clients/cpp/exchange/zip.h"

namespace lagnet::exchange {

// Which cells of a workbook are dates: a date is a number whose style shows it
// as one.
class WorkbookStyles {
 public:
  // Reads xl/styles.xml, which a workbook may lack.
  absl::Status Read(ZipReader& archive);

  // `style` as a cell names it; "" is style 0.
  bool IsDate(absl::string_view style) const;

 private:
  std::map<int, std::string> formats_;
  std::vector<int> styles_;  // The format of each.
};

// Whether a number format such as `dd\.mm\.yyyy` shows a day.
bool ShowsDate(absl::string_view format);

// A day, and the time if it is not midnight: `2016-01-31`, `2016-01-31T09:30`.
// Serial numbers count days from the end of 1899 (with a 29 February 1900 that
// never was), or from 1904. "" if there is no such day.
std::string DateOfSerial(double serial, bool from_1904);

}  // namespace lagnet::exchange

#endif  // LAGNET_EXCHANGE_WORKBOOK_STYLES_H_
