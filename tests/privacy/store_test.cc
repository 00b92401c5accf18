#include "server/privacy/store.h"

#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "server/db/transact.h"
#include "tests/support/database.h"
#include "tests/support/matchers.h"

namespace lagnet::privacy {
namespace {

using testing::IsEmpty;
using testing::Pair;
using testing::UnorderedElementsAre;

using SealKeysTest = support::DatabaseTest;

TEST_F(SealKeysTest, AreReadUntilTheyAreErased) {
  const std::string bytes("\0\xff'\\\"{}", 7);
  const auto work = [&](db::Tx& tx) -> absl::Status {
    InsertSealKeys(tx, {{"a", bytes}, {"b", "2"}, {"c", "3"}});
    EXPECT_THAT(LoadSealKeys(tx, {"a", "c", "nobody"}),
                UnorderedElementsAre(Pair("a", bytes), Pair("c", "3")));
    DeleteSealKeys(tx, {"a", "b"});
    EXPECT_THAT(LoadSealKeys(tx, {"a", "b", "c"}),
                UnorderedElementsAre(Pair("c", "3")));
    EXPECT_THAT(LoadSealKeys(tx, {}), IsEmpty());
    return absl::OkStatus();
  };
  EXPECT_THAT(db::Transact(pool(), absl::Now() + absl::Seconds(10),
                           absl::FunctionRef<absl::Status(db::Tx&)>(work)),
              support::IsOk());
}

TEST_F(SealKeysTest, BelongToOneServerKey) {
  const Vault right(std::string(32, 'r'));
  const Vault same(std::string(32, 'r'));
  const Vault wrong(std::string(32, 'w'));
  const auto check = [&](const Vault& vault) {
    const auto work = [&](db::Tx& tx) { return CheckServerKey(tx, vault); };
    return db::Transact(pool(), absl::Now() + absl::Seconds(10),
                        absl::FunctionRef<absl::Status(db::Tx&)>(work));
  };
  EXPECT_THAT(check(right), support::IsOk());
  EXPECT_THAT(check(same), support::IsOk());
  EXPECT_FALSE(check(wrong).ok());
  EXPECT_THAT(check(right), support::IsOk());
}

}  // namespace
}  // namespace lagnet::privacy
