// Whoever adds a column that names organisations also says how it is merged.

#include <set>
#include <string>

#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/app.h"
#include "tests/support/database.h"

namespace lagnet::merging {
namespace {

std::set<std::string> Ask(const std::string& sql) {
  support::TestDatabase database;
  return absl::StrSplit(
      database.Ask("SELECT string_agg(line, ' ') FROM (" + sql + ") AS l"), ' ',
      absl::SkipEmpty());
}

TEST(ReferencesTest, HaveEachAMover) {
  std::set<std::string> answered;
  for (const directory::Mover& mover : App::OrganizationMovers()) {
    for (const std::string& column : mover.columns) {
      EXPECT_TRUE(answered.insert(column).second)
          << column << " has two movers";
    }
  }
  EXPECT_EQ(
      Ask("SELECT reference AS line FROM directory.organization_reference"),
      answered)
      << "each column that refers to organisations is to be among the columns "
         "of a mover of its slice (see server/directory/merge_store.h and "
         "App::OrganizationMovers()), and each of those must be there";
}

TEST(ReferencesTest, AreKnownAsSuch) {
  const std::set<std::string> unknown = Ask(R"sql(
    SELECT n.nspname || '.' || c.relname || '.' || a.attname AS line
      FROM pg_attribute AS a
      JOIN pg_class AS c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p')
      JOIN pg_namespace AS n ON n.oid = c.relnamespace
     WHERE a.attnum > 0 AND NOT a.attisdropped
       AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
       AND a.atttypid IN ('text'::regtype, 'text[]'::regtype)
       AND a.attname ~ '(organi[sz]ation|host|partner|successor)s?$'
       AND NOT EXISTS (SELECT FROM directory.organization_reference AS r
                        WHERE r.relation = a.attrelid
                          AND r.column_name = a.attname))sql");
  EXPECT_THAT(unknown, testing::IsEmpty())
      << "make each a foreign key, or say in its migration COMMENT ON COLUMN … "
         "IS 'refers to: organizations'; or call it otherwise";
}

}  // namespace
}  // namespace lagnet::merging
