#include "server/visits/letter_store.h"

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/directory/store.h"
#include "server/mail/store.h"
#include "server/visits/event.h"
#include "server/visits/letter.h"
#include "server/visits/sign_up_store.h"
#include "server/visits/store.h"
#include "server/visits/words.h"

namespace lagnet::visits {
namespace {

// A letter to the head of a party, and to its named members if it is for them.
void PutToParty(LetterKind kind, const std::string& sign_up, int64_t version,
                const nlohmann::json& traits,
                std::vector<mail::Letter>& letters) {
  letters.push_back(
      {.kind = NameOf(kind), .about = sign_up, .version = version});
  if (!IsForMembers(kind)) return;
  for (const nlohmann::json& entry : traits) {
    if (entry.contains("unnamed") || !entry.contains("place")) continue;
    letters.push_back({.kind = NameOf(kind),
                       .about = PlaceName(sign_up, entry.at("place")),
                       .version = version});
  }
}

// The log has the last decision of each transaction that touched a sign-up. If
// that only settled what others had done, there may be one before it that has
// to be told; and always what let the sign-up in or gave it another head.
constexpr db::Statement kDecisionsAbout{"visits.decisions_about", R"sql(
  SELECT about.sign_up, d.visit_id, d.version, d.command, s.traits,
         s.is_unverified, s.head_version = d.version AS is_new_head
    FROM unnest($1::text[], $2::text[], $3::bigint[])
         AS about (visit, sign_up, version)
    JOIN visits.visit AS v ON v.name = about.visit
    JOIN visits.decision AS last
      ON last.visit_id = v.visit_id AND last.version = about.version
     -- Letters are known again for so long. Whoever erases people of a visit
     -- long ago changes a sign-up, and decides nothing.
     AND last.decide_time > now() - interval '29 days'
    JOIN visits.sign_up AS s ON s.name = about.sign_up
    JOIN visits.decision AS d
      ON d.visit_id = v.visit_id AND d.decide_time = last.decide_time
     AND (d.version IN (about.version, s.arrival, s.head_version)
          OR (last.command = 13
              AND d.version BETWEEN about.version - 1000 AND about.version
              AND d.events @> jsonb_build_array(jsonb_build_array(s.name))))
   ORDER BY about.sign_up, d.version
)sql"};

// Each decision once: one may be about thousands of sign-ups.
constexpr db::Statement kEventsOf{"visits.events_of", R"sql(
  SELECT d.visit_id, d.version, d.events
    FROM (SELECT DISTINCT * FROM unnest($1::bigint[], $2::bigint[]))
         AS asked (visit_id, version)
    JOIN visits.decision AS d USING (visit_id, version)
)sql"};

struct Happened {
  Event event;
  bool is_first = false;  // What the decision was asked for.
};

using DecisionId =
    std::pair<int64_t, int64_t>;  // Row and version of the visit.

// What each decision made of each sign-up, in its order.
std::map<DecisionId, std::map<std::string, std::vector<Happened>>> LoadEvents(
    db::Tx& tx, const std::vector<DecisionId>& decisions) {
  std::vector<int64_t> visits, versions;
  for (const auto& [visit, version] : decisions) {
    visits.push_back(visit);
    versions.push_back(version);
  }
  std::map<DecisionId, std::map<std::string, std::vector<Happened>>> loaded;
  for (const db::Row row : tx.Run(kEventsOf, visits, versions)) {
    auto& by_sign_up =
        loaded[{row.Get<int64_t>("visit_id"), row.Get<int64_t>("version")}];
    bool is_first = true;
    for (Event& event : UnpackEvents(row.Get<nlohmann::json>("events"))) {
      std::vector<Happened>& happened = by_sign_up[event.sign_up];
      happened.push_back({std::move(event), is_first});
      is_first = false;
    }
  }
  return loaded;
}

// Whom a change of what binds is announced to. Nobody at publication.
constexpr db::Statement kWhomChangesTouch{"visits.whom_changes_touch", R"sql(
  SELECT v.name AS visit, s.name AS sign_up, s.traits, r.version
    FROM unnest($1::text[], $2::bigint[]) AS about (visit, version)
    JOIN visits.visit AS v ON v.name = about.visit
    JOIN visits.rules_version AS r
      ON r.visit_id = v.visit_id AND r.version = about.version
     AND r.reason <> ''
    JOIN visits.sign_up AS s
      ON s.visit_id = v.visit_id AND s.state IN (1, 2, 3, 4, 5, 11)
     AND NOT s.is_unverified
)sql"};

void NoteChangedVisits(db::Tx& tx,
                       const std::vector<changes::LoggedChange>& changes,
                       std::vector<mail::Letter>& letters) {
  std::vector<std::string> visits;
  std::vector<int64_t> versions;
  for (const changes::LoggedChange& change : changes) {
    std::optional<std::string> id = ParseName("studyVisits", change.resource);
    if (!id) continue;
    visits.push_back(*std::move(id));
    versions.push_back(change.version);
  }
  if (visits.empty()) return;
  for (const db::Row row : tx.Run(kWhomChangesTouch, visits, versions)) {
    PutToParty(LetterKind::kChanged,
               SignUpName(row.Get<std::string>("visit"),
                          row.Get<std::string>("sign_up")),
               row.Get<int64_t>("version"), row.Get<nlohmann::json>("traits"),
               letters);
  }
}

std::vector<mail::Letter> Note(
    db::Tx& tx, const std::vector<changes::LoggedChange>& changes) {
  std::vector<std::string> visits, sign_ups;
  std::vector<int64_t> versions;
  std::map<std::string, std::string> names;
  for (const changes::LoggedChange& change : changes) {
    auto ids = ParseName("studyVisits", "signUps", change.resource);
    if (!ids) continue;
    visits.push_back(ids->first);
    sign_ups.push_back(ids->second);
    versions.push_back(change.version);
    names.emplace(std::move(ids->second), change.resource);
  }
  std::vector<mail::Letter> letters;
  NoteChangedVisits(tx, changes, letters);
  if (sign_ups.empty()) return letters;
  // The last thing that has to be told of each.
  struct Told {
    LetterKind kind;
    int64_t version;
    nlohmann::json traits;
  };
  std::map<std::string, Told> told;
  const db::Rows rows = tx.Run(kDecisionsAbout, visits, sign_ups, versions);
  const auto decision_of = [](const db::Row& row) {
    return DecisionId(row.Get<int64_t>("visit_id"),
                      row.Get<int64_t>("version"));
  };
  std::vector<DecisionId> decisions;
  for (const db::Row row : rows) decisions.push_back(decision_of(row));
  auto events = LoadEvents(tx, decisions);
  for (const db::Row row : rows) {
    const auto sign_up = row.Get<std::string>("sign_up");
    LetterKind kind = LetterKind::kNone;
    for (const auto& [event, is_first] : events[decision_of(row)][sign_up]) {
      if (event.is_mark) continue;
      const LetterKind next =
          LetterFor(row.Get<CommandKind>("command"), event,
                    {.is_first = is_first,
                     .is_unverified = row.Get<bool>("is_unverified"),
                     .is_new_head = row.Get<bool>("is_new_head")});
      if (next != LetterKind::kNone) kind = next;
    }
    if (kind == LetterKind::kNone) continue;
    told.insert_or_assign(sign_up, Told{kind, row.Get<int64_t>("version"),
                                        row.Get<nlohmann::json>("traits")});
  }
  for (const auto& [sign_up, one] : told) {
    PutToParty(one.kind, names.at(sign_up), one.version, one.traits, letters);
  }
  return letters;
}

constexpr db::Statement kReasonOfChange{"visits.reason_of_change", R"sql(
  SELECT reason FROM visits.rules_version WHERE visit_id = $1 AND version = $2
)sql"};

std::string ReasonOfChange(db::Tx& tx, const StudyVisit& visit,
                           int64_t version) {
  const db::Rows rows = tx.Run(kReasonOfChange, visit.row, version);
  return rows.empty() ? "" : rows[0].Get<std::string>("reason");
}

// To whom a letter is: which member, from 0, of which sign-up.
struct Addressee {
  SignUp sign_up;
  int member = 0;
  std::string link;  // What the token of the link says; "": there is none.
};

// Nobody, if nobody has the place any more.
absl::StatusOr<std::optional<Addressee>> FindAddressee(
    db::Tx& tx, const privacy::Vault& vault, const mail::Letter& letter) {
  const std::string& about = letter.about;
  if (const std::optional<PlaceIds> place = ParsePlaceName(about)) {
    ASSIGN_OR_RETURN(SignUp sign_up, LoadSignUp(tx, vault, place->sign_up));
    if (!letter.reader.data.empty()) {
      ASSIGN_OR_RETURN(const std::string reader, vault.Open(letter.reader));
      // Behind a head whom nobody knows any more.
      sign_up.members = UnpackMembers(reader);
      sign_up.members.insert(sign_up.members.begin(), Member());
      return Addressee{std::move(sign_up), 1, ""};
    }
    const int member = MemberAt(sign_up.members, place->place);
    if (member < 0) return std::nullopt;
    return Addressee{std::move(sign_up), member, about};
  }
  const auto ids = ParseName("studyVisits", "signUps", about);
  if (!ids) return std::nullopt;
  ASSIGN_OR_RETURN(SignUp sign_up, LoadSignUp(tx, vault, ids->second));
  if (sign_up.members.empty()) return std::nullopt;
  std::string link = LinkOf(about, sign_up.head_version);
  return Addressee{std::move(sign_up), 0, std::move(link)};
}

// Who has told no name is invited to, and told nothing else.
bool IsFor(LetterKind kind, const Member& member) {
  return !member.email.empty() &&
         member.full_name.empty() == (kind == LetterKind::kInvited);
}

absl::StatusOr<std::optional<mail::Message>> Write(db::Tx& tx,
                                                   const privacy::Vault& vault,
                                                   const std::string& web_url,
                                                   const mail::Letter& letter) {
  LetterKind kind = LetterKindOf(letter.kind);
  ASSIGN_OR_RETURN(std::optional<Addressee> to,
                   FindAddressee(tx, vault, letter));
  if (!to) return std::nullopt;
  SignUp& sign_up = to->sign_up;
  const Member& reader = sign_up.members[static_cast<size_t>(to->member)];
  // The head was faster than the letter.
  if (kind == LetterKind::kInvited && !reader.full_name.empty()) {
    kind = LetterKind::kNamed;
  }
  if (!IsStillTrue(kind, sign_up) || !IsFor(kind, reader)) return std::nullopt;
  SayWhyTheyWait(tx, sign_up.visit, {&sign_up});
  ASSIGN_OR_RETURN(const StudyVisit visit, LoadVisit(tx, sign_up.visit));
  if (kind == LetterKind::kReminder && InstantsOf(visit).start <= tx.now()) {
    return std::nullopt;
  }
  // A member of a party that has fewer seats may have none.
  const bool tells_of_seat =
      kind == LetterKind::kConfirmed || kind == LetterKind::kReminder;
  if (tells_of_seat && to->member >= sign_up.seats) return std::nullopt;
  const std::string language =
      VisitMessages().Spoken(LanguageFor(visit, sign_up, to->member));
  const auto organizations =
      directory::LoadOrganizations(tx, {sign_up.organization});
  const auto named = organizations.find(sign_up.organization);
  const auto link = [&] {
    const bool is_place = to->member > 0;
    return absl::StrCat(web_url, is_place ? "/place/" : "/my/",
                        vault.Token(privacy::TokenKind::kHolder, to->link),
                        "?lang=", language);
  };
  return WriteLetter(
      kind, visit, sign_up,
      {.language = language,
       .organization = named == organizations.end()
                           ? sign_up.organization
                           : TextFor(named->second.display_name, language),
       .reason = ReasonOfChange(tx, visit, letter.version),
       .link = to->link.empty() ? "" : link(),
       .member = to->member});
}

}  // namespace

namespace {

// Who gets a seat later than that is written to then.
constexpr db::Statement kTakeToRemind{"visits.take_to_remind", R"sql(
  WITH soon AS (
    SELECT visit_id FROM visits.visit
     WHERE state = 2 AND remind_time IS NULL
       AND start_time BETWEEN now() AND now() + interval '3 days'
     LIMIT $1
       FOR UPDATE SKIP LOCKED
  )
  UPDATE visits.visit AS v SET remind_time = now()
    FROM soon WHERE v.visit_id = soon.visit_id
  RETURNING v.visit_id, v.name, v.version
)sql"};

constexpr db::Statement kWhomToRemind{"visits.whom_to_remind", R"sql(
  SELECT name, traits
    FROM visits.sign_up WHERE visit_id = $1 AND state = 4
)sql"};

}  // namespace

std::vector<mail::Letter> LettersToErased(const privacy::Vault& vault,
                                          const SignUp& sign_up,
                                          int64_t version) {
  std::vector<mail::Letter> letters;
  for (Member member : sign_up.members) {
    if (member.place == 0 || !IsFor(LetterKind::kWithdrawn, member)) continue;
    if (member.language.empty()) member.language = sign_up.members[0].language;
    member.phone.clear();
    letters.push_back({.kind = NameOf(LetterKind::kWithdrawn),
                       .about = PlaceName(SignUpName(sign_up.visit, sign_up.id),
                                          member.place),
                       .version = version,
                       .reader = vault.Seal(PackMembers({member}))});
  }
  return letters;
}

int NoteReminders(db::Tx& tx, int limit) {
  const db::Rows visits = tx.Run(kTakeToRemind, limit);
  std::vector<mail::Letter> letters;
  for (const db::Row visit : visits) {
    for (const db::Row row :
         tx.Run(kWhomToRemind, visit.Get<int64_t>("visit_id"))) {
      PutToParty(LetterKind::kReminder,
                 SignUpName(visit.Get<std::string>("name"),
                            row.Get<std::string>("name")),
                 // Another one than that of the date before.
                 visit.Get<int64_t>("version"),
                 row.Get<nlohmann::json>("traits"), letters);
    }
  }
  if (!letters.empty()) mail::PutLetters(tx, letters);
  return visits.affected();
}

mail::Writer VisitLetters(const privacy::Vault* vault,
                          const std::string& web_url) {
  return {.slice = "visits",
          .note = Note,
          .write = [vault, web_url](db::Tx& tx, const mail::Letter& letter) {
            return Write(tx, *vault, web_url, letter);
          }};
}

}  // namespace lagnet::visits
