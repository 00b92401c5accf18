#include "server/db/migrate.h"

#include <thread>

#include "tests/support/database.h"
#include "tests/support/matchers.h"

namespace lagnet::db {
namespace {

using support::IsOk;
using support::StatusIs;
using support::TestDatabase;
using testing::HasSubstr;

constexpr absl::StatusCode kRefused = absl::StatusCode::kFailedPrecondition;

std::string Message(const absl::Status& status) {
  return std::string(status.message());
}

TEST(MigrateTest, AppliesEachStepOnceWhenEightServersStartAtOnce) {
  TestDatabase database(TestDatabase::Content::kNothing);
  std::vector<absl::Status> results(8);
  std::vector<std::thread> servers;
  for (absl::Status& result : results) {
    servers.emplace_back([&] { result = Migrate(database.dsn()); });
  }
  for (std::thread& server : servers) server.join();
  for (const absl::Status& result : results) EXPECT_THAT(result, IsOk());
  EXPECT_EQ(database.Ask("SELECT count(*) FROM db.migration"),
            std::to_string(Migrations().size()));
  EXPECT_THAT(CheckSchema(database.dsn()), IsOk());
}

TEST(MigrateTest, NumbersItsStepsWithoutGaps) {
  int number = 0;
  for (const Migration& migration : Migrations()) {
    EXPECT_EQ(migration.number, ++number) << migration.name;
  }
}

TEST(MigrateTest, RefusesAStepThatWasEditedAfterItWasApplied) {
  TestDatabase database;
  database.Run("UPDATE db.migration SET fingerprint = 'x' WHERE number = 2");
  const absl::Status status = Migrate(database.dsn());
  EXPECT_THAT(status, StatusIs(kRefused));
  EXPECT_THAT(Message(status), HasSubstr("0002_directory"));
  EXPECT_THAT(CheckSchema(database.dsn()), StatusIs(kRefused));
}

TEST(MigrateTest, RefusesANewerDatabase) {
  TestDatabase database;
  database.Run("INSERT INTO db.migration VALUES (9999, 'future', 'x')");
  const absl::Status status = Migrate(database.dsn());
  EXPECT_THAT(status, StatusIs(kRefused));
  EXPECT_THAT(Message(status), HasSubstr("9999"));
  EXPECT_THAT(CheckSchema(database.dsn()), StatusIs(kRefused));
}

TEST(MigrateTest, GoesOnWhereAnotherVersionStopped) {
  TestDatabase database(TestDatabase::Content::kNothing);
  // Stops it before the fifth step, whose schema is the first thing it makes.
  database.Run("CREATE SCHEMA visits");
  ASSERT_FALSE(Migrate(database.dsn()).ok());
  database.Run("DROP SCHEMA visits");
  EXPECT_EQ(database.Ask("SELECT max(number) FROM db.migration"), "4");
  EXPECT_THAT(CheckSchema(database.dsn()), StatusIs(kRefused));
  EXPECT_THAT(Migrate(database.dsn()), IsOk());
  EXPECT_EQ(database.Ask("SELECT to_regclass('visits.visit')"), "visits.visit");
}

TEST(MigrateTest, LeavesNothingOfAStepThatFails) {
  TestDatabase database(TestDatabase::Content::kNothing);
  // In the way of the second step, whose schema is the first thing it makes.
  database.Run(
      "CREATE SCHEMA directory; CREATE TABLE directory.theme (id int)");
  EXPECT_FALSE(Migrate(database.dsn()).ok());
  EXPECT_EQ(database.Ask("SELECT string_agg(number::text, ',') "
                         "FROM db.migration"),
            "1");
  database.Run("DROP SCHEMA directory CASCADE");
  EXPECT_THAT(Migrate(database.dsn()), IsOk());
}

// Of what a database held when entries had two states.
TEST(MigrateTest, KeepsOrganizationsInTheDirectoryThroughTheEighthStep) {
  TestDatabase database(TestDatabase::Content::kNothing);
  database.Run("CREATE SCHEMA db");
  for (int i = 0; i < 7; ++i) database.Run(Migrations()[i].sql);
  database.Run(R"sql(
    INSERT INTO directory.network (name, kind, display_name, countries,
                                   languages, currency, time_zone,
                                   jurisdiction_profile)
    VALUES ('ksow', 1, '{}', '{PL}', '{pl}', 'PLN', 'Europe/Warsaw', '');
    INSERT INTO directory.organization (network, name, kind, display_name,
                                        country, languages, email, website,
                                        description, state, update_time)
    SELECT 'ksow', name, 1, '{}', 'PL', '{pl}', '', '', '{}', state,
           '2026-01-02'
      FROM (VALUES ('active', 1), ('archived', 2)) AS old (name, state)
  )sql");
  database.Run(Migrations()[7].sql);
  EXPECT_EQ(database.Ask("SELECT string_agg(concat_ws(' ', name, state,"
                         " look_time::date), ', ' ORDER BY name)"
                         " FROM directory.organization_entry"),
            "active 3 2026-01-02, archived 5 2026-01-02");
}

TEST(CheckSchemaTest, SaysWhatToDoWithAnEmptyDatabase) {
  TestDatabase database(TestDatabase::Content::kNothing);
  const absl::Status status = CheckSchema(database.dsn());
  EXPECT_THAT(status, StatusIs(kRefused));
  EXPECT_THAT(Message(status), HasSubstr("lagnetd migrate"));
}

TEST(CheckSchemaTest, SaysThatTheDatabaseCannotBeReached) {
  EXPECT_THAT(CheckSchema("host=/nowhere dbname=x"),
              StatusIs(absl::StatusCode::kUnavailable));
}

}  // namespace
}  // namespace lagnet::db
