#include "server/db/transact.h"

#include <signal.h>

#include <atomic>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/barrier.h"
#include "absl/time/clock.h"
#include "server/base/work.h"
#include "tests/support/database.h"
#include "tests/support/matchers.h"
#include "tests/support/proxy.h"

namespace lagnet::db {
namespace {

using support::DatabaseTest;
using support::DsnOf;
using support::IsOk;
using support::IsOkAndHolds;
using support::Proxy;
using support::StatusIs;

constexpr Statement kAdd{"test.add", R"sql(
  INSERT INTO public.item (id) VALUES ($1)
)sql"};
constexpr Statement kCount{"test.count", R"sql(
  SELECT count(*) AS n FROM public.item WHERE id = $1
)sql"};
constexpr Statement kLock{"test.lock", R"sql(
  SELECT id FROM public.item WHERE id = $1 FOR UPDATE
)sql"};
constexpr Statement kPid{"test.pid", "SELECT pg_backend_pid() AS pid"};
constexpr Statement kSleep{"test.sleep", "SELECT pg_sleep($1)"};
constexpr Statement kClash{"test.clash", "SELECT public.clash($1)"};
constexpr Statement kNonsense{"test.nonsense", "SELECT 1 / $1::int AS x"};

absl::Time In(absl::Duration duration) { return absl::Now() + duration; }

class TransactTest : public DatabaseTest {
 protected:
  static void SetUpTestSuite() {
    DatabaseTest::SetUpTestSuite();
    database().Run(R"sql(
      CREATE TABLE public.item (id int PRIMARY KEY);
      CREATE SEQUENCE public.clashes;
      -- Fails with the given SQLSTATE the first two times.
      CREATE FUNCTION public.clash(state text) RETURNS void
      LANGUAGE plpgsql AS $$
      BEGIN
        IF nextval('public.clashes') < 3 THEN
          RAISE EXCEPTION 'clash' USING ERRCODE = state;
        END IF;
      END $$;
      CREATE TABLE public.noisy (id int PRIMARY KEY);
      CREATE FUNCTION public.warn() RETURNS trigger
      LANGUAGE plpgsql AS $$
      BEGIN
        RAISE WARNING 'canceling wait for synchronous replication';
        RETURN NULL;
      END $$;
      CREATE CONSTRAINT TRIGGER warn AFTER INSERT ON public.noisy
      DEFERRABLE INITIALLY DEFERRED
      FOR EACH ROW EXECUTE FUNCTION public.warn();
      CREATE TABLE public.child (
        id int REFERENCES public.item DEFERRABLE INITIALLY DEFERRED);
    )sql");
  }

  void SetUp() override {
    database().Run(
        "TRUNCATE public.item, public.child;"
        "ALTER SEQUENCE public.clashes RESTART");
  }

