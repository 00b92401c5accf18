#ifndef LAGNET_TESTS_SUPPORT_DATABASE_H_
#define LAGNET_TESTS_SUPPORT_DATABASE_H_

#include <memory>
#include <string>

#include "gtest/gtest.h"
#include "server/db/connection.h"
#include "server/db/pool.h"

namespace lagnet::support {

// How to reach a database of the PostgreSQL that tests run on: the one that
// `test_postgres start` noted, or that LAGNET_TEST_DSN names. Ends the program
// with a sentence if there is none. Complete, as db::Pool wants it.
std::string DsnOf(const std::string& database);

// A database of its own, dropped with everything in it when the object goes.
class TestDatabase {
 public:
  enum class Content { kMigrated, kNothing };

  // A copy of a database that was migrated once for all tests, or an empty
  // one.
  explicit TestDatabase(Content content = Content::kMigrated);
  ~TestDatabase();
  TestDatabase(const TestDatabase&) = delete;
  TestDatabase& operator=(const TestDatabase&) = delete;

  const std::string& name() const { return name_; }
  const std::string& dsn() const { return dsn_; }

  // Runs SQL on a connection of the tests' own. Throws pqxx exceptions.
  void Run(const std::string& sql);
  // The first column of the first row, as text; "" for NULL or no row.
  std::string Ask(const std::string& sql);

 private:
  const std::string name_;
  const std::string dsn_;
  std::unique_ptr<db::Connection> connection_;
};

// A suite with one migrated database for all of its tests. Names that tests
// create must not clash within the suite.
class DatabaseTest : public testing::Test {
 protected:
  static constexpr int kConnections = 8;

  static void SetUpTestSuite();
  static void TearDownTestSuite();
  static TestDatabase& database();
  static db::Pool& pool();
};

}  // namespace lagnet::support

#endif  // LAGNET_TESTS_SUPPORT_DATABASE_H_
