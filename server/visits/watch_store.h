#ifndef LAGNET_SERVER_VISITS_WATCH_STORE_H_
#define LAGNET_SERVER_VISITS_WATCH_STORE_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "server/changes/history.h"
#include "server/db/tx.h"
#include "server/visits/sign_up.h"
#include "server/visits/visit.h"

namespace lagnet::visits {

// What watches read.

// A decision as it was stored, with the sign-ups that it changed as they were
// after it (without their people).
struct StoredDecision {
  std::string visit;
  int64_t version = 0;
  int64_t newest = 0;  // The visit's own version, when this was read.
  int confirmed = 0;
  int waiting = 0;
  std::vector<SignUp> sign_ups;
};

// The first `limit` decisions above each of the given versions; of each visit
// in the order of versions, each once.
struct DecisionsAbove {
  std::string visit;
  int64_t version = 0;

  // NOLINTNEXTLINE(modernize-use-nullptr): clang-tidy 14 takes <=> for it.
  auto operator<=>(const DecisionsAbove&) const = default;
};
std::vector<StoredDecision> LoadDecisions(
    db::Tx& tx, const std::vector<DecisionsAbove>& above, int limit);

// The living sign-ups of a visit (without their people) and its version, as of
// one moment.
struct CurrentSignUps {
  int64_t version = 0;
  int confirmed = 0;
  int waiting = 0;
  std::vector<SignUp> sign_ups;
};
CurrentSignUps LoadCurrentSignUps(db::Tx& tx, const std::string& visit);

// Every visit that is not a draft, of a network, or the one given; empty means
// any.
std::vector<StudyVisit> LoadAllPublicVisits(db::Tx& tx,
                                            const std::string& network,
                                            const std::string& visit);

// Those of them that changed behind a place in the change log.
std::vector<StudyVisit> LoadVisitsChangedSince(db::Tx& tx,
                                               const changes::Position& from,
                                               const std::string& network,
                                               const std::string& visit);

// Every visit, drafts too.
std::vector<StudyVisit> LoadEveryVisit(db::Tx& tx);

// What sign-ups change about a visit.
struct VisitCounts {
  std::string id;
  int64_t version = 0;
  int confirmed = 0;
  int held = 0;
  int waiting = 0;
  absl::Time update_time;
};
std::vector<VisitCounts> LoadVisitCounts(db::Tx& tx,
                                         const std::vector<std::string>& ids);

// Visits that are not drafts, by id; those that do not exist are left out.
std::vector<StudyVisit> LoadPublicVisits(db::Tx& tx,
                                         const std::vector<std::string>& ids);

}  // namespace lagnet::visits

#endif  // LAGNET_SERVER_VISITS_WATCH_STORE_H_
