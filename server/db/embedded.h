#ifndef LAGNET_SERVER_DB_EMBEDDED_H_
#define LAGNET_SERVER_DB_EMBEDDED_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace lagnet::db {

// A private PostgreSQL: a server of its own in a folder of its own, reached by
// a unix socket only its owner and root may use. It never touches a system
// cluster. It outlives a kill of the program; the next start adopts it.
// Not for root: see BecomeUser().
class Embedded {
 public:
  struct Options {
    std::string folder;  // Absolute; created if absent.
    // Further lines for postgresql.conf, for a new folder only.
    std::vector<std::string> settings;
  };

  // Starts the server, or adopts the one that runs. Fails with
  // FAILED_PRECONDITION and a sentence that says what to do: no PostgreSQL
  // installed, a folder of another major version, a closed folder, a full
  // disk. Leaves nothing half-made.
  static absl::StatusOr<std::unique_ptr<Embedded>> Start(Options options);

  // Stops the server, waiting for open transactions to be cut off cleanly.
  absl::Status Stop();

  // How to connect to a database of the server; "lagnet" always exists.
  std::string Dsn(const std::string& database = "lagnet") const;

 private:
  Embedded(Options options, std::string programs, std::string sockets)
      : options_(std::move(options)),
        programs_(std::move(programs)),
        sockets_(std::move(sockets)) {}

  absl::Status MakeCluster();
  absl::Status StartOrAdopt();
  absl::Status MakeDatabase();
  bool Answers();

  const Options options_;
  const std::string programs_;  // Folder of initdb, pg_ctl, postgres.
  const std::string sockets_;
};

}  // namespace lagnet::db

#endif  // LAGNET_SERVER_DB_EMBEDDED_H_
