#ifndef LAGNET_TESTS_CHANGES_FIXTURE_H_
#define LAGNET_TESTS_CHANGES_FIXTURE_H_

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "server/changes/history.h"
#include "server/changes/log.h"
#include "server/db/transact.h"
#include "tests/support/database.h"
#include "tests/support/matchers.h"

namespace lagnet::changes {

// Writes to the change log and reads it. Each test has a network of its own.
class ChangesTest : public support::DatabaseTest {
 protected:
  template <typename Body>
  static auto InTransaction(db::Pool& on, Body body) {
    return db::Transact(on, absl::Now() + absl::Seconds(20), body);
  }

  // A commit of its own.
  static void Log(db::Pool& on, const std::vector<Change>& changes) {
    const auto append = [&](db::Tx& tx) -> absl::StatusOr<bool> {
      Append(tx, {.caller = "accounts/test", .method = "test/Change"}, changes);
      return true;
    };
    EXPECT_THAT(InTransaction(on, append), support::IsOk());
  }
  static void Log(const std::vector<Change>& changes) { Log(pool(), changes); }

  static Position Now() {
    return *InTransaction(pool(), [](db::Tx& tx) -> absl::StatusOr<Position> {
      return Horizon(tx);
    });
  }
  static Stretch Read(const Position& after, int limit,
                      const std::string& network, Parts parts = Parts::kRead) {
    return *InTransaction(pool(), [&](db::Tx& tx) -> absl::StatusOr<Stretch> {
      return ReadLog(tx, after, limit, parts, network);
    });
  }

  // What the log has of a network, as "resource version" each.
  static std::vector<std::string> All(const std::string& network,
                                      const Position& after = {}) {
    return Names(Read(after, 10'000, network));
  }
  static std::vector<std::string> Names(const Stretch& stretch) {
    std::vector<std::string> names;
    for (const LoggedChange& change : stretch.changes) {
      names.push_back(absl::StrCat(change.resource, " ", change.version,
                                   change.removed ? " removed" : ""));
    }
    return names;
  }

  // Waits until all that is committed now is below the horizon: other suites
  // on the same PostgreSQL hold it back for moments.
  static void WaitForHorizon() {
    const uint64_t next = std::stoull(
        database().Ask("SELECT pg_snapshot_xmax(pg_current_snapshot())"));
    while (Now().xid < next) absl::SleepFor(absl::Milliseconds(5));
  }

  // A transaction on a connection of its own that is open until told.
  class Open {
   public:
    explicit Open(const std::string& sql) : connection_(database().dsn()) {
      connection_.ExecuteScript("BEGIN; " + sql);
    }
    void Run(const std::string& sql) { connection_.ExecuteScript(sql); }

   private:
    db::Connection connection_;
  };

  static std::string InsertSql(const std::string& network,
                               const std::string& resource) {
    return absl::StrCat(
        "INSERT INTO changes.change (network, resource, version, actor, "
        "method) VALUES ('",
        network, "', '", resource, "', 1, '', '')");
  }
};

}  // namespace lagnet::changes

#endif  // LAGNET_TESTS_CHANGES_FIXTURE_H_
