#include "server/visits/draw_store.h"

#include <utility>

#include "server/base/status_macros.h"
#include "server/draw/document.h"
#include "server/visits/closed_list.h"

namespace lagnet::visits {
namespace {

constexpr db::Statement kLoadDrawHosts{"visits.load_draw_hosts", R"sql(
  SELECT host_label, commitment, seed FROM visits.draw_host
   WHERE visit_id = $1 ORDER BY host_label
)sql"};

}  // namespace

std::vector<DrawHost> LoadDrawHosts(db::Tx& tx, int64_t visit) {
  std::vector<DrawHost> hosts;
  for (const db::Row row : tx.Run(kLoadDrawHosts, visit)) {
    hosts.push_back({.host = row.Get<std::string>("host_label"),
                     .commitment = row.Get<std::string>("commitment"),
                     .seed = row.Get<std::string>("seed")});
  }
  return hosts;
}

namespace {

constexpr db::Statement kSaveCommitment{"visits.save_commitment", R"sql(
  INSERT INTO visits.draw_host (visit_id, host_label, commitment)
  VALUES ($1, $2, $3)
  ON CONFLICT (visit_id, host_label)
  DO UPDATE SET commitment = excluded.commitment, commit_time = now()
)sql"};

constexpr db::Statement kSaveSeed{"visits.save_seed", R"sql(
  UPDATE visits.draw_host SET seed = $3 WHERE visit_id = $1 AND host_label = $2
)sql"};

}  // namespace

void SaveCommitment(db::Tx& tx, int64_t visit, const std::string& host,
                    const std::string& commitment) {
  tx.Run(kSaveCommitment, visit, host, commitment);
}

void SaveSeed(db::Tx& tx, int64_t visit, const std::string& host,
              const std::string& seed) {
  tx.Run(kSaveSeed, visit, host, seed);
}

namespace {

constexpr db::Statement kLoadDrawRestarts{"visits.load_draw_restarts", R"sql(
  SELECT reason, hosts, restart_time FROM visits.draw_restart
   WHERE visit_id = $1 ORDER BY restart_number
)sql"};

}  // namespace

std::vector<DrawRestart> LoadDrawRestarts(db::Tx& tx, int64_t visit) {
  std::vector<DrawRestart> restarts;
  for (const db::Row row : tx.Run(kLoadDrawRestarts, visit)) {
    restarts.push_back({.reason = row.Get<std::string>("reason"),
                        .time = row.Get<absl::Time>("restart_time")});
    for (const auto& host : row.Get<nlohmann::json>("hosts")) {
      restarts.back().hosts.push_back({.host = host.at("host"),
                                       .commitment = host.at("commitment"),
                                       .seed = host.at("seed")});
    }
  }
  return restarts;
}

namespace {

constexpr db::Statement kRestartDraw{"visits.restart_draw", R"sql(
  WITH given_up AS (
    DELETE FROM visits.draw_host WHERE visit_id = $1
    RETURNING host_label, commitment, seed
  )
  INSERT INTO visits.draw_restart (visit_id, restart_number, reason, hosts)
  SELECT $1,
         (SELECT count(*) + 1 FROM visits.draw_restart WHERE visit_id = $1),
         $2,
         coalesce(jsonb_agg(jsonb_build_object('host', host_label,
                                               'commitment', commitment,
                                               'seed', seed)
                            ORDER BY host_label), '[]')
    FROM given_up
)sql"};

}  // namespace

void RestartDraw(db::Tx& tx, int64_t visit, const std::string& reason) {
  tx.Run(kRestartDraw, visit, reason);
}

namespace {

constexpr db::Statement kLoadClosedDraw{"visits.load_closed_draw", R"sql(
  SELECT list, root, lottery, lottery_digest, document, close_time, hold_time
    FROM visits.draw WHERE visit_id = $1
)sql"};

}  // namespace

std::optional<ClosedDraw> LoadClosedDraw(db::Tx& tx, int64_t visit) {
  const db::Rows rows = tx.Run(kLoadClosedDraw, visit);
  if (rows.empty()) return std::nullopt;
  return ClosedDraw{
      .list = rows[0].Get<nlohmann::json>("list"),
      .root = rows[0].Get<std::string>("root"),
      .lottery = rows[0].Get<nlohmann::json>("lottery"),
      .lottery_digest = rows[0].Get<std::string>("lottery_digest"),
      .document = rows[0].Get<std::string>("document"),
      .close_time = rows[0].Get<absl::Time>("close_time"),
      .hold_time = rows[0].Get<std::optional<absl::Time>>("hold_time")};
}

namespace {

constexpr db::Statement kLoadDrawProgress{"visits.load_draw_progress", R"sql(
  SELECT step, done_percent, panels, time_percent, start_time
    FROM visits.draw_progress
   WHERE visit_id = $1 AND update_time > now() - interval '10 seconds'
)sql"};

}  // namespace

std::optional<DrawProgress> LoadDrawProgress(db::Tx& tx, int64_t visit) {
  const db::Rows rows = tx.Run(kLoadDrawProgress, visit);
  if (rows.empty()) return std::nullopt;
  return DrawProgress{.step = rows[0].Get<std::string>("step"),
                      .done_percent = rows[0].Get<int>("done_percent"),
                      .panels = rows[0].Get<int>("panels"),
                      .time_percent = rows[0].Get<int>("time_percent"),
                      .start_time = rows[0].Get<absl::Time>("start_time")};
}

namespace {

constexpr db::Statement kSaveDrawProgress{"visits.save_draw_progress", R"sql(
  INSERT INTO visits.draw_progress (visit_id, step, done_percent, panels,
                                    time_percent, start_time)
  VALUES ($1, $2, $3, $4, $5, $6)
  ON CONFLICT (visit_id)
  DO UPDATE SET step = excluded.step, done_percent = excluded.done_percent,
                panels = excluded.panels, time_percent = excluded.time_percent,
                start_time = excluded.start_time, update_time = now()
)sql"};

constexpr db::Statement kRemoveDrawProgress{"visits.remove_draw_progress",
                                            R"sql(
  DELETE FROM visits.draw_progress WHERE visit_id = $1
)sql"};

}  // namespace

void SaveDrawProgress(db::Tx& tx, int64_t visit, const DrawProgress& progress) {
  tx.Run(kSaveDrawProgress, visit, progress.step, progress.done_percent,
         progress.panels, progress.time_percent, progress.start_time);
}

void RemoveDrawProgress(db::Tx& tx, int64_t visit) {
  tx.Run(kRemoveDrawProgress, visit);
}

namespace {

constexpr db::Statement kInsertClosedDraw{"visits.insert_closed_draw", R"sql(
  INSERT INTO visits.draw (visit_id, list, root, lottery, lottery_digest)
  VALUES ($1, $2, $3, $4, $5)
)sql"};

constexpr db::Statement kSaveHeld{"visits.save_held", R"sql(
  WITH held AS (
    UPDATE visits.draw SET document = $2, hold_time = now()
     WHERE visit_id = $1
  )
  UPDATE visits.visit SET is_drawn = true WHERE visit_id = $1
)sql"};

constexpr db::Statement kSaveList{"visits.save_list", R"sql(
  UPDATE visits.draw SET list = $2 WHERE visit_id = $1
)sql"};

constexpr db::Statement kEraseDrawLists{"visits.erase_draw_lists", R"sql(
  UPDATE visits.draw SET list = '{}'
   WHERE visit_id IN (
           SELECT d.visit_id
             FROM visits.draw AS d JOIN visits.visit AS v USING (visit_id)
            WHERE v.end_time < now() - interval '30 days' AND d.list <> '{}'
            LIMIT $1)
)sql"};

}  // namespace

void InsertClosedDraw(db::Tx& tx, int64_t visit, const ClosedDraw& draw) {
  tx.Run(kInsertClosedDraw, visit, draw.list, draw.root, draw.lottery,
         draw.lottery_digest);
}

void SaveHeld(db::Tx& tx, int64_t visit, const std::string& document) {
  tx.Run(kSaveHeld, visit, document);
}

absl::Status EraseFromDraw(db::Tx& tx, int64_t visit,
                           const std::string& sign_up) {
  const std::optional<ClosedDraw> closed = LoadClosedDraw(tx, visit);
  if (!closed || closed->list.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const draw::ClosedList list, UnpackList(closed->list));
  tx.Run(kSaveList, visit, PackList(WithoutPeopleOf(list, sign_up)));
  return absl::OkStatus();
}

int EraseDrawLists(db::Tx& tx, int limit) {
  return tx.Run(kEraseDrawLists, limit).affected();
}

absl::StatusOr<draw::Dossier> LoadDossier(db::Tx& tx, int64_t visit,
                                          const std::string& name,
                                          const ClosedDraw& closed) {
  if (closed.list.empty()) {
    return absl::NotFoundError("the list of applicants was erased");
  }
  ASSIGN_OR_RETURN(draw::ClosedList list, UnpackList(closed.list));
  ASSIGN_OR_RETURN(draw::Lottery lottery,
                   draw::ReadLottery(list.problem(), closed.lottery));
  const auto digest = [](const std::string& hex) {
    return draw::DigestFromHex(hex).value_or(draw::Digest());
  };
  std::vector<draw::Host> open;
  for (const DrawHost& host : LoadDrawHosts(tx, visit)) {
    open.push_back({.name = host.host,
                    .commitment = digest(host.commitment),
                    .seed = digest(host.seed)});
  }
  std::vector<draw::Restart> restarts;
  for (const DrawRestart& restart : LoadDrawRestarts(tx, visit)) {
    restarts.push_back({.reason = restart.reason});
    for (const DrawHost& host : restart.hosts) {
      restarts.back().hosts.push_back({.name = host.host,
                                       .commitment = digest(host.commitment),
                                       .seed = draw::DigestFromHex(host.seed)});
    }
  }
  return draw::MakeDossier(name, std::move(list), std::move(open),
                           std::move(lottery), std::move(restarts));
}

}  // namespace lagnet::visits
