#ifndef LAGNET_SERVER_ACCESS_LETTER_STORE_H_
#define LAGNET_SERVER_ACCESS_LETTER_STORE_H_

#include <string>

#include "server/base/messages.h"
#include "server/mail/letter.h"
#include "server/privacy/vault.h"

namespace lagnet::access {

// What the letters say.
const Messages& AccessMessages();

// The letters to those who work with lagnet: to sign in, to claim an
// organisation's entry, that somebody holds a role, and that nobody has looked
// at an entry for a year. `web_url` is where the pages are that they link to,
// without a slash at its end.
mail::Writer AccessLetters(const privacy::Vault* vault,
                           const std::string& web_url);

}  // namespace lagnet::access

#endif  // LAGNET_SERVER_ACCESS_LETTER_STORE_H_
