#include "server/db/requests.h"

#include <atomic>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "tests/support/database.h"
#include "tests/support/matchers.h"
#include "tests/support/proxy.h"

namespace lagnet::db {
namespace {

using support::IsOk;
using support::IsOkAndHolds;
using support::Proxy;
using support::StatusIs;

constexpr Statement kInsert{"test.insert_thing", R"sql(
  INSERT INTO public.thing (name) VALUES ($1)
  ON CONFLICT (name) DO NOTHING RETURNING thing_id
)sql"};
constexpr Statement kRead{"test.read_thing", R"sql(
  SELECT thing_id FROM public.thing WHERE name = $1
)sql"};

RequestKey Key(int n, const std::string& fingerprint = "0123456789abcdef") {
  return {.caller = "accounts/a",
          .request_id = absl::StrFormat("00000000-0000-4000-8000-%012d", n),
          .method = "lagnet.test.v1.ThingService/CreateThing",
          .fingerprint = fingerprint};
}

class OnceTest : public support::DatabaseTest {
 protected:
  static void SetUpTestSuite() {
    support::DatabaseTest::SetUpTestSuite();
    database().Run(
        "CREATE TABLE public.thing (thing_id bigint GENERATED ALWAYS AS "
        "IDENTITY, name text UNIQUE)");
  }
  void SetUp() override {
    database().Run("TRUNCATE public.thing, db.request");
    acted_ = 0;
  }

  // Makes a thing; answers with its row's number.
  absl::StatusOr<int64_t> Create(const std::string& name, const RequestKey& key,
                                 bool validate_only = false,
                                 Pool* through = nullptr) {
    const auto act = [&](Tx& tx) -> absl::StatusOr<std::string> {
      ++acted_;
      if (tx.Run(kInsert, name).empty()) {
        return Error(absl::StatusCode::kAlreadyExists, "NAME_TAKEN", name);
      }
      return name;
    };
    const auto render = [](Tx& tx,
                           const std::string& made) -> absl::StatusOr<int64_t> {
      return tx.Run(kRead, made)[0].Get<int64_t>("thing_id");
    };
    return Once(through == nullptr ? pool() : *through,
                {.deadline = absl::Now() + absl::Seconds(20),
                 .key = key,
                 .validate_only = validate_only},
                act, render);
  }

  static std::string Things() {
    return database().Ask("SELECT count(*) FROM public.thing");
  }
  static std::string Requests() {
    return database().Ask("SELECT count(*) FROM db.request");
  }

