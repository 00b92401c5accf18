#include "server/visits/seat_history_store.h"

#include <algorithm>
#include <limits>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "server/base/log.h"
#include "server/base/status_macros.h"
#include "server/base/zoned_time.h"
#include "server/visits/seat_history.h"
#include "server/visits/sign_up_store.h"
#include "server/visits/store.h"

namespace lagnet::visits {
namespace {

// "" for one who has no name.
std::string HistoryHash(const privacy::Vault& vault, const std::string& network,
                        const Member& member) {
  if (member.full_name.empty()) return "";
  return absl::BytesToHexString(
      vault.SeatPersonHash(network, ReachOf(member), member.full_name));
}

std::string HistoryHash(const privacy::Vault& vault, const SignUp& sign_up) {
  return absl::BytesToHexString(
      vault.SeatSignUpHash(SignUpName(sign_up.visit, sign_up.id)));
}

std::optional<absl::CivilDay> DayIn(const db::Row& row, const char* column) {
  return ParseLocalDate(row.Get<std::string>(column));
}

constexpr db::Statement kVisitsOver{"visits.visits_over", R"sql(
  WITH over AS (
    SELECT visit_id FROM visits.visit
     WHERE state IN (2, 3) AND end_time <= now() AND NOT is_in_history
     ORDER BY visit_id LIMIT $1
       FOR UPDATE SKIP LOCKED
  )
  UPDATE visits.visit AS v SET is_in_history = true
    FROM over WHERE v.visit_id = over.visit_id
  RETURNING v.name, v.network, v.end_local::date::text AS last_day
)sql"};

constexpr db::Statement kInsertSeats{"visits.insert_seat_history", R"sql(
  INSERT INTO visits.seat_history (network, person_hash, sign_up_hash,
                                   visit_end, keep_end)
  SELECT $1, decode(person, 'hex'), decode(sign_up, 'hex'), $4::date,
         $5::date
    FROM unnest($2::text[], $3::text[]) AS had (person, sign_up)
  ON CONFLICT DO NOTHING
)sql"};

}  // namespace

int NoteSeats(db::Tx& tx, const privacy::Vault& vault, int limit) {
  const db::Rows visits = tx.Run(kVisitsOver, limit);
  for (const db::Row row : visits) {
    const std::string visit = row.Get<std::string>("name");
    const std::string network = row.Get<std::string>("network");
    const auto listed =
        LoadSignUps(tx, vault, visit, {.state = SignUpState::kConfirmed}, {},
                    std::numeric_limits<int>::max());
    if (!listed.ok()) {
      Log(Severity::kError, "seats_not_noted").With("visit", visit);
      continue;
    }
    std::vector<std::string> people, sign_ups;
    for (const ListedSignUp& entry : *listed) {
      const std::vector<Member>& members = entry.sign_up.members;
      const size_t seats = static_cast<size_t>(entry.sign_up.seats);
      for (size_t i = 0; i < std::min(seats, members.size()); ++i) {
        std::string person = HistoryHash(vault, network, members[i]);
        if (person.empty()) continue;
        people.push_back(std::move(person));
        sign_ups.push_back(HistoryHash(vault, entry.sign_up));
      }
    }
    const absl::CivilDay last_day = *DayIn(row, "last_day");
    tx.Run(kInsertSeats, network, people, sign_ups,
           absl::FormatCivilTime(last_day),
           absl::FormatCivilTime(LastDayKept(last_day)));
  }
  return visits.size();
}

namespace {

constexpr db::Statement kPurgeSeats{"visits.purge_seat_history", R"sql(
  DELETE FROM visits.seat_history
   WHERE (network, person_hash, sign_up_hash) IN (
           SELECT network, person_hash, sign_up_hash
             FROM visits.seat_history
            WHERE keep_end < (now() AT TIME ZONE 'UTC')::date
            LIMIT $1)
)sql"};

}  // namespace

int PurgeSeatHistory(db::Tx& tx, int limit) {
  return tx.Run(kPurgeSeats, limit).affected();
}

namespace {

constexpr db::Statement kPastSeats{"visits.past_seats", R"sql(
  SELECT encode(h.person_hash, 'hex') AS person, max(h.visit_end)::text AS last
    FROM visits.seat_history AS h
    JOIN (SELECT DISTINCT decode(hex, 'hex') AS hash
            FROM unnest($2::text[]) AS asked (hex)) AS asked
      ON h.person_hash = asked.hash
   WHERE h.network = $1
   GROUP BY h.person_hash
)sql"};

constexpr db::Statement kPastOrganizations{"visits.past_organizations", R"sql(
  SELECT s.organization, max(v.end_local)::date::text AS last
    FROM visits.visit AS v JOIN visits.sign_up AS s USING (visit_id)
   WHERE v.network = $1 AND v.state IN (2, 3) AND v.end_time <= now()
     AND v.end_time > now() - interval '6 years'
     AND s.state = 4 AND s.seats > 0
     AND s.organization = ANY ($2::text[])
   GROUP BY s.organization
)sql"};

// The last day of somebody's latest visit, by who it was.
using LastDays = std::map<std::string, absl::CivilDay>;

LastDays ReadLastDays(const db::Rows& rows, const char* who) {
  LastDays last;
  for (const db::Row row : rows) {
    last.emplace(row.Get<std::string>(who), *DayIn(row, "last"));
  }
  return last;
}

// The hashes of those who are named in the parties of a queue, by sign-up.
absl::StatusOr<std::map<std::string, std::vector<std::string>>> QueuedPeople(
    db::Tx& tx, const privacy::Vault& vault, const StudyVisit& visit,
    const std::set<std::string>& queued) {
  std::map<std::string, std::vector<std::string>> people;
  for (const SignUpState state :
       {SignUpState::kPendingConfirmation, SignUpState::kHeld,
        SignUpState::kWaitlisted, SignUpState::kConfirmed}) {
    ASSIGN_OR_RETURN(const std::vector<ListedSignUp> listed,
                     LoadSignUps(tx, vault, visit.id, {.state = state}, {},
                                 std::numeric_limits<int>::max()));
    for (const auto& [sign_up, position] : listed) {
      if (!queued.contains(sign_up.id)) continue;
      std::vector<std::string>& hashes = people[sign_up.id];
      for (const Member& member : sign_up.members) {
        std::string hash = HistoryHash(vault, visit.network, member);
        if (!hash.empty()) hashes.push_back(std::move(hash));
      }
    }
  }
  return people;
}

}  // namespace

absl::StatusOr<std::map<std::string, int>> WeighParties(
    db::Tx& tx, const privacy::Vault& vault, const std::string& visit_id,
    const SeatPlan& plan) {
  ASSIGN_OR_RETURN(const StudyVisit visit, LoadVisit(tx, visit_id));
  const DrawWeights& weights = visit.rules.draw_weights;
  std::map<std::string, int> weighed;
  if (weights == DrawWeights()) return weighed;
  std::set<std::string> queued, organizations;
  for (const auto& [key, id] : plan.queue()) {
    queued.insert(id);
    organizations.insert(plan.Find(id)->organization);
  }
  ASSIGN_OR_RETURN(const auto people, QueuedPeople(tx, vault, visit, queued));
  std::vector<std::string> asked;
  for (const auto& [id, hashes] : people) {
    asked.insert(asked.end(), hashes.begin(), hashes.end());
  }
  const LastDays of_people =
      ReadLastDays(tx.Run(kPastSeats, visit.network, asked), "person");
  const LastDays of_organizations = ReadLastDays(
      tx.Run(
          kPastOrganizations, visit.network,
          std::vector<std::string>(organizations.begin(), organizations.end())),
      "organization");
  const auto latest = [](const LastDays& last, const std::string& who,
                         std::optional<absl::CivilDay>& day) {
    const auto found = last.find(who);
    if (found == last.end()) return;
    day = day ? std::max(*day, found->second) : found->second;
  };
  for (const auto& [id, hashes] : people) {
    PastSeats past;
    for (const std::string& hash : hashes) {
      latest(of_people, hash, past.people);
    }
    latest(of_organizations, plan.Find(id)->organization, past.organization);
    weighed[id] = WeightOf(weights, absl::CivilDay(visit.start), past);
  }
  return weighed;
}

namespace {

// Of a row without rows, max() is NULL, which reads as "".
constexpr db::Statement kSeatsKeptUntil{"visits.seats_kept_until", R"sql(
  SELECT max(keep_end)::text AS last FROM visits.seat_history
   WHERE sign_up_hash = decode($1, 'hex')
     AND ($2::text IS NULL OR person_hash = decode($2, 'hex'))
)sql"};

}  // namespace

std::optional<absl::CivilDay> SeatsKeptUntil(db::Tx& tx,
                                             const privacy::Vault& vault,
                                             const SignUp& sign_up) {
  return DayIn(
      tx.Run(kSeatsKeptUntil, HistoryHash(vault, sign_up), db::Value())[0],
      "last");
}

std::optional<absl::CivilDay> SeatKeptUntil(db::Tx& tx,
                                            const privacy::Vault& vault,
                                            const std::string& network,
                                            const SignUp& sign_up,
                                            const Member& member) {
  return DayIn(tx.Run(kSeatsKeptUntil, HistoryHash(vault, sign_up),
                      HistoryHash(vault, network, member))[0],
               "last");
}

namespace {

constexpr db::Statement kForgetSeats{"visits.forget_seats", R"sql(
  DELETE FROM visits.seat_history WHERE sign_up_hash = decode($1, 'hex')
)sql"};

constexpr db::Statement kForgetSeatsOf{"visits.forget_seats_of", R"sql(
  DELETE FROM visits.seat_history
   WHERE network = $1 AND person_hash = decode($2, 'hex')
)sql"};

}  // namespace

void ForgetSeats(db::Tx& tx, const privacy::Vault& vault,
                 const std::string& network, const SignUp& sign_up) {
  tx.Run(kForgetSeats, HistoryHash(vault, sign_up));
  // Whoever has not shown that the address is theirs erases nobody's past.
  if (sign_up.is_unverified || sign_up.members.empty()) return;
  ForgetSeatsOf(tx, vault, network, sign_up.members[0]);
}

void ForgetSeatsOf(db::Tx& tx, const privacy::Vault& vault,
                   const std::string& network, const Member& member) {
  tx.Run(kForgetSeatsOf, network, HistoryHash(vault, network, member));
}

}  // namespace lagnet::visits
