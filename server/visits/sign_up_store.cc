#include "server/visits/sign_up_store.h"

#include <algorithm>
#include <limits>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/status_macros.h"
#include "server/changes/log.h"
#include "server/privacy/store.h"
#include "server/visits/fit.h"
#include "server/visits/plan_store.h"

namespace lagnet::visits {
namespace {

SignUp ReadSignUp(const db::Row& row) {
  return SignUp{
      .visit = row.Get<std::string>("visit"),
      .id = row.Get<std::string>("name"),
      .organization = row.Get<std::string>("organization"),
      .standing = row.Get<Standing>("standing"),
      .sector = row.Get<Sector>("sector"),
      .min_members = row.Get<int>("min_members"),
      .external_id = row.Get<std::string>("external_id"),
      .creator = row.Get<std::string>("creator"),
      .intake = UnpackIntake(row.Get<nlohmann::json>("intake")),
      .state = row.Get<SignUpState>("state"),
      .seats = row.Get<int>("seats"),
      .due = row.Get<absl::Time>("due_time"),
      .hold_until = row.Get<std::optional<absl::Time>>("hold_end_time")
                        .value_or(absl::InfinitePast()),
      .refuse_reason = row.Get<std::string>("refuse_reason"),
      .is_unverified = row.Get<bool>("is_unverified"),
      .is_erased = row.Bytes("members").empty(),
      .choice = row.Get<int>("choice"),
      .is_second = row.Get<bool>("is_second"),
      .head_version = row.Get<int64_t>("head_version"),
      .version = row.Get<int64_t>("version"),
      .create_time = row.Get<absl::Time>("create_time"),
      .update_time = row.Get<absl::Time>("update_time"),
  };
}

// The keys that the sign-ups' people are sealed with; "" where they were
// erased. Those of the release before lie in a table of keys.
std::vector<std::string> SealKeysOf(db::Tx& tx, const db::Rows& rows,
                                    const std::vector<SignUp*>& sign_ups) {
  std::vector<std::string> keys, elsewhere;
  for (size_t i = 0; i < sign_ups.size(); ++i) {
    keys.push_back(rows[static_cast<int>(i)].Bytes("seal_key"));
    if (keys[i].empty() && !sign_ups[i]->is_erased) {
      elsewhere.push_back(SignUpName(sign_ups[i]->visit, sign_ups[i]->id));
    }
  }
  if (elsewhere.empty()) return keys;
  const auto found = privacy::LoadSealKeys(tx, elsewhere);
  for (size_t i = 0; i < sign_ups.size(); ++i) {
    const auto key =
        found.find(SignUpName(sign_ups[i]->visit, sign_ups[i]->id));
    if (key != found.end()) keys[i] = key->second;
  }
  return keys;
}

// Opens what the sign-ups' people are sealed with. Those that were erased stay
// without people.
absl::Status OpenMembers(db::Tx& tx, const privacy::Vault& vault,
                         const db::Rows& rows, std::vector<SignUp*> sign_ups) {
  const std::vector<std::string> keys = SealKeysOf(tx, rows, sign_ups);
  for (size_t i = 0; i < sign_ups.size(); ++i) {
    const db::Row row = rows[static_cast<int>(i)];
    const std::string& key = keys[i];
    if (key.empty() || sign_ups[i]->is_erased) continue;
    ASSIGN_OR_RETURN(
        const std::string packed,
        vault.Open({.wrapped_key = key, .data = row.Bytes("members")}));
    std::vector<Member>& members = sign_ups[i]->members;
    members = UnpackMembers(packed);
    // Those who lost their places for want of a name are sealed with them.
    if (row.Get<int>("member_count") < static_cast<int>(members.size())) {
      std::erase_if(members,
                    [](const Member& m) { return m.full_name.empty(); });
    }
    UnpackTraits(row.Get<nlohmann::json>("traits"), members);
  }
  return absl::OkStatus();
}

constexpr db::Statement kLoadSignUp{"visits.load_sign_up", R"sql(
  SELECT s.*, v.name AS visit
    FROM visits.sign_up AS s
    JOIN visits.visit AS v USING (visit_id)
   WHERE s.name = $1
)sql"};

}  // namespace

absl::StatusOr<SignUp> LoadSignUp(db::Tx& tx, const privacy::Vault& vault,
                                  const std::string& id) {
  const db::Rows rows = tx.Run(kLoadSignUp, id);
  if (rows.empty()) return NoSuch("sign-up", id);
  SignUp sign_up = ReadSignUp(rows[0]);
  RETURN_IF_ERROR(OpenMembers(tx, vault, rows, {&sign_up}));
  return sign_up;
}

void SayWhyTheyWait(db::Tx& tx, const std::string& visit,
                    const std::vector<SignUp*>& sign_ups) {
  if (std::none_of(sign_ups.begin(), sign_ups.end(), [](const SignUp* sign_up) {
        return MayWait(sign_up->state);
      })) {
    return;
  }
  const std::map<std::string, SeatPlan> plans = LoadPlans(tx, {visit});
  for (SignUp* sign_up : sign_ups) {
    const Party* party = plans.at(visit).Find(sign_up->id);
    if (party == nullptr) continue;
    sign_up->obstacle = WhyWaiting(plans.at(visit), *party, tx.now());
    if (sign_up->obstacle.why == WaitReason::kSeatsKept) {
      sign_up->keepers = KeepersOf(plans.at(visit), *party, tx.now());
    }
    sign_up->wait_position = plans.at(visit).PositionOf(sign_up->id);
  }
}

namespace {

// Who ends a visit or cancels it deletes nothing: people may still have to be
// reached. Members that are empty were erased.
constexpr db::Statement kErasePeople{"visits.erase_people", R"sql(
  WITH ended AS (
    SELECT s.name
      FROM visits.visit AS v JOIN visits.sign_up AS s USING (visit_id)
     WHERE v.end_time < now() - interval '30 days' AND s.members <> ''
     LIMIT $1
       FOR UPDATE OF s
  ), erased AS (
    UPDATE visits.sign_up AS s
       SET members = '', seal_key = '', traits = '[]', network_hash = ''
      FROM ended WHERE s.name = ended.name
    RETURNING s.visit_id, s.name, s.version
  ), forgotten AS (
    DELETE FROM visits.person AS p USING erased
     WHERE p.sign_up = erased.name
  )
  SELECT v.name AS visit, v.network, v.version AS visit_version, erased.name,
         erased.version
    FROM erased JOIN visits.visit AS v USING (visit_id)
)sql"};

const RequestKey& ErasedBy() {
  static const auto* const key =
      new RequestKey{.caller = "server",
                     .method = "lagnet.visits.v1.SignUpService/ErasePeople"};
  return *key;
}

constexpr db::Statement kEraseSignUp{"visits.erase_sign_up", R"sql(
  WITH forgotten AS (
    DELETE FROM visits.person WHERE sign_up = $1
  )
  UPDATE visits.sign_up
     SET members = '', seal_key = '', traits = '[]', external_id = '',
         network_hash = '', update_time = now()
   WHERE name = $1 AND members <> ''
)sql"};

}  // namespace

bool EraseSignUp(db::Tx& tx, const std::string& visit, const std::string& id) {
  if (tx.Run(kEraseSignUp, id).affected() == 0) return false;
  privacy::DeleteSealKeys(tx, {SignUpName(visit, id)});
  return true;
}

int ErasePeople(db::Tx& tx, int limit) {
  std::vector<std::string> ids;
  std::map<std::string, changes::Change> erased;
  for (const db::Row row : tx.Run(kErasePeople, limit)) {
    const auto visit = row.Get<std::string>("visit");
    const auto name = row.Get<std::string>("name");
    ids.push_back(SignUpName(visit, name));
    changes::Change& change = erased[visit];
    change.network = row.Get<std::string>("network");
    change.resource = absl::StrCat("studyVisits/", visit);
    change.version = row.Get<int64_t>("visit_version");
    change.parts.push_back({.name = absl::StrCat("signUps/", name),
                            .version = row.Get<int64_t>("version")});
  }
  if (ids.empty()) return 0;
  privacy::DeleteSealKeys(tx, ids);
  std::vector<changes::Change> changes;
  for (auto& [visit, change] : erased) changes.push_back(std::move(change));
  changes::Append(tx, ErasedBy(), changes);
  return static_cast<int>(ids.size());
}

namespace {

constexpr db::Statement kLoadSignUpOwner{"visits.load_sign_up_owner", R"sql(
  SELECT v.name AS visit, s.organization, s.head_version
    FROM visits.sign_up AS s JOIN visits.visit AS v USING (visit_id)
   WHERE s.name = $1
)sql"};

}  // namespace

absl::StatusOr<SignUpOwner> LoadSignUpOwner(db::Tx& tx, const std::string& id) {
  const db::Rows rows = tx.Run(kLoadSignUpOwner, id);
  if (rows.empty()) return NoSuch("sign-up", id);
  return SignUpOwner{rows[0].Get<std::string>("visit"),
                     rows[0].Get<std::string>("organization"),
                     rows[0].Get<int64_t>("head_version")};
}

namespace {

constexpr db::Statement kHasPlace{"visits.has_place", R"sql(
  SELECT 1
    FROM visits.sign_up AS s JOIN visits.visit AS v USING (visit_id)
   WHERE v.name = $1 AND s.name = $2
     AND s.traits @> jsonb_build_array(jsonb_build_object('place', $3::bigint))
)sql"};

}  // namespace

bool HasPlace(db::Tx& tx, const PlaceIds& ids) {
  return !tx.Run(kHasPlace, ids.visit, ids.sign_up, ids.place).empty();
}

namespace {

// Ranks: 1 has seats, 2 waits, 3 has ended.
constexpr db::Statement kLoadSignUps{"visits.load_sign_ups", R"sql(
  WITH ranked AS (
    SELECT s.*, v.name AS visit,
           CASE WHEN s.state IN (2, 3, 4) THEN 1
                WHEN s.state IN (1, 5, 11) THEN 2 ELSE 3 END AS rank,
           coalesce(nullif(s.queue_place, 0), s.arrival) AS place
      FROM visits.sign_up AS s JOIN visits.visit AS v USING (visit_id)
     WHERE v.name = $1
  )
  SELECT * FROM ranked
   WHERE (rank, place) > ($2::int, $3::bigint)
     AND ($5::text IS NULL OR organization = $5)
     AND ($6::int = 0 OR state = $6)
     AND ($7::text IS NULL OR creator = $7)
     AND ($8::text IS NULL OR external_id = $8)
   ORDER BY rank, place
   LIMIT $4
)sql"};

}  // namespace

absl::StatusOr<std::vector<ListedSignUp>> LoadSignUps(
    db::Tx& tx, const privacy::Vault& vault, const std::string& visit,
    const SignUpFilter& filter, const SignUpPosition& after, int limit) {
  const db::Rows rows = tx.Run(kLoadSignUps, visit, after.rank, after.arrival,
                               limit, db::NullIfEmpty(filter.organization),
                               filter.state, db::NullIfEmpty(filter.creator),
                               db::NullIfEmpty(filter.external_id));
  std::vector<ListedSignUp> listed;
  for (const db::Row row : rows) {
    listed.push_back(
        {ReadSignUp(row), {row.Get<int>("rank"), row.Get<int64_t>("place")}});
  }
  std::vector<SignUp*> sign_ups;
  for (ListedSignUp& entry : listed) sign_ups.push_back(&entry.sign_up);
  if (!sign_ups.empty()) {
    RETURN_IF_ERROR(OpenMembers(tx, vault, rows, sign_ups));
  }
  return listed;
}

absl::StatusOr<std::vector<SignUp>> LoadQueueOf(
    db::Tx& tx, const privacy::Vault& vault, const std::string& visit,
    const std::string& organization) {
  ASSIGN_OR_RETURN(std::vector<ListedSignUp> listed,
                   LoadSignUps(tx, vault, visit, {.organization = organization},
                               {}, std::numeric_limits<int>::max()));
  std::vector<SignUp*> all;
  for (ListedSignUp& entry : listed) all.push_back(&entry.sign_up);
  SayWhyTheyWait(tx, visit, all);
  std::vector<SignUp> waiting;
  for (ListedSignUp& entry : listed) {
    if (entry.sign_up.wait_position > 0) {
      waiting.push_back(std::move(entry.sign_up));
    }
  }
  std::sort(waiting.begin(), waiting.end(),
            [](const SignUp& a, const SignUp& b) {
              return a.wait_position < b.wait_position;
            });
  return waiting;
}

}  // namespace lagnet::visits
