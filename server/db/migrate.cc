#include "server/db/migrate.h"

#include <map>
#include <pqxx/except>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "server/base/failpoint.h"
#include "server/base/log.h"
#include "server/base/status_macros.h"
#include "server/db/connection.h"

namespace lagnet::db {
namespace {

// Any number that nothing else in the database uses.
constexpr int64_t kLock = 0x6c61676e6574;  // "lagnet"

constexpr char kBookkeeping[] = R"(
  CREATE SCHEMA IF NOT EXISTS db;
  CREATE TABLE IF NOT EXISTS db.migration (
    number int PRIMARY KEY,
    name text NOT NULL,
    fingerprint text NOT NULL,
    apply_time timestamptz NOT NULL DEFAULT now()
  );
)";

constexpr int kOldestPostgresql = 150000;

constexpr db::Statement kServerVersion{"db.server_version", R"sql(
  SELECT current_setting('server_version_num')::int AS version
)sql"};

constexpr db::Statement kApplied{"db.applied_migrations", R"sql(
  SELECT number, fingerprint FROM db.migration ORDER BY number
)sql"};

constexpr db::Statement kHasBookkeeping{"db.has_bookkeeping", R"sql(
  SELECT to_regclass('db.migration') IS NOT NULL AS found
)sql"};

constexpr db::Statement kFingerprint{"db.fingerprint", R"sql(
  SELECT encode(sha256(convert_to($1, 'UTF8')), 'hex') AS fingerprint
)sql"};

constexpr db::Statement kRecord{"db.record_migration", R"sql(
  INSERT INTO db.migration (number, name, fingerprint) VALUES ($1, $2, $3)
)sql"};

std::string FingerprintOf(Connection& connection, const std::string& sql) {
  return connection.Execute(kFingerprint, {ToArgument(sql)})[0]
      .Get<std::string>("fingerprint");
}

std::map<int, std::string> Applied(Connection& connection) {
  std::map<int, std::string> applied;
  for (const Row row : connection.Execute(kApplied, {})) {
    applied[row.Get<int>("number")] = row.Get<std::string>("fingerprint");
  }
  return applied;
}

absl::Status CheckApplied(Connection& connection,
                          const std::map<int, std::string>& applied) {
  for (const Migration& migration : Migrations()) {
    const auto found = applied.find(migration.number);
    if (found != applied.end() &&
        found->second != FingerprintOf(connection, migration.sql)) {
      return absl::FailedPreconditionError(absl::StrCat(
          "migration ", migration.name,
          " was applied to this database in "
          "another form; it belongs to another version of lagnet"));
    }
  }
  if (!applied.empty() &&
      applied.rbegin()->first > Migrations().back().number) {
    return absl::FailedPreconditionError(
        absl::StrCat("the database is at schema ", applied.rbegin()->first,
                     ", this program knows only ", Migrations().back().number,
                     "; start the newer lagnetd"));
  }
  return absl::OkStatus();
}

void Apply(Connection& connection, const Migration& migration) {
  Log(Severity::kInfo, "migrating").With("migration", migration.name);
  const std::string fingerprint = FingerprintOf(connection, migration.sql);
  connection.Begin(absl::Minutes(10), Plans::kFitted);
  connection.ExecuteScript(migration.sql);
  connection.Execute(kRecord,
                     {ToArgument(migration.number), ToArgument(migration.name),
                      ToArgument(fingerprint)});
  Failpoint("db.migrate");
  connection.Commit();
}

// Runs `body` with a connection; exceptions become a status.
template <typename Body>
absl::Status WithConnection(const std::string& dsn, Body body) {
  try {
    Connection connection(dsn);
    const int version =
        connection.Execute(kServerVersion, {})[0].Get<int>("version");
    if (version < kOldestPostgresql) {
      return absl::FailedPreconditionError(
          absl::StrCat("the database is PostgreSQL ", version / 10000,
                       "; lagnet needs 15 or newer"));
    }
    return body(connection);
  } catch (const pqxx::broken_connection& e) {
    return absl::UnavailableError(
        absl::StrCat("cannot reach the database: ", e.what()));
  } catch (const std::exception& e) {
    return absl::InternalError(
        absl::StrCat("the database refused: ", e.what()));
  }
}

}  // namespace

absl::Status Migrate(const std::string& dsn) {
  return WithConnection(dsn, [](Connection& connection) -> absl::Status {
    connection.ExecuteScript("SET lock_timeout = 0");
    connection.ExecuteScript(
        absl::StrCat("SELECT pg_advisory_lock(", kLock, ")"));
    connection.ExecuteScript("SET lock_timeout = '10s'");
    connection.ExecuteScript(kBookkeeping);
    const std::map<int, std::string> applied = Applied(connection);
    RETURN_IF_ERROR(CheckApplied(connection, applied));
    for (const Migration& migration : Migrations()) {
      if (!applied.contains(migration.number)) Apply(connection, migration);
    }
    connection.ExecuteScript(
        absl::StrCat("SELECT pg_advisory_unlock(", kLock, ")"));
    return absl::OkStatus();
  });
}

absl::Status CheckSchema(const std::string& dsn) {
  return WithConnection(dsn, [](Connection& connection) -> absl::Status {
    std::map<int, std::string> applied;
    if (connection.Execute(kHasBookkeeping, {})[0].Get<bool>("found")) {
      applied = Applied(connection);
    }
    RETURN_IF_ERROR(CheckApplied(connection, applied));
    if (applied.size() < Migrations().size()) {
      return absl::FailedPreconditionError(absl::StrCat(
          "the database is at schema ", applied.size(), ", this program needs ",
          Migrations().back().number, "; run: lagnetd migrate"));
    }
    return absl::OkStatus();
  });
}

}  // namespace lagnet::db
