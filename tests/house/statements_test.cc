// Every SQL statement in server/ is one that PostgreSQL understands on the
// migrated schema.

#include <libpq-fe.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "tests/support/database.h"

namespace lagnet {
namespace {

namespace fs = std::filesystem;

// Another tree than this one is looked at with LAGNET_ROOT=DIR.
fs::path Root() {
  const char* root = std::getenv("LAGNET_ROOT");
  return root != nullptr ? root : LAGNET_ROOT;
}

struct Found {
  std::string file;    // "server/visits/store.cc"
  std::string folder;  // "visits"
  std::string name;
  std::string sql;  // Empty if it is not written as it should be.
};

void SkipSpace(absl::string_view& text) {
  text = absl::StripLeadingAsciiWhitespace(text);
}

// Takes string literals "a" "b" off the front of `text`.
std::string TakeLiterals(absl::string_view& text) {
  std::string value;
  for (SkipSpace(text); absl::ConsumePrefix(&text, "\""); SkipSpace(text)) {
    while (!text.empty() && text.front() != '"') {
      if (text.front() == '\\') text.remove_prefix(1);
      value.push_back(text.front());
      text.remove_prefix(1);
    }
    absl::ConsumePrefix(&text, "\"");
  }
  return value;
}

// Reads `kName{"slice.what", R"sql(…)sql"}`, or with an ordinary literal.
Found ReadStatement(absl::string_view text) {
  Found found;
  while (!text.empty() && text.front() != '{') text.remove_prefix(1);
  absl::ConsumePrefix(&text, "{");
  found.name = TakeLiterals(text);
  absl::ConsumePrefix(&text, ",");
  SkipSpace(text);
  if (absl::ConsumePrefix(&text, "R\"sql(")) {
    found.sql = std::string(text.substr(0, text.find(")sql\"")));
  } else {
    found.sql = TakeLiterals(text);
  }
  return found;
}

std::vector<Found> Statements() {
  std::vector<Found> all;
  for (const auto& entry :
       fs::recursive_directory_iterator(Root() / "server")) {
    const std::string extension = entry.path().extension();
    if (extension != ".cc" && extension != ".h") continue;
    std::ifstream file(entry.path());
    std::stringstream stream;
    stream << file.rdbuf();
    const std::string text = stream.str();
    constexpr char kStart[] = "Statement k";
    for (size_t at = text.find(kStart); at != std::string::npos;
         at = text.find(kStart, at + 1)) {
      Found found = ReadStatement(absl::string_view(text).substr(at));
      const fs::path relative = fs::relative(entry.path(), Root());
      found.file = relative;
      found.folder = (++relative.begin())->string();
      all.push_back(std::move(found));
    }
  }
  return all;
}

TEST(StatementsTest, PrepareOnTheMigratedSchema) {
  support::TestDatabase database;
  PGconn* const connection = PQconnectdb(database.dsn().c_str());
  ASSERT_EQ(PQstatus(connection), CONNECTION_OK);
  const std::vector<Found> statements = Statements();
  EXPECT_GT(statements.size(), 20u) << "statements are not found any more";
  for (const Found& found : statements) {
    if (found.name.empty() || found.sql.empty()) {
      ADD_FAILURE() << found.file << " has a db::Statement that is not written "
                    << "as constexpr db::Statement kName{\"slice.what\", "
                    << "R\"sql(…)sql\"}: write it so, to have it checked.";
      continue;
    }
    // As at run time: the SQL command PREPARE takes fewer statements.
    PGresult* const prepared = PQprepare(connection, found.name.c_str(),
                                         found.sql.c_str(), 0, nullptr);
    EXPECT_EQ(PQresultStatus(prepared), PGRES_COMMAND_OK)
        << found.file << ": the statement " << found.name
        << " does not fit the migrated schema; correct it, or add a "
        << "migration: " << PQresultErrorMessage(prepared);
    PQclear(prepared);
  }
  // What db::Array makes of C++'s types.
  PGresult* const odd = PQexec(connection, R"sql(
    SELECT name, parameter
      FROM pg_prepared_statements,
           LATERAL unnest(parameter_types::text[]) AS parameter
     WHERE parameter LIKE '%[]'
       AND parameter <> ALL ('{boolean[], bytea[], bigint[], integer[], text[],
             double precision[], timestamp with time zone[], uuid[], jsonb[]}')
  )sql");
  EXPECT_EQ(PQresultStatus(odd), PGRES_TUPLES_OK) << PQresultErrorMessage(odd);
  for (int i = 0; i < PQntuples(odd); ++i) {
    ADD_FAILURE() << PQgetvalue(odd, i, 0) << " takes an array of a type that "
                  << "no db::Array has: " << PQgetvalue(odd, i, 1)
                  << "; say $1::int[] for a list of numbers";
  }
  PQclear(odd);
  PQfinish(connection);
}

TEST(StatementsTest, AreCalledAfterTheirFolder) {
  std::map<std::string, std::string> files;
  for (const Found& found : Statements()) {
    EXPECT_TRUE(absl::StartsWith(found.name, found.folder + "."))
        << found.file << ": call the statement " << found.name << " "
        << found.folder << ".…, so that a log line leads here.";
    const bool first = files.emplace(found.name, found.file).second;
    EXPECT_TRUE(first) << found.file << " and " << files[found.name]
                       << " both have a statement " << found.name
                       << "; names are what it is prepared under: choose "
                       << "another.";
  }
}

}  // namespace
}  // namespace lagnet
