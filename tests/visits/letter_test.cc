#include "server/visits/letter.h"

#include <string>

#include "absl/strings/str_split.h"
#include "server/visits/calendar.h"
#include "server/visits/words.h"
#include "tests/support/matchers.h"

namespace lagnet::visits {
namespace {

using testing::HasSubstr;
using testing::Not;
using State = SignUpState;
using Kind = LetterKind;

Kind For(CommandKind command, State state, bool is_first = true,
         bool is_unverified = false, bool is_new_head = false) {
  return LetterFor(command, {.sign_up = "s", .state = state},
                   {.is_first = is_first,
                    .is_unverified = is_unverified,
                    .is_new_head = is_new_head});
}

TEST(LetterTest, TellsWhoBecomesTheHead) {
  EXPECT_EQ(For(CommandKind::kSubstitute, State::kConfirmed), Kind::kNone);
  EXPECT_EQ(For(CommandKind::kSubstitute, State::kConfirmed, true, false, true),
            Kind::kConfirmed);
  EXPECT_EQ(
      For(CommandKind::kSubstitute, State::kWaitlisted, true, false, true),
      Kind::kWaiting);
  EXPECT_EQ(For(CommandKind::kSubstitute, State::kHeld, true, true, true),
            Kind::kVerify);
}

TEST(LetterTest, TellsWhatADecisionMeansForEach) {
  struct Case {
    CommandKind command;
    State state;
    bool is_first;
    Kind kind;
  };
  for (const Case& c : {
           Case{CommandKind::kSignUp, State::kConfirmed, true,
                Kind::kConfirmed},
           {CommandKind::kSignUp, State::kWaitlisted, true, Kind::kWaiting},
           {CommandKind::kSignUp, State::kHeld, true, Kind::kHeld},
           {CommandKind::kSignUp, State::kPendingConfirmation, true,
            Kind::kWaiting},
           // Somebody else's sign-up may hold seats for a group.
           {CommandKind::kSignUp, State::kWaitlisted, false, Kind::kNone},
           {CommandKind::kWithdraw, State::kWithdrawn, true, Kind::kWithdrawn},
           {CommandKind::kWithdraw, State::kConfirmed, false, Kind::kConfirmed},
           {CommandKind::kWithdraw, State::kOffered, false, Kind::kOffered},
           {CommandKind::kWithdraw, State::kWaitlisted, false, Kind::kNone},
           {CommandKind::kVerify, State::kConfirmed, true, Kind::kConfirmed},
           {CommandKind::kVerify, State::kHeld, true, Kind::kHeld},
           {CommandKind::kVerify, State::kWaitlisted, true, Kind::kWaiting},
           {CommandKind::kConfirm, State::kConfirmed, true, Kind::kConfirmed},
           {CommandKind::kRefuse, State::kRefused, true, Kind::kRefused},
           {CommandKind::kAccept, State::kConfirmed, true, Kind::kConfirmed},
           {CommandKind::kDecline, State::kDeclined, true, Kind::kNone},
           {CommandKind::kSubstitute, State::kConfirmed, true, Kind::kNone},
           {CommandKind::kReassign, State::kConfirmed, true, Kind::kNone},
           {CommandKind::kPromote, State::kConfirmed, true, Kind::kConfirmed},
           {CommandKind::kDraw, State::kConfirmed, false, Kind::kConfirmed},
           {CommandKind::kDraw, State::kWaitlisted, false, Kind::kWaiting},
           {CommandKind::kSettle, State::kExpired, true, Kind::kExpired},
           {CommandKind::kCancel, State::kCancelled, false, Kind::kCancelled},
       }) {
    EXPECT_EQ(For(c.command, c.state, c.is_first), c.kind)
        << static_cast<int>(c.command) << " " << static_cast<int>(c.state);
  }
}

TEST(LetterTest, WritesOnceToAnAddressThatNobodyConfirmed) {
  EXPECT_EQ(For(CommandKind::kSignUp, State::kHeld, true, true), Kind::kVerify);
  EXPECT_EQ(For(CommandKind::kSignUp, State::kPendingConfirmation, true, true),
            Kind::kVerify);
  EXPECT_EQ(For(CommandKind::kWithdraw, State::kHeld, false, true),
            Kind::kNone);
  EXPECT_EQ(For(CommandKind::kSettle, State::kExpired, true, true),
            Kind::kNone);
}

TEST(LetterTest, KnowsItsKindsByName) {
  for (int i = static_cast<int>(Kind::kVerify);
       i <= static_cast<int>(Kind::kLeft); ++i) {
    EXPECT_EQ(LetterKindOf(NameOf(static_cast<Kind>(i))), static_cast<Kind>(i));
  }
  EXPECT_EQ(NameOf(Kind::kVerify), "visits.verify");
  EXPECT_EQ(LetterKindOf("visits.unheard-of"), Kind::kNone);
}

TEST(LetterTest, IsNotSentWhenItIsNotTrueAnyMore) {
  EXPECT_TRUE(IsStillTrue(Kind::kConfirmed, {.state = State::kConfirmed}));
  EXPECT_FALSE(IsStillTrue(Kind::kConfirmed, {.state = State::kWithdrawn}));
  EXPECT_FALSE(IsStillTrue(Kind::kVerify, {.state = State::kHeld}))
      << "followed already";
  EXPECT_TRUE(IsStillTrue(Kind::kVerify,
                          {.state = State::kHeld, .is_unverified = true}));
  EXPECT_FALSE(IsStillTrue(Kind::kWaiting, {.state = State::kOffered}));
}

TEST(LetterTest, TellsMembersThatTheyHavePlaces) {
  const SignUp sign_up{.visit = "v",
                       .id = "s",
                       .members = {{.full_name = "Anna"},
                                   {.place = 65},
                                   {.full_name = "Jan", .place = 66},
                                   {.full_name = "Ewa", .place = 67}}};
  const auto letters = LettersToMembers(sign_up, {65, 66});
  ASSERT_EQ(letters.size(), 2u);
  EXPECT_EQ(letters[0].kind, "visits.invited");
  EXPECT_EQ(letters[0].about, "studyVisits/v/signUps/s/places/65");
  EXPECT_EQ(letters[1].kind, "visits.named");
  EXPECT_EQ(LetterOfLeaving(sign_up, 66).about, "studyVisits/v/signUps/s");
  EXPECT_FALSE(IsStillTrue(Kind::kInvited,
                           {.state = State::kHeld, .is_unverified = true}))
      << "nobody else is written to before the head's address is confirmed";
}

StudyVisit WineVisit() {
  StudyVisit visit{.id = "v",
                   .time_zone = "Asia/Tbilisi",
                   .start = absl::CivilSecond(2026, 6, 1, 9, 0, 0),
                   .end = absl::CivilSecond(2026, 6, 2, 18, 0, 0),
                   .seats = 10,
                   .languages = {"pl", "ka"},
                   .contact_email = "visits@example.org"};
  visit.title["en"] = {.text = "Wine & <b>bees</b>"};
  visit.title["ka"] = {.text = "ღვინო და ფუტკარი"};
  return visit;
}

SignUp Somebody() {
  return {.members = {{.full_name = "Nino <script>alert(1)</script>",
                       .email = "nino@example.org",
                       .language = "en"}},
          .state = State::kOffered,
          .seats = 1,
          .due = absl::FromCivil(absl::CivilMinute(2026, 5, 2, 8, 0),
                                 absl::UTCTimeZone())};
}

TEST(LetterTest, SaysItInWordsWithTheLink) {
  const mail::Message letter =
      WriteLetter(Kind::kOffered, WineVisit(), Somebody(),
                  {.language = "en",
                   .organization = "LAG Kazbegi",
                   .link = "https://visits.example.org/my/lagl_x"});
  EXPECT_EQ(letter.to, "nino@example.org");
  EXPECT_EQ(letter.subject, "A seat is free for you: Wine & <b>bees</b>");
  EXPECT_EQ(letter.text,
            "Hello Nino <script>alert(1)</script>,\n"
            "\n"
            "On “Wine & <b>bees</b>”, which begins on 1 June 2026 at 09:00, a "
            "seat has become free for you. Please accept by 2 May 2026 at "
            "12:00, Georgia Standard Time; after that it is offered to "
            "somebody else.\n"
            "\n"
            "Accept or decline:\n"
            "https://visits.example.org/my/lagl_x\n"
            "\n"
            "Keep this link to yourself: whoever has it can see and change "
            "your sign-up.\n"
            "\n"
            "Questions? Write to visits@example.org.\n"
            "\n"
            "You get this message because of your sign-up for this study "
            "visit.\n");
  EXPECT_THAT(letter.html, HasSubstr("Wine &amp; &lt;b&gt;bees"));
  EXPECT_THAT(letter.html, Not(HasSubstr("<script>")));
  EXPECT_THAT(letter.html,
              HasSubstr("href=\"https://visits.example.org/my/lagl_x\""));
  EXPECT_EQ(letter.calendar, "");
}

TEST(LetterTest, IsWrittenInFourLanguages) {
  for (const char* language : {"en", "ka", "pl", "cs"}) {
    for (int i = static_cast<int>(Kind::kVerify);
         i <= static_cast<int>(Kind::kLeft); ++i) {
      const mail::Message letter =
          WriteLetter(static_cast<Kind>(i), WineVisit(), Somebody(),
                      {.language = language,
                       .organization = "LAG Kazbegi",
                       .reason = "A larger bus",
                       .link = "https://visits.example.org/my/x"});
      EXPECT_THAT(letter.subject, Not(HasSubstr("mail."))) << language << i;
      EXPECT_THAT(letter.text, Not(HasSubstr("mail."))) << language << i;
      EXPECT_THAT(letter.text, HasSubstr("https://visits.example.org/my/x"));
      EXPECT_THAT(letter.text, Not(HasSubstr("{"))) << language << i;
      EXPECT_THAT(letter.text,
                  HasSubstr(std::string(language) == "ka" ? "ღვინო" : "Wine"));
    }
  }
}

TEST(LetterTest, WritesToMembersOfTheirOwnPlaces) {
  SignUp party = Somebody();
  party.members.push_back({.email = "ana@example.org"});
  party.seats = 2;
  const auto write = [&](Kind kind) {
    return WriteLetter(kind, WineVisit(), party,
                       {.language = "en",
                        .organization = "LAG Kazbegi",
                        .link = "https://visits.example.org/place/x",
                        .member = 1});
  };
  const mail::Message invited = write(Kind::kInvited);
  EXPECT_EQ(invited.to, "ana@example.org");
  EXPECT_TRUE(invited.is_to_others);
  EXPECT_FALSE(invited.was_asked_for) << "nobody is kept from signing in by it";
  EXPECT_THAT(invited.text, testing::StartsWith("Hello,\n"));
  EXPECT_THAT(invited.text, HasSubstr("Nino <script>"));
  EXPECT_THAT(invited.html, Not(HasSubstr("<script>")));
  EXPECT_THAT(invited.text,
              HasSubstr("Say who I am:\nhttps://visits.example.org/place/x"));
  party.members[1].full_name = "Ana";
  EXPECT_THAT(write(Kind::kConfirmed).text, HasSubstr("You have a seat on"))
      << "of the party's two seats one is hers";
  EXPECT_THAT(write(Kind::kWithdrawn).text, HasSubstr("of your group"));
  EXPECT_THAT(write(Kind::kWithdrawn).subject,
              testing::StartsWith("Your group’s sign-up has ended: "));
}

TEST(LetterTest, LeadsNowhereWhenItsReaderIsErased) {
  SignUp party = Somebody();
  party.members = {{}, {.full_name = "Ana", .email = "ana@example.org"}};
  for (const char* language : {"en", "ka", "pl", "cs"}) {
    const mail::Message letter =
        WriteLetter(Kind::kWithdrawn, WineVisit(), party,
                    {.language = language, .link = "", .member = 1});
    EXPECT_EQ(letter.to, "ana@example.org");
    EXPECT_THAT(letter.text,
                HasSubstr(VisitMessages().Say(language, "mail.why.erased")));
    EXPECT_THAT(letter.text, Not(HasSubstr("https://")));
    EXPECT_THAT(letter.html, Not(HasSubstr("href")));
  }
}

TEST(LetterTest, ReadsTheHeadsLanguageOrTheVisits) {
  SignUp party = Somebody();
  party.members.push_back({});
  party.members.push_back({.language = "ka"});
  EXPECT_EQ(LanguageFor(WineVisit(), party, 1), "en");
  EXPECT_EQ(LanguageFor(WineVisit(), party, 2), "ka");
  EXPECT_EQ(LanguageFor(WineVisit(), Somebody()), "en");
  EXPECT_EQ(LanguageFor(WineVisit(), {.members = {{.full_name = "N"}}}), "pl");
  EXPECT_EQ(LanguageFor(StudyVisit(), {.members = {{.full_name = "N"}}}), "en");
}

TEST(CalendarTest, IsOneEventInUtcWithShortLines) {
  StudyVisit visit = WineVisit();
  visit.title["ka"].text = std::string("ღვინო, მარანი; ") +
                           "და ძალიან გრძელი სათაური სოფლის შესახებ";
  visit.days = {{.stops = {{.place = "Telavi"}}}};
  const std::string calendar = CalendarOf(visit, "ka");
  EXPECT_THAT(calendar, HasSubstr("DTSTART:20260601T050000Z\r\n"));
  EXPECT_THAT(calendar, HasSubstr("DTEND:20260602T140000Z\r\n"));
  EXPECT_THAT(calendar, HasSubstr("LOCATION:Telavi\r\n"));
  EXPECT_THAT(calendar, HasSubstr("SUMMARY:ღვინო\\, მარანი\\; "));
  for (absl::string_view line : absl::StrSplit(calendar, "\r\n")) {
    EXPECT_LE(line.size(), 75U);
    if (line.empty()) continue;
    EXPECT_NE(static_cast<unsigned char>(line[line[0] == ' ' ? 1 : 0]) >> 6, 2)
        << "a letter is not cut in two";
  }
}

}  // namespace
}  // namespace lagnet::visits
