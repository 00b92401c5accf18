#ifndef LAGNET_SERVER_VISITS_PREVIEW_H_
#define LAGNET_SERVER_VISITS_PREVIEW_H_

#include <string>
#include <vector>

#include "server/mail/letter.h"
#include "server/visits/visit.h"

namespace lagnet::visits {

// A letter as somebody who signs up for a visit would get it.
struct LetterPreview {
  std::string kind;  // "confirmed".
  mail::Message message;
};

// All letters of a visit, in the order in which people may get them, to nobody:
// the name, the link and the organisation are made up or given.
std::vector<LetterPreview> PreviewLetters(const StudyVisit& visit,
                                          const std::string& language,
                                          const std::string& organization);

}  // namespace lagnet::visits

#endif  // LAGNET_SERVER_VISITS_PREVIEW_H_
