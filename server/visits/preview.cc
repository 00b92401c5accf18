#include "server/visits/preview.h"

#include "server/visits/letter.h"
#include "server/visits/words.h"

namespace lagnet::visits {
namespace {

constexpr char kNobody[] = "N. N.";
constexpr char kNowhere[] = "https://example.org/my/…";

// Where a party stands that gets such a letter does not matter to its words,
// but what is counted and dated has to be there.
SignUp Example(const StudyVisit& visit) {
  return {.members = {{.full_name = kNobody}},
          .seats = 1,
          .due = InstantsOf(visit).start - absl::Hours(7 * 24),
          .wait_position = 3};
}

}  // namespace

std::vector<LetterPreview> PreviewLetters(const StudyVisit& visit,
                                          const std::string& language,
                                          const std::string& organization) {
  SignUp sign_up = Example(visit);
  StudyVisit shown = visit;
  const std::string reason =
      VisitMessages().Say(language, "mail.preview.reason");
  sign_up.refuse_reason = reason;
  if (shown.cancel_reason.empty()) shown.cancel_reason = reason;
  std::vector<LetterPreview> previews;
  for (int i = static_cast<int>(LetterKind::kNone) + 1;
       i <= static_cast<int>(LetterKind::kMoved); ++i) {
    const auto kind = static_cast<LetterKind>(i);
    previews.push_back(
        {.kind = NameOf(kind).substr(NameOf(kind).find('.') + 1),
         .message = WriteLetter(kind, shown, sign_up,
                                {.language = VisitMessages().Spoken(language),
                                 .organization = organization,
                                 .reason = reason,
                                 .link = kNowhere})});
  }
  return previews;
}

}  // namespace lagnet::visits
