// Watches that are cut off again and again, by the network, by kills of the
// server and by reading slowly: they miss nothing, repeat nothing, and end in
// the database's state.

#include "lagnet/watch.h"

#include <atomic>
#include <cstdio>
#include <map>
#include <memory>
#include <random>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "gtest/gtest.h"
#include "tests/e2e/lagnetd.h"
#include "tests/e2e/network.h"
#include "tests/e2e/tcp_proxy.h"

namespace lagnet::e2e {
namespace {

namespace v1 = visits::v1;

constexpr int kVisits = 3;
constexpr int kWriters = 3;

std::string VisitId(int i) { return absl::StrCat("watched-", i); }

// What all watchers share: how often they were cut.
struct Cuts {
  std::atomic<int> all{0};
};

// Follows the sign-ups of one visit; keeps what the watch says that they are.
class SignUpWatcher {
 public:
  SignUpWatcher(const Lagnetd& server, const std::string& address,
                const std::string& visit, Cuts* cuts)
      : client_(server.Operator(address)),
        thread_([this, visit, cuts](std::stop_token stop) {
          Follow(visit, cuts, stop);
        }) {}

  int64_t version() const { return version_; }
  void Stop() {
    thread_.request_stop();
    thread_.join();
  }

  // After Stop().
  const std::map<std::string, int>& states() const { return states_; }
  const std::string& errors() const { return errors_; }
  int decisions() const { return decisions_; }

 private:
  void Follow(const std::string& visit, Cuts* cuts, std::stop_token stop) {
    v1::WatchSignUpsRequest request;
    request.set_parent(absl::StrCat("studyVisits/", visit));
    request.mutable_heartbeat_interval()->set_seconds(1);
    bool caught_up = false;
    const absl::Status status =
        client::Watch(*client_, &client::SignUps::WatchSignUps, request,
                      [&](const v1::WatchSignUpsResponse& response) {
                        Take(response, caught_up);
                        caught_up = caught_up || response.caught_up();
                        return true;
                      },
                      {.stop = stop,
                       .on_interruption =
                           [cuts](const absl::Status&, absl::Duration) {
                             ++cuts->all;
                             return true;
                           },
                       .on_restart =
                           [&] {
                             if (caught_up)
                               absl::StrAppend(&errors_, "it began anew; ");
                             states_.clear();
                           }});
    if (!status.ok()) absl::StrAppend(&errors_, status.ToString());
  }

  void Take(const v1::WatchSignUpsResponse& response, bool caught_up) {
    const bool is_heartbeat = caught_up && response.sign_ups().empty() &&
                              response.version() == version_;
    if (caught_up && !is_heartbeat) {
      ++decisions_;
      if (response.version() != version_ + 1) {
        absl::StrAppend(&errors_, response.version(), " after ",
                        version_.load(), "; ");
      }
    }
    version_ = response.version();
    for (const v1::SignUp& sign_up : response.sign_ups()) {
      states_[sign_up.name()] = sign_up.state();
    }
  }

  std::unique_ptr<client::Client> client_;
  std::atomic<int64_t> version_{0};
  std::map<std::string, int> states_;
  std::string errors_;
  int decisions_ = 0;
  std::jthread thread_;
};

// Follows all visits; keeps the newest version of each.
class VisitWatcher {
 public:
  VisitWatcher(const Lagnetd& server, const std::string& address, Cuts* cuts)
      : client_(server.Operator(address)),
        thread_([this, cuts](std::stop_token stop) {
          v1::WatchStudyVisitsRequest request;
          request.mutable_heartbeat_interval()->set_seconds(1);
          status_ = client::Watch(
              *client_, &client::Visits::WatchStudyVisits, request,
              [this](const v1::WatchStudyVisitsResponse& response) {
                absl::MutexLock lock(&mutex_);
                for (const auto& visit : response.study_visits()) {
                  etags_[visit.name()] = visit.etag();
                }
                return true;
              },
              {.stop = stop,
               .on_interruption = [cuts](const absl::Status&, absl::Duration) {
                 ++cuts->all;
                 return true;
               }});
        }) {}

  std::string EtagOf(const std::string& visit) const {
    absl::MutexLock lock(&mutex_);
    const auto found = etags_.find(absl::StrCat("studyVisits/", visit));
    return found == etags_.end() ? "" : found->second;
  }
  void Stop() {
    thread_.request_stop();
    thread_.join();
  }
  const absl::Status& status() const { return status_; }

 private:
  std::unique_ptr<client::Client> client_;
  mutable absl::Mutex mutex_;
  std::map<std::string, std::string> etags_ ABSL_GUARDED_BY(mutex_);
  absl::Status status_;
  std::jthread thread_;
};

// People who come and go all the time, on straight lines to the server.
class Writers {
 public:
  explicit Writers(const Lagnetd& server) : client_(server.Operator()) {
    for (int w = 0; w < kWriters; ++w) {
      threads_.emplace_back([this, w](std::stop_token stop) {
        for (int i = 0; !stop.stop_requested(); ++i) {
          const auto answer =
              Insist(*client_, SignUpRequest(VisitId(i % kVisits),
                                             absl::StrCat("p", w, "-", i)));
          if (answer.ok() && i % 10 != 0) {
            (void)Insist(*client_, WithdrawRequest(answer->name()));
          }
          absl::SleepFor(absl::Milliseconds(5));
        }
      });
    }
  }

