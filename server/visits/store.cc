#include "server/visits/store.h"

#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/status_macros.h"
#include "server/base/zoned_time.h"
#include "server/changes/log.h"
#include "server/directory/network_store.h"
#include "server/directory/standing_store.h"
#include "server/directory/theme_store.h"
#include "server/projects/store.h"
#include "server/visits/traits_store.h"

namespace lagnet::visits {
namespace {

absl::CivilSecond FromColumn(std::string text) {
  text[10] = 'T';  // PostgreSQL writes a space.
  return *ParseLocalDateTime(text);
}

std::optional<absl::CivilSecond> FromColumn(
    const std::optional<std::string>& text) {
  if (!text) return std::nullopt;
  return FromColumn(*text);
}

db::Value ValueOf(const std::optional<absl::CivilSecond>& time) {
  if (!time) return std::nullopt;
  return absl::FormatCivilTime(*time);
}

std::vector<Day> DaysOf(const nlohmann::json& json) {
  std::vector<Day> days;
  for (const auto& entry : json) {
    Day day{.date = *ParseLocalDate(entry.at("date").get<std::string>()),
            .title = LocalizedTextFromJson(entry.at("title"))};
    for (const auto& stop : entry.at("stops")) {
      day.stops.push_back({.title = LocalizedTextFromJson(stop.at("title")),
                           .host = stop.at("host"),
                           .place = stop.at("place"),
                           .theme = stop.at("theme"),
                           .funds = stop.at("funds")});
    }
    days.push_back(std::move(day));
  }
  return days;
}

VisitRules ReadRules(const nlohmann::json& json) {
  VisitRules rules = RulesFromJson(json);
  PlaceGroups(rules);
  return rules;
}

StudyVisit ReadVisit(const db::Row& row) {
  StudyVisit visit{
      .row = row.Get<int64_t>("visit_id"),
      .id = row.Get<std::string>("name"),
      .network = row.Get<std::string>("network"),
      .project = row.Get<std::string>("project"),
      .hosts = row.Get<std::vector<std::string>>("hosts"),
      .title = LocalizedTextFromJson(row.Get<nlohmann::json>("title")),
      .description =
          LocalizedTextFromJson(row.Get<nlohmann::json>("description")),
      .time_zone = row.Get<std::string>("time_zone"),
      .start = FromColumn(row.Get<std::string>("start_local")),
      .end = FromColumn(row.Get<std::string>("end_local")),
      .sign_up_start = FromColumn(
          row.Get<std::optional<std::string>>("sign_up_start_local")),
      .sign_up_end =
          FromColumn(row.Get<std::optional<std::string>>("sign_up_end_local")),
      .seats = row.Get<int>("seats"),
      .seats_per_organization = row.Get<int>("seats_per_organization"),
      .languages = row.Get<std::vector<std::string>>("languages"),
      .contact_email = row.Get<std::string>("contact_email"),
      .days = DaysOf(row.Get<nlohmann::json>("days")),
      .state = row.Get<VisitState>("state"),
      .cancel_reason = row.Get<std::string>("cancel_reason"),
      .rules = ReadRules(row.Get<nlohmann::json>("seat_rules")),
      .rules_hash = row.Get<std::string>("rules_hash"),
      .is_drawn = row.Get<bool>("is_drawn"),
      .confirmed = row.Get<int>("confirmed_count"),
      .held = row.Get<int>("held_count"),
      .waiting = row.Get<int>("waitlisted_count"),
      .version = row.Get<int64_t>("version"),
      .create_time = row.Get<absl::Time>("create_time"),
      .update_time = row.Get<absl::Time>("update_time"),
  };
  for (const std::string& number :
       row.Get<std::vector<std::string>>("covered")) {
    visit.covered.push_back(std::stoi(number));
  }
  return visit;
}

constexpr db::Statement kLoadVisit{"visits.load_visit", R"sql(
  SELECT * FROM visits.visit_entry WHERE name = $1
)sql"};

}  // namespace

absl::StatusOr<StudyVisit> LoadVisit(db::Tx& tx, const std::string& id) {
  const db::Rows rows = tx.Run(kLoadVisit, id);
  if (rows.empty()) {
    return NoSuch("study visit", id);
  }
  return ReadVisit(rows[0]);
}

namespace {

constexpr db::Statement kLockVisit{"visits.lock_visit", R"sql(
  SELECT FROM visits.visit WHERE name = $1 FOR UPDATE
)sql"};

}  // namespace

absl::StatusOr<StudyVisit> LockVisit(db::Tx& tx, const std::string& id) {
  tx.Run(kLockVisit, id);
  return LoadVisit(tx, id);
}

namespace {

constexpr db::Statement kLoadVisits{"visits.load_visits", R"sql(
  SELECT *
    FROM visits.visit_entry AS entry
   WHERE (start_time, visit_id) > ($1::timestamptz, $2::bigint)
     AND ($4::int = 0 AND state > 1 OR state = $4)
     AND ($5::text IS NULL OR network = $5)
     AND ($6::text IS NULL OR project = $6)
     AND ($7::text IS NULL OR EXISTS (
           SELECT FROM visits.host AS h
            WHERE h.visit_id = entry.visit_id AND h.organization = $7))
     AND ($8::text IS NULL OR $8 = ANY (languages))
     AND start_time >= coalesce($9::timestamptz, '-infinity')
   ORDER BY start_time, visit_id
   LIMIT $3
)sql"};

}  // namespace

std::vector<StudyVisit> LoadVisits(db::Tx& tx, const VisitFilter& filter,
                                   absl::Time after_start, int64_t after_row,
                                   int limit) {
  std::vector<StudyVisit> visits;
  const db::Value after = after_start == absl::InfinitePast()
                              ? db::Value("-infinity")
                              : db::ToValue(after_start);
  for (const db::Row row :
       tx.Run(kLoadVisits, after, after_row, limit, filter.state,
              db::NullIfEmpty(filter.network), db::NullIfEmpty(filter.project),
              db::NullIfEmpty(filter.host), db::NullIfEmpty(filter.language),
              filter.start_after)) {
    visits.push_back(ReadVisit(row));
  }
  return visits;
}

namespace {

constexpr db::Statement kLoadVisitsByIds{"visits.load_visits_by_ids", R"sql(
  SELECT * FROM visits.visit_entry WHERE name = ANY ($1::text[])
)sql"};

}  // namespace

std::vector<StudyVisit> LoadVisitsByIds(db::Tx& tx,
                                        const std::vector<std::string>& ids) {
  std::vector<StudyVisit> visits;
  for (const db::Row row : tx.Run(kLoadVisitsByIds, ids)) {
    visits.push_back(ReadVisit(row));
  }
  return visits;
}

namespace {

constexpr db::Statement kPutHosts{"visits.put_hosts", R"sql(
  WITH gone AS (
    DELETE FROM visits.host
     WHERE visit_id = $1 AND organization <> ALL ($2::text[])
  )
  INSERT INTO visits.host (visit_id, position, organization)
  SELECT $1, n - 1, organization
    FROM unnest($2::text[]) WITH ORDINALITY AS list (organization, n)
  ON CONFLICT (visit_id, organization)
  DO UPDATE SET position = excluded.position
)sql"};

constexpr db::Statement kDropDays{"visits.drop_days", R"sql(
  DELETE FROM visits.day WHERE visit_id = $1
)sql"};

constexpr db::Statement kPutDays{"visits.put_days", R"sql(
  INSERT INTO visits.day (visit_id, position, date, title)
  SELECT $1, n - 1, (entry ->> 'date')::date, entry -> 'title'
    FROM jsonb_array_elements($2) WITH ORDINALITY AS list (entry, n)
)sql"};

constexpr db::Statement kPutStops{"visits.put_stops", R"sql(
  INSERT INTO visits.stop (visit_id, day, position, title, host, place, theme,
                           funds)
  SELECT $1, days.n - 1, stops.n - 1, stop -> 'title',
         nullif(stop ->> 'host', ''), stop ->> 'place',
         nullif(stop ->> 'theme', ''),
         ARRAY(SELECT jsonb_array_elements_text(stop -> 'funds'))
    FROM jsonb_array_elements($2) WITH ORDINALITY AS days (day, n),
         jsonb_array_elements(day -> 'stops')
           WITH ORDINALITY AS stops (stop, n)
)sql"};

void PutParts(db::Tx& tx, int64_t row, const StudyVisit& visit) {
  nlohmann::json days = nlohmann::json::array();
  for (const Day& day : visit.days) {
    nlohmann::json stops = nlohmann::json::array();
    for (const Stop& stop : day.stops) {
      stops.push_back({{"title", ToJson(stop.title)},
                       {"host", stop.host},
                       {"place", stop.place},
                       {"theme", stop.theme},
                       {"funds", stop.funds}});
    }
    days.push_back({{"date", absl::FormatCivilTime(day.date)},
                    {"title", ToJson(day.title)},
                    {"stops", stops}});
  }
  tx.Run(kPutHosts, row, visit.hosts);
  tx.Run(kDropDays, row);
  tx.Run(kPutDays, row, days);
  tx.Run(kPutStops, row, days);
}

constexpr db::Statement kNamedHosts{"visits.named_hosts", R"sql(
  SELECT organization FROM visits.host WHERE visit_id = $1
   UNION
  SELECT host FROM visits.stop WHERE visit_id = $1 AND host IS NOT NULL
)sql"};

constexpr db::Statement kRulesBefore{"visits.rules_before", R"sql(
  SELECT seat_rules FROM visits.visit WHERE visit_id = $1
)sql"};

// The organisations that a visit names in the database, none for a new one.
std::vector<std::string> NamedBefore(db::Tx& tx, const StudyVisit& visit) {
  std::vector<std::string> ids;
  for (const db::Row row : tx.Run(kNamedHosts, visit.row)) {
    ids.push_back(row.Get<std::string>("organization"));
  }
  for (const db::Row row : tx.Run(kRulesBefore, visit.row)) {
    for (std::string& id : OrganizationsIn(
             RulesFromJson(row.Get<nlohmann::json>("seat_rules")))) {
      ids.push_back(std::move(id));
    }
  }
  return ids;
}

absl::Status CheckReferences(db::Tx& tx, const StudyVisit& visit) {
  RETURN_IF_ERROR(
      directory::CheckNetworkExists(tx, "study_visit.network", visit.network));
  RETURN_IF_ERROR(
      projects::CheckProjectExists(tx, "study_visit.project", visit.project));
  const std::vector<std::string> named = NamedBefore(tx, visit);
  RETURN_IF_ERROR(
      directory::CheckInDirectory(tx, "study_visit.hosts", visit.hosts, named));
  std::vector<std::string> hosts;
  std::vector<std::string> themes;
  for (const Day& day : visit.days) {
    for (const Stop& stop : day.stops) {
      hosts.push_back(stop.host);
      themes.push_back(stop.theme);
    }
  }
  RETURN_IF_ERROR(directory::CheckInDirectory(tx, "study_visit.days.stops.host",
                                              hosts, named));
  RETURN_IF_ERROR(directory::CheckInDirectory(
      tx, "study_visit.seat_rules", OrganizationsIn(visit.rules), named));
  return directory::CheckThemesExist(tx, "study_visit.days.stops.theme",
                                     themes);
}

constexpr db::Statement kInsertVisit{"visits.insert_visit", R"sql(
  INSERT INTO visits.visit (
    network, name, project, title, description, time_zone, start_local,
    end_local, sign_up_start_local, sign_up_end_local, start_time, end_time,
    sign_up_start_time, sign_up_end_time, seats, seats_per_organization,
    languages, covered, contact_email, seat_rules, version)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15,
          $16, $17, $18::int[], $19, $20, $21)
  ON CONFLICT (name) DO NOTHING
  RETURNING visit_id, version
)sql"};

}  // namespace

