#ifndef LAGNET_SERVER_MAIL_STORE_H_
#define LAGNET_SERVER_MAIL_STORE_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "server/changes/history.h"
#include "server/db/tx.h"
#include "server/mail/letter.h"

namespace lagnet::mail {

// Letters in the database.

// What became of a letter. The numbers are stored.
enum class LetterState {
  kToBeSent = 1,
  kSent = 2,
  kGivenUp = 3,
  kNotNeeded = 4,
};

// Whether this transaction is the one that reads the change log for letters
// now; and up to where it was read. Nothing was read yet: from now on.
bool TryToRead(db::Tx& tx);
changes::Position LoadReading(db::Tx& tx);
void SaveReading(db::Tx& tx, const changes::Position& position);

// Keeps letters that are not known yet.
void PutLetters(db::Tx& tx, const std::vector<Letter>& letters);

// Takes at most `limit` letters that are due; nobody else gets them for as long
// as `lease`. Whoever crashes with one leaves it to be sent again after that.
std::vector<Letter> TakeLetters(db::Tx& tx, int limit, absl::Duration lease);

void FinishLetter(db::Tx& tx, const Letter& letter, LetterState state,
                  const std::string& failure = "");
// Sends it again after `wait`. `counts`: it was tried.
void PutOff(db::Tx& tx, const Letter& letter, absl::Duration wait, bool counts,
            const std::string& failure);

// Notes that a letter came back, and why: it was sent, and is given up now.
// Returns whether the letter is known, or was done so long ago that it is not.
bool NoteBounce(db::Tx& tx, const std::string& name,
                const std::string& failure);

// Addresses, by a keyed hash, that a mail server refused for good.
void NoteRefused(db::Tx& tx, const std::string& address_hash);
bool IsRefused(db::Tx& tx, const std::string& address_hash);

// Letters to be sent that are due.
int CountWaiting(db::Tx& tx);

// Deletes at most `limit` letters that were done a month ago, and refused
// addresses of a year ago, and gives up letters that have kept for a week whom
// they are to; returns how many. Repeat until it is none.
int PurgeLetters(db::Tx& tx, int limit);

}  // namespace lagnet::mail

#endif  // LAGNET_SERVER_MAIL_STORE_H_
