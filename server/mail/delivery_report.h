#ifndef LAGNET_SERVER_MAIL_DELIVERY_REPORT_H_
#define LAGNET_SERVER_MAIL_DELIVERY_REPORT_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace lagnet::mail {

// What a mail server reports about a mail that it had taken: a delivery status
// notification (RFC 3464, and RFC 6533 for letters beyond ASCII).
struct DeliveryReport {
  enum class Fate {
    // It has arrived, or still may.
    kNotFailed,
    // It will not arrive, which is no fault of the address.
    kOtherFault,
    // The address takes no mail.
    kAddressRefused,
  };
  struct Recipient {
    std::string address;   // At which it failed; "" if the report has none.
    std::string original;  // From which it was forwarded there, if it says so.
    Fate fate = Fate::kNotFailed;
    std::string status;  // "5.1.1"; "" if the report has none.
  };

  // The Message-ID of the mail, up to its @; "" if the report has none.
  std::string message_id;
  std::vector<Recipient> recipients;
};

// Reads a mail that anybody may have sent. Nothing: it is no such report.
std::optional<DeliveryReport> ReadDeliveryReport(absl::string_view mail);

}  // namespace lagnet::mail

#endif  // LAGNET_SERVER_MAIL_DELIVERY_REPORT_H_
