#include "server/changes/history.h"

#include <string>
#include <thread>
#include <vector>

#include "tests/changes/fixture.h"

namespace lagnet::changes {
namespace {

using support::IsOkAndHolds;
using support::StatusIs;
using testing::ElementsAre;
using testing::IsEmpty;
using Code = absl::StatusCode;

using HistoryTest = ChangesTest;

TEST_F(HistoryTest, ListsChangesInTheOrderOfTheirTransactions) {
  Log({{.network = "order", .resource = "a/1", .version = 1},
       {.network = "order", .resource = "a/2", .version = 1}});
  Log({{.network = "other", .resource = "b/1", .version = 1}});
  Log({{.network = "order", .resource = "a/1", .version = 2, .removed = true}});
  WaitForHorizon();
  EXPECT_THAT(All("order"), ElementsAre("a/1 1", "a/2 1", "a/1 2 removed"));
  EXPECT_THAT(All("nowhere"), IsEmpty());
}

TEST_F(HistoryTest, WaitsForTransactionsThatAreStillOpen) {
  const Position start = Now();
  Open slow(InsertSql("held", "slow/1"));
  Log({{.network = "held", .resource = "fast/1", .version = 1}});
  // Read past now and the slow one would never be seen.
  EXPECT_THAT(All("held"), IsEmpty());
  Stretch stretch = Read(start, 100, "held");
  EXPECT_TRUE(stretch.is_last);
  slow.Run("COMMIT");
  WaitForHorizon();
  stretch = Read(stretch.end, 100, "held");
  EXPECT_THAT(Names(stretch), ElementsAre("slow/1 1", "fast/1 1"));
  EXPECT_THAT(All("held", stretch.end), IsEmpty());
}

TEST_F(HistoryTest, LosesNothingThatIsWrittenLateByAnEarlyTransaction) {
  Open early("SELECT pg_current_xact_id()");
  Log({{.network = "late", .resource = "later/1", .version = 1}});
  const Stretch before = Read({}, 100, "late");
  EXPECT_THAT(Names(before), IsEmpty());
  early.Run(InsertSql("late", "early/1"));  // A higher number, an older xid.
  early.Run("COMMIT");
  WaitForHorizon();
  EXPECT_THAT(All("late", before.end), ElementsAre("early/1 1", "later/1 1"));
}

TEST_F(HistoryTest, ForgetsWhatWasRolledBackAndIgnoresWhoOnlyReads) {
  Open reader("SELECT count(*) FROM changes.change");
  Open undone(InsertSql("undone", "undone/1"));
  undone.Run("ROLLBACK");
  Log({{.network = "undone", .resource = "done/1", .version = 1}});
  WaitForHorizon();
  EXPECT_THAT(All("undone"), ElementsAre("done/1 1"));
}

TEST_F(HistoryTest, GoesOnAtTheEndOfEachStretch) {
  for (int i = 0; i < 4; ++i) {
    Log({{.network = "paged", .resource = absl::StrCat("x/", i), .version = 1},
         {.network = "paged", .resource = absl::StrCat("y/", i), .version = 1},
         {.network = "gaps", .resource = absl::StrCat("z/", i), .version = 1}});
  }
  WaitForHorizon();
  std::vector<std::string> names;
  Stretch stretch;
  int pages = 0;
  do {
    stretch = Read(stretch.end, 3, "paged");
    EXPECT_LE(stretch.changes.size(), 3u);
    for (const std::string& name : Names(stretch)) names.push_back(name);
    ++pages;
  } while (!stretch.is_last);
  EXPECT_THAT(names, ElementsAre("x/0 1", "y/0 1", "x/1 1", "y/1 1", "x/2 1",
                                 "y/2 1", "x/3 1", "y/3 1"));
  EXPECT_EQ(pages, 3) << "pages end within transactions too";
}

TEST_F(HistoryTest, TellsTheSignUpsOfAVisitBeforeTheVisit) {
  Log({{.network = "parts", .resource = "v/1", .version = 1}});
  Log({{.network = "parts",
        .resource = "v/1",
        .version = 4,
        .parts = {{"signUps/a", 2}, {"signUps/b", 3}, {"signUps/c", 4}}},
       {.network = "parts", .resource = "v/2", .version = 1}});
  WaitForHorizon();
  const std::vector<std::string> all = {"v/1 1",           "v/1/signUps/a 2",
                                        "v/1/signUps/b 3", "v/1/signUps/c 4",
                                        "v/1 4",           "v/2 1"};
  EXPECT_EQ(All("parts"), all);
  for (const int limit : {1, 2, 3, 4, 5}) {
    std::vector<std::string> names;
    Stretch stretch;
    do {
      const Position before = stretch.end;
      stretch = Read(before, limit, "parts");
      EXPECT_LE(stretch.changes.size(), static_cast<size_t>(limit));
      for (const LoggedChange& change : stretch.changes) {
        EXPECT_GT(change.position, before);
      }
      for (const std::string& name : Names(stretch)) names.push_back(name);
    } while (!stretch.is_last);
    EXPECT_EQ(names, all) << "pages of " << limit;
  }
  // Whoever follows visits reads one row of a rush.
  const Stretch visits = Read({}, 3, "parts", Parts::kLeaveOut);
  EXPECT_THAT(Names(visits), ElementsAre("v/1 1", "v/1 4", "v/2 1"));
  const Position within = Read({}, 2, "parts").end;
  EXPECT_THAT(Names(Read(within, 9, "parts", Parts::kLeaveOut)),
              ElementsAre("v/1 4", "v/2 1"));
}

TEST_F(HistoryTest, OrdersTransactionsAsNumbers) {
  // As texts, 10 comes before 9: a page would end there and skip the rest.
  for (const int xid : {9, 10, 99, 100, 101}) {
    database().Run(absl::StrCat(
        "INSERT INTO changes.change (xid, network, resource, version, actor, "
        "method) VALUES ('",
        xid, "', 'numbers', 'a/", xid, "', 1, '', '')"));
  }
  std::vector<std::string> names;
  Stretch stretch;
  do {
    stretch = Read(stretch.end, 2, "numbers");
    for (const std::string& name : Names(stretch)) names.push_back(name);
  } while (!stretch.is_last);
  EXPECT_THAT(names,
              ElementsAre("a/9 1", "a/10 1", "a/99 1", "a/100 1", "a/101 1"));
}

TEST_F(HistoryTest, CountsVersionsBeyondTheDeleted) {
  const auto next = [] {
    return InTransaction(pool(), [](db::Tx& tx) -> absl::StatusOr<int64_t> {
      return NextVersion(tx, "c/1");
    });
  };
  EXPECT_THAT(next(), IsOkAndHolds(1));
  Log({{.network = "n", .resource = "c/1", .version = 7, .removed = true}});
  EXPECT_THAT(next(), IsOkAndHolds(8));
}

class TokenTest : public testing::Test {
 protected:
  const Position position_{.xid = uint64_t{1} << 60, .seq = 7, .part = 3};
  const std::string token_ = MakeToken("history", 42, position_);
};

TEST_F(TokenTest, CarryAPosition) {
  EXPECT_THAT(OpenToken("history", 42, token_), IsOkAndHolds(position_));
}

TEST_F(TokenTest, BelongToOneRequestAndOneHistory) {
  const auto mismatch =
      StatusIs(Code::kInvalidArgument, "RESUME_TOKEN_MISMATCH");
  EXPECT_THAT(OpenToken("history", 43, token_), mismatch);
  EXPECT_THAT(OpenToken("another", 42, token_),
              StatusIs(Code::kOutOfRange, "RESUME_TOKEN_EXPIRED"));
  for (const std::string& text :
       {std::string("?"), std::string("abcd"), token_.substr(1),
        token_ + token_, std::string(1000, 'A')}) {
    EXPECT_THAT(OpenToken("history", 42, text), mismatch) << text;
  }
}

// Each of its tests has a database of its own: histories are of the whole.
class RestoreTest : public testing::Test {
 protected:
  std::string History() {
    return *db::Transact(pool_, absl::Now() + absl::Seconds(20),
                         [](db::Tx& tx) -> absl::StatusOr<std::string> {
                           return CurrentHistory(tx);
                         });
  }