absl::Status InsertVisit(db::Tx& tx, const RequestKey& by,
                         const StudyVisit& visit) {
  RETURN_IF_ERROR(CheckReferences(tx, visit));
  const Instants instants = InstantsOf(visit);
  const std::string name = absl::StrCat("studyVisits/", visit.id);
  const db::Rows rows = tx.Run(
      kInsertVisit, visit.network, visit.id, db::NullIfEmpty(visit.project),
      ToJson(visit.title), ToJson(visit.description), visit.time_zone,
      ValueOf(visit.start), ValueOf(visit.end), ValueOf(visit.sign_up_start),
      ValueOf(visit.sign_up_end), instants.start, instants.end,
      instants.sign_up_start, instants.sign_up_end, visit.seats,
      visit.seats_per_organization, visit.languages, visit.covered,
      visit.contact_email, ToJson(visit.rules), changes::NextVersion(tx, name));
  if (rows.empty()) {
    return NameTaken(name);
  }
  PutParts(tx, rows[0].Get<int64_t>("visit_id"), visit);
  changes::Append(tx, by,
                  {{.network = visit.network,
                    .resource = name,
                    .version = rows[0].Get<int64_t>("version")}});
  return absl::OkStatus();
}

namespace {

constexpr db::Statement kSaveVisit{"visits.save_visit", R"sql(
  UPDATE visits.visit
     SET project = $2, title = $3, description = $4, time_zone = $5,
         start_local = $6, end_local = $7, sign_up_start_local = $8,
         sign_up_end_local = $9, start_time = $10, end_time = $11,
         sign_up_start_time = $12, sign_up_end_time = $13, languages = $14,
         covered = $15::int[], contact_email = $16, cancel_reason = $17,
         seats = $18, seats_per_organization = $19, state = $20,
         seat_rules = $21, is_drawn = $22, update_time = now(),
         -- People are reminded of another date anew.
         remind_time = CASE WHEN start_time = $10 THEN remind_time END
   WHERE visit_id = $1
)sql"};

}  // namespace

