// The schema as a whole: its snapshot, and what it says about people.

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "server/base/process.h"
#include "tests/house/personal.h"
#include "tests/support/database.h"
#include "tests/support/matchers.h"

namespace lagnet {
namespace {

using support::TestDatabase;

// Another tree than this one is looked at with LAGNET_ROOT=DIR.
std::string SchemaFile() {
  const char* root = std::getenv("LAGNET_ROOT");
  return absl::StrCat(root != nullptr ? root : LAGNET_ROOT,
                      "/server/db/schema.sql");
}

// Everything that makes a schema, one line each, in an order of its own, so
// that it is the same on every version of PostgreSQL.
std::vector<std::string> Catalogue(TestDatabase& database) {
  constexpr char kOurs[] =
      "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'";
  const std::string sql = absl::StrCat(
      R"sql(
    SELECT string_agg(line, E'\x01' ORDER BY line COLLATE "C") FROM (
      SELECT 'schema ' || n.nspname AS line FROM pg_namespace n WHERE )sql",
      kOurs, R"sql(
      UNION ALL
      SELECT concat_ws(' ', 'column', a.attrelid::regclass, a.attname,
                       format_type(a.atttypid, a.atttypmod),
                       CASE WHEN a.attnotnull THEN 'NOT NULL' END,
                       nullif(a.attidentity, ''), nullif(a.attgenerated, ''),
                       pg_get_expr(d.adbin, d.adrelid),
                       '-- ' || col_description(a.attrelid, a.attnum))
        FROM pg_attribute a
        JOIN pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'v', 'p')
        JOIN pg_namespace n ON n.oid = c.relnamespace
        LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
       WHERE a.attnum > 0 AND NOT a.attisdropped AND )sql",
      kOurs, R"sql(
      UNION ALL
      SELECT concat_ws(' ', 'constraint', o.conrelid::regclass, o.conname,
                       pg_get_constraintdef(o.oid))
        FROM pg_constraint o JOIN pg_namespace n ON n.oid = o.connamespace
       WHERE o.contype <> 'n' AND )sql",
      kOurs, R"sql(
      UNION ALL
      SELECT concat_ws(' ', 'relation', c.oid::regclass, c.relkind,
                       c.reloptions::text, obj_description(c.oid, 'pg_class'),
                       CASE c.relkind WHEN 'i' THEN pg_get_indexdef(c.oid)
                                      WHEN 'v' THEN pg_get_viewdef(c.oid) END)
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE c.relkind <> 't' AND )sql",
      kOurs, R"sql(
      UNION ALL
      SELECT 'function ' || pg_get_functiondef(p.oid)
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
       WHERE )sql",
      kOurs, R"sql(
      UNION ALL
      SELECT 'trigger ' || pg_get_triggerdef(t.oid)
        FROM pg_trigger t WHERE NOT t.tgisinternal
    ) AS lines)sql");
  return absl::StrSplit(database.Ask(sql), '\x01');
}

// The schema as pg_dump writes it, without what depends on its version.
std::string Dump(const TestDatabase& database) {
  std::string pg_dump;
  for (int major = 40; major >= 15 && pg_dump.empty(); --major) {
    const std::string path =
        absl::StrCat("/usr/lib/postgresql/", major, "/bin/pg_dump");
    if (std::filesystem::exists(path)) pg_dump = path;
  }
  const std::string out = absl::StrCat("/tmp/", database.name(), ".sql");
  const auto result =
      RunCommand({pg_dump, "--schema-only", "--no-owner", "--no-privileges",
                  "--file", out, "--dbname", database.dsn()});
  EXPECT_TRUE(result.ok() && result->exit_code == 0) << result->output;
  std::ifstream file(out);
  std::string text =
      "-- The sum of the migrations, for reading; made by db/schema.sh.\n"
      "SET check_function_bodies = false;\n";
  std::string line;
  bool blank = false;
  while (std::getline(file, line)) {
    if (absl::StartsWith(line, "SET ") || absl::StartsWith(line, "\\") ||
        absl::StartsWith(line, "SELECT pg_catalog.set_config") ||
        absl::StartsWith(line, "--")) {
      continue;
    }
    if (line.empty()) {
      blank = true;
      continue;
    }
    absl::StrAppend(&text, blank ? "\n" : "", line, "\n");
    blank = false;
  }
  std::filesystem::remove(out);
  return text;
}

TEST(SchemaTest, FileEqualsTheSumOfTheMigrations) {
  TestDatabase migrated;
  if (std::getenv("LAGNET_WRITE_SCHEMA") != nullptr) {
    std::ofstream(SchemaFile()) << Dump(migrated);
  }
  std::ifstream file(SchemaFile());
  ASSERT_TRUE(file.good()) << "server/db/schema.sql is missing: run "
                           << "server/db/schema.sh";
  std::stringstream text;
  text << file.rdbuf();
  TestDatabase from_file(TestDatabase::Content::kNothing);
  from_file.Run(text.str());

  const std::vector<std::string> wanted = Catalogue(migrated);
  const std::vector<std::string> found = Catalogue(from_file);
  EXPECT_GT(wanted.size(), 100u);
  std::vector<std::string> missing;
  std::vector<std::string> extra;
  std::set_difference(wanted.begin(), wanted.end(), found.begin(), found.end(),
                      std::back_inserter(missing));
  std::set_difference(found.begin(), found.end(), wanted.begin(), wanted.end(),
                      std::back_inserter(extra));
  EXPECT_TRUE(missing.empty() && extra.empty())
      << "server/db/schema.sql is not the sum of the migrations; run "
      << "server/db/schema.sh.\nOnly in the migrations:\n  "
      << absl::StrJoin(missing, "\n  ") << "\nOnly in schema.sql:\n  "
      << absl::StrJoin(extra, "\n  ");
}

// "personal: to give seats; kept: until the visit is over"
bool SaysWhyAndUntilWhen(absl::string_view comment) {
  if (!absl::ConsumePrefix(&comment, "personal: ")) return false;
  const std::vector<absl::string_view> parts =
      absl::StrSplit(comment, "; kept: ");
  return parts.size() == 2 && !parts[0].empty() && !parts[1].empty();
}

TEST(SchemaTest, TellsWhyEveryPersonalColumnIsKeptAndUntilWhen) {
  TestDatabase database;
  const std::string columns = database.Ask(R"sql(
    SELECT string_agg(a.attrelid::regclass || '.' || a.attname || E'\x02' ||
                      coalesce(col_description(a.attrelid, a.attnum), ''),
                      E'\x01')
      FROM pg_attribute a
      JOIN pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p')
      JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE a.attnum > 0 AND NOT a.attisdropped
       AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema')sql");
  for (const absl::string_view column : absl::StrSplit(columns, '\x01')) {
    const std::pair<std::string, std::string> parts =
        absl::StrSplit(column, absl::MaxSplits('\x02', 1));
    const bool tagged = absl::StartsWith(parts.second, "personal");
    if (tagged) {
      EXPECT_TRUE(SaysWhyAndUntilWhen(parts.second))
          << "the comment of " << parts.first << " must have the form "
          << "\"personal: <purpose>; kept: <until when>\"";
    } else if (LooksPersonal(parts.first)) {
      EXPECT_TRUE(NotPersonal().contains(parts.first))
          << parts.first << " looks as if it held data about a person: say in "
          << "its migration COMMENT ON COLUMN … IS 'personal: <purpose>; kept: "
          << "<until when>', or give the reason why not in "
          << "tests/house/personal.h";
    }
  }
}

}  // namespace
}  // namespace lagnet
