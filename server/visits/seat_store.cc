#include "server/visits/seat_store.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "server/changes/log.h"
#include "server/db/transact.h"
#include "server/privacy/store.h"

namespace lagnet::visits {
namespace {

constexpr db::Statement kLockSeats{"visits.lock_seats", R"sql(
  SELECT visit_id, name, network, version, state, seats,
         seats_per_organization, sign_up_start_time, sign_up_end_time,
         end_time
    FROM visits.visit
   WHERE name = ANY ($1::text[])
   ORDER BY visit_id
     FOR UPDATE
)sql"};

}  // namespace

std::map<std::string, LockedVisit> LockSeats(
    db::Tx& tx, const std::vector<std::string>& ids) {
  std::map<std::string, LockedVisit> visits;
  for (const db::Row row : tx.Run(kLockSeats, ids)) {
    LockedVisit visit{
        .row = row.Get<int64_t>("visit_id"),
        .id = row.Get<std::string>("name"),
        .network = row.Get<std::string>("network"),
        .version = row.Get<int64_t>("version"),
        .rules = {
            .state = row.Get<VisitState>("state"),
            .seats = row.Get<int>("seats"),
            .seats_per_organization = row.Get<int>("seats_per_organization"),
            .sign_up_start =
                row.Get<std::optional<absl::Time>>("sign_up_start_time")
                    .value_or(absl::InfinitePast()),
            .sign_up_end = row.Get<absl::Time>("sign_up_end_time"),
            .end = row.Get<absl::Time>("end_time")}};
    visits.emplace(visit.id, std::move(visit));
  }
  return visits;
}

namespace {

constexpr db::Statement kLoadParties{"visits.load_parties", R"sql(
  SELECT s.visit_id, s.name, s.organization, s.member_count, s.state,
         s.arrival,
         ARRAY(SELECT encode(p.person_hash, 'hex')
                 FROM visits.person AS p WHERE p.sign_up = s.name) AS people
    FROM visits.sign_up AS s
   WHERE s.visit_id = ANY ($1::bigint[]) AND s.state IN (4, 5)
)sql"};

}  // namespace

std::map<std::string, SeatPlan> LoadPlans(
    db::Tx& tx, const std::vector<const LockedVisit*>& visits) {
  std::vector<int64_t> rows;
  for (const LockedVisit* visit : visits) rows.push_back(visit->row);
  std::map<int64_t, std::vector<Party>> parties;
  for (const db::Row row : tx.Run(kLoadParties, rows)) {
    parties[row.Get<int64_t>("visit_id")].push_back(
        {.sign_up = row.Get<std::string>("name"),
         .organization = row.Get<std::string>("organization"),
         .members = row.Get<int>("member_count"),
         .people = row.Get<std::vector<std::string>>("people"),
         .state = row.Get<SignUpState>("state"),
         .arrival = row.Get<int64_t>("arrival")});
  }
  std::map<std::string, SeatPlan> plans;
  for (const LockedVisit* visit : visits) {
    plans.emplace(visit->id, SeatPlan(visit->version, visit->rules,
                                      std::move(parties[visit->row])));
  }
  return plans;
}

namespace {

constexpr db::Statement kInsertSignUps{"visits.insert_sign_ups", R"sql(
  INSERT INTO visits.sign_up (
    visit_id, name, organization, standing, sector, member_count, min_members,
    members, external_id, creator, state, wait_reason, arrival, version)
  SELECT visit_id, name, organization, standing, sector, member_count,
         min_members, members, external_id, creator, state, wait_reason,
         version, version
    FROM unnest($1::bigint[], $2::text[], $3::text[], $4::smallint[],
                $5::smallint[], $6::int[], $7::int[], $8::bytea[],
                $9::text[], $10::text[], $11::smallint[], $12::smallint[],
                $13::bigint[])
         AS new (visit_id, name, organization, standing, sector,
                 member_count, min_members, members, external_id, creator,
                 state, wait_reason, version)
)sql"};

void InsertSignUps(db::Tx& tx, const std::vector<const Record*>& records) {
  std::vector<int64_t> visits, versions;
  std::vector<std::string> names, organizations, external_ids, creators;
  std::vector<int> standings, sectors, counts, minimums, states, reasons;
  std::vector<db::Value> members;
  for (const Record* record : records) {
    const SignUp& sign_up = *record->sign_up;
    visits.push_back(record->visit->row);
    names.push_back(sign_up.id);
    organizations.push_back(sign_up.organization);
    standings.push_back(static_cast<int>(sign_up.standing));
    sectors.push_back(static_cast<int>(sign_up.sector));
    counts.push_back(static_cast<int>(sign_up.members.size()));
    minimums.push_back(sign_up.min_members);
    members.push_back(db::ToValue(db::Bytes{record->sealed.data}));
    external_ids.push_back(sign_up.external_id);
    creators.push_back(sign_up.creator);
    states.push_back(static_cast<int>(record->decision.events[0].state));
    reasons.push_back(static_cast<int>(record->decision.events[0].reason));
    versions.push_back(record->decision.version);
  }
  tx.Run(kInsertSignUps, visits, names, organizations, standings, sectors,
         counts, minimums, db::Value(db::ArrayLiteral(members)), external_ids,
         creators, states, reasons, versions);
}

constexpr db::Statement kInsertPeople{"visits.insert_people", R"sql(
  INSERT INTO visits.person (visit_id, person_hash, sign_up)
  SELECT visit_id, decode(person_hash, 'hex'), sign_up
    FROM unnest($1::bigint[], $2::text[], $3::text[])
         AS new (visit_id, person_hash, sign_up)
  ON CONFLICT DO NOTHING
)sql"};

void InsertPeople(db::Tx& tx, const std::vector<const Record*>& records) {
  std::vector<int64_t> visits;
  std::vector<std::string> hashes, sign_ups;
  for (const Record* record : records) {
    const auto& command = std::get<SignUpCommand>(record->decision.command);
    for (const std::string& person : command.party.people) {
      visits.push_back(record->visit->row);
      hashes.push_back(person);
      sign_ups.push_back(record->sign_up->id);
    }
  }
  // The unique key has the last word: the plan cannot have been right.
  if (tx.Run(kInsertPeople, visits, hashes, sign_ups).affected() !=
      static_cast<int>(hashes.size())) {
    throw db::RunAgain();
  }
}

constexpr db::Statement kUpdateSignUps{"visits.update_sign_ups", R"sql(
  UPDATE visits.sign_up AS s
     SET state = changed.state, wait_reason = changed.reason,
         version = changed.version, update_time = now()
    FROM unnest($1::text[], $2::smallint[], $3::smallint[], $4::bigint[])
         AS changed (name, state, reason, version)
   WHERE s.name = changed.name
)sql"};

constexpr db::Statement kDeletePeople{"visits.delete_people", R"sql(
  DELETE FROM visits.person WHERE sign_up = ANY ($1::text[])
)sql"};

// Later events of sign-ups: only the last state of each is stored.
void UpdateSignUps(db::Tx& tx, const std::vector<Record>& records) {
  struct Last {
    Event event;
    int64_t version;
  };
  std::map<std::string, Last> last;
  for (const Record& record : records) {
    for (size_t i = record.sign_up ? 1 : 0; i < record.decision.events.size();
         ++i) {
      const Event& event = record.decision.events[i];
      last[event.sign_up] = {event, record.decision.version};
    }
  }
  if (last.empty()) return;
  std::vector<std::string> names, ended;
  std::vector<int> states, reasons;
  std::vector<int64_t> versions;
  for (const auto& [name, change] : last) {
    names.push_back(name);
    states.push_back(static_cast<int>(change.event.state));
    reasons.push_back(static_cast<int>(change.event.reason));
    versions.push_back(change.version);
    if (change.event.state != SignUpState::kConfirmed &&
        change.event.state != SignUpState::kWaitlisted) {
      ended.push_back(name);
    }
  }
  tx.Run(kUpdateSignUps, names, states, reasons, versions);
  if (!ended.empty()) tx.Run(kDeletePeople, ended);
}

constexpr db::Statement kInsertDecisions{"visits.insert_decisions", R"sql(
  INSERT INTO visits.decision (visit_id, version, command, actor, events,
                               confirmed_count, waitlisted_count)
  SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::smallint[], $4::text[],
                       $5::jsonb[], $6::int[], $7::int[])
)sql"};

nlohmann::json EventsJson(const std::vector<Event>& events) {
  nlohmann::json json = nlohmann::json::array();
  for (const Event& event : events) {
    json.push_back({event.sign_up, static_cast<int>(event.state),
                    static_cast<int>(event.reason)});
  }
  return json;
}

void InsertDecisions(db::Tx& tx, const std::vector<Record>& records) {
  std::vector<int64_t> visits, versions;
  std::vector<int> commands, confirmed, waiting;
  std::vector<std::string> actors;
  std::vector<nlohmann::json> events;
  for (const Record& record : records) {
    visits.push_back(record.visit->row);
    versions.push_back(record.decision.version);
    commands.push_back(static_cast<int>(KindOf(record.decision.command)));
    actors.push_back(record.by.caller);
    events.push_back(EventsJson(record.decision.events));
    confirmed.push_back(record.confirmed);
    waiting.push_back(record.waiting);
  }
  tx.Run(kInsertDecisions, visits, versions, commands, actors, events,
         confirmed, waiting);
}

constexpr db::Statement kUpdateVisits{"visits.update_counters", R"sql(
  UPDATE visits.visit AS v
     SET version = decided.version, confirmed_count = decided.confirmed,
         waitlisted_count = decided.waiting, update_time = now()
    FROM unnest($1::bigint[], $2::bigint[], $3::int[], $4::int[])
         AS decided (visit_id, version, confirmed, waiting)
   WHERE v.visit_id = decided.visit_id
)sql"};

void UpdateVisits(db::Tx& tx, const std::vector<Record>& records) {
  std::map<int64_t, const Record*> last;
  for (const Record& record : records) last[record.visit->row] = &record;
  std::vector<int64_t> visits, versions;
  std::vector<int> confirmed, waiting;
  for (const auto& [row, record] : last) {
    visits.push_back(row);
    versions.push_back(record->decision.version);
    confirmed.push_back(record->confirmed);
    waiting.push_back(record->waiting);
  }
  tx.Run(kUpdateVisits, visits, versions, confirmed, waiting);
}

// One entry for each sign-up that changed and one for each visit: decisions
// are dense in the visit's version, so its last version tells all.
void AppendChanges(db::Tx& tx, const std::vector<Record>& records) {
  struct Latest {
    changes::Change change;
    const RequestKey* by;
  };
  std::map<std::string, Latest> latest;
  for (const Record& record : records) {
    const std::string visit = absl::StrCat("studyVisits/", record.visit->id);
    const auto put = [&](const std::string& resource) {
      latest[resource] = {{.network = record.visit->network,
                           .resource = resource,
                           .version = record.decision.version,
                           .reason = record.reason},
                          &record.by};
    };
    put(visit);
    for (const Event& event : record.decision.events) {
      put(absl::StrCat(visit, "/signUps/", event.sign_up));
    }
  }
  std::map<std::pair<std::string, std::string>, std::vector<changes::Change>>
      by_actor;
  for (auto& [resource, entry] : latest) {
    by_actor[{entry.by->caller, entry.by->method}].push_back(entry.change);
  }
  for (const auto& [actor, changes] : by_actor) {
    changes::Append(tx, {.caller = actor.first, .method = actor.second},
                    changes);
  }
}

}  // namespace

void StoreDecisions(db::Tx& tx, const std::vector<Record>& records) {
  if (records.empty()) return;
  std::vector<const Record*> added;
  std::vector<privacy::SealKey> keys;
  for (const Record& record : records) {
    if (!record.sign_up) continue;
    added.push_back(&record);
    keys.push_back({SignUpName(record.visit->id, record.sign_up->id),
                    record.sealed.wrapped_key});
  }
  // Parents before children; people who leave before people who come.
  UpdateVisits(tx, records);
  if (!added.empty()) InsertSignUps(tx, added);
  UpdateSignUps(tx, records);
  if (!added.empty()) {
    InsertPeople(tx, added);
    privacy::InsertSealKeys(tx, keys);
  }
  InsertDecisions(tx, records);
  AppendChanges(tx, records);
}

}  // namespace lagnet::visits
