#include "tests/support/database.h"

#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "server/db/migrate.h"

namespace lagnet::support {
namespace {

// "lagtst", for the one who makes the template.
constexpr int64_t kTemplateLock = 0x6c6167747374;

[[noreturn]] void GiveUp(const std::string& why) {
  std::fprintf(stderr, "%s\n", why.c_str());
  std::exit(2);
}

std::string ServerDsn() {
  if (const char* given = std::getenv("LAGNET_TEST_DSN")) return given;
  std::ifstream file(LAGNET_TEST_POSTGRES);
  std::string line;
  while (std::getline(file, line)) {
    absl::string_view dsn = line;
    if (absl::ConsumePrefix(&dsn, "dsn=")) return std::string(dsn);
  }
  GiveUp(
      "no PostgreSQL to test on: run the tests by ctest, or start one with "
      "`bin/test_postgres start` in the build folder, or set LAGNET_TEST_DSN");
}

std::unique_ptr<db::Connection> Connect(const std::string& database) {
  try {
    return std::make_unique<db::Connection>(DsnOf(database));
  } catch (const std::exception& e) {
    GiveUp(absl::StrCat("the PostgreSQL to test on does not answer (", e.what(),
                        "); start it with: bin/test_postgres start"));
  }
}

std::string AskOn(db::Connection& connection, const std::string& sql) {
  // Statements are prepared under their names: each text needs its own.
  const std::string name =
      absl::StrCat("test.", absl::Hex(std::hash<std::string>{}(sql)));
  const db::Rows rows =
      connection.Execute({name.c_str(), absl::StrCat("SELECT (SELECT x::text "
                                                     "FROM (",
                                                     sql,
                                                     ") AS t (x) LIMIT 1) "
                                                     "AS x")
                                            .c_str()},
                         {});
  return rows[0].Get<std::string>("x");
}

std::string MakeTemplate() {
  size_t hash = 0;
  for (const db::Migration& migration : db::Migrations()) {
    hash = std::hash<std::string>{}(absl::StrCat(hash, migration.sql));
  }
  const std::string name = absl::StrCat("migrated_", absl::Hex(hash));
  const auto admin = Connect("postgres");
  admin->ExecuteScript("SET lock_timeout = '2min'");
  admin->ExecuteScript(
      absl::StrCat("SELECT pg_advisory_lock(", kTemplateLock, ")"));
  if (AskOn(*admin, absl::StrCat("SELECT 1 FROM pg_database WHERE datname = '",
                                 name, "'"))
          .empty()) {
    const std::string raw = name + "_new";
    admin->ExecuteScript(
        absl::StrCat("DROP DATABASE IF EXISTS ", raw, " WITH (FORCE)"));
    admin->ExecuteScript(absl::StrCat("CREATE DATABASE ", raw));
    if (const absl::Status status = db::Migrate(DsnOf(raw)); !status.ok()) {
      GiveUp(absl::StrCat("the migrations fail: ", status.ToString()));
    }
    admin->ExecuteScript(
        absl::StrCat("ALTER DATABASE ", raw, " RENAME TO ", name));
  }
  return name;  // The lock goes with the connection.
}

const std::string& Template() {
  static const auto* const name = new std::string(MakeTemplate());
  return *name;
}

std::string FreshName() {
  static std::atomic<int> count{0};
  return absl::StrCat("test_", getpid(), "_", ++count);
}

struct Suite {
  TestDatabase database;
  db::Pool pool;
  explicit Suite(int connections) : pool(database.dsn(), connections) {}
};
Suite* suite = nullptr;

}  // namespace

std::string DsnOf(const std::string& database) {
  const auto complete = db::CompleteDsn(ServerDsn());
  if (!complete.ok()) GiveUp(complete.status().ToString());
  return absl::StrCat(*complete, "dbname='", database, "'");
}

TestDatabase::TestDatabase(Content content)
    : name_(FreshName()), dsn_(DsnOf(name_)) {
  const std::string from =
      content == Content::kMigrated ? Template() : "template0";
  const auto admin = Connect("postgres");
  admin->ExecuteScript(
      absl::StrCat("DROP DATABASE IF EXISTS ", name_, " WITH (FORCE)"));
  admin->ExecuteScript(
      absl::StrCat("CREATE DATABASE ", name_, " TEMPLATE ", from));
}

TestDatabase::~TestDatabase() {
  connection_.reset();
  try {
    Connect("postgres")
        ->ExecuteScript(
            absl::StrCat("DROP DATABASE IF EXISTS ", name_, " WITH (FORCE)"));
  } catch (const std::exception& e) {
    std::fprintf(stderr, "cannot drop %s: %s\n", name_.c_str(), e.what());
  }
}

void TestDatabase::Run(const std::string& sql) {
  if (connection_ == nullptr) connection_ = Connect(name_);
  connection_->ExecuteScript(sql);
}

std::string TestDatabase::Ask(const std::string& sql) {
  if (connection_ == nullptr) connection_ = Connect(name_);
  return AskOn(*connection_, sql);
}

void DatabaseTest::SetUpTestSuite() { suite = new Suite(kConnections); }

void DatabaseTest::TearDownTestSuite() {
  delete suite;
  suite = nullptr;
}

TestDatabase& DatabaseTest::database() { return suite->database; }
db::Pool& DatabaseTest::pool() { return suite->pool; }

}  // namespace lagnet::support
