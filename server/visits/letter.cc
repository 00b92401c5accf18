#include "server/visits/letter.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/mail/words.h"
#include "server/visits/calendar.h"
#include "server/visits/words.h"

namespace lagnet::visits {
namespace {

constexpr std::array<std::pair<LetterKind, absl::string_view>, 15> kNames = {{
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
    {LetterKind::kInvited, "invited"},
    {LetterKind::kNamed, "named"},
    {LetterKind::kLeft, "left"},
    {LetterKind::kMoved, "moved"},
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

bool IsToPlace(LetterKind kind) {
  return kind == LetterKind::kInvited || kind == LetterKind::kNamed;
}

bool IsForMembers(LetterKind kind) {
  switch (kind) {
    case LetterKind::kConfirmed:
    case LetterKind::kWithdrawn:
    case LetterKind::kMoved:
    case LetterKind::kExpired:
    case LetterKind::kCancelled:
    case LetterKind::kChanged:
    case LetterKind::kReminder:
      return true;
    default:  // What only the head can do something about.
      return false;
  }
}

std::vector<mail::Letter> LettersToMembers(const SignUp& sign_up,
                                           const std::vector<int64_t>& places) {
  const std::string name = SignUpName(sign_up.visit, sign_up.id);
  std::vector<mail::Letter> letters;
  for (const Member& member : sign_up.members) {
    if (std::find(places.begin(), places.end(), member.place) == places.end()) {
      continue;
    }
    letters.push_back(
        {.kind = NameOf(member.full_name.empty() ? LetterKind::kInvited
                                                 : LetterKind::kNamed),
         .about = PlaceName(name, member.place),
         .version = member.place});
  }
  return letters;
}

mail::Letter LetterOfLeaving(const SignUp& sign_up, int64_t place) {
  return {.kind = NameOf(LetterKind::kLeft),
          .about = SignUpName(sign_up.visit, sign_up.id),
          .version = place};
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
      return command == CommandKind::kYield && facts.is_first
                 ? LetterKind::kMoved
                 : LetterKind::kWithdrawn;
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
    case LetterKind::kMoved:
      return sign_up.state == SignUpState::kWithdrawn;
    case LetterKind::kRefused:
      return sign_up.state == SignUpState::kRefused;
    case LetterKind::kExpired:
      return sign_up.state == SignUpState::kExpired;
    case LetterKind::kCancelled:
      return sign_up.state == SignUpState::kCancelled;
    case LetterKind::kChanged:
    case LetterKind::kLeft:
      return IsLiving(sign_up.state);
    case LetterKind::kInvited:
    case LetterKind::kNamed:
      return IsLiving(sign_up.state) && !sign_up.is_unverified;
  }
  return false;
}

std::string LanguageFor(const StudyVisit& visit, const SignUp& sign_up,
                        int member) {
  for (const int i : {member, 0}) {
    if (i >= static_cast<int>(sign_up.members.size())) continue;
    const std::string& language =
        sign_up.members[static_cast<size_t>(i)].language;
    if (!language.empty()) return language;
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
  const Member& reader = sign_up.members[static_cast<size_t>(facts.member)];
  const bool is_to_member = facts.member > 0 || IsToPlace(kind);
  const bool is_end =
      kind == LetterKind::kWithdrawn || kind == LetterKind::kMoved;
  const std::string key = is_to_member && is_end
                              ? "mail.withdrawn.place"
                              : absl::StrCat("mail.", WordOf(kind));
  const Messages::Arguments arguments = {
      {"name", reader.full_name},
      {"head", sign_up.members[0].full_name},
      {"visit", title},
      {"start", messages.SayTime(language, instants.start, visit.time_zone)},
      {"due", messages.SayTimeThere(language, sign_up.due, visit.time_zone)},
      {"organization", facts.organization},
      {"seats", int64_t{is_to_member ? 1 : sign_up.seats}},
      {"position", int64_t{sign_up.wait_position}},
      {"reason", ReasonIn(kind, visit, sign_up, facts)},
      {"email", visit.contact_email}};
  const auto say = [&](absl::string_view what) {
    return messages.Say(language, what, arguments);
  };
  std::vector<std::string> before = {
      say(reader.full_name.empty() ? "mail.greeting.unnamed" : "mail.greeting"),
      say(key)};
  if (kind == LetterKind::kWaiting && sign_up.wait_position > 0) {
    before.push_back(say("why.position"));
  }
  const bool is_verify = kind == LetterKind::kVerify;
  const std::string button =
      say(is_verify                      ? "mail.button.verify"
          : kind == LetterKind::kOffered ? "mail.button.offered"
          : kind == LetterKind::kInvited ? "mail.button.invited"
          : is_to_member                 ? "mail.button.place"
                                         : "mail.button");
  const bool is_erased = facts.link.empty();
  std::vector<std::string> after;
  if (!is_verify && !is_erased) {
    after.push_back(say(is_to_member ? "mail.secret.place" : "mail.secret"));
  }
  if (!visit.contact_email.empty()) after.push_back(say("mail.questions"));
  after.push_back(say(is_verify      ? "mail.unasked"
                      : is_erased    ? "mail.why.erased"
                      : is_to_member ? "mail.why.place"
                                     : "mail.why"));

  mail::Message message =
      mail::Compose({.to = reader.email,
                     .language = language,
                     .subject = say(absl::StrCat(key, ".subject")),
                     .before = before,
                     .button = button,
                     .link = facts.link,
                     .after = after});
  message.was_asked_for = is_verify;
  message.is_to_others = is_to_member;
  if (kind == LetterKind::kConfirmed || kind == LetterKind::kReminder) {
    message.calendar = CalendarOf(visit, language);
  }
  return message;
}

}  // namespace lagnet::visits
