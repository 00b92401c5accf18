#include "server/access/operator_key.h"

#include <sys/stat.h>

#include <fstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "server/access/roster.h"
#include "server/access/store.h"
#include "server/base/status_macros.h"
#include "server/db/transact.h"
#include "tests/access/whole_server.h"
#include "tests/support/database.h"
#include "tests/support/matchers.h"

namespace lagnet::access {
namespace {

using support::IsOk;
using support::StatusIs;

class OperatorKeyTest : public support::DatabaseTest {
 protected:
  // Whether the key is the operator's and lets it do everything.
  bool Works(const std::string& key) {
    const auto load =
        [](db::Tx& tx) -> absl::StatusOr<std::vector<AccountFacts>> {
      return LoadAllFacts(tx);
    };
    EXPECT_THAT(roster_.Reload([&] {
      return db::Transact(pool(), absl::Now() + absl::Seconds(20), load);
    }),
                IsOk());
    const auto caller = roster_.Identify({.token = key}, absl::Now());
    return caller.ok() && caller->identity == "accounts/operator" &&
           caller->Holds({rpc::Role::NETWORK_ADMIN}, {}, absl::Now());
  }
  void Ensure() { EXPECT_THAT(EnsureOperatorKey(pool(), path()), IsOk()); }
  std::string path() const { return folder_.path() + "/admin.key"; }

  const privacy::Vault vault_{std::string(32, 'k')};
  Roster roster_{&vault_};
  const TemporaryFolder folder_;
};

TEST_F(OperatorKeyTest, LiesInAFileThatOthersCannotRead) {
  Ensure();
  const std::string key = ReadFile(path());
  EXPECT_TRUE(Works(key));
  struct stat file {};
  ASSERT_EQ(stat(path().c_str(), &file), 0);
  EXPECT_EQ(file.st_mode & 0777u, 0600u);
  EXPECT_EQ(database().Ask("SELECT count(*) FROM access.account"), "1");
}

TEST_F(OperatorKeyTest, StaysWhileItWorks) {
  Ensure();
  const std::string key = ReadFile(path());
  Ensure();
  EXPECT_EQ(ReadFile(path()), key);
}

TEST_F(OperatorKeyTest, ReplacesOneThatDoesNotWork) {
  Ensure();
  const std::string first = ReadFile(path());
  for (const std::string& text : {std::string("rubbish"), std::string()}) {
    std::ofstream(path()) << text;
    Ensure();
    EXPECT_TRUE(Works(ReadFile(path())));
    EXPECT_FALSE(Works(first));
  }
}

TEST_F(OperatorKeyTest, RevokesThoseBefore) {
  std::string before;
  for (int i = 0; i < 4; ++i) {
    const auto key = MakeOperatorKey(pool(), path());
    ASSERT_THAT(key, IsOk());
    EXPECT_TRUE(Works(*key));
    EXPECT_FALSE(Works(before));
    before = *key;
  }
  EXPECT_EQ(database().Ask("SELECT count(*) FROM access.api_key"
                           " WHERE revoke_time IS NULL"),
            "1");
}

// Nobody who calls over the network can lock out who has the data folder.
TEST_F(OperatorKeyTest, MendsAnOperatorThatWasDisabled) {
  Ensure();
  database().Run("UPDATE access.account SET state = 2 WHERE name = 'operator'");
  EXPECT_FALSE(Works(ReadFile(path())));
  Ensure();
  EXPECT_TRUE(Works(ReadFile(path())));
}

TEST_F(OperatorKeyTest, MendsAnOperatorThatLostItsRights) {
  Ensure();
  database().Run("DELETE FROM access.grant");
  EXPECT_FALSE(Works(ReadFile(path())));
  Ensure();
  EXPECT_TRUE(Works(ReadFile(path())));
  EXPECT_EQ(database().Ask("SELECT count(*) FROM access.grant"), "1");
}

TEST_F(OperatorKeyTest, SaysWhereItCannotWrite) {
  const absl::Status status =
      EnsureOperatorKey(pool(), folder_.path() + "/none/admin.key");
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(std::string(status.message()), testing::HasSubstr("admin.key"));
}

}  // namespace
}  // namespace lagnet::access
