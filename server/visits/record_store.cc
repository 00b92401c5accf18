#include "server/visits/record_store.h"

#include <set>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "server/changes/log.h"
#include "server/mail/store.h"
#include "server/privacy/store.h"
#include "server/visits/event.h"
#include "server/visits/traits_store.h"

namespace lagnet::visits {
namespace {

constexpr db::Statement kInsertSignUps{"visits.insert_sign_ups", R"sql(
  INSERT INTO visits.sign_up (
    visit_id, name, organization, standing, sector, member_count, min_members,
    members, seal_key, traits, external_id, creator, state, seats, due_time,
    hold_end_time, arrival, version, is_unverified, network_hash, intake,
    choice, is_second)
  SELECT visit_id, name, organization, standing, sector, member_count,
         min_members, members, seal_key, traits, external_id, creator,
         state, seats, due_time, hold_end_time, version, version,
         is_unverified, network_hash, intake, choice, is_second
    FROM unnest($1::bigint[], $2::text[], $3::text[], $4::int[],
                $5::int[], $6::int[], $7::int[], $8::bytea[], $9::jsonb[],
                $10::text[], $11::text[], $12::int[], $13::int[],
                $14::timestamptz[], $15::timestamptz[], $16::bigint[],
                $17::boolean[], $18::bytea[], $19::jsonb[], $20::int[],
                $21::boolean[], $22::bytea[])
         AS new (visit_id, name, organization, standing, sector,
                 member_count, min_members, members, traits, external_id,
                 creator, state, seats, due_time, hold_end_time, version,
                 is_unverified, network_hash, intake, choice, is_second,
                 seal_key)
)sql"};

void InsertSignUps(db::Tx& tx, const std::vector<const Record*>& records) {
  std::vector<int64_t> visits, versions;
  std::vector<absl::string_view> names, organizations, external_ids, creators;
  std::vector<int> standings, sectors, counts, minimums, states, seats, choices;
  std::vector<db::Bytes> members, keys, networks;
  std::vector<nlohmann::json> traits, intakes;
  std::vector<absl::Time> dues, holds;
  std::vector<bool> unverified, second;
  for (const Record* record : records) {
    const SignUp& sign_up = *record->sign_up;
    const Event& event = record->decision.events[0];
    const Party& party =
        std::get<SignUpCommand>(record->decision.command).party;
    visits.push_back(record->visit->row);
    names.push_back(sign_up.id);
    organizations.push_back(sign_up.organization);
    standings.push_back(static_cast<int>(sign_up.standing));
    sectors.push_back(static_cast<int>(sign_up.sector));
    counts.push_back(static_cast<int>(sign_up.members.size()));
    minimums.push_back(sign_up.min_members);
    members.push_back({record->sealed.data});
    keys.push_back({record->sealed.wrapped_key});
    traits.push_back(PackTraits(sign_up.members));
    external_ids.push_back(sign_up.external_id);
    creators.push_back(sign_up.creator);
    states.push_back(static_cast<int>(event.state));
    seats.push_back(event.seats);
    dues.push_back(event.due);
    holds.push_back(event.hold_until);
    versions.push_back(record->decision.version);
    unverified.push_back(party.is_unverified);
    networks.push_back({party.network});
    intakes.push_back(PackIntake(sign_up.intake));
    choices.push_back(party.choice);
    second.push_back(event.is_second);
  }
  tx.Run(kInsertSignUps, visits, names, organizations, standings, sectors,
         counts, minimums, members, traits, external_ids, creators, states,
         seats, dues, holds, versions, unverified, networks, intakes, choices,
         second, keys);
}

constexpr db::Statement kDeleteMembers{"visits.delete_members", R"sql(
  DELETE FROM visits.person AS p
   USING unnest($1::text[], $2::int[]) AS gone (sign_up, member)
   WHERE p.sign_up = gone.sign_up AND p.member = gone.member
)sql"};

constexpr db::Statement kInsertPeople{"visits.insert_people", R"sql(
  INSERT INTO visits.person (visit_id, person_hash, sign_up, member)
  SELECT * FROM unnest($1::bigint[], $2::bytea[], $3::text[], $4::int[])
)sql"};

// A party may leave in the batch that it came in, for a visit that it would
// rather be on.
std::set<std::string> EndedIn(const std::vector<Record>& records) {
  std::set<std::string> ended;
  for (const Record& record : records) {
    for (const Event& event : record.decision.events) {
      if (!IsLiving(event.state)) ended.insert(event.sign_up);
    }
  }
  return ended;
}

// Who leaves goes before who comes. Of those who got one place, the last has
// it.
void PutPeople(db::Tx& tx, const std::vector<Record>& records) {
  struct Comer {
    int64_t visit;
    absl::string_view hash;
  };
  std::map<std::pair<absl::string_view, int>, Comer> comers;
  std::vector<absl::string_view> left;
  std::vector<int> left_members;
  for (const Record& record : records) {
    const Command& command = record.decision.command;
    if (const auto* c = std::get_if<SignUpCommand>(&command)) {
      for (int i = 0; i < c->party.size(); ++i) {
        comers[{c->party.sign_up, i}] = {
            record.visit->row, c->party.members[static_cast<size_t>(i)].hash};
      }
    } else if (const auto* s = std::get_if<SubstituteCommand>(&command)) {
      left.push_back(s->sign_up);
      left_members.push_back(s->member);
      comers[{s->sign_up, s->member}] = {record.visit->row, s->person.hash};
    }
  }
  if (!left.empty()) tx.Run(kDeleteMembers, left, left_members);
  const std::set<std::string> ended = EndedIn(records);
  std::vector<int64_t> visits;
  std::vector<std::string> hashes;
  std::vector<absl::string_view> sign_ups;
  std::vector<int> members;
  for (const auto& [place, comer] : comers) {
    if (comer.hash.empty() || ended.contains(std::string(place.first))) {
      continue;
    }
    visits.push_back(comer.visit);
    hashes.push_back(absl::HexStringToBytes(comer.hash));
    sign_ups.push_back(place.first);
    members.push_back(place.second);
  }
  if (hashes.empty()) return;
  std::vector<db::Bytes> keys;
  for (const std::string& hash : hashes) keys.push_back({hash});
  tx.RunOrAgain(kInsertPeople, visits, keys, sign_ups, members);
}

constexpr db::Statement kUpdateSignUps{"visits.update_sign_ups", R"sql(
  UPDATE visits.sign_up AS s
     SET state = changed.state, seats = changed.seats,
         member_count = changed.members, due_time = changed.due,
         hold_end_time = changed.hold, draw_rank = changed.rank,
         queue_place = changed.place, is_second = changed.is_second,
         version = changed.version,
         update_time = now(),
         -- Unnamed members lose their places; the others move together.
         traits = CASE WHEN changed.members < s.member_count
                       THEN coalesce((
                              SELECT jsonb_agg(entry ORDER BY n)
                                FROM jsonb_array_elements(s.traits)
                                       WITH ORDINALITY AS list (entry, n)
                               WHERE NOT entry ? 'unnamed'), '[]')
                       ELSE s.traits END,
         seals_left_out = s.seals_left_out OR changed.members < s.member_count,
         refuse_reason = CASE WHEN changed.state <> 11 THEN ''
                              WHEN changed.reason = '' THEN s.refuse_reason
                              ELSE changed.reason END,
         -- Of a sign-up that has ended nobody needs to know it.
         network_hash = CASE WHEN changed.state IN (1, 2, 3, 4, 5, 11)
                             THEN s.network_hash ELSE '' END
    FROM unnest($1::text[], $2::int[], $3::int[], $4::int[],
                $5::timestamptz[], $6::timestamptz[], $7::bigint[],
                $8::bigint[], $9::text[], $10::bigint[], $11::boolean[])
         AS changed (name, state, seats, members, due, hold, rank, version,
                     reason, place, is_second)
   WHERE s.name = changed.name
)sql"};

constexpr db::Statement kNumberPeople{"visits.number_people", R"sql(
  UPDATE visits.person AS p SET member = numbered.n - 1
    FROM (SELECT named.visit_id, named.person_hash, s.member_count,
                 count(*) OVER (PARTITION BY sign_up) AS count,
                 row_number() OVER (PARTITION BY sign_up ORDER BY member) AS n
            FROM visits.person AS named
            JOIN visits.sign_up AS s ON s.name = named.sign_up
           WHERE named.sign_up = ANY ($1::text[])) AS numbered
   WHERE p.visit_id = numbered.visit_id
     AND p.person_hash = numbered.person_hash AND p.member <> numbered.n - 1
     -- Else somebody is not named yet, whose place stays.
     AND numbered.count = numbered.member_count
)sql"};

constexpr db::Statement kDeletePeople{"visits.delete_people", R"sql(
  DELETE FROM visits.person WHERE sign_up = ANY ($1::text[])
)sql"};

// Later events of sign-ups: only the last state of each is stored.
void UpdateSignUps(db::Tx& tx, const std::vector<Record>& records) {
  struct Last {
    Event event;
    const Record* record;
  };
  std::map<std::string, Last> last;
  // Whose unnamed members may have been left out.
  std::set<std::string> pruned;
  for (const Record& record : records) {
    const CommandKind kind = KindOf(record.decision.command);
    const bool is_new = kind == CommandKind::kSignUp;
    const bool may_prune =
        kind == CommandKind::kSettle || kind == CommandKind::kChangeRules;
    for (size_t i = is_new ? 1 : 0; i < record.decision.events.size(); ++i) {
      const Event& event = record.decision.events[i];
      last[event.sign_up] = {event, &record};
      if (may_prune) pruned.insert(event.sign_up);
    }
  }
  if (last.empty()) return;
  std::vector<std::string> names, reasons, ended;
  std::vector<int> states, seats, members;
  std::vector<absl::Time> dues, holds;
  std::vector<int64_t> ranks, versions, places;
  std::vector<bool> second;
  for (const auto& [name, change] : last) {
    const Event& event = change.event;
    names.push_back(name);
    states.push_back(static_cast<int>(event.state));
    seats.push_back(event.seats);
    members.push_back(event.members);
    dues.push_back(event.due);
    holds.push_back(event.hold_until);
    ranks.push_back(event.rank);
    places.push_back(event.place);
    second.push_back(event.is_second);
    versions.push_back(change.record->decision.version);
    reasons.push_back(change.record->reason);
    if (!IsLiving(event.state)) ended.push_back(name);
  }
  tx.Run(kUpdateSignUps, names, states, seats, members, dues, holds, ranks,
         versions, reasons, places, second);
  if (!ended.empty()) tx.Run(kDeletePeople, ended);
  if (!pruned.empty()) {
    tx.Run(kNumberPeople,
           std::vector<std::string>(pruned.begin(), pruned.end()));
  }
}

constexpr db::Statement kVerifySignUps{"visits.verify_sign_ups", R"sql(
  UPDATE visits.sign_up SET is_unverified = false, network_hash = ''
   WHERE name = ANY ($1::text[])
)sql"};

void VerifySignUps(db::Tx& tx, const std::vector<Record>& records) {
  std::vector<std::string> names;
  for (const Record& record : records) {
    const auto* verify = std::get_if<VerifyCommand>(&record.decision.command);
    if (verify != nullptr) names.push_back(verify->sign_up);
  }
  if (!names.empty()) tx.Run(kVerifySignUps, names);
}

// Decisions, and their visits as the last of them leaves each.
constexpr db::Statement kInsertDecisions{"visits.insert_decisions", R"sql(
  WITH stored AS (
    INSERT INTO visits.decision (visit_id, version, command, actor, events,
                                 confirmed_count, waitlisted_count, reason)
    SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::int[], $4::text[],
                         $5::jsonb[], $6::int[], $7::int[], $8::text[])
  )
  UPDATE visits.visit AS v
     SET version = decided.version, confirmed_count = decided.confirmed,
         held_count = decided.held, waitlisted_count = decided.waiting,
         due_time = decided.due, update_time = now()
    FROM unnest($9::bigint[], $10::bigint[], $11::int[], $12::int[],
                $13::int[], $14::timestamptz[])
         AS decided (visit_id, version, confirmed, held, waiting, due)
   WHERE v.visit_id = decided.visit_id
)sql"};

struct Counters {
  std::vector<int64_t> visits, versions;
  std::vector<int> confirmed, held, waiting;
  std::vector<absl::Time> dues;

