// Many clients, few seats: never oversold, never a seat left free. And the
// proof that the harness would notice: a naive desk that oversells in it.

#include "tests/visits/rush.h"

#include <string>

namespace lagnet::visits {
namespace {

using support::IsOk;

// The full figure (200 rounds on two server processes) is that of tests/e2e,
// with tests/run.sh --full.
constexpr int kRounds = 12;

Desk::Options Options() { return {.threads = 2}; }

void ExpectRight(const RushResult& result) {
  EXPECT_EQ(result.oversold, 0) << result.worst << " people too many";
  EXPECT_EQ(result.wasted, 0);
  EXPECT_EQ(result.mistold, 0);
  EXPECT_EQ(result.failed, 0);
}

TEST_F(RushTest, OfManyThreadsAtOneDesk) {
  Desk desk(Options(), &pool(), &vault());
  ExpectRight(Rush({.name = "one", .rounds = kRounds}, {DoorOf(desk)}));
  EXPECT_EQ(Wrong(), "");
  EXPECT_EQ(desk.queued(), 0);
}

TEST_F(RushTest, OfClientsOfTwoServers) {
  // A server is a desk with plans and connections of its own.
  db::Pool pools[] = {{database().dsn(), 4}, {database().dsn(), 4}};
  Desk first(Options(), &pools[0], &vault());
  Desk second(Options(), &pools[1], &vault());
  ExpectRight(Rush({.name = "two", .rounds = kRounds},
                   {DoorOf(first), DoorOf(second)}));
  EXPECT_EQ(Wrong(), "");
}

TEST_F(RushTest, OnManyVisitsAtOnce) {
  constexpr int kVisits = 20;
  constexpr int kClients = 16;
  for (int v = 0; v < kVisits; ++v) Open(absl::StrCat("many-", v), 10);
  db::Pool pools[] = {{database().dsn(), 4}, {database().dsn(), 4}};
  Desk desks[] = {{Options(), &pools[0], &vault()},
                  {Options(), &pools[1], &vault()}};
  std::atomic<int> failed{0};
  std::vector<std::thread> clients;
  for (int c = 0; c < kClients; ++c) {
    clients.emplace_back([&, c] {
      for (int i = 0; i < kVisits; ++i) {
        const std::string visit = absl::StrCat("many-", (i + 7 * c) % kVisits);
        const auto answer = Ask(desks[(c + i) % 2],
                                SignUpWish(visit, absl::StrCat("person", c)));
        if (!answer.ok()) ++failed;
      }
    });
  }
  for (std::thread& client : clients) client.join();
  EXPECT_EQ(failed, 0);
  for (int v = 0; v < kVisits; ++v) {
    EXPECT_EQ(Confirmed(absl::StrCat("many-", v)), 10);
  }
  EXPECT_EQ(Wrong(), "");
}

TEST_F(RushTest, OnMoreVisitsThanADeskRemembers) {
  Desk desk({.max_plans = 2, .threads = 1}, &pool(), &vault());
  for (int round = 0; round < 3; ++round) {
    for (int v = 0; v < 5; ++v) {
      const std::string visit = absl::StrCat("forgotten-", v);
      if (round == 0) Open(visit, 2);
      EXPECT_THAT(Ask(desk, SignUpWish(visit, absl::StrCat("p", round))),
                  IsOk());
    }
  }
  EXPECT_EQ(Wrong(), "");
}

// What a first attempt at this looks like: count, compare, insert. Each
// statement is right and so is each transaction; together they are not.
constexpr db::Statement kNaiveCount{"test.naive_count", R"sql(
  SELECT v.visit_id, v.seats,
         (SELECT count(*) FROM visits.sign_up AS s
           WHERE s.visit_id = v.visit_id AND s.state = 4) AS taken
    FROM visits.visit AS v WHERE v.name = $1
)sql"};
constexpr db::Statement kNaiveInsert{"test.naive_insert", R"sql(
  INSERT INTO visits.sign_up (visit_id, name, organization, standing, sector,
                              member_count, min_members, members, external_id,
                              creator, state, seats, arrival, version)
  VALUES ($1, $2, $3, 1, 1, 1, 0, '', '', '', $4, 0, 0, 0)
)sql"};

absl::StatusOr<SignUp> NaiveSignUp(db::Pool& pool, const Wish& wish) {
  SignUp sign_up = wish.sign_up;
  const auto body = [&](db::Tx& tx) -> absl::StatusOr<SignUp> {
    const db::Rows visit = tx.Run(kNaiveCount, wish.visit);
    sign_up.state = visit[0].Get<int>("taken") < visit[0].Get<int>("seats")
                        ? SignUpState::kConfirmed
                        : SignUpState::kWaitlisted;
    tx.Run(kNaiveInsert, visit[0].Get<int64_t>("visit_id"), sign_up.id,
           sign_up.organization, sign_up.state);
    return sign_up;
  };
  return db::Transact(pool, wish.deadline, body);
}

TEST_F(RushTest, FindsThatTheNaiveWayOversells) {
  db::Pool pool(database().dsn(), 16);
  const Door naive = [&](const Wish& wish) { return NaiveSignUp(pool, wish); };
  const RushResult result =
      Rush({.name = "naive", .rounds = 3, .withdraws = false}, {naive});
  EXPECT_EQ(result.failed, 0);
  EXPECT_GT(result.oversold, 0) << "the harness would not notice overselling";
  RecordProperty("people_too_many", result.worst);
  database().Run(
      "DELETE FROM visits.sign_up WHERE visit_id IN "
      "(SELECT visit_id FROM visits.visit WHERE name LIKE 'naive-%')");
}

}  // namespace
}  // namespace lagnet::visits
