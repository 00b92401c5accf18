#ifndef LAGNET_SERVER_VISITS_LETTER_STORE_H_
#define LAGNET_SERVER_VISITS_LETTER_STORE_H_

#include <string>

#include "server/db/tx.h"
#include "server/mail/letter.h"
#include "server/privacy/vault.h"

namespace lagnet::visits {

// The letters of study visits: found from the decisions behind the change log,
// written from what the database knows when they are sent. `web_url` is where
// the pages are that they link to, without a slash at its end.
mail::Writer VisitLetters(const privacy::Vault* vault,
                          const std::string& web_url);

// For the job that reminds: makes the letters to those who have seats on visits
// that begin within three days, once for each visit, of at most `limit` visits.
// Returns of how many.
int NoteReminders(db::Tx& tx, int limit);

}  // namespace lagnet::visits

#endif  // LAGNET_SERVER_VISITS_LETTER_STORE_H_
