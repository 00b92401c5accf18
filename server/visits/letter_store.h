#ifndef LAGNET_SERVER_VISITS_LETTER_STORE_H_
#define LAGNET_SERVER_VISITS_LETTER_STORE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "server/db/tx.h"
#include "server/mail/letter.h"
#include "server/privacy/vault.h"
#include "server/visits/sign_up.h"

namespace lagnet::visits {

// The letters of study visits: found from the decisions behind the change log,
// written from what the database knows when they are sent. `web_url` is where
// the pages are that they link to, without a slash at its end.
mail::Writer VisitLetters(const privacy::Vault* vault,
                          const std::string& web_url);

// The letters to the members who have places of their own in a party that the
// decision `version` withdraws and that is erased with it. They hold to whom
// they are, which nobody else knows afterwards.
std::vector<mail::Letter> LettersToErased(const privacy::Vault& vault,
                                          const SignUp& sign_up,
                                          int64_t version);

// For the job that reminds: makes the letters to those who have seats on visits
// that begin within three days, once for each visit, of at most `limit` visits.
// Returns of how many.
int NoteReminders(db::Tx& tx, int limit);

}  // namespace lagnet::visits

#endif  // LAGNET_SERVER_VISITS_LETTER_STORE_H_