  support::TestDatabase database_;
  db::Pool pool_{database_.dsn(), 4};
};

TEST_F(RestoreTest, BeginsAnewWhenItsOperatorSaysSo) {
  const std::string before = History();
  const auto begin = [](db::Tx& tx) -> absl::StatusOr<std::string> {
    return NewHistory(tx);
  };
  const auto begun =
      db::Transact(pool_, absl::Now() + absl::Seconds(20), begin);
  ASSERT_THAT(begun, support::IsOk());
  EXPECT_NE(*begun, before);
  EXPECT_EQ(History(), *begun);
}

TEST_F(RestoreTest, KeepsTheHistoryOfARestartedServer) {
  const std::string history = History();
  EXPECT_EQ(history.size(), 26u);
  EXPECT_EQ(History(), history);
}

TEST_F(RestoreTest, StartsANewHistoryOnAServerWithYoungerTransactions) {
  const std::string history = History();
  database_.Run(
      "INSERT INTO changes.change (xid, network, resource, version, actor, "
      "method) VALUES ('9000000000000', 'n', 'a/1', 3, '', ''), "
      "('9000000000001', 'n', 'a/2', 1, '', '')");
  const std::string restored = History();
  EXPECT_NE(restored, history);
  EXPECT_EQ(History(), restored) << "once";
  // Who lists from the start still gets everything.
  EXPECT_EQ(database_.Ask("SELECT string_agg(resource, ' ' ORDER BY xid, seq) "
                          "FROM changes.change WHERE xid < "
                          "pg_snapshot_xmin(pg_current_snapshot())"),
            "a/1 a/2");
}

TEST_F(RestoreTest, AgreesWithServersThatStartAtTheSameTime) {
  std::vector<std::string> histories(6);
  std::vector<std::thread> servers;
  for (std::string& history : histories) {
    servers.emplace_back([&] { history = History(); });
  }
  for (std::thread& server : servers) server.join();
  EXPECT_THAT(histories, testing::Each(histories[0]));
}

}  // namespace
}  // namespace lagnet::changes
