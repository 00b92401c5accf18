#ifndef LAGNET_SERVER_VISITS_LETTER_H_
#define LAGNET_SERVER_VISITS_LETTER_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "server/mail/letter.h"
#include "server/visits/sign_up.h"
#include "server/visits/visit.h"

namespace lagnet::visits {

// What people who signed up are told by mail.

enum class LetterKind {
  kNone,
  kVerify,     // Follow the link, to confirm the address.
  kHeld,       // Seats are set aside; the organisation is asked.
  kConfirmed,  // There are seats.
  kWaiting,    // There are none; where it stands in the queue.
  kOffered,    // Seats are free: take them by then.
  kWithdrawn,
  kRefused,    // By the organisation.
  kExpired,    // What was asked was not answered in time.
  kCancelled,  // The visit is.
  kChanged,    // What binds the seats was changed, or when it begins.
  kReminder,   // It begins in some days.
  // To members, about their own places.
  kInvited,  // By the head: tell who you are.
  kNamed,    // The head told who they are.
  kLeft,     // To the head: a member has left.
  // Seats on a visit that it put first are why it has none here any more.
  kMoved,
};
// Whether members who have places of their own are told it as well as the head.
bool IsForMembers(LetterKind kind);
// Whether it is to the people of `places`, and not to the head.
bool IsToPlace(LetterKind kind);
// As it is stored: "visits.confirmed"; and back, kNone for what is not known.
std::string NameOf(LetterKind kind);
LetterKind LetterKindOf(absl::string_view name);

// The letters to members to whom a decision brought these places, and the one
// to the head that says that the member has left who was at `place`.
std::vector<mail::Letter> LettersToMembers(const SignUp& sign_up,
                                           const std::vector<int64_t>& places);
mail::Letter LetterOfLeaving(const SignUp& sign_up, int64_t place);

// What a decision has to tell a party. An address that nobody confirmed yet is
// written to once; who becomes the head of a party gets the link.
struct EventFacts {
  bool is_first = false;  // The event is what the command asked for.
  bool is_unverified = false;
  bool is_new_head = false;
};
LetterKind LetterFor(CommandKind command, const Event& event,
                     const EventFacts& facts);

// Whether it is still true: what came after has a letter of its own.
bool IsStillTrue(LetterKind kind, const SignUp& sign_up);

// The letter to the head of a party, or to another member.
struct LetterFacts {
  std::string language;      // That it is written in.
  std::string organization;  // What the organisation is called in it.
  std::string reason;        // Why the visit was changed, if it was.
  std::string link;  // To the party's own page, or the place's; "": erased.
  int member = 0;    // To whom, from 0: to the head.
};
mail::Message WriteLetter(LetterKind kind, const StudyVisit& visit,
                          const SignUp& sign_up, const LetterFacts& facts);

// Which language to write to a member in: theirs, or else the head's, the
// visit's, or English.
std::string LanguageFor(const StudyVisit& visit, const SignUp& sign_up,
                        int member = 0);

}  // namespace lagnet::visits

#endif  // LAGNET_SERVER_VISITS_LETTER_H_