  static absl::Status Add(Tx& tx, int id) {
    tx.Run(kAdd, id);
    return absl::OkStatus();
  }
  static int Count(int id) {
    int count = -1;
    const absl::Status status =
        Transact(pool(), In(absl::Seconds(5)), [&](Tx& tx) {
          count = tx.Run(kCount, id)[0].Get<int>("n");
          return absl::OkStatus();
        });
    EXPECT_THAT(status, IsOk());
    return count;
  }
};

TEST_F(TransactTest, CommitsWhatTheBodyDid) {
  EXPECT_THAT(
      Transact(pool(), In(absl::Seconds(5)), [](Tx& tx) { return Add(tx, 1); }),
      IsOk());
  EXPECT_EQ(Count(1), 1);
}

TEST_F(TransactTest, RollsBackWhenTheBodyRefuses) {
  EXPECT_THAT(Transact(pool(), In(absl::Seconds(5)),
                       [](Tx& tx) {
                         tx.Run(kAdd, 1);
                         return absl::NotFoundError("no");
                       }),
              StatusIs(absl::StatusCode::kNotFound));
  EXPECT_EQ(Count(1), 0);
}

TEST_F(TransactTest, UndoesAPartThatFailsAndGoesOn) {
  EXPECT_THAT(
      Transact(pool(), In(absl::Seconds(5)),
               [](Tx& tx) -> absl::Status {
                 EXPECT_THAT(tx.Try([&] { return Add(tx, 1); }), IsOk());
                 const auto refuse = [&]() -> absl::Status {
                   tx.Run(kAdd, 2);
                   return absl::NotFoundError("no");
                 };
                 EXPECT_THAT(tx.Try(refuse),
                             StatusIs(absl::StatusCode::kNotFound));
                 EXPECT_THAT(tx.Try([&] { return Add(tx, 2); }), IsOk());
                 return tx.Try([&] { return Add(tx, 3); });
               }),
      IsOk());
  EXPECT_EQ(Count(1) + Count(2) + Count(3), 3);
}

TEST_F(TransactTest, ReturnsWhatTheBodyReturns) {
  EXPECT_THAT(Transact(pool(), In(absl::Seconds(5)),
                       [](Tx& tx) -> absl::StatusOr<int> {
                         return tx.Run(kCount, 7)[0].Get<int>("n") + 41;
                       }),
              IsOkAndHolds(41));
}

TEST_F(TransactTest, TellsTheDatabasesTime) {
  EXPECT_THAT(Transact(pool(), In(absl::Seconds(5)),
                       [](Tx& tx) -> absl::StatusOr<absl::Duration> {
                         return absl::AbsDuration(tx.now() - absl::Now());
                       }),
              IsOkAndHolds(testing::Lt(absl::Minutes(1))));
}

TEST_F(TransactTest, RunsAgainAfterDeadlock) {
  database().Run("INSERT INTO public.item VALUES (1), (2)");
  std::atomic<int> runs{0};
  absl::Barrier both_hold_one(2);
  const auto take = [&](int first, int second) {
    bool met = false;
    return Transact(pool(), In(absl::Seconds(20)), [&](Tx& tx) {
      ++runs;
      tx.Run(kLock, first);
      if (!met) both_hold_one.Block();
      met = true;
      tx.Run(kLock, second);
      return absl::OkStatus();
    });
  };
  absl::Status other;
  std::thread thread([&] { other = take(2, 1); });
  EXPECT_THAT(take(1, 2), IsOk());
  thread.join();
  EXPECT_THAT(other, IsOk());
  EXPECT_GE(runs, 3);
}

TEST_F(TransactTest, RunsAgainAfterSerializationFailure) {
  int runs = 0;
  EXPECT_THAT(Transact(pool(), In(absl::Seconds(5)),
                       [&](Tx& tx) {
                         ++runs;
                         tx.Run(kAdd, 1);
                         tx.Run(kClash, "40001");
                         return absl::OkStatus();
                       }),
              IsOk());
  EXPECT_EQ(runs, 3);
  EXPECT_EQ(Count(1), 1);
}

TEST_F(TransactTest, RunsAgainWhenTheDatabaseSwitchesOver) {
  int runs = 0;
  EXPECT_THAT(Transact(pool(), In(absl::Seconds(5)),
                       [&](Tx& tx) {
                         ++runs;
                         tx.Run(kClash, "25006");  // A standby now.
                         return absl::OkStatus();
                       }),
              IsOk());
  EXPECT_EQ(runs, 3);
}

TEST_F(TransactTest, RunsAgainWhenTheBodyAsks) {
  int runs = 0;
  EXPECT_THAT(Transact(pool(), In(absl::Seconds(5)),
                       [&](Tx& tx) {
                         tx.Run(kAdd, 1);
                         if (++runs < 3) throw RunAgain();
                         return absl::OkStatus();
                       }),
              IsOk());
  EXPECT_EQ(runs, 3);
  EXPECT_EQ(Count(1), 1);
}

TEST_F(TransactTest, GivesUpConflictsAtTheDeadline) {
  const absl::Time begin = absl::Now();
  EXPECT_THAT(Transact(pool(), In(absl::Milliseconds(300)),
                       [](Tx&) -> absl::Status { throw RunAgain(); }),
              StatusIs(absl::StatusCode::kAborted, "TRANSACTION_CONFLICT"));
  EXPECT_LT(absl::Now() - begin, absl::Seconds(2));
}

TEST_F(TransactTest, ReplacesALostConnection) {
  int runs = 0;
  EXPECT_THAT(Transact(pool(), In(absl::Seconds(5)),
                       [&](Tx& tx) {
                         tx.Run(kAdd, 1);
                         if (++runs == 1) {
                           const int pid = tx.Run(kPid)[0].Get<int>("pid");
                           database().Run(absl::StrCat(
                               "SELECT pg_terminate_backend(", pid, ")"));
                         }
                         tx.Run(kCount, 1);
                         return absl::OkStatus();
                       }),
              IsOk());
  EXPECT_EQ(runs, 2);
  EXPECT_EQ(Count(1), 1);
}

TEST_F(TransactTest, ReplacesConnectionsLostWhileIdle) {
  EXPECT_EQ(Count(1), 0);  // Leaves a connection in the pool.
  database().Run(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
      " WHERE datname = current_database() AND pid <> pg_backend_pid()");
  EXPECT_EQ(Count(1), 0);
}

TEST_F(TransactTest, CallsAStatementThatTakesTooLongATimeout) {
  const absl::Time begin = absl::Now();
  EXPECT_THAT(
      Transact(pool(), In(absl::Milliseconds(300)),
               [](Tx& tx) {
                 tx.Run(kSleep, 30);
                 return absl::OkStatus();
               }),
      StatusIs(absl::StatusCode::kDeadlineExceeded, "STATEMENT_TIMEOUT"));
  EXPECT_LT(absl::Now() - begin, absl::Seconds(5));
}

TEST_F(TransactTest, CutsOffAServerThatStoppedAnswering) {
  if (!Proxy::Possible(DsnOf("postgres"))) {
    GTEST_SKIP() << "only a server on this machine can be stopped";
  }
  int pid = 0;
  const absl::Time begin = absl::Now();
  EXPECT_THAT(Transact(pool(), In(absl::Milliseconds(300)),
                       [&](Tx& tx) {
                         pid = tx.Run(kPid)[0].Get<int>("pid");
                         if (kill(pid, SIGSTOP) != 0) std::abort();
                         tx.Run(kCount, 1);
                         return absl::OkStatus();
                       }),
              StatusIs(absl::StatusCode::kUnavailable, "DATABASE_UNAVAILABLE"));
  EXPECT_LT(absl::Now() - begin, absl::Seconds(5));
  kill(pid, SIGCONT);
  EXPECT_EQ(Count(1), 0);
}

TEST_F(TransactTest, TakesANoticeOnCommitForDoubt) {
  constexpr Statement kNoisy{"test.noisy",
                             "INSERT INTO public.noisy VALUES ($1)"};
  EXPECT_THAT(Transact(pool(), In(absl::Seconds(5)),
                       [&](Tx& tx) {
                         tx.Run(kNoisy, 1);
                         return absl::OkStatus();
                       }),
              StatusIs(absl::StatusCode::kUnknown, "COMMIT_IN_DOUBT"));
}

TEST_F(TransactTest, CatchesWhatTheBodyThrows) {
  EXPECT_THAT(
      Transact(pool(), In(absl::Seconds(5)),
               [](Tx&) -> absl::Status { throw std::runtime_error("a bug"); }),
      StatusIs(absl::StatusCode::kInternal));
  EXPECT_THAT(Transact(pool(), In(absl::Seconds(5)),
                       [](Tx& tx) {
                         tx.Run(kNonsense, 0);
                         return absl::OkStatus();
                       }),
              StatusIs(absl::StatusCode::kInternal));
}

TEST_F(TransactTest, RunsAgainWhenAUniqueKeyIsTakenAlready) {
  database().Run("INSERT INTO public.item VALUES (1)");
  int runs = 0;
  const auto body = [&](Tx& tx) -> absl::Status {
    if (++runs == 1) tx.RunOrAgain(kAdd, 1);
    tx.RunOrAgain(kAdd, 2);
    return absl::OkStatus();
  };
  EXPECT_THAT(Transact(pool(), In(absl::Seconds(5)),
                       absl::FunctionRef<absl::Status(Tx&)>(body)),
              IsOk());
  EXPECT_EQ(runs, 2);
  EXPECT_EQ(database().Ask("SELECT count(*) FROM public.item"), "2");
}

TEST_F(TransactTest, DoesNotCommitAfterASwallowedFailure) {
  EXPECT_THAT(Transact(pool(), In(absl::Seconds(5)),
                       [](Tx& tx) {
                         tx.Run(kAdd, 1);
                         try {
                           tx.Run(kNonsense, 0);
                         } catch (const std::exception&) {
                         }
                         return absl::OkStatus();
                       }),
              StatusIs(absl::StatusCode::kInternal));
  EXPECT_EQ(Count(1), 0);
}

TEST_F(TransactTest, ReportsWhatFailsOnlyAtCommit) {
  constexpr Statement kChild{"test.child",
                             "INSERT INTO public.child VALUES ($1)"};
  EXPECT_THAT(Transact(pool(), In(absl::Seconds(5)),
                       [&](Tx& tx) {
                         tx.Run(kChild, 12345);
                         return absl::OkStatus();
                       }),
              StatusIs(absl::StatusCode::kInternal));
  EXPECT_EQ(database().Ask("SELECT count(*) FROM public.child"), "0");
}

TEST_F(TransactTest, CountsItsStatements) {
  const int before = StatementsOfThisThread();
  EXPECT_THAT(Transact(pool(), In(absl::Seconds(5)),
                       [](Tx& tx) {
                         tx.Run(kAdd, 1);
                         tx.Run(kCount, 1);
                         return absl::OkStatus();
                       }),
              IsOk());
  EXPECT_EQ(StatementsOfThisThread() - before, 2);
}

// With a proxy that breaks COMMITs.
class CommitTest : public TransactTest {
 protected:
  void SetUp() override {
    TransactTest::SetUp();
    if (!Proxy::Possible(database().dsn())) {
      GTEST_SKIP() << "the proxy needs a server on a unix socket";
    }
    proxy_ = std::make_unique<Proxy>(database().dsn());
    through_ = std::make_unique<Pool>(proxy_->dsn(), 4);
  }

