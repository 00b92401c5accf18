#include "server/visits/letter.h"

#include <array>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/mail/words.h"
#include "server/visits/calendar.h"
#include "server/visits/words.h"

namespace lagnet::visits {
namespace {

constexpr std::array<std::pair<LetterKind, absl::string_view>, 11> kNames = {{
    {LetterKind::kVerify, "verify"},
    {LetterKind::kHeld, "held"},
    {LetterKind::kConfirmed, "confirmed"},
    {LetterKind::kWaiting, "waiting"},
    {LetterKind::kOffered, "offered"},
    {LetterKind::kWithdrawn, "withdrawn"},
    {LetterKind::kRefused, "refused"},
    {LetterKind::kExpired, "expired"},
    {LetterKind::kCancelled, "cancelled"},
    {LetterKind::kChanged, "changed"},
    {LetterKind::kReminder, "reminder"},
}};
constexpr absl::string_view kSlice = "visits.";

absl::string_view WordOf(LetterKind kind) {
  for (const auto& [known, word] : kNames) {
    if (known == kind) return word;
  }
  return "";
}

// Whether the party comes to know by this command where it stands.
bool IsAnswer(CommandKind command) {
  return command == CommandKind::kSignUp || command == CommandKind::kVerify ||
         command == CommandKind::kConfirm || command == CommandKind::kDraw;
}

// What changes nothing that a party would want to be told.
bool IsQuiet(CommandKind command) {
  return command == CommandKind::kReassign ||
         command == CommandKind::kSubstitute;
}

}  // namespace

std::string NameOf(LetterKind kind) {
  return absl::StrCat(kSlice, WordOf(kind));
}

LetterKind LetterKindOf(absl::string_view name) {
  for (const auto& [kind, word] : kNames) {
    if (name == absl::StrCat(kSlice, word)) return kind;
  }
  return LetterKind::kNone;
}

LetterKind LetterFor(CommandKind command, const Event& event,
                     const EventFacts& facts) {
  const bool is_new = facts.is_first && facts.is_new_head;
  if (facts.is_unverified) {
    const bool is_asked = command == CommandKind::kSignUp && facts.is_first;
    return is_asked || is_new ? LetterKind::kVerify : LetterKind::kNone;
  }
  if (IsQuiet(command) && facts.is_first && !is_new) return LetterKind::kNone;
  const bool is_answer =
      is_new ||
      (IsAnswer(command) && (facts.is_first || command == CommandKind::kDraw));
  switch (event.state) {
    case SignUpState::kHeld:
      return LetterKind::kHeld;
    case SignUpState::kConfirmed:
      return LetterKind::kConfirmed;
    case SignUpState::kPendingConfirmation:
    case SignUpState::kWaitlisted:
      return is_answer ? LetterKind::kWaiting : LetterKind::kNone;
    case SignUpState::kOffered:
      return LetterKind::kOffered;
    case SignUpState::kWithdrawn:
      return LetterKind::kWithdrawn;
    case SignUpState::kRefused:
      return LetterKind::kRefused;
    case SignUpState::kExpired:
      return LetterKind::kExpired;
    case SignUpState::kCancelled:
      return LetterKind::kCancelled;
    default:  // Declined, substituted: whoever did that knows.
      return LetterKind::kNone;
  }
}

bool IsStillTrue(LetterKind kind, const SignUp& sign_up) {
  switch (kind) {
    case LetterKind::kNone:
      return false;
    case LetterKind::kVerify:
      return sign_up.is_unverified && IsPending(sign_up.state);
    case LetterKind::kHeld:
      return sign_up.state == SignUpState::kHeld;
    case LetterKind::kConfirmed:
    case LetterKind::kReminder:
      return sign_up.state == SignUpState::kConfirmed;
    case LetterKind::kWaiting:
      return sign_up.state == SignUpState::kWaitlisted ||
             sign_up.state == SignUpState::kPendingConfirmation;
    case LetterKind::kOffered:
      return sign_up.state == SignUpState::kOffered;
    case LetterKind::kWithdrawn:
      return sign_up.state == SignUpState::kWithdrawn;
    case LetterKind::kRefused:
      return sign_up.state == SignUpState::kRefused;
    case LetterKind::kExpired:
      return sign_up.state == SignUpState::kExpired;
    case LetterKind::kCancelled:
      return sign_up.state == SignUpState::kCancelled;
    case LetterKind::kChanged:
      return IsLiving(sign_up.state);
  }
  return false;
}

std::string LanguageFor(const StudyVisit& visit, const SignUp& sign_up) {
  if (!sign_up.members.empty() && !sign_up.members[0].language.empty()) {
    return sign_up.members[0].language;
  }
  return visit.languages.empty() ? "en" : visit.languages[0];
}

namespace {

std::string ReasonIn(LetterKind kind, const StudyVisit& visit,
                     const SignUp& sign_up, const LetterFacts& facts) {
  switch (kind) {
    case LetterKind::kCancelled:
      return visit.cancel_reason;
    case LetterKind::kRefused:
      return sign_up.refuse_reason;
    default:
      return facts.reason;
  }
}

}  // namespace

mail::Message WriteLetter(LetterKind kind, const StudyVisit& visit,
                          const SignUp& sign_up, const LetterFacts& facts) {
  const Messages& messages = VisitMessages();
  const std::string& language = facts.language;
  const Instants instants = InstantsOf(visit);
  const std::string title = TextFor(visit.title, language);
  const std::string key = absl::StrCat("mail.", WordOf(kind));
  const Messages::Arguments arguments = {
      {"name", sign_up.members[0].full_name},
      {"visit", title},
      {"start", messages.SayTime(language, instants.start, visit.time_zone)},
      {"due", messages.SayTime(language, sign_up.due, visit.time_zone)},
      {"organization", facts.organization},
      {"seats", int64_t{sign_up.seats}},
      {"position", int64_t{sign_up.wait_position}},
      {"reason", ReasonIn(kind, visit, sign_up, facts)},
      {"email", visit.contact_email}};
  const auto say = [&](absl::string_view what) {
    return messages.Say(language, what, arguments);
  };
  std::vector<std::string> before = {say("mail.greeting"), say(key)};
  if (kind == LetterKind::kWaiting && sign_up.wait_position > 0) {
    before.push_back(say("why.position"));
  }
  const bool is_verify = kind == LetterKind::kVerify;
  const std::string button =
      say(is_verify                      ? "mail.button.verify"
          : kind == LetterKind::kOffered ? "mail.button.offered"
                                         : "mail.button");
  std::vector<std::string> after;
  if (!is_verify) after.push_back(say("mail.secret"));
  if (!visit.contact_email.empty()) after.push_back(say("mail.questions"));
  after.push_back(say(is_verify ? "mail.unasked" : "mail.why"));

  mail::Message message =
      mail::Compose({.to = sign_up.members[0].email,
                     .language = language,
                     .subject = say(absl::StrCat(key, ".subject")),
                     .before = before,
                     .button = button,
                     .link = facts.link,
                     .after = after});
  message.was_asked_for = is_verify;
  if (kind == LetterKind::kConfirmed || kind == LetterKind::kReminder) {
    message.calendar = CalendarOf(visit, language);
  }
  return message;
}

}  // namespace lagnet::visits