absl::Status SaveVisit(db::Tx& tx, const StudyVisit& visit) {
  RETURN_IF_ERROR(CheckReferences(tx, visit));
  const Instants instants = InstantsOf(visit);
  tx.Run(kSaveVisit, visit.row, db::NullIfEmpty(visit.project),
         ToJson(visit.title), ToJson(visit.description), visit.time_zone,
         ValueOf(visit.start), ValueOf(visit.end), ValueOf(visit.sign_up_start),
         ValueOf(visit.sign_up_end), instants.start, instants.end,
         instants.sign_up_start, instants.sign_up_end, visit.languages,
         visit.covered, visit.contact_email, visit.cancel_reason, visit.seats,
         visit.seats_per_organization, visit.state, ToJson(visit.rules),
         visit.is_drawn);
  PutParts(tx, visit.row, visit);
  return absl::OkStatus();
}

namespace {

constexpr db::Statement kInsertRulesVersion{"visits.insert_rules_version",
                                            R"sql(
  WITH noted AS (
    INSERT INTO visits.rules_version (visit_id, version, rules, hash, reason,
                                      actor)
    SELECT visit_id, version, $2,
           encode(sha256(convert_to($2, 'UTF8')), 'hex'), $3, $4
      FROM visits.visit WHERE visit_id = $1
    RETURNING visit_id, hash
  )
  UPDATE visits.visit SET rules_hash = noted.hash FROM noted
   WHERE visit.visit_id = noted.visit_id
)sql"};

constexpr db::Statement kLoadRulesVersions{"visits.load_rules_versions",
                                           R"sql(
  SELECT r.version, rules, hash, reason, r.create_time
    FROM visits.rules_version AS r JOIN visits.visit AS v USING (visit_id)
   WHERE v.name = $1 AND ($2::bigint = 0 OR r.version < $2)
   ORDER BY r.version DESC LIMIT $3
)sql"};

}  // namespace

