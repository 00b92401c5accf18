#ifndef LAGNET_SERVER_MAIL_LETTER_H_
#define LAGNET_SERVER_MAIL_LETTER_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "server/changes/history.h"
#include "server/db/tx.h"
#include "server/privacy/vault.h"

namespace lagnet::mail {

// A letter that is to be sent: to whom and what it says is found out when it
// is. Until then it holds references only, and nothing about people, but to
// whom it is if that is erased by then.
struct Letter {
  int64_t row = 0;
  std::string name;     // Of the letter: random, and the same at each try.
  std::string kind;     // "visits.confirmed": its slice, and what it tells.
  std::string about;    // The resource that it tells of: its whole name.
  int64_t version = 0;  // That the resource had then.
  int attempts = 0;     // This one included.
  // Whom it is to, as its slice packs them; nobody, if they can be looked up.
  // Forgotten when the letter is sent or given up, within a week.
  privacy::Sealed reader;
};

// A letter as it is sent.
struct Message {
  std::string to;  // An address, as EMAIL of options.proto has it.
  std::string language;
  std::string subject;
  std::string text;      // Plain.
  std::string html;      // The same in HTML.
  std::string calendar;  // An iCalendar file to go with it, or "".
  // Anybody could have asked for it, to anybody: not too many of them for one
  // address. See asked_store.h.
  bool was_asked_for = false;
  // To an address that somebody else gave, and nobody confirmed: bound in the
  // same way, but apart, so that nobody is kept from what they ask for
  // themselves.
  bool is_to_others = false;
};

// Writes the letters of one slice.
struct Writer {
  std::string slice;  // What their kinds begin with: "visits".

  // Which letters follow from what happened. Each is kept once, however often
  // it is told.
  std::function<std::vector<Letter>(db::Tx&,
                                    const std::vector<changes::LoggedChange>&)>
      note;

  // The letter in words, or nothing if it is not needed any more.
  std::function<absl::StatusOr<std::optional<Message>>(db::Tx&, const Letter&)>
      write;
};

}  // namespace lagnet::mail

#endif  // LAGNET_SERVER_MAIL_LETTER_H_
