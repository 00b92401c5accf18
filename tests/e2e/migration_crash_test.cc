// Ends the server as a power failure would, right before a migration is
// committed: the next start goes on with the very same one.

#include <cstdio>
#include <map>
#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "server/db/connection.h"
#include "tests/e2e/lagnetd.h"
#include "tests/e2e/network.h"

namespace lagnet::e2e {
namespace {

constexpr char kCountMigrations[] = "SELECT count(*) FROM db.migration";

// All that the migrations make, in one text.
constexpr char kShape[] = R"sql(
  SELECT string_agg(x, chr(10) ORDER BY x) FROM (
    SELECT concat_ws(' ', table_schema, table_name, column_name, data_type,
                     is_nullable, column_default)
      FROM information_schema.columns
     WHERE table_schema NOT IN ('pg_catalog', 'information_schema')
    UNION ALL
    SELECT indexdef FROM pg_indexes WHERE schemaname <> 'pg_catalog'
    UNION ALL
    SELECT concat_ws(' ', conrelid::regclass, conname,
                     pg_get_constraintdef(oid))
      FROM pg_constraint) AS y (x)
)sql";

// Each end by the failpoint is one migration that was all but applied: `chance`
// is N of "once in N".
std::map<std::string, std::string> DyingOnceIn(int chance) {
  return {{"LAGNET_FAILPOINTS", absl::StrCat("db.migrate=kill:", chance)}};
}

class MigrationCrashTest : public testing::Test {
 protected:
  // `whole_` is never disturbed, and the cluster of other databases.
  MigrationCrashTest() : whole_({.data = folder_.path() + "/whole"}) {
    const auto ready = whole_.Start();
    if (!ready.ok()) ADD_FAILURE() << ready.status();
  }

  void TearDown() override {
    whole_.Terminate();
    EXPECT_EQ(whole_.Wait(absl::Seconds(20)), 0) << whole_.LogTail();
  }

  // What a database must be like in the end.
  void ExpectWhole(const Lagnetd& server, const std::string& dsn) {
    EXPECT_EQ(Database(dsn).Ask(kCountMigrations),
              Database(whole_.Dsn()).Ask(kCountMigrations));
    EXPECT_EQ(Database(dsn).Ask(kShape), Database(whole_.Dsn()).Ask(kShape));
    const auto client = server.Operator();
    absl::Status done = FillDirectory(*client);
    EXPECT_TRUE(done.ok()) << done;
    done = OpenVisit(*client, "visit", 1);
    EXPECT_TRUE(done.ok()) << done;
    EXPECT_TRUE(Insist(*client, SignUpRequest("visit", "first")).ok());
  }

  Folder folder_;
  Lagnetd whole_;
};

// Applies one migration, of which the server takes the next to be too many.
void ApplyOnly(Lagnetd& server, const std::string& dsn, int number) {
  db::Connection connection(dsn);
  connection.ExecuteScript(
      absl::StrCat("ALTER TABLE db.migration ADD CONSTRAINT not_yet CHECK "
                   "(number <= ",
                   number, ")"));
  server.set_environment({});
  EXPECT_FALSE(server.Start().ok()) << "there are more than " << number;
  connection.ExecuteScript("ALTER TABLE db.migration DROP CONSTRAINT not_yet");
}

TEST_F(MigrationCrashTest, EachIsAppliedByTheNextStart) {
  int last = 0;
  ASSERT_TRUE(
      absl::SimpleAtoi(Database(whole_.Dsn()).Ask(kCountMigrations), &last));
  db::Connection(whole_.Dsn()).ExecuteScript("CREATE DATABASE crashed");
  const std::string dsn = absl::StrCat(whole_.Dsn(), " dbname=crashed");
  Lagnetd server({.data = folder_.path() + "/crashed", .database = dsn});
  for (int number = 1; number <= last; ++number) {
    server.set_environment(DyingOnceIn(1));
    ASSERT_FALSE(server.Start().ok()) << "survived migration " << number;
    ASSERT_EQ(Database(dsn).Ask(kCountMigrations), absl::StrCat(number - 1));
    if (number == last) break;
    ApplyOnly(server, dsn, number);
    ASSERT_EQ(Database(dsn).Ask(kCountMigrations), absl::StrCat(number))
        << server.LogTail();
  }
  server.set_environment({});
  const auto ready = server.Start();
  ASSERT_TRUE(ready.ok()) << ready.status();
  ExpectWhole(server, dsn);
}

// Here PostgreSQL is the server's own and outlives it each time.
TEST_F(MigrationCrashTest, AFreshFolderComesUpHoweverOftenItDies) {
  Lagnetd server({.data = folder_.path() + "/fresh"});
  server.set_environment(DyingOnceIn(1));
  ASSERT_FALSE(server.Start().ok());
  ASSERT_FALSE(server.Start().ok());
  int deaths = 2;
  server.set_environment(DyingOnceIn(2));
  while (!server.Start().ok() && ++deaths < 100) {
  }
  ASSERT_TRUE(server.running()) << server.LogTail();
  std::printf("ready after %d deaths in the middle of a migration\n", deaths);
  ExpectWhole(server, server.Dsn());
}

}  // namespace
}  // namespace lagnet::e2e