void InsertRulesVersion(db::Tx& tx, const RequestKey& by,
                        const StudyVisit& visit, const std::string& reason) {
  tx.Run(kInsertRulesVersion, visit.row, RulesText(visit), reason, by.caller);
}

std::vector<RulesVersion> LoadRulesVersions(db::Tx& tx, const std::string& id,
                                            int64_t before, int limit) {
  std::vector<RulesVersion> versions;
  for (const db::Row row : tx.Run(kLoadRulesVersions, id, before, limit)) {
    versions.push_back({.version = row.Get<int64_t>("version"),
                        .text = row.Get<std::string>("rules"),
                        .hash = row.Get<std::string>("hash"),
                        .reason = row.Get<std::string>("reason"),
                        .create_time = row.Get<absl::Time>("create_time")});
  }
  return versions;
}

namespace {

constexpr db::Statement kDeleteDecisions{"visits.delete_decisions", R"sql(
  DELETE FROM visits.decision WHERE visit_id = $1
)sql"};

constexpr db::Statement kDeleteVisit{"visits.delete_visit", R"sql(
  DELETE FROM visits.visit WHERE visit_id = $1 AND state = 1
)sql"};

}  // namespace

void DeleteVisit(db::Tx& tx, const RequestKey& by, const StudyVisit& visit) {
  tx.Run(kDeleteDecisions, visit.row);
  tx.Run(kDeleteVisit, visit.row);
  changes::Append(tx, by,
                  {{.network = visit.network,
                    .resource = absl::StrCat("studyVisits/", visit.id),
                    .version = visit.version + 1,
                    .removed = true}});
}

}  // namespace lagnet::visits