  absl::Status AddThrough(int id, InDoubt in_doubt, int* runs,
                          absl::Duration timeout = absl::Seconds(5)) {
    return Transact(
        *through_, In(timeout),
        [=](Tx& tx) {
          ++*runs;
          if (tx.Run(kCount, id)[0].Get<int>("n") == 0) tx.Run(kAdd, id);
          return absl::OkStatus();
        },
        in_doubt);
  }

  std::unique_ptr<Proxy> proxy_;
  std::unique_ptr<Pool> through_;
};

TEST_F(CommitTest, IsInDoubtWhenItsAnswerIsLost) {
  int runs = 0;
  proxy_->OnCommit(Proxy::Commit::kCut);
  EXPECT_THAT(AddThrough(1, InDoubt::kReport, &runs),
              StatusIs(absl::StatusCode::kUnknown, "COMMIT_IN_DOUBT"));
  EXPECT_EQ(runs, 1);
  EXPECT_EQ(Count(1), 1);  // It did take place.
}

TEST_F(CommitTest, IsInDoubtWhenItIsLost) {
  int runs = 0;
  proxy_->OnCommit(Proxy::Commit::kDrop);
  EXPECT_THAT(AddThrough(1, InDoubt::kReport, &runs),
              StatusIs(absl::StatusCode::kUnknown, "COMMIT_IN_DOUBT"));
  EXPECT_EQ(runs, 1);
  EXPECT_EQ(Count(1), 0);
}

TEST_F(CommitTest, IsInDoubtWhenNoAnswerComesInTime) {
  int runs = 0;
  proxy_->OnCommit(Proxy::Commit::kFreeze);
  EXPECT_THAT(AddThrough(1, InDoubt::kReport, &runs, absl::Milliseconds(300)),
              StatusIs(absl::StatusCode::kUnknown, "COMMIT_IN_DOUBT"));
}

TEST_F(CommitTest, RunsAgainInDoubtIfTheBodyFindsOutByItself) {
  int runs = 0;
  proxy_->OnCommit(Proxy::Commit::kCut);
  EXPECT_THAT(AddThrough(1, InDoubt::kRunAgain, &runs), IsOk());
  EXPECT_EQ(runs, 2);
  EXPECT_EQ(Count(1), 1);
}

TEST_F(CommitTest, StaysInDoubtIfItCannotRunAgain) {
  int runs = 0;
  proxy_->OnCommit(Proxy::Commit::kCut);
  proxy_->Accept(true);
  std::thread breaker([&] {
    while (Count(1) == 0) absl::SleepFor(absl::Milliseconds(1));
  });
  const absl::Status status = Transact(
      *through_, In(absl::Milliseconds(800)),
      [&](Tx& tx) {
        ++runs;
        tx.Run(kAdd, 1);
        proxy_->Accept(false);
        return absl::OkStatus();
      },
      InDoubt::kRunAgain);
  breaker.join();
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kUnknown, "COMMIT_IN_DOUBT"));
  EXPECT_EQ(runs, 1);
}

TEST(PoolTest, SendsAwayWhoFindsNoConnectionInTime) {
  Pool pool(DsnOf("postgres"), 1);
  const auto held = pool.Borrow(In(absl::Seconds(5)));
  ASSERT_THAT(held, IsOk());
  EXPECT_EQ(pool.in_use(), 1);
  const auto refused = pool.Borrow(In(absl::Milliseconds(50)));
  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kUnavailable, "OVERLOADED"));
  EXPECT_GT(RetryDelayOf(refused.status()), absl::ZeroDuration());
}

TEST(PoolTest, SaysThatTheDatabaseCannotBeReached) {
  Pool pool("host=/nowhere dbname=x", 1);
  EXPECT_THAT(pool.Borrow(In(absl::Milliseconds(300))),
              StatusIs(absl::StatusCode::kUnavailable, "DATABASE_UNAVAILABLE"));
  EXPECT_EQ(pool.in_use(), 0);
}

}  // namespace
}  // namespace lagnet::db
