#ifndef LAGNET_TESTS_VISITS_WORLD_H_
#define LAGNET_TESTS_VISITS_WORLD_H_

#include <atomic>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "server/base/id.h"
#include "server/base/status_macros.h"
#include "server/base/work.h"
#include "server/db/transact.h"
#include "server/directory/network_store.h"
#include "server/directory/store.h"
#include "server/privacy/vault.h"
#include "server/projects/store.h"
#include "server/visits/desk.h"
#include "server/visits/store.h"
#include "tests/support/database.h"
#include "tests/support/matchers.h"
#include "tests/support/seats_wrong.h"

namespace lagnet::visits {

inline std::string NewRequestId() {
  static std::atomic<int> count{0};
  return absl::StrFormat("00000000-0000-4000-8000-%012d", ++count);
}

inline absl::Time Soon() { return absl::Now() + absl::Seconds(30); }

inline absl::Status Transact(db::Pool& pool,
                             absl::FunctionRef<absl::Status(db::Tx&)> body) {
  return db::Transact(pool, Soon(), body);
}

// What visits refer to.
inline absl::Status FillDirectory(db::Tx& tx) {
  const RequestKey by;
  for (const char* network : {"ksow", "elsewhere"}) {
    RETURN_IF_ERROR(directory::InsertNetwork(
        tx, by,
        {.id = network, .currency = "PLN", .time_zone = "Europe/Warsaw"}));
  }
  for (const char* id :
       {"lag-kozienice", "lag-kazbegi", "lag-achinos", "lag-kotla"}) {
    RETURN_IF_ERROR(directory::InsertOrganization(
        tx, by,
        {.id = id,
         .network = "ksow",
         .country = "PL",
         .life = {.state = directory::OrganizationState::kVerified,
                  .look_time = tx.now()}},
        {}));
  }
  projects::Project project{.id = "green-paths", .network = "ksow"};
  project.start_date = absl::CivilDay(2036, 1, 1);
  project.end_date = absl::CivilDay(2036, 12, 31);
  return projects::InsertProject(tx, by, project);
}

// A database with all that visits refer to, for a suite. Nothing closes
// before 2036 unless a test says so.
class World : public support::DatabaseTest {
 protected:
  static void SetUpTestSuite() {
    DatabaseTest::SetUpTestSuite();
    ASSERT_THAT(Transact(pool(), FillDirectory), support::IsOk());
  }

  static const privacy::Vault& vault() {
    static const auto* const vault = new privacy::Vault(std::string(32, 'k'));
    return *vault;
  }

  static StudyVisit Wanted(const std::string& id, int seats, int share = 0) {
    return {.id = id,
            .network = "ksow",
            .hosts = {"lag-kozienice"},
            .title = {{"en", {.text = "Visit"}}},
            .time_zone = "Europe/Warsaw",
            .start = absl::CivilSecond(2036, 5, 1, 9, 0, 0),
            .end = absl::CivilSecond(2036, 5, 2, 16, 0, 0),
            .seats = seats,
            .seats_per_organization = share};
  }

  // Makes a visit and publishes it.
  static void Open(const StudyVisit& visit) {
    ASSERT_THAT(
        Transact(pool(),
                 [&](db::Tx& tx) { return InsertVisit(tx, {}, visit); }),
        support::IsOk());
    database().Run(absl::StrCat(
        "UPDATE visits.visit SET state = 2 WHERE name = '", visit.id, "'"));
  }
  static void Open(const std::string& id, int seats, int share = 0) {
    Open(Wanted(id, seats, share));
  }

  static Wish SignUpWish(const std::string& visit, const std::string& person,
                         const std::string& organization = "lag-kazbegi") {
    Wish wish{.request = {.caller = "accounts/test",
                          .request_id = NewRequestId(),
                          .method = "test/SignUp",
                          .fingerprint = std::string(16, 'f')},
              .deadline = Soon(),
              .visit = visit};
    wish.sign_up = {
        .visit = visit,
        .id = RandomId(),
        .organization = organization,
        .standing = Standing::kRepresentative,
        .sector = Sector::kCivic,
        .members = {{.full_name = person, .email = person + "@example.org"}},
        .creator = "accounts/test"};
    return wish;
  }
  static Wish WithdrawWish(const std::string& visit, const std::string& id) {
    Wish wish{.request = {.caller = "accounts/test",
                          .request_id = NewRequestId(),
                          .method = "test/Withdraw",
                          .fingerprint = std::string(16, 'w')},
              .deadline = Soon(),
              .visit = visit,
              .change = WithdrawCommand{id}};
    wish.sign_up.id = id;
    return wish;
  }

  // One of the counts of a visit, from its rows.
  static int Count(const std::string& visit, const std::string& what) {
    return std::stoi(database().Ask(
        absl::StrCat("SELECT count(*) FROM visits.sign_up JOIN visits.visit "
                     "USING (visit_id) WHERE visit.name = '",
                     visit, "' AND ", what)));
  }
  static int Confirmed(const std::string& visit) {
    return Count(visit, "sign_up.state = 4");
  }

  // What is wrong with what the database holds of all visits; "" if nothing.
  static std::string Wrong() { return database().Ask(support::kSeatsWrong); }
};

// Asks a desk and waits for its answer.
inline absl::StatusOr<SignUp> Ask(Desk& desk, Wish wish) {
  absl::Notification answered;
  absl::StatusOr<SignUp> answer = absl::UnknownError("no answer");
  wish.done = [&](absl::StatusOr<SignUp> result) {
    answer = std::move(result);
    answered.Notify();
  };
  desk.Submit(std::move(wish));
  answered.WaitForNotification();
  return answer;
}

// An answer that comes later.
class Later {
 public:
  Later(Desk& desk, Wish wish) {
    wish.done = [state = state_](absl::StatusOr<SignUp> result) {
      state->answer = std::move(result);
      state->revision = RevisionOfThisThread();
      state->answered.Notify();
    };
    desk.Submit(std::move(wish));
  }
  bool answered() const { return state_->answered.HasBeenNotified(); }
  const absl::StatusOr<SignUp>& Get() const {
    state_->answered.WaitForNotification();
    return state_->answer;
  }
  // The transaction that shows the answer to who reads after it.
  uint64_t revision() const {
    state_->answered.WaitForNotification();
    return state_->revision;
  }

 private:
  struct State {
    absl::Notification answered;
    uint64_t revision = 0;
    absl::StatusOr<SignUp> answer = absl::UnknownError("no answer");
  };
  std::shared_ptr<State> state_ = std::make_shared<State>();
};

}  // namespace lagnet::visits

#endif  // LAGNET_TESTS_VISITS_WORLD_H_
