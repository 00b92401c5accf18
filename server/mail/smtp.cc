#include "server/mail/smtp.h"

#include <curl/curl.h>

#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "server/mail/header.h"

namespace lagnet::mail {
namespace {

constexpr long kConnectSeconds = 15;  // NOLINT(google-runtime-int): libcurl's.
constexpr long kSendSeconds = 30;     // NOLINT(google-runtime-int): libcurl's.

struct Free {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
  void operator()(curl_mime* mime) const { curl_mime_free(mime); }
};
using List = std::unique_ptr<curl_slist, Free>;

List ListOf(const std::vector<std::string>& items) {
  curl_slist* list = nullptr;
  for (const std::string& item : items) {
    list = curl_slist_append(list, item.c_str());
  }
  return List(list);
}

void Fill(curl_mimepart* part, const std::string& data, const char* type) {
  curl_mime_data(part, data.data(), data.size());
  curl_mime_type(part, type);
  curl_mime_encoder(part, "base64");
}

// "Name <address>" with the name encoded.
std::string FromHeader(const std::string& from) {
  const size_t open = from.rfind('<');
  if (open == std::string::npos || open == 0) return from;
  std::string name = from.substr(0, open);
  while (!name.empty() && name.back() == ' ') name.pop_back();
  return absl::StrCat(EncodeHeader(name), " ", from.substr(open));
}

// What the answer of the mail server means. libcurl has one error for all that
// is refused, and says in words what it was: the recipient, the message (it has
// no words for that at the end), or else the sender or all of us, which is no
// fault of the letter.
Delivery DeliveryOf(CURLcode result, int code, absl::string_view words) {
  if (result == CURLE_OK) return {};
  Delivery delivery{
      .outcome = Delivery::Outcome::kNoServer,
      .failure = words.empty()
                     ? absl::StrCat(curl_easy_strerror(result), " (", code, ")")
                     : std::string(words)};
  const bool is_recipient = absl::StartsWith(words, "RCPT failed");
  const bool is_message = absl::StartsWith(words, "DATA failed") ||
                          (result == CURLE_WEIRD_SERVER_REPLY && words.empty());
  if (!is_recipient && !is_message) return delivery;
  if (is_recipient && (code == 550 || code == 551 || code == 553)) {
    delivery.outcome = Delivery::Outcome::kNoSuchAddress;
  } else if (code >= 500 && code < 600) {
    delivery.outcome = Delivery::Outcome::kRefused;
  } else if (code >= 400 && code < 500) {
    delivery.outcome = Delivery::Outcome::kLater;
  }
  return delivery;
}

}  // namespace

std::string AddressIn(const std::string& from) {
  const size_t open = from.rfind('<');
  const size_t close = from.rfind('>');
  if (open == std::string::npos || close == std::string::npos || close < open) {
    return from;
  }
  return from.substr(open + 1, close - open - 1);
}

class Smtp::Easy {
 public:
  Easy() {
    static const CURLcode global = curl_global_init(CURL_GLOBAL_DEFAULT);
    handle_ = global == CURLE_OK ? curl_easy_init() : nullptr;
  }
  ~Easy() {
    if (handle_ != nullptr) curl_easy_cleanup(handle_);
  }
  Easy(const Easy&) = delete;
  Easy& operator=(const Easy&) = delete;

  CURL* get() const { return handle_; }

 private:
  CURL* handle_ = nullptr;
};

Smtp::Smtp(Options options)
    : options_(std::move(options)),
      address_(AddressIn(options_.from)),
      easy_(std::make_unique<Easy>()) {}

Smtp::~Smtp() = default;

Delivery Smtp::Send(const Message& message, const std::string& id,
                    absl::Time now) {
  CURL* const curl = easy_->get();
  if (curl == nullptr) {
    return {Delivery::Outcome::kNoServer, "libcurl could not be started"};
  }
  curl_easy_reset(curl);  // Keeps the connection.
  const std::string domain = address_.substr(address_.rfind('@') + 1);
  const List headers = ListOf(
      {absl::StrCat("From: ", FromHeader(options_.from)),
       absl::StrCat("To: <", message.to, ">"),
       absl::StrCat("Subject: ", EncodeHeader(message.subject)),
       absl::StrCat("Date: ", absl::FormatTime("%a, %d %b %Y %H:%M:%S +0000",
                                               now, absl::UTCTimeZone())),
       absl::StrCat("Message-ID: <", id, "@", domain, ">"),
       absl::StrCat("Content-Language: ", message.language),
       "Auto-Submitted: auto-generated"});
  const List recipients = ListOf({absl::StrCat("<", message.to, ">")});
  const std::unique_ptr<curl_mime, Free> mime(curl_mime_init(curl));
  curl_mime* const words = curl_mime_init(curl);
  Fill(curl_mime_addpart(words), message.text, "text/plain; charset=utf-8");
  Fill(curl_mime_addpart(words), message.html, "text/html; charset=utf-8");
  curl_mimepart* const body = curl_mime_addpart(mime.get());
  curl_mime_subparts(body, words);  // Takes them over.
  curl_mime_type(body, "multipart/alternative");
  if (!message.calendar.empty()) {
    curl_mimepart* const calendar = curl_mime_addpart(mime.get());
    Fill(calendar, message.calendar,
         "text/calendar; charset=utf-8; method=PUBLISH");
    curl_mime_filename(calendar, "visit.ics");
  }
  curl_easy_setopt(curl, CURLOPT_URL, options_.server.c_str());
  curl_easy_setopt(curl, CURLOPT_USE_SSL,
                   options_.plaintext ? CURLUSESSL_NONE : CURLUSESSL_ALL);
  if (!options_.ca.empty()) {
    curl_easy_setopt(curl, CURLOPT_CAINFO, options_.ca.c_str());
  }
  if (!options_.user.empty()) {
    curl_easy_setopt(curl, CURLOPT_USERNAME, options_.user.c_str());
    curl_easy_setopt(curl, CURLOPT_PASSWORD, options_.password.c_str());
  }
  curl_easy_setopt(curl, CURLOPT_MAIL_FROM,
                   absl::StrCat("<", address_, ">").c_str());
  curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, recipients.get());
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(curl, CURLOPT_MIMEPOST, mime.get());
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, kConnectSeconds);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT, kSendSeconds);
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  char said[CURL_ERROR_SIZE] = "";
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, said);
  const CURLcode result = curl_easy_perform(curl);
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, nullptr);
  long code = 0;  // NOLINT(google-runtime-int): libcurl's.
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &code);
  return DeliveryOf(result, static_cast<int>(code), said);
}

}  // namespace lagnet::mail
