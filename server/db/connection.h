#ifndef LAGNET_SERVER_DB_CONNECTION_H_
#define LAGNET_SERVER_DB_CONNECTION_H_

#include <atomic>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "pqxx/connection"
#include "pqxx/nontransaction"
#include "server/db/array.h"
#include "server/db/rows.h"
#include "server/db/statement.h"

namespace lagnet::db {

// One session with PostgreSQL: the only class that knows how this version of
// libpqxx spells things. One thread at a time, but for Cut().
//
// It runs BEGIN and COMMIT itself (in a pqxx::nontransaction) for three
// reasons: BEGIN, the deadline and the database's clock cost one round trip
// instead of three; a COMMIT can be told apart when it fails; a notice that
// arrives with a COMMIT can be seen. Functions throw pqxx exceptions.
class Connection {
 public:
  explicit Connection(const std::string& dsn);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Starts a transaction whose statements PostgreSQL gives up on after `left`,
  // and plans as `plans` says. Returns the database's time, the same for all
  // that the transaction does.
  absl::Time Begin(absl::Duration left, Plans plans);

  Rows Execute(const Statement& statement,
               const std::vector<Argument>& arguments);

  // Runs text with any number of statements: migrations, settings.
  void ExecuteScript(const std::string& sql);

  // Throws pqxx::in_doubt_error if the outcome is unknown: the connection
  // broke, or PostgreSQL said anything beside "COMMIT" (a cancelled wait for
  // a synchronous standby is such a notice: committed here, perhaps not
  // there).
  void Commit();

  // Never throws; after a failure the connection is not usable().
  void Rollback();

  bool usable() const { return usable_; }
  int statements() const { return statements_; }

  // Breaks the connection off from another thread: whoever waits for an
  // answer gets pqxx::broken_connection. Unlike a cancel request this never
  // makes PostgreSQL report a COMMIT that no standby has.
  void Cut();

 private:
  class Notices;

  std::unique_ptr<pqxx::connection> connection_;
  std::unique_ptr<Notices> notices_;
  std::unique_ptr<pqxx::nontransaction> session_;
  std::set<std::string> prepared_;
  // A second descriptor of the socket, for Cut(): libpq closes its own when
  // the connection breaks, and its number may soon be somebody else's.
  int socket_ = -1;
  bool usable_ = true;
  int statements_ = 0;
};

// Completes a DSN (URL or key=value, several hosts allowed) with what a
// dependable connection needs: the primary only, short time-outs, keepalives.
absl::StatusOr<std::string> CompleteDsn(const std::string& dsn);

}  // namespace lagnet::db

#endif  // LAGNET_SERVER_DB_CONNECTION_H_
