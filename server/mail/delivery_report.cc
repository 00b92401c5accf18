#include "server/mail/delivery_report.h"

#include <algorithm>
#include <array>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "server/mail/mime.h"

namespace lagnet::mail {
namespace {

using Fate = DeliveryReport::Fate;

constexpr size_t kMostRecipients = 20;  // A letter of ours has one.
constexpr size_t kLongestAddress = 254;
constexpr size_t kLongestId = 200;
constexpr size_t kLongestStatus = 9;

// That the mailbox is not there, or no longer; that no server takes mail for
// its domain. Not 5.1.0, 5.1.7 and 5.1.8, which are said of senders.
constexpr std::array<absl::string_view, 8> kOfTheAddress = {
    "5.1.1", "5.1.2", "5.1.3", "5.1.4", "5.1.6", "5.1.10", "5.2.1", "5.4.4"};

// What stands behind the type in "rfc822; nino@example.org" or "smtp; 550 No".
absl::string_view BehindType(absl::string_view field) {
  const size_t semicolon = field.find(';');
  if (semicolon != absl::string_view::npos) field.remove_prefix(semicolon + 1);
  return absl::StripAsciiWhitespace(field);
}

std::string RecipientIn(absl::string_view field) {
  absl::string_view address = BehindType(field);
  absl::ConsumePrefix(&address, "<");
  absl::ConsumeSuffix(&address, ">");
  return address.size() <= kLongestAddress ? std::string(address) : "";
}

// "5.1.1" of "5.1.1 (bad mailbox)"; "" if that is not how it begins.
std::string StatusAt(absl::string_view text) {
  const absl::string_view status =
      text.substr(0, text.find_first_not_of("0123456789."));
  if (status.size() > kLongestStatus) return "";
  const std::vector<absl::string_view> numbers = absl::StrSplit(status, '.');
  const bool is_status =
      numbers.size() == 3 && numbers[0].size() == 1 &&
      std::none_of(numbers.begin(), numbers.end(),
                   [](absl::string_view number) { return number.empty(); });
  return is_status ? std::string(status) : "";
}

// What a mail server answered, from a Diagnostic-Code: "smtp; 550-5.1.1 No".
struct Reply {
  int code = 0;  // 0: it did not answer.
  std::string status;
};

Reply ReadReply(absl::string_view field) {
  Reply reply;
  absl::string_view text = BehindType(field);
  if (!absl::StartsWithIgnoreCase(field, "smtp") || text.size() < 3 ||
      !absl::SimpleAtoi(text.substr(0, 3), &reply.code)) {
    return {};
  }
  text.remove_prefix(3);
  if (!absl::ConsumePrefix(&text, "-")) absl::ConsumePrefix(&text, " ");
  absl::ConsumePrefix(&text, "#");
  reply.status = StatusAt(text);
  return reply;
}

// The most exact status that there is: servers say 5.0.0 for what others have
// answered to them in numbers.
std::string StatusOf(absl::string_view field, const Reply& reply) {
  std::string status = StatusAt(field);
  const bool says_little = status.empty() || absl::EndsWith(status, ".0.0");
  if (says_little && !reply.status.empty()) return reply.status;
  return status;
}

Fate FateOf(absl::string_view action, const std::string& status,
            const Reply& reply) {
  if (!absl::EqualsIgnoreCase(action.substr(0, action.find_first_of(" \t(")),
                              "failed")) {
    return Fate::kNotFailed;
  }
  // Of an address that is refused at once, these replies say it, too. Exchange
  // answers 5.4.1 for mailboxes that it does not have; where no server has
  // answered it means that none could be reached.
  if (status == "5.0.0" || status == "5.4.1") {
    const bool is_refusal =
        reply.code == 550 || reply.code == 551 || reply.code == 553;
    return is_refusal ? Fate::kAddressRefused : Fate::kOtherFault;
  }
  return std::find(kOfTheAddress.begin(), kOfTheAddress.end(), status) !=
                 kOfTheAddress.end()
             ? Fate::kAddressRefused
             : Fate::kOtherFault;
}

std::vector<DeliveryReport::Recipient> ReadRecipients(absl::string_view part) {
  std::vector<DeliveryReport::Recipient> recipients;
  while (!part.empty() && recipients.size() < kMostRecipients) {
    const Headers fields = Headers::Take(&part);
    DeliveryReport::Recipient recipient{
        .address = RecipientIn(fields.Get("final-recipient")),
        .original = RecipientIn(fields.Get("original-recipient"))};
    // Else it is about the report as a whole.
    if (recipient.address.empty() && recipient.original.empty()) continue;
    const Reply reply = ReadReply(fields.Get("diagnostic-code"));
    recipient.status = StatusOf(fields.Get("status"), reply);
    recipient.fate = FateOf(fields.Get("action"), recipient.status, reply);
    recipients.push_back(std::move(recipient));
  }
  return recipients;
}

// From the mail that came back, or its headers.
std::string ReadMessageId(absl::string_view part) {
  const Headers headers = Headers::Take(&part);
  absl::string_view id = headers.Get("message-id");
  absl::ConsumePrefix(&id, "<");
  id = id.substr(0, id.find('@'));
  return id.size() <= kLongestId ? std::string(id) : "";
}

}  // namespace

std::optional<DeliveryReport> ReadDeliveryReport(absl::string_view mail) {
  const Headers headers = Headers::Take(&mail);
  const ContentType whole = ReadContentType(headers.Get("content-type"));
  if (whole.type != "multipart/report") return std::nullopt;
  DeliveryReport report;
  bool has_status = false;
  for (absl::string_view part : SplitParts(mail, whole.boundary)) {
    const Headers of_part = Headers::Take(&part);
    const std::string type = ReadContentType(of_part.Get("content-type")).type;
    if (type == "message/delivery-status" ||
        type == "message/global-delivery-status") {
      has_status = true;
      report.recipients = ReadRecipients(part);
    } else if (type == "message/rfc822" || type == "text/rfc822-headers" ||
               type == "message/global" || type == "message/global-headers") {
      report.message_id = ReadMessageId(part);
    }
  }
  if (!has_status) return std::nullopt;
  return report;
}

}  // namespace lagnet::mail