  std::atomic<int> acted_{0};
};

TEST_F(OnceTest, GivesTheFirstAnswerToARepeat) {
  const auto first = Create("a", Key(1));
  ASSERT_THAT(first, IsOk());
  EXPECT_THAT(Create("a", Key(1)), IsOkAndHolds(*first));
  EXPECT_EQ(acted_, 1);
}

TEST_F(OnceTest, ActsOnceForFiftyAtOnce) {
  std::vector<absl::StatusOr<int64_t>> answers(50);
  std::vector<std::thread> callers;
  for (auto& answer : answers) {
    callers.emplace_back([&] { answer = Create("a", Key(1)); });
  }
  for (std::thread& caller : callers) caller.join();
  for (const auto& answer : answers) {
    ASSERT_THAT(answer, IsOk());
    EXPECT_EQ(*answer, *answers[0]);
  }
  EXPECT_EQ(Things(), "1");
  EXPECT_EQ(Requests(), "1");
}

TEST_F(OnceTest, RefusesTheIdOfAnotherCall) {
  ASSERT_THAT(Create("a", Key(1)), IsOk());
  const auto reused = [](const auto& answer) {
    return testing::Value(
        answer,
        StatusIs(absl::StatusCode::kFailedPrecondition, "REQUEST_ID_REUSED"));
  };
  EXPECT_TRUE(reused(Create("b", Key(1, "fedcba9876543210"))));
  RequestKey other_method = Key(1);
  other_method.method = "lagnet.test.v1.ThingService/DeleteThing";
  EXPECT_TRUE(reused(Create("a", other_method)));
  EXPECT_EQ(Things(), "1");
}

TEST_F(OnceTest, KeepsCallersApart) {
  ASSERT_THAT(Create("a", Key(1)), IsOk());
  RequestKey other = Key(1, "fedcba9876543210");
  other.caller = "accounts/b";
  EXPECT_THAT(Create("b", other), IsOk());
}

TEST_F(OnceTest, KeepsNoFailures) {
  ASSERT_THAT(Create("a", Key(1)), IsOk());
  EXPECT_THAT(Create("a", Key(2)),
              StatusIs(absl::StatusCode::kAlreadyExists, "NAME_TAKEN"));
  database().Run("DELETE FROM public.thing");
  EXPECT_THAT(Create("a", Key(2)), IsOk());
}

TEST_F(OnceTest, OnlyTriesWhenAskedTo) {
  EXPECT_THAT(Create("a", Key(1), /*validate_only=*/true), IsOk());
  EXPECT_EQ(Things(), "0");
  EXPECT_EQ(Requests(), "0");
  const auto real = Create("a", Key(1));
  ASSERT_THAT(real, IsOk());
  EXPECT_THAT(Create("a", Key(1), /*validate_only=*/true), IsOkAndHolds(*real));
  EXPECT_THAT(Create("a", Key(2), /*validate_only=*/true),
              StatusIs(absl::StatusCode::kAlreadyExists, "NAME_TAKEN"));
}

TEST_F(OnceTest, ResolvesACommitInDoubt) {
  if (!Proxy::Possible(database().dsn())) {
    GTEST_SKIP() << "the proxy needs a server on a unix socket";
  }
  Proxy proxy(database().dsn());
  Pool through(proxy.dsn(), 4);
  proxy.OnCommit(Proxy::Commit::kCut);
  EXPECT_THAT(Create("a", Key(1), false, &through), IsOk());
  proxy.OnCommit(Proxy::Commit::kDrop);
  EXPECT_THAT(Create("b", Key(2), false, &through), IsOk());
  proxy.OnCommit(Proxy::Commit::kDrop, 3);
  EXPECT_THAT(Create("c", Key(3), false, &through), IsOk());
  EXPECT_EQ(Things(), "3");
  EXPECT_EQ(Requests(), "3");
}

TEST_F(OnceTest, FindsRequestsInTheirOrder) {
  ASSERT_THAT(Create("a", Key(1)), IsOk());
  ASSERT_THAT(Create("b", Key(2)), IsOk());
  std::vector<absl::StatusOr<EarlierCall>> found;
  const std::vector<RequestKey> keys = {Key(9), Key(2),
                                        Key(1, "fedcba9876543210"), Key(1)};
  ASSERT_THAT(
      Transact(
          pool(), absl::Now() + absl::Seconds(5),
          [&](Tx& tx) {
            found = FindRequests(tx, {&keys[0], &keys[1], &keys[2], &keys[3]});
            return absl::OkStatus();
          }),
      IsOk());
  ASSERT_EQ(found.size(), 4u);
  EXPECT_FALSE(found[0]->found);
  EXPECT_EQ(found[1]->resource, "b");
  EXPECT_THAT(found[2], StatusIs(absl::StatusCode::kFailedPrecondition,
                                 "REQUEST_ID_REUSED"));
  EXPECT_EQ(found[3]->resource, "a");
}

TEST_F(OnceTest, PurgesWhatIsOld) {
  for (int n = 1; n <= 3; ++n) {
    ASSERT_THAT(Create(absl::StrCat("n", n), Key(n)), IsOk());
  }
  database().Run(
      "UPDATE db.request SET create_time = now() - interval '401 days'"
      " WHERE resource <> 'n3'");
  const auto purge = [](Tx& tx) -> absl::StatusOr<int> {
    return PurgeRequests(tx, 1);
  };
  const absl::Time deadline = absl::Now() + absl::Seconds(5);
  EXPECT_THAT(Transact(pool(), deadline, purge), IsOkAndHolds(1));
  EXPECT_THAT(Transact(pool(), deadline, purge), IsOkAndHolds(1));
  EXPECT_THAT(Transact(pool(), deadline, purge), IsOkAndHolds(0));
  EXPECT_EQ(Requests(), "1");
}

}  // namespace
}  // namespace lagnet::db