  void Add(const Record& record) {
    visits.push_back(record.visit->row);
    versions.push_back(record.decision.version);
    confirmed.push_back(record.confirmed);
    held.push_back(record.held);
    waiting.push_back(record.waiting);
    dues.push_back(record.due);
  }
};

void InsertDecisions(db::Tx& tx, const std::vector<Record>& records) {
  Counters each, last;
  std::vector<int> commands;
  std::vector<absl::string_view> actors, reasons;
  std::vector<nlohmann::json> events;
  std::map<int64_t, const Record*> last_of;
  for (const Record& record : records) {
    each.Add(record);
    commands.push_back(static_cast<int>(KindOf(record.decision.command)));
    actors.push_back(record.by->caller);
    events.push_back(PackEvents(record.decision.events));
    reasons.push_back(record.reason);
    last_of[record.visit->row] = &record;
  }
  for (const auto& [row, record] : last_of) last.Add(*record);
  tx.Run(kInsertDecisions, each.visits, each.versions, commands, actors, events,
         each.confirmed, each.waiting, reasons, last.visits, last.versions,
         last.confirmed, last.held, last.waiting, last.dues);
}

// Each sign-up that changed is a part of its visit's entry: one entry for what
// one caller did to a visit by one method, for one reason. Decisions are dense
// in the visit's version, so its last version tells all.
void AppendChanges(db::Tx& tx, const std::vector<Record>& records) {
  std::map<absl::string_view, const Record*> latest;
  for (const Record& record : records) {
    for (const Event& event : record.decision.events) {
      latest[event.sign_up] = &record;
    }
  }
  using CallerAndMethod = std::pair<absl::string_view, absl::string_view>;
  using VisitAndReason = std::pair<absl::string_view, absl::string_view>;
  std::map<CallerAndMethod, std::map<VisitAndReason, changes::Change>>
      by_caller;
  for (const Record& record : records) {
    changes::Change& change = by_caller[{record.by->caller, record.by->method}]
                                       [{record.visit->id, record.reason}];
    change.network = record.visit->network;
    change.resource = absl::StrCat("studyVisits/", record.visit->id);
    change.version = record.decision.version;
    change.reason = record.reason;
    for (const Event& event : record.decision.events) {
      const auto last = latest.find(event.sign_up);
      if (last == latest.end() || last->second != &record) continue;
      change.parts.push_back({.name = absl::StrCat("signUps/", event.sign_up),
                              .version = record.decision.version});
      latest.erase(last);  // An event may name it twice.
    }
  }
  for (auto& [caller, entries] : by_caller) {
    std::vector<changes::Change> changes;
    for (auto& [of, change] : entries) changes.push_back(std::move(change));
    changes::Append(tx,
                    {.caller = std::string(caller.first),
                     .method = std::string(caller.second)},
                    changes);
  }
}

void PutLetters(db::Tx& tx, const std::vector<Record>& records) {
  std::vector<mail::Letter> letters;
  for (const Record& record : records) {
    letters.insert(letters.end(), record.letters.begin(), record.letters.end());
  }
  if (!letters.empty()) mail::PutLetters(tx, letters);
}

constexpr db::Statement kResealSignUp{"visits.reseal_sign_up", R"sql(
  UPDATE visits.sign_up
     SET members = $2, traits = $3, head_version = $4,
         seals_left_out = $5::int > member_count, seal_key = $6
   WHERE name = $1
)sql"};

}  // namespace

