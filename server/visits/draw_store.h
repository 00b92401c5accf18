#ifndef LAGNET_SERVER_VISITS_DRAW_STORE_H_
#define LAGNET_SERVER_VISITS_DRAW_STORE_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "nlohmann/json.hpp"
#include "server/db/tx.h"
#include "server/draw/dossier.h"

namespace lagnet::visits {

// Draws as they are kept. Visits are given by their database key.

// A host's part: hexadecimal, the seed "" until it is opened.
struct DrawHost {
  std::string host;  // "organizations/x", as it was when it committed.
  std::string commitment;
  std::string seed;
};

// An attempt that was given up.
struct DrawRestart {
  std::string reason;
  std::vector<DrawHost> hosts;
  absl::Time time;
};

// A draw whose list is closed.
struct ClosedDraw {
  nlohmann::json list;  // PackList().
  std::string root;
  nlohmann::json lottery;
  std::string lottery_digest;
  std::string document;  // "" until it is held.
  absl::Time close_time;
  std::optional<absl::Time> hold_time;
};

// How far the search for a lottery is, see v1::SeatDraw::Progress.
struct DrawProgress {
  std::string step;  // As the solver calls it.
  int done_percent = 0;
  int panels = 0;
  int time_percent = 0;
  absl::Time start_time;
};

std::vector<DrawHost> LoadDrawHosts(db::Tx& tx, int64_t visit);
void SaveCommitment(db::Tx& tx, int64_t visit, const std::string& host,
                    const std::string& commitment);
void SaveSeed(db::Tx& tx, int64_t visit, const std::string& host,
              const std::string& seed);

// In their order.
std::vector<DrawRestart> LoadDrawRestarts(db::Tx& tx, int64_t visit);
// Puts the hosts' commitments and seeds aside: all of them have to commit anew.
void RestartDraw(db::Tx& tx, int64_t visit, const std::string& reason);

// Nothing before the list is closed.
std::optional<ClosedDraw> LoadClosedDraw(db::Tx& tx, int64_t visit);
void InsertClosedDraw(db::Tx& tx, int64_t visit, const ClosedDraw& draw);
// The progress of who searches now. Whoever does saves it every few seconds at
// least, and removes it in the end; without that, nothing is loaded any more.
std::optional<DrawProgress> LoadDrawProgress(db::Tx& tx, int64_t visit);
void SaveDrawProgress(db::Tx& tx, int64_t visit, const DrawProgress& progress);
void RemoveDrawProgress(db::Tx& tx, int64_t visit);

// Marks the draw, and the visit, as drawn.
void SaveHeld(db::Tx& tx, int64_t visit, const std::string& document);

// Erases what a sign-up told of its people from the list of the visit's draw,
// if there is one; the draw can still be checked.
absl::Status EraseFromDraw(db::Tx& tx, int64_t visit,
                           const std::string& sign_up);

// Erases what applicants said of themselves in draws of at most `limit` visits
// that have been over for 30 days; returns of how many.
int EraseDrawLists(db::Tx& tx, int limit);

// All that stays of a closed draw; the result is that of the seeds, if all are
// open. Fails with NOT_FOUND if its list was erased.
absl::StatusOr<draw::Dossier> LoadDossier(db::Tx& tx, int64_t visit,
                                          const std::string& name,
                                          const ClosedDraw& closed);

}  // namespace lagnet::visits

#endif  // LAGNET_SERVER_VISITS_DRAW_STORE_H_
