// Accounts, grants and keys over gRPC, against a whole server.

#include "server/access/service.h"

#include <algorithm>
#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "tests/access/fixture.h"

namespace lagnet::access {
namespace {

using support::Call;
using support::FromText;
using support::HasProto;
using support::IsOk;
using support::IsOkAndHolds;
using support::MetadataOf;
using support::StatusIs;
using support::WrongFields;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using Code = absl::StatusCode;

class ServiceTest : public AccessTest {
 protected:
  static absl::StatusOr<v1::Account> Create(
      const v1::CreateAccountRequest& request) {
    return Call(world().accounts(), &Accounts::CreateAccount, request,
                world().as_operator());
  }
  static v1::CreateAccountRequest CreationOf(const std::string& id,
                                             const std::string& more = "") {
    return FromText<v1::CreateAccountRequest>(
        absl::StrCat("account_id: '", id, "' request_id: '", FreshRequestId(),
                     "' account { network: 'networks/network-a' kind: SYSTEM "
                     "display_name: 'A system' ",
                     more, "}"));
  }
  static absl::StatusOr<v1::Grant> Take(const std::string& grant,
                                        const std::string& token) {
    v1::DeleteGrantRequest request;
    request.set_name(grant);
    request.set_request_id(FreshRequestId());
    return Call(world().accounts(), &Accounts::DeleteGrant, request, {token});
  }
};

TEST_F(ServiceTest, CreatesAnAccountWithoutRights) {
  const auto request = CreationOf("without-rights");
  const auto created = Create(request);
  EXPECT_THAT(created, IsOkAndHolds(HasProto(R"pb(
                name: 'accounts/without-rights'
                network: 'networks/network-a'
                kind: SYSTEM
                state: ACTIVE
                display_name: 'A system'
              )pb")));
  EXPECT_THAT(Create(request), IsOkAndHolds(HasProto(created->DebugString())));
  const std::string key = world().NewKey(created->name());
  const auto caller = CallerOf(key);
  ASSERT_THAT(caller, IsOk());
  EXPECT_EQ(caller->account().name(), created->name());
  EXPECT_THAT(caller->grants(), IsEmpty());
}

TEST_F(ServiceTest, RefusesAccountsThatCannotBe) {
  EXPECT_THAT(Create(CreationOf("operator")),
              StatusIs(Code::kAlreadyExists, "NAME_TAKEN"));
  auto nowhere = CreationOf("of-nowhere");
  nowhere.mutable_account()->set_network("networks/nowhere");
  EXPECT_THAT(Create(nowhere),
              StatusIs(Code::kInvalidArgument, "UNKNOWN_REFERENCE"));
  auto of_all = CreationOf("of-everything");
  of_all.mutable_account()->clear_network();
  EXPECT_THAT(WrongFields(Create(of_all).status()),
              ElementsAre("account.network"));
  auto person = CreationOf("a-person", "certificate_names: 'p.example.org'");
  person.mutable_account()->set_kind(v1::Account::PERSON);
  EXPECT_THAT(WrongFields(Create(person).status()),
              ElementsAre("account.certificate_names"));
}

// Else whoever runs a network could take over the systems of another.
TEST_F(ServiceTest, LetsACertificateProveOneAccountOnly) {
  const char kName[] = "certificate_names: 'lag.example.org'";
  ASSERT_THAT(Create(CreationOf("proved-first", kName)), IsOk());
  auto second = CreationOf("proved-second", kName);
  second.mutable_account()->set_network("networks/network-b");
  second.mutable_account()->add_certificate_names("free.example.org");
  const auto refused = Create(second);
  EXPECT_THAT(refused, StatusIs(Code::kAlreadyExists, "NAME_TAKEN"));
  EXPECT_EQ(MetadataOf(refused.status(), "name"), "lag.example.org");
  EXPECT_THAT(Create(CreationOf("proved-third",
                                "certificate_names: 'LAG.example.org'")),
              StatusIs(Code::kAlreadyExists, "NAME_TAKEN"));
  ASSERT_THAT(Disable("accounts/proved-first"), IsOk());
  EXPECT_THAT(Create(second), IsOk());
}

TEST_F(ServiceTest, LetsOneOfManyTakeACertificate) {
  std::atomic<int> taken{0};
  std::vector<std::thread> callers;
  for (int i = 0; i < 8; ++i) {
    callers.emplace_back(
        [&, request = CreationOf(absl::StrCat("racer-", i),
                                 "certificate_names: 'race.example.org'")] {
          if (Create(request).ok()) ++taken;
        });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(taken, 1);
}

TEST_F(ServiceTest, ListsTheAccountsOfANetwork) {
  v1::ListAccountsRequest request;
  request.set_network("networks/network-b");
  request.set_page_size(4);
  std::vector<std::string> names;
  do {
    const auto page = Call(world().accounts(), &Accounts::ListAccounts, request,
                           world().as_operator());
    ASSERT_THAT(page, IsOk());
    for (const auto& account : page->accounts()) {
      EXPECT_EQ(account.network(), "networks/network-b");
      names.push_back(account.name());
    }
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  EXPECT_GE(names.size(), 11u);
  EXPECT_TRUE(std::is_sorted(names.begin(), names.end()));
}

TEST_F(ServiceTest, ListsWhoActsForAnOrganisation) {
  const char kRole[] =
      "role: PARTNER_SYSTEM organization: 'organizations/lag-a'";
  (void)Make("acts-now", kRole);
  (void)Make("acted-once", absl::StrCat(kRole, " end_time { seconds: 1 }"));
  (void)Make("acts-later",
             absl::StrCat(kRole, " start_time { seconds: 4000000000 }"));
  (void)Make("acts-for-another",
             "role: PARTNER_SYSTEM organization: 'organizations/host-a'");
  v1::ListAccountsRequest request;
  request.set_network("networks/network-a");
  request.set_organization("organizations/lag-a");
  const auto found = Call(world().accounts(), &Accounts::ListAccounts, request,
                          world().as_operator());
  ASSERT_THAT(found, IsOk());
  std::vector<std::string> names;
  for (const auto& account : found->accounts()) names.push_back(account.name());
  EXPECT_THAT(names, Contains("accounts/acts-now"));
  for (const char* other : {"accounts/acted-once", "accounts/acts-later",
                            "accounts/acts-for-another"}) {
    EXPECT_THAT(names, Not(Contains(other)));
  }
  request.set_organization("lag-a");
  EXPECT_THAT(WrongFields(Call(world().accounts(), &Accounts::ListAccounts,
                               request, world().as_operator())
                              .status()),
              ElementsAre("organization"));
}

TEST_F(ServiceTest, ShowsASecretOnce) {
  const std::string account = Make("shown-once").account;
  v1::CreateApiKeyRequest request;
  request.set_parent(account);
  request.set_request_id(FreshRequestId());
  const auto first =
      Call(world().keys(), &Keys::CreateApiKey, request, world().as_operator());
  ASSERT_THAT(first, IsOk());
  EXPECT_TRUE(absl::StartsWith(first->secret(), first->prefix()));
  EXPECT_THAT(CallerOf(first->secret()), IsOk());

  const auto again =
      Call(world().keys(), &Keys::CreateApiKey, request, world().as_operator());
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->name(), first->name());
  EXPECT_EQ(again->secret(), "");
  const auto listed = ListKeys(account);
  ASSERT_THAT(listed, IsOk());
  ASSERT_THAT(listed->api_keys(), SizeIs(2));
  EXPECT_EQ(listed->api_keys(0).name(), first->name());
  for (const auto& key : listed->api_keys()) EXPECT_EQ(key.secret(), "");
  EXPECT_EQ(database().Ask(
                absl::StrCat("SELECT count(*) FROM access.api_key AS k WHERE"
                             " strpos(k::text, '",
                             first->secret().substr(14), "') > 0")),
            "0");
}

TEST_F(ServiceTest, RotatesWithTwoKeysAndNeverThree) {
  const Somebody rotated = Make("rotated");
  const std::string token = world().as_operator().token;
  const auto second = CreateKey(rotated.account, token);
  ASSERT_THAT(second, IsOk());
  EXPECT_THAT(CallerOf(rotated.key), IsOk());
  EXPECT_THAT(CallerOf(second->secret()), IsOk());
  EXPECT_THAT(CreateKey(rotated.account, token),
              StatusIs(Code::kFailedPrecondition, "TOO_MANY_KEYS"));

  const std::string first = ListKeys(rotated.account)->api_keys(1).name();
  ASSERT_THAT(RevokeKey(first, token), IsOk());
  EXPECT_THAT(CallerOf(rotated.key),
              StatusIs(Code::kUnauthenticated, "BAD_CREDENTIALS"));
  EXPECT_THAT(CallerOf(second->secret()), IsOk());
  EXPECT_THAT(RevokeKey(first, token),
              StatusIs(Code::kFailedPrecondition, "WRONG_STATE"));
  EXPECT_THAT(CreateKey(rotated.account, token), IsOk());
}

TEST_F(ServiceTest, EndsAKeyAtItsTime) {
  const std::string account = Make("expires").account;
  const std::string token = world().as_operator().token;
  v1::CreateApiKeyRequest request;
  request.set_parent(account);
  const auto create = [&](absl::Time time) {
    request.mutable_api_key()->mutable_expire_time()->set_seconds(
        absl::ToUnixSeconds(time));
    request.set_request_id(FreshRequestId());
    return Call(world().keys(), &Keys::CreateApiKey, request, {token});
  };
  EXPECT_THAT(WrongFields(create(absl::Now() - absl::Seconds(1)).status()),
              ElementsAre("api_key.expire_time"));
  const absl::Time end =
      absl::FromUnixSeconds(absl::ToUnixSeconds(absl::Now()) + 2);
  const auto key = create(end);
  ASSERT_THAT(key, IsOk());
  EXPECT_THAT(CallerOf(key->secret()), IsOk());
  EXPECT_THAT(CreateKey(account, token),
              StatusIs(Code::kFailedPrecondition, "TOO_MANY_KEYS"));
  absl::SleepFor(end - absl::Now() + absl::Milliseconds(20));
  EXPECT_THAT(CallerOf(key->secret()),
              StatusIs(Code::kUnauthenticated, "BAD_CREDENTIALS"));
  EXPECT_THAT(CreateKey(account, token), IsOk());
}

TEST_F(ServiceTest, EndsAnAccountAtOnce) {
  const Somebody gone = Make("disabled");
  ASSERT_THAT(CallerOf(gone.key), IsOk());
  EXPECT_THAT(Disable(gone.account), IsOkAndHolds(HasProto("state: DISABLED")));
  EXPECT_THAT(CallerOf(gone.key),
              StatusIs(Code::kUnauthenticated, "BAD_CREDENTIALS"));
  EXPECT_THAT(Disable(gone.account),
              StatusIs(Code::kFailedPrecondition, "WRONG_STATE"));
  EXPECT_THAT(CreateKey(gone.account, world().as_operator().token),
              StatusIs(Code::kFailedPrecondition, "WRONG_STATE"));
}

TEST_F(ServiceTest, EndsOnAnotherServerWithinFiveSeconds) {
  const WholeServer second(database().dsn(), &server());
  EXPECT_EQ(second.operator_key(), server().operator_key());
  const Somebody key = Make("on-two-servers");
  const Somebody account = Make("disabled-on-two");
  const Somebody grant = Make("granted-on-two");
  const auto given =
      Grant(grant.account, "role: BROKER network: 'networks/network-a'",
            world().as_operator().token);
  ASSERT_THAT(given, IsOk());
  const auto until = [&](const auto& done) {
    const absl::Time begin = absl::Now();
    while (!done() && absl::Now() - begin < absl::Seconds(5)) {
      absl::SleepFor(absl::Milliseconds(10));
    }
    return done();
  };
  EXPECT_TRUE(until([&] { return CallerOn(second, key.key).ok(); }));
  EXPECT_TRUE(until([&] { return CallerOn(second, account.key).ok(); }));
  ASSERT_THAT(RevokeKey(ListKeys(key.account)->api_keys(0).name(),
                        world().as_operator().token),
              IsOk());
  ASSERT_THAT(Disable(account.account), IsOk());
  for (const std::string& token : {key.key, account.key}) {
    EXPECT_TRUE(until([&] {
      return absl::IsUnauthenticated(CallerOn(second, token).status());
    }));
  }
}

TEST_F(ServiceTest, GivesAndTakesRolesAtOnce) {
  const Somebody admin = Make("for-a-while");
  const std::string target = world().own().at("Account");
  EXPECT_THAT(Get(target, admin.key), StatusIs(Code::kPermissionDenied));
  const std::string grant = world().NewGrant(
      admin.account, "role: NETWORK_ADMIN network: 'networks/network-a'");
  EXPECT_THAT(Get(target, admin.key), IsOk());
  EXPECT_THAT(Take(grant, world().as_operator().token),
              IsOkAndHolds(HasProto("role: NETWORK_ADMIN")));
  EXPECT_THAT(Get(target, admin.key), StatusIs(Code::kPermissionDenied));
}

TEST_F(ServiceTest, HoldsARoleWithinItsTimeOnly) {
  const std::string target = world().own().at("Account");
  const int64_t now = absl::ToUnixSeconds(absl::Now());
  const std::string admin = "role: NETWORK_ADMIN network: 'networks/network-a'";
  const Somebody early =
      Make("too-early",
           absl::StrCat(admin, "start_time { seconds: ", now + 100, "}"));
  EXPECT_THAT(Get(target, early.key), StatusIs(Code::kPermissionDenied));
  EXPECT_THAT(CallerOf(early.key)->grants(), IsEmpty());

  const Somebody late = Make(
      "in-time", absl::StrCat(admin, "end_time { seconds: ", now + 2, "}"));
  EXPECT_THAT(Get(target, late.key), IsOk());
  EXPECT_THAT(CallerOf(late.key)->grants(), SizeIs(1));
  absl::SleepFor(absl::FromUnixSeconds(now + 2) - absl::Now() +
                 absl::Milliseconds(20));
  EXPECT_THAT(Get(target, late.key), StatusIs(Code::kPermissionDenied));
  EXPECT_THAT(CallerOf(late.key)->grants(), IsEmpty());
}

}  // namespace
}  // namespace lagnet::access
