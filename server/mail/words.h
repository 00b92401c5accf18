#ifndef LAGNET_SERVER_MAIL_WORDS_H_
#define LAGNET_SERVER_MAIL_WORDS_H_

#include <string>
#include <vector>

#include "server/mail/letter.h"

namespace lagnet::mail {

// What a letter says: paragraphs, and one link between them, if there is one.
struct Words {
  std::string to;
  std::string language;
  std::string subject;
  std::vector<std::string> before;
  std::string button;  // What the link does.
  std::string link;
  std::vector<std::string> after;
};

// The letter, as plain text and as the same in HTML.
Message Compose(const Words& words);

}  // namespace lagnet::mail

#endif  // LAGNET_SERVER_MAIL_WORDS_H_
