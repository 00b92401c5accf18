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

int EraseDrawLists(db::Tx& tx, int limit) {
  return tx.Run(kEraseDrawLists, limit).affected();
}

absl::StatusOr<draw::Dossier> DossierOf(const std::string& name,
                                        const std::vector<DrawHost>& hosts,
                                        const ClosedDraw& closed) {
  if (closed.list.empty()) {
    return absl::NotFoundError("the list of applicants was erased");
  }
  ASSIGN_OR_RETURN(draw::ClosedList list, UnpackList(closed.list));
  ASSIGN_OR_RETURN(draw::Lottery lottery,
                   draw::ReadLottery(list.problem(), closed.lottery));
  std::vector<draw::Host> open;
  for (const DrawHost& host : hosts) {
    open.push_back(
        {.name = host.host,
         .commitment =
             draw::DigestFromHex(host.commitment).value_or(draw::Digest()),
         .seed = draw::DigestFromHex(host.seed).value_or(draw::Digest())});
  }
  return draw::MakeDossier(name, std::move(list), std::move(open),
                           std::move(lottery));
}

}  // namespace lagnet::visits