void ResealSignUp(db::Tx& tx, const SignUp& sign_up,
                  const privacy::Sealed& sealed) {
  tx.Run(kResealSignUp, sign_up.id, db::Bytes{sealed.data},
         PackTraits(sign_up.members), sign_up.head_version,
         static_cast<int>(sign_up.members.size()),
         db::Bytes{sealed.wrapped_key});
  privacy::DeleteSealKeys(tx, {SignUpName(sign_up.visit, sign_up.id)});
}

void ForgetMember(db::Tx& tx, const privacy::Vault& vault, int member,
                  SignUp& sign_up) {
  sign_up.members[static_cast<size_t>(member)] = {.has_left = true};
  tx.Run(kDeleteMembers, std::vector<std::string>{sign_up.id},
         std::vector<int>{member});
  ResealSignUp(tx, sign_up, vault.Seal(PackMembers(sign_up.members)));
}

void StoreDecisions(db::Tx& tx, const std::vector<Record>& records) {
  if (records.empty()) return;
  std::vector<const Record*> added, changed;
  for (const Record& record : records) {
    if (!record.sign_up) continue;
    if (!std::holds_alternative<SignUpCommand>(record.decision.command)) {
      changed.push_back(&record);
      continue;
    }
    added.push_back(&record);
  }
  // People who leave before people who come.
  if (!added.empty()) InsertSignUps(tx, added);
  UpdateSignUps(tx, records);
  VerifySignUps(tx, records);
  PutPeople(tx, records);
  for (const Record* record : changed) {
    ResealSignUp(tx, *record->sign_up, record->sealed);
  }
  InsertDecisions(tx, records);
  AppendChanges(tx, records);
  PutLetters(tx, records);
}

}  // namespace lagnet::visits
