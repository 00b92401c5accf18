#include "server/visits/watch_store.h"

#include <set>
#include <utility>

#include "server/base/resource_name.h"
#include "server/visits/event.h"
#include "server/visits/sign_up_store.h"
#include "server/visits/store.h"

namespace lagnet::visits {
namespace {

SignUp ReadBare(const db::Row& row, const std::string& visit) {
  return SignUp{.visit = visit,
                .id = row.Get<std::string>("name"),
                .organization = row.Get<std::string>("organization"),
                .standing = row.Get<Standing>("standing"),
                .sector = row.Get<Sector>("sector"),
                .min_members = row.Get<int>("min_members"),
                .external_id = row.Get<std::string>("external_id"),
                .choice = row.Get<int>("choice"),
                .create_time = row.Get<absl::Time>("create_time")};
}

constexpr db::Statement kLoadDecisions{"visits.load_decisions", R"sql(
  SELECT DISTINCT ON (v.visit_id, d.version)
         v.name AS visit, v.version AS newest, d.version, d.events,
         d.confirmed_count, d.waitlisted_count, d.decide_time
    FROM unnest($1::text[], $2::bigint[]) AS asked (visit, above)
    JOIN visits.visit AS v ON v.name = asked.visit
   CROSS JOIN LATERAL (
           SELECT * FROM visits.decision AS each
            WHERE each.visit_id = v.visit_id AND each.version > asked.above
            ORDER BY each.version LIMIT $3) AS d
   ORDER BY v.visit_id, d.version
)sql"};

constexpr db::Statement kLoadBareSignUps{"visits.load_bare_sign_ups", R"sql(
  SELECT name, organization, standing, sector, min_members, external_id,
         choice, create_time
    FROM visits.sign_up WHERE name = ANY ($1::text[])
)sql"};

// What never changes about the sign-ups that decisions name.
std::map<std::string, SignUp> BareSignUps(
    db::Tx& tx, const std::vector<std::string>& names) {
  std::map<std::string, SignUp> sign_ups;
  for (const db::Row row : tx.Run(kLoadBareSignUps, names)) {
    SignUp sign_up = ReadBare(row, "");
    std::string id = sign_up.id;
    sign_ups.emplace(std::move(id), std::move(sign_up));
  }
  return sign_ups;
}

}  // namespace

std::vector<StoredDecision> LoadDecisions(
    db::Tx& tx, const std::vector<DecisionsAbove>& above, int limit) {
  std::vector<std::string> visits;
  std::vector<int64_t> versions;
  for (const auto& [visit, version] : above) {
    visits.push_back(visit);
    versions.push_back(version);
  }
  const db::Rows rows = tx.Run(kLoadDecisions, visits, versions, limit);
  std::vector<std::string> names;
  for (const db::Row row : rows) {
    for (const auto& event : row.Get<nlohmann::json>("events")) {
      names.push_back(event.at(0));
    }
  }
  const std::map<std::string, SignUp> bare = BareSignUps(tx, names);
  std::vector<StoredDecision> decisions;
  for (const db::Row row : rows) {
    StoredDecision decision{.visit = row.Get<std::string>("visit"),
                            .version = row.Get<int64_t>("version"),
                            .newest = row.Get<int64_t>("newest"),
                            .confirmed = row.Get<int>("confirmed_count"),
                            .waiting = row.Get<int>("waitlisted_count")};
    for (const Event& event : UnpackEvents(row.Get<nlohmann::json>("events"))) {
      SignUp sign_up = bare.at(event.sign_up);
      sign_up.visit = decision.visit;
      sign_up.state = event.state;
      sign_up.seats = event.seats;
      sign_up.due = event.due;
      sign_up.hold_until = event.hold_until;
      sign_up.is_second = event.is_second;
      sign_up.obstacle = event.obstacle;
      sign_up.version = decision.version;
      sign_up.update_time = row.Get<absl::Time>("decide_time");
      decision.sign_ups.push_back(std::move(sign_up));
    }
    decisions.push_back(std::move(decision));
  }
  return decisions;
}

namespace {

constexpr db::Statement kLoadCurrentSignUps{"visits.load_current_sign_ups",
                                            R"sql(
  SELECT v.version AS visit_version, v.confirmed_count, v.waitlisted_count,
         s.name, s.organization, s.standing, s.sector, s.min_members,
         s.external_id, s.choice, s.is_second, s.state, s.seats, s.due_time, s.hold_end_time,
         s.version, s.create_time, s.update_time
    FROM visits.visit AS v
    LEFT JOIN visits.sign_up AS s
      ON s.visit_id = v.visit_id AND s.state IN (1, 2, 3, 4, 5, 11)
   WHERE v.name = $1
   ORDER BY s.seats = 0, s.arrival
)sql"};

}  // namespace

CurrentSignUps LoadCurrentSignUps(db::Tx& tx, const std::string& visit) {
  CurrentSignUps current;
  for (const db::Row row : tx.Run(kLoadCurrentSignUps, visit)) {
    current.version = row.Get<int64_t>("visit_version");
    current.confirmed = row.Get<int>("confirmed_count");
    current.waiting = row.Get<int>("waitlisted_count");
    if (row.Get<std::string>("name").empty()) continue;  // No sign-ups.
    SignUp sign_up = ReadBare(row, visit);
    sign_up.state = row.Get<SignUpState>("state");
    sign_up.seats = row.Get<int>("seats");
    sign_up.due = row.Get<absl::Time>("due_time");
    sign_up.hold_until = row.Get<std::optional<absl::Time>>("hold_end_time")
                             .value_or(absl::InfinitePast());
    sign_up.is_second = row.Get<bool>("is_second");
    sign_up.version = row.Get<int64_t>("version");
    sign_up.update_time = row.Get<absl::Time>("update_time");
    current.sign_ups.push_back(std::move(sign_up));
  }
  std::vector<SignUp*> sign_ups;
  for (SignUp& sign_up : current.sign_ups) sign_ups.push_back(&sign_up);
  SayWhyTheyWait(tx, visit, sign_ups);
  return current;
}

namespace {

constexpr db::Statement kLoadEveryVisit{"visits.load_every_visit", R"sql(
  SELECT name FROM visits.visit
)sql"};

}  // namespace

std::vector<StudyVisit> LoadEveryVisit(db::Tx& tx) {
  std::vector<std::string> ids;
  for (const db::Row row : tx.Run(kLoadEveryVisit)) {
    ids.push_back(row.Get<std::string>("name"));
  }
  return LoadVisitsByIds(tx, ids);
}

namespace {

constexpr db::Statement kLoadVisitCounts{"visits.load_visit_counts", R"sql(
  SELECT name, version, confirmed_count, held_count, waitlisted_count,
         update_time
    FROM visits.visit WHERE name = ANY ($1::text[])
)sql"};

}  // namespace

std::vector<VisitCounts> LoadVisitCounts(db::Tx& tx,
                                         const std::vector<std::string>& ids) {
  std::vector<VisitCounts> counts;
  if (ids.empty()) return counts;
  for (const db::Row row : tx.Run(kLoadVisitCounts, ids)) {
    counts.push_back({.id = row.Get<std::string>("name"),
                      .version = row.Get<int64_t>("version"),
                      .confirmed = row.Get<int>("confirmed_count"),
                      .held = row.Get<int>("held_count"),
                      .waiting = row.Get<int>("waitlisted_count"),
                      .update_time = row.Get<absl::Time>("update_time")});
  }
  return counts;
}

std::vector<StudyVisit> LoadPublicVisits(db::Tx& tx,
                                         const std::vector<std::string>& ids) {
  std::vector<StudyVisit> visits;
  for (StudyVisit& visit : LoadVisitsByIds(tx, ids)) {
    if (visit.state != VisitState::kDraft) visits.push_back(std::move(visit));
  }
  return visits;
}

std::vector<StudyVisit> LoadAllPublicVisits(db::Tx& tx,
                                            const std::string& network,
                                            const std::string& visit) {
  if (!visit.empty()) return LoadPublicVisits(tx, {visit});
  constexpr int kPage = 500;
  std::vector<StudyVisit> all;
  absl::Time after = absl::InfinitePast();
  int64_t row = 0;
  for (;;) {
    std::vector<StudyVisit> page =
        LoadVisits(tx, {.network = network}, after, row, kPage);
    for (StudyVisit& found : page) all.push_back(std::move(found));
    if (page.size() < kPage) return all;
    after = InstantsOf(all.back()).start;
    row = all.back().row;
  }
}

std::vector<StudyVisit> LoadVisitsChangedSince(db::Tx& tx,
                                               const changes::Position& from,
                                               const std::string& network,
                                               const std::string& visit) {
  constexpr int kAtOnce = 5000;
  std::set<std::string> ids;
  changes::Stretch stretch{.end = from};
  do {
    stretch = changes::ReadLog(tx, stretch.end, kAtOnce,
                               changes::Parts::kLeaveOut, network);
    for (const changes::LoggedChange& change : stretch.changes) {
      const auto id = ParseName("studyVisits", change.resource);
      if (id && (visit.empty() || *id == visit)) ids.insert(*id);
    }
  } while (!stretch.is_last);
  return LoadPublicVisits(tx, {ids.begin(), ids.end()});
}

}  // namespace lagnet::visits
