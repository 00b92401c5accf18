// lagnetd as a database role that may not change the schema: deploy/roles.sql.

#include <fstream>
#include <iterator>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/db/connection.h"
#include "server/db/migrate.h"
#include "tests/e2e/lagnetd.h"
#include "tests/e2e/network.h"

namespace lagnet::e2e {
namespace {

using testing::HasSubstr;

// What PostgreSQL says to `sql`; "" if it does it.
std::string Refusal(const std::string& dsn, const std::string& sql) {
  try {
    db::Connection(dsn).ExecuteScript(sql);
    return "";
  } catch (const std::exception& e) {
    return e.what();
  }
}

std::string RolesScript() {
  std::ifstream file(LAGNET_ROLES_SQL);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

TEST(RolesTest, ServeWithoutTheRightToChangeTheSchema) {
  const Folder folder;
  Lagnetd cluster({.data = folder.path() + "/cluster"});
  ASSERT_TRUE(cluster.Start().ok());
  ASSERT_EQ(Refusal(cluster.Dsn(), "CREATE DATABASE separate"), "");
  const std::string dsn = absl::StrCat(cluster.Dsn(), " dbname=separate");
  const std::string owner =
      absl::StrCat(dsn, " options='-c role=lagnet_owner'");
  const std::string app = absl::StrCat(dsn, " options='-c role=lagnet_app'");
  ASSERT_EQ(Refusal(dsn, RolesScript()), "");
  EXPECT_EQ(Refusal(dsn, RolesScript()), "") << "once more does no harm";

  Lagnetd server({.data = folder.path() + "/server", .database = app});
  EXPECT_FALSE(server.Start().ok()) << "there is no schema yet";
  EXPECT_THAT(server.LogTail(), HasSubstr("permission denied"));
  const absl::Status migrated = db::Migrate(owner);
  ASSERT_TRUE(migrated.ok()) << migrated;
  const auto started = server.Start();
  ASSERT_TRUE(started.ok()) << started.status();
  const auto client = server.Operator();
  absl::Status done = FillDirectory(*client);
  EXPECT_TRUE(done.ok()) << done;
  done = OpenVisit(*client, "visit", 1);
  EXPECT_TRUE(done.ok()) << done;
  const auto first = Insist(*client, SignUpRequest("visit", "first"));
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_TRUE(Insist(*client, SignUpRequest("visit", "second")).ok());
  EXPECT_TRUE(Insist(*client, WithdrawRequest(first->name())).ok());
  EXPECT_EQ(Database(dsn).Wrong(), "");

  for (const char* sql :
       {"CREATE TABLE visits.mine ()", "CREATE SCHEMA mine",
        "ALTER TABLE visits.visit DROP COLUMN seats", "DROP SCHEMA privacy",
        "TRUNCATE visits.decision", "CREATE TABLE public.mine ()"}) {
    EXPECT_NE(Refusal(app, sql), "") << sql;
  }
}

}  // namespace
}  // namespace lagnet::e2e
