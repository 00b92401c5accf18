#include "server/visits/store.h"

#include <string>
#include <vector>

#include "server/visits/plan_store.h"
#include "server/visits/seat_store.h"
#include "server/visits/sign_up_store.h"
#include "tests/visits/plan_text.h"
#include "tests/visits/world.h"

namespace lagnet::visits {
namespace {

using support::IsOk;
using support::IsOkAndHolds;
using support::StatusIs;
using testing::ElementsAre;
using testing::Field;
using testing::Key;
using testing::UnorderedElementsAre;
using Code = absl::StatusCode;

class StoreTest : public World {
 protected:
  template <typename Body>
  static auto In(Body body) {
    return db::Transact(pool(), Soon(), body);
  }
  static absl::StatusOr<StudyVisit> Load(const std::string& id) {
    return In([&](db::Tx& tx) { return LoadVisit(tx, id); });
  }

  Desk desk_{{.threads = 1}, &pool(), &vault()};
};

TEST_F(StoreTest, KeepsCivilTimesAndInstants) {
  StudyVisit visit = Wanted("times", 5);
  visit.sign_up_start = absl::CivilSecond(2036, 3, 30, 2, 30, 0);
  visit.sign_up_end = absl::CivilSecond(2036, 4, 30, 23, 59, 0);
  Open(visit);
  ASSERT_OK_AND_ASSIGN(const StudyVisit loaded, Load("times"));
  EXPECT_EQ(loaded.start, visit.start);
  EXPECT_EQ(loaded.end, visit.end);
  EXPECT_EQ(loaded.sign_up_start, visit.sign_up_start);
  EXPECT_EQ(loaded.sign_up_end, visit.sign_up_end);
  EXPECT_EQ(loaded.state, VisitState::kPublished);
  const auto rules = In([](db::Tx& tx) -> absl::StatusOr<SeatRules> {
    return LoadPlans(tx, {"times"}).at("times").rules();
  });
  ASSERT_THAT(rules, IsOk());
  EXPECT_EQ(TextOf(SeatPlan(1, *rules, {})),
            TextOf(SeatPlan(1, RulesOf(loaded), {})))
      << "what binds seats is the same from either side";
}

TEST_F(StoreTest, FindsNothingUnderAnUnknownName) {
  EXPECT_THAT(Load("nowhere"), StatusIs(Code::kNotFound, "NOT_FOUND"));
  const auto sign_up =
      In([](db::Tx& tx) { return LoadSignUp(tx, vault(), "nobody"); });
  EXPECT_THAT(sign_up, StatusIs(Code::kNotFound, "NOT_FOUND"));
  const auto owner =
      In([](db::Tx& tx) { return LoadSignUpOwner(tx, "nobody"); });
  EXPECT_THAT(owner, StatusIs(Code::kNotFound, "NOT_FOUND"));
}

// A visit keeps the hosts it has; only what is in the directory comes anew.
TEST_F(StoreTest, NamesHostsThatAreInTheDirectory) {
  const auto set_state = [](const char* state) {
    database().Run(absl::StrCat("UPDATE directory.organization SET state = ",
                                state, " WHERE name = 'lag-achinos'"));
  };
  const auto insert = [](const StudyVisit& visit) {
    return In([&](db::Tx& tx) -> absl::StatusOr<int> {
      RETURN_IF_ERROR(InsertVisit(tx, {}, visit));
      return 0;
    });
  };
  const auto save = [](StudyVisit visit) {
    return In([&](db::Tx& tx) -> absl::StatusOr<int> {
      RETURN_IF_ERROR(SaveVisit(tx, visit));
      return 0;
    });
  };
  StudyVisit visit = Wanted("hosts-gone", 5);
  visit.hosts = {"lag-achinos"};
  set_state("5");
  EXPECT_THAT(insert(visit),
              StatusIs(Code::kFailedPrecondition, "WRONG_STATE"));
  set_state("1");
  EXPECT_THAT(insert(visit),
              StatusIs(Code::kInvalidArgument, "UNKNOWN_REFERENCE"));
  set_state("4");
  EXPECT_THAT(insert(visit), IsOk());
  set_state("6");
  ASSERT_OK_AND_ASSIGN(const StudyVisit stored, Load("hosts-gone"));
  EXPECT_THAT(save(stored), IsOk());
  visit = Wanted("hosts-late", 5);
  visit.hosts = {"lag-kotla"};
  EXPECT_THAT(insert(visit), IsOk());
  ASSERT_OK_AND_ASSIGN(StudyVisit late, Load("hosts-late"));
  late.hosts.push_back("lag-achinos");
  EXPECT_THAT(save(late), StatusIs(Code::kFailedPrecondition, "WRONG_STATE"));
  set_state("3");
}

TEST_F(StoreTest, LocksSeatsInOneOrderAndSkipsTheUnknown) {
  for (const char* id : {"lock-b", "lock-a"}) Open(id, 5);
  const auto locked =
      In([](db::Tx& tx) -> absl::StatusOr<std::map<std::string, LockedVisit>> {
        return LockSeats(tx, {"lock-a", "nowhere", "lock-b"});
      });
  ASSERT_THAT(locked, IsOk());
  EXPECT_THAT(*locked, UnorderedElementsAre(Key("lock-a"), Key("lock-b")));
  // Two who name them in opposite orders do not wait for each other for ever.
  std::vector<std::thread> threads;
  for (const std::vector<std::string>& ids :
       {std::vector<std::string>{"lock-a", "lock-b"},
        std::vector<std::string>{"lock-b", "lock-a"}}) {
    threads.emplace_back([ids] {
      for (int i = 0; i < 100; ++i) {
        int attempts = 0;
        EXPECT_THAT(Transact(pool(),
                             [&](db::Tx& tx) {
                               ++attempts;
                               LockSeats(tx, ids);
                               return absl::OkStatus();
                             }),
                    IsOk());
        EXPECT_EQ(attempts, 1) << "a deadlock";
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

TEST_F(StoreTest, LoadsThePlanThatTheDeskHas) {
  Open("plan", 2, 1);
  std::vector<SignUp> made;
  for (const auto& [person, organization] :
       std::vector<std::pair<std::string, std::string>>{{"a", "lag-kazbegi"},
                                                        {"b", "lag-kazbegi"},
                                                        {"c", "lag-kotla"},
                                                        {"d", "lag-achinos"}}) {
    ASSERT_OK_AND_ASSIGN(SignUp sign_up,
                         Ask(desk_, SignUpWish("plan", person, organization)));
    made.push_back(std::move(sign_up));
  }
  ASSERT_THAT(Ask(desk_, WithdrawWish("plan", made[2].id)), IsOk());
  const auto plan = In([](db::Tx& tx) -> absl::StatusOr<SeatPlan> {
    return LoadPlans(tx, {"plan"}).at("plan");
  });
  ASSERT_THAT(plan, IsOk());
  EXPECT_EQ(plan->confirmed(), 2);
  EXPECT_EQ(plan->waiting(), 1);
  EXPECT_THAT(QueueOf(*plan), ElementsAre(made[1].id));
  EXPECT_EQ(plan->Find(made[3].id)->state, SignUpState::kConfirmed);
  EXPECT_EQ(plan->Find(made[3].id)->arrival, made[3].version);
  EXPECT_EQ(plan->version(), made[3].version + 1);
  EXPECT_EQ(plan->Find(made[1].id)->members.size(), 1u);
  EXPECT_EQ(plan->Find(made[2].id), nullptr);
}

TEST_F(StoreTest, KeepsEveryDecisionSoThatTheyTellTheWholeHistory) {
  Open("history", 2);
  std::vector<std::string> ids;
  for (int i = 0; i < 6; ++i) {
    ASSERT_OK_AND_ASSIGN(
        const SignUp sign_up,
        Ask(desk_, SignUpWish("history", absl::StrCat("p", i))));
    ids.push_back(sign_up.id);
  }
  for (const int i : {0, 4, 2}) {
    ASSERT_THAT(Ask(desk_, WithdrawWish("history", ids[i])), IsOk());
  }
  // The last event of each sign-up is what it is now.
  EXPECT_EQ(database().Ask(R"sql(
    SELECT count(*) FROM visits.sign_up AS s
      JOIN visits.visit AS v USING (visit_id)
     WHERE v.name = 'history' AND (s.state, s.seats, s.version) =
           (SELECT (e ->> 1)::int,
                   coalesce((e -> 3 ->> 'seats')::int, 0), d.version
              FROM visits.decision AS d, jsonb_array_elements(d.events) AS e
             WHERE d.visit_id = v.visit_id AND e ->> 0 = s.name
             ORDER BY d.version DESC LIMIT 1)
  )sql"),
            "6");
  EXPECT_EQ(
      database().Ask("SELECT string_agg(d.version || ':' || command || ':' || "
                     "jsonb_array_length(events), ' ' ORDER BY d.version) "
                     "FROM visits.decision AS d JOIN visits.visit AS v "
                     "USING (visit_id) WHERE v.name = 'history'"),
      "2:1:1 3:1:1 4:1:1 5:1:1 6:1:1 7:1:1 8:2:2 9:2:1 10:2:2");
  EXPECT_EQ(Wrong(), "");
}

TEST_F(StoreTest, LogsVisitsAndSignUpsWithoutPeople) {
  Open("logged", 1);
  ASSERT_OK_AND_ASSIGN(const SignUp a,
                       Ask(desk_, SignUpWish("logged", "zuzanna")));
  ASSERT_THAT(Ask(desk_, SignUpWish("logged", "b")), IsOk());
  ASSERT_THAT(Ask(desk_, WithdrawWish("logged", a.id)), IsOk());
  EXPECT_EQ(database().Ask(absl::StrCat(
                "SELECT string_agg(n || ' ' || method, ', ' ORDER BY n) FROM "
                "changes.change, unnest(parts, part_versions) AS of (part, n) "
                "WHERE resource = 'studyVisits/logged' AND part = 'signUps/",
                a.id, "'")),
            "2 test/SignUp, 4 test/Withdraw");
  EXPECT_EQ(database().Ask("SELECT string_agg(version::text, ' ' ORDER BY "
                           "version) FROM changes.change "
                           "WHERE resource = 'studyVisits/logged'"),
            "1 2 3 4");
  // Whoever reads the database reads no name.
  for (const char* table :
       {"visits.sign_up", "visits.person", "visits.decision", "changes.change",
        "db.request"}) {
    EXPECT_EQ(database().Ask(absl::StrCat(
                  "SELECT count(*) FROM ", table,
                  " AS t WHERE t::text ILIKE "
                  "'%zuzanna%' OR t::text LIKE '%7a757a616e6e61%'")),
              "0")
        << table;
  }
}

TEST_F(StoreTest, LetsTheDatabaseRefuseWhatIsOversold) {
  Open("guarded", 1);
  EXPECT_ANY_THROW(database().Run(
      "UPDATE visits.visit SET confirmed_count = 2 WHERE name = 'guarded'"));
  ASSERT_OK_AND_ASSIGN(const SignUp a, Ask(desk_, SignUpWish("guarded", "a")));
  EXPECT_ANY_THROW(database().Run(
      "INSERT INTO visits.person SELECT visit_id, person_hash, 'other' "
      "FROM visits.person"));
  const auto owner = In([&](db::Tx& tx) { return LoadSignUpOwner(tx, a.id); });
  EXPECT_THAT(owner, IsOkAndHolds(Field(&SignUpOwner::visit, "guarded")));
}

TEST_F(StoreTest, ErasesThePeopleOfWhatIsLongOver) {
  for (const char* id : {"long-over", "just-over"}) {
    Open(id, 5);
    const Later first(desk_, SignUpWish(id, "first"));
    const Later second(desk_, SignUpWish(id, "second"));
    ASSERT_THAT(first.Get(), IsOk());
    ASSERT_THAT(second.Get(), IsOk());
  }
  const auto end = [](const std::string& id, const std::string& ago) {
    database().Run(absl::StrCat(
        "UPDATE visits.visit SET start_time = now() - interval '99 days', "
        "end_time = now() - interval '",
        ago, "' WHERE name = '", id, "'"));
  };
  end("long-over", "31 days");
  end("just-over", "29 days");
  const auto erase = [](int limit) {
    int erased = 0;
    EXPECT_THAT(Transact(pool(),
                         [&](db::Tx& tx) {
                           erased = ErasePeople(tx, limit);
                           return absl::OkStatus();
                         }),
                IsOk());
    return erased;
  };
  EXPECT_EQ(erase(1), 1);
  EXPECT_EQ(erase(9), 1);
  EXPECT_EQ(erase(9), 0);
  const auto people = [](const std::string& id) {
    return Count(id, "sign_up.members <> ''") +
           Count(id, "sign_up.seal_key <> ''") +
           std::stoi(database().Ask(absl::StrCat(
               "SELECT count(*) FROM visits.person JOIN visits.visit USING "
               "(visit_id) WHERE name = '",
               id, "'")));
  };
  EXPECT_EQ(people("long-over"), 0);
  EXPECT_EQ(people("just-over"), 6);
  EXPECT_EQ(Confirmed("long-over"), 2) << "that somebody was there stays";
  EXPECT_EQ(database().Ask(
                "SELECT string_agg(resource || ' ' || cardinality(parts), ', ')"
                " FROM changes.change WHERE method LIKE '%/ErasePeople'"),
            "studyVisits/long-over 1, studyVisits/long-over 1")
      << "whoever copies the data hears of it";
}

}  // namespace
}  // namespace lagnet::visits