 private:
  std::unique_ptr<client::Client> client_;
  std::vector<std::jthread> threads_;
};

class WatchTest : public testing::Test {
 protected:
  WatchTest() : server_({.data = folder_.path() + "/data"}) {
    const auto ready = server_.Start();
    if (!ready.ok()) ADD_FAILURE() << ready.status();
    const auto client = server_.Operator();
    EXPECT_TRUE(FillDirectory(*client).ok());
    for (int i = 0; i < kVisits; ++i) {
      EXPECT_TRUE(OpenVisit(*client, VisitId(i), 20).ok());
    }
  }

  // What ends streams: mostly the network, sometimes the server or the reader.
  void CutUntil(TcpProxy& proxy, const Cuts& cuts, int wanted, int kills) {
    std::mt19937 random(1000);
    int killed = 0;
    while (cuts.all < wanted) {
      absl::SleepFor(absl::Milliseconds(random() % 150));
      if (killed * wanted < cuts.all * kills) {
        server_.Kill();
        const auto ready = server_.Start();
        ASSERT_TRUE(ready.ok()) << ready.status();
        ++killed;
      } else if (random() % 20 == 0) {
        proxy.Stall(true);
        absl::SleepFor(absl::Milliseconds(500 + random() % 1500));
        proxy.Stall(false);
        ++stalls_;
      } else {
        proxy.CutAll();
      }
    }
    std::printf("%d cuts of watches, %d kills and %d stalls among them\n",
                cuts.all.load(), killed, stalls_);
  }

  // The sign-ups of a visit that have a seat or wait, as the database has
  // them, written as `states` are.
  static std::string Written(const std::map<std::string, int>& states) {
    std::string text;
    for (const auto& [name, state] : states) {
      if (state != v1::SignUp::CONFIRMED && state != v1::SignUp::WAITLISTED) {
        continue;
      }
      absl::StrAppend(&text, text.empty() ? "" : " ", name, "=", state);
    }
    return text;
  }

  Folder folder_;
  Lagnetd server_;
  int stalls_ = 0;
};

TEST_F(WatchTest, MissesNothingHoweverOftenItIsCut) {
  const int wanted = Scaled(1000, 100);
  Cuts cuts;
  TcpProxy proxy(server_.port());
  std::vector<std::unique_ptr<SignUpWatcher>> watchers;
  for (int i = 0; i < kVisits; ++i) {
    watchers.push_back(std::make_unique<SignUpWatcher>(server_, proxy.address(),
                                                       VisitId(i), &cuts));
  }
  VisitWatcher all(server_, proxy.address(), &cuts);
  {
    Writers writers(server_);
    CutUntil(proxy, cuts, wanted, Scaled(20, 3));
  }
  Database database(server_.Dsn());
  int decisions = 0;
  for (int i = 0; i < kVisits; ++i) {
    const std::string version = database.Ask(absl::StrCat(
        "SELECT version FROM visits.visit WHERE name = '", VisitId(i), "'"));
    const absl::Time give_up = absl::Now() + absl::Seconds(60);
    const auto is_behind = [&] {
      return absl::StrCat(watchers[i]->version()) != version ||
             all.EtagOf(VisitId(i)) != absl::StrCat("\"", version, "\"");
    };
    while (is_behind() && absl::Now() < give_up) {
      absl::SleepFor(absl::Milliseconds(20));
    }
    watchers[i]->Stop();
    EXPECT_EQ(absl::StrCat(watchers[i]->version()), version);
    EXPECT_EQ(all.EtagOf(VisitId(i)), absl::StrCat("\"", version, "\""));
    EXPECT_EQ(watchers[i]->errors(), "");
    EXPECT_EQ(
        Written(watchers[i]->states()),
        database.Ask(absl::StrCat(
            "SELECT string_agg('studyVisits/' || v.name || '/signUps/' || "
            "s.name || '=' || s.state, ' ' ORDER BY s.name COLLATE \"C\") "
            "FROM visits.sign_up AS s JOIN visits.visit AS v USING (visit_id) "
            "WHERE s.state IN (4, 5) AND v.name = '",
            VisitId(i), "'")));
    decisions += watchers[i]->decisions();
  }
  all.Stop();
  EXPECT_TRUE(all.status().ok()) << all.status();
  EXPECT_EQ(database.Wrong(), "");
  std::printf("%d decisions followed, none missed, none twice\n", decisions);
}

}  // namespace
}  // namespace lagnet::e2e
