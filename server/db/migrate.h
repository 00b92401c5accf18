#ifndef LAGNET_SERVER_DB_MIGRATE_H_
#define LAGNET_SERVER_DB_MIGRATE_H_

#include <string>
#include <vector>

#include "absl/status/status.h"

namespace lagnet::db {

// One step of the schema. Forward only; what is applied is never edited.
struct Migration {
  int number;
  std::string name;  // "0002_directory"
  std::string sql;
};

// All steps of this program, in order.
const std::vector<Migration>& Migrations();

// Brings the database to this program's schema. Each step is one transaction;
// an advisory lock lets any number of servers start at once. Fails with
// FAILED_PRECONDITION if the database is newer than the program, or a step was
// edited after it was applied.
absl::Status Migrate(const std::string& dsn);

// Fails with FAILED_PRECONDITION unless the schema is exactly this program's.
absl::Status CheckSchema(const std::string& dsn);

}  // namespace lagnet::db

#endif  // LAGNET_SERVER_DB_MIGRATE_H_
