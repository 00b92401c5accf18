#include "server/db/connection.h"

#include "tests/support/matchers.h"

namespace lagnet::db {
namespace {

using support::IsOkAndHolds;
using support::StatusIs;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

TEST(CompleteDsnTest, AddsWhatADependableConnectionNeeds) {
  EXPECT_THAT(CompleteDsn("postgresql://app@db1:5433,db2:5434/lagnet"),
              IsOkAndHolds(AllOf(HasSubstr("host='db1,db2'"),
                                 HasSubstr("port='5433,5434'"),
                                 HasSubstr("dbname='lagnet'"),
                                 HasSubstr("target_session_attrs='read-write'"),
                                 HasSubstr("connect_timeout='2'"),
                                 HasSubstr("tcp_user_timeout='5000'"))));
}

TEST(CompleteDsnTest, KeepsWhatTheDsnSays) {
  EXPECT_THAT(CompleteDsn("host=/run dbname=x connect_timeout=9"),
              IsOkAndHolds(AllOf(HasSubstr("connect_timeout='9'"),
                                 Not(HasSubstr("connect_timeout='2'")))));
}

TEST(CompleteDsnTest, QuotesOddValues) {
  const auto dsn = CompleteDsn("postgresql://u:it%27s%5C@h/d");
  EXPECT_THAT(dsn, IsOkAndHolds(HasSubstr("password='it\\'s\\\\'")));
  EXPECT_EQ(CompleteDsn(*dsn).value(), *dsn);
}

TEST(CompleteDsnTest, RefusesNonsenseWithoutQuotingIt) {
  const auto dsn = CompleteDsn("password=geheim nonsense");
  EXPECT_THAT(dsn, StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(dsn.status().ToString(), Not(HasSubstr("geheim")));
}

}  // namespace
}  // namespace lagnet::db
