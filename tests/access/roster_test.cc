#include "server/access/roster.h"

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/access/session.h"
#include "tests/support/matchers.h"

namespace lagnet::access {
namespace {

using support::IsOk;
using support::IsOkAndHolds;
using support::StatusIs;
using testing::Field;
using testing::SizeIs;

const absl::Time kNow = absl::FromUnixSeconds(1'900'000'000);

AccountFacts FactsOf(const std::string& id, const std::string& key,
                     absl::Time expire_time = absl::InfiniteFuture()) {
  AccountFacts facts;
  facts.account = {.id = id, .network = "ksow", .kind = AccountKind::kSystem};
  if (!key.empty()) facts.keys.push_back({HashOf(key), expire_time});
  return facts;
}

class RosterTest : public testing::Test {
 protected:
  absl::StatusOr<rpc::Caller> WithToken(const std::string& token,
                                        absl::Time now = kNow) {
    return roster_.Identify({.token = token}, now);
  }
  absl::StatusOr<rpc::Caller> WithNames(std::vector<std::string> names) {
    return roster_.Identify({.certificate_names = std::move(names)}, kNow);
  }

  const privacy::Vault vault_{std::string(32, 'k')};
  Roster roster_{&vault_};
};

auto Is(const std::string& account) {
  return IsOkAndHolds(Field(&rpc::Caller::account, account));
}
auto IsRefused() {
  return StatusIs(absl::StatusCode::kUnauthenticated, "BAD_CREDENTIALS");
}

TEST_F(RosterTest, KnowsNobodyAtFirst) {
  EXPECT_THAT(WithToken("lagk_a"), IsRefused());
  EXPECT_THAT(WithToken(""), IsRefused());
  EXPECT_THAT(WithNames({"lag.example.org"}), IsRefused());
}

TEST_F(RosterTest, TellsWhoAKeyIsAndWhatTheyHold) {
  AccountFacts facts = FactsOf("manager", "lagk_a");
  facts.grants.push_back({.role = RoleKind::kLagManager,
                          .organization = "lag-a",
                          .start = kNow,
                          .end = kNow + absl::Hours(1)});
  facts.grants.push_back(
      {.role = RoleKind::kNetworkEditor, .network = "ksow", .region = "PL8"});
  roster_.Replace({facts, FactsOf("other", "lagk_b")});
  const auto caller = WithToken("lagk_a");
  ASSERT_THAT(caller, IsOk());
  EXPECT_EQ(caller->identity, "accounts/manager");
  EXPECT_EQ(caller->account, "manager");
  ASSERT_THAT(caller->grants, SizeIs(2));
  EXPECT_EQ(caller->grants[0].role, options::v1::LAG_MANAGER);
  EXPECT_EQ(caller->grants[0].organization, "lag-a");
  EXPECT_EQ(caller->grants[0].start, kNow);
  EXPECT_EQ(caller->grants[0].end, kNow + absl::Hours(1));
  EXPECT_EQ(caller->grants[1].network, "ksow");
  EXPECT_EQ(caller->grants[1].region, "PL8");
  EXPECT_THAT(WithToken("lagk_b"), Is("other"));
  EXPECT_THAT(WithToken("lagk_c"), IsRefused());
  EXPECT_THAT(WithToken("lagk_a "), IsRefused());
}

TEST_F(RosterTest, KnowsASessionUntilItEnds) {
  const auto token = [&](const std::string& account, const std::string& name) {
    return vault_.Token(privacy::TokenKind::kSession,
                        Pack({.name = name,
                              .account = account,
                              .expire_time = kNow + absl::Hours(1)}));
  };
  AccountFacts anna = FactsOf("anna", "");
  anna.grants.push_back(
      {.role = RoleKind::kLagManager, .organization = "lag-a"});
  anna.ended_sessions = {"gone"};
  roster_.Replace({anna});
  const auto caller = WithToken(token("anna", "here"));
  ASSERT_THAT(caller, IsOk());
  EXPECT_EQ(caller->identity, "accounts/anna");
  EXPECT_EQ(caller->session, "here");
  EXPECT_THAT(caller->grants, SizeIs(1));
  EXPECT_THAT(WithToken(token("anna", "here"), kNow + absl::Hours(1)),
              IsRefused());
  EXPECT_THAT(WithToken(token("anna", "gone")), IsRefused());
  EXPECT_THAT(WithToken(token("disabled", "here")), IsRefused());
  EXPECT_THAT(WithToken(vault_.Token(privacy::TokenKind::kAttempt,
                                     "anna here 1900003600")),
              IsRefused())
      << "a token of another kind";
  EXPECT_THAT(WithToken("lags_"), IsRefused());
}

// Who can read the database must not be able to call with what lies there.
TEST_F(RosterTest, TakesNoHashForAKey) {
  roster_.Replace({FactsOf("somebody", "lagk_a")});
  EXPECT_THAT(WithToken(HashOf("lagk_a")), IsRefused());
}

TEST_F(RosterTest, EndsAKeyAtItsTimeWithoutBeingTold) {
  roster_.Replace({FactsOf("somebody", "lagk_a", kNow)});
  EXPECT_THAT(WithToken("lagk_a", kNow - absl::Nanoseconds(1)), Is("somebody"));
  EXPECT_THAT(WithToken("lagk_a", kNow), IsRefused());
}

TEST_F(RosterTest, ForgetsWhoIsNotThereAnyMore) {
  roster_.Replace({FactsOf("first", "lagk_a"), FactsOf("second", "lagk_b")});
  roster_.Replace({FactsOf("second", "lagk_b"), FactsOf("third", "")});
  EXPECT_THAT(WithToken("lagk_a"), IsRefused());
  EXPECT_THAT(WithToken("lagk_b"), Is("second"));
}

TEST_F(RosterTest, KnowsSystemsByTheirCertificate) {
  AccountFacts facts = FactsOf("system", "lagk_a");
  facts.account.certificate_names = {"lag.example.org", "spiffe://lag/a"};
  roster_.Replace({facts});
  EXPECT_THAT(WithNames({"lag.example.org"}), Is("system"));
  EXPECT_THAT(WithNames({"unknown.example.org", "spiffe://lag/a"}),
              Is("system"));
  EXPECT_THAT(WithNames({"unknown.example.org"}), IsRefused());
  EXPECT_THAT(WithNames({"LAG.example.org.evil.org", ""}), IsRefused());
  EXPECT_THAT(WithNames({"lag.example.org", "spiffe://lag/a"}), Is("system"));
  // A gateway forwards the person's token beside its own certificate: the
  // token counts, also if it is not valid.
  EXPECT_THAT(
      roster_.Identify(
          {.token = "lagk_b", .certificate_names = {"lag.example.org"}}, kNow),
      IsRefused());
}

TEST_F(RosterTest, TakesACertificateOfTwoAccountsForNeither) {
  AccountFacts one = FactsOf("one", "");
  one.account.certificate_names = {"one.example.org"};
  AccountFacts two = FactsOf("two", "");
  two.account.certificate_names = {"two.example.org"};
  roster_.Replace({one, two});
  EXPECT_THAT(WithNames({"one.example.org", "x.example.org"}), Is("one"));
  EXPECT_THAT(WithNames({"one.example.org", "two.example.org"}), IsRefused());
}

TEST_F(RosterTest, KnowsTheHolderOfALink) {
  const std::string name = "studyVisits/visit-a/signUps/0123456789abcdef";
  const std::string token = vault_.Token(privacy::TokenKind::kHolder, name);
  const auto holder = WithToken(token);
  ASSERT_THAT(holder, IsOk());
  EXPECT_EQ(holder->identity, name);
  EXPECT_EQ(holder->account, "");
  ASSERT_THAT(holder->grants, SizeIs(1));
  EXPECT_EQ(holder->grants[0].role, options::v1::HOLDER);
  EXPECT_EQ(holder->grants[0].sign_up, name);
  for (size_t i = 0; i < token.size(); ++i) {
    std::string forged = token;
    forged[i] = forged[i] == '0' ? '1' : '0';
    EXPECT_THAT(WithToken(forged), IsRefused()) << i;
  }
  // The same bytes in another spelling are another text.
  EXPECT_THAT(WithToken(token + "="), IsRefused());
  int spellings = 0;
  for (char c = '-'; c <= 'z'; ++c) {
    if (WithToken(token.substr(0, token.size() - 1) + c).ok()) ++spellings;
  }
  EXPECT_EQ(spellings, 1);
  const privacy::Vault other(std::string(32, 'o'));
  EXPECT_THAT(WithToken(other.Token(privacy::TokenKind::kHolder, name)),
              IsRefused());
}

// A thread that read before a key was revoked, and is slow, must not bring the
// key back.
TEST_F(RosterTest, IsNotSetBackByASlowReader) {
  absl::Notification reads;
  absl::Notification go_on;
  std::thread slow([&] {
    EXPECT_THAT(
        roster_.Reload([&]() -> absl::StatusOr<std::vector<AccountFacts>> {
          const std::vector<AccountFacts> before = {FactsOf("x", "lagk_a")};
          reads.Notify();
          go_on.WaitForNotification();
          return before;
        }),
        IsOk());
  });
  reads.WaitForNotification();
  std::atomic<bool> revoked{false};
  std::thread quick([&] {
    EXPECT_THAT(
        roster_.Reload([&]() -> absl::StatusOr<std::vector<AccountFacts>> {
          revoked = true;
          return std::vector<AccountFacts>{FactsOf("x", "")};
        }),
        IsOk());
  });
  absl::SleepFor(absl::Milliseconds(50));
  EXPECT_FALSE(revoked) << "read while another reader had not handed over";
  go_on.Notify();
  slow.join();
  quick.join();
  EXPECT_THAT(WithToken("lagk_a"), IsRefused());
}

TEST_F(RosterTest, KeepsWhatItKnowsIfItCannotBeReadAgain) {
  roster_.Replace({FactsOf("somebody", "lagk_a")});
  EXPECT_THAT(roster_.Reload([]() -> absl::StatusOr<std::vector<AccountFacts>> {
    return absl::UnavailableError("no database");
  }),
              StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_THAT(WithToken("lagk_a"), Is("somebody"));
}

}  // namespace
}  // namespace lagnet::access
