#include "server/access/account.h"

#include <set>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/matchers.h"

namespace lagnet::access {
namespace {

using support::IsOk;
using support::StatusIs;
using support::WrongFields;
using testing::ElementsAre;

const absl::Time kAnyTime = absl::FromUnixSeconds(1'900'000'000);

struct GrantCase {
  const char* what;
  RoleGrant grant;
  const char* wrong;  // The field that is refused; "" if none is.
};

const GrantCase kGrants[] = {
    {"admin", {.role = RoleKind::kNetworkAdmin, .network = "a"}, ""},
    {"admin of a region",
     {.role = RoleKind::kNetworkAdmin, .network = "a", .region = "PL8"},
     ""},
    {"admin of everything", {.role = RoleKind::kNetworkAdmin}, "grant.network"},
    {"admin of a region of nothing",
     {.role = RoleKind::kNetworkAdmin, .region = "PL8"},
     "grant.network"},
    {"admin of an organisation",
     {.role = RoleKind::kNetworkAdmin, .organization = "o"},
     "grant.network"},
    {"editor", {.role = RoleKind::kNetworkEditor, .network = "a"}, ""},
    {"editor of nothing", {.role = RoleKind::kNetworkEditor}, "grant.network"},
    {"broker", {.role = RoleKind::kBroker, .network = "a"}, ""},
    {"gateway", {.role = RoleKind::kGateway, .network = "a"}, ""},
    {"gateway of nothing", {.role = RoleKind::kGateway}, "grant.network"},
    {"manager", {.role = RoleKind::kLagManager, .organization = "o"}, ""},
    {"manager of nothing",
     {.role = RoleKind::kLagManager},
     "grant.organization"},
    {"manager of a network too",
     {.role = RoleKind::kLagManager, .network = "a", .organization = "o"},
     "grant.network"},
    {"manager of a region",
     {.role = RoleKind::kLagManager, .region = "PL8", .organization = "o"},
     "grant.region"},
    {"coordinator",
     {.role = RoleKind::kHostCoordinator, .organization = "o"},
     ""},
    {"partner system",
     {.role = RoleKind::kPartnerSystem, .organization = "o"},
     ""},
    {"head",
     {.role = RoleKind::kDelegationHead, .sign_up = "studyVisits/v/signUps/s"},
     ""},
    {"head of nothing", {.role = RoleKind::kDelegationHead}, "grant.sign_up"},
    {"head of an organisation too",
     {.role = RoleKind::kDelegationHead,
      .organization = "o",
      .sign_up = "studyVisits/v/signUps/s"},
     "grant.organization"},
    {"auditor",
     {.role = RoleKind::kAuditor, .project = "p", .end = kAnyTime},
     ""},
    {"auditor without an end",
     {.role = RoleKind::kAuditor, .project = "p"},
     "grant.end_time"},
    {"auditor of nothing",
     {.role = RoleKind::kAuditor, .end = kAnyTime},
     "grant.project"},
    {"auditor of a network",
     {.role = RoleKind::kAuditor, .network = "a", .end = kAnyTime},
     "grant.network"},
    {"holder",
     {.role = RoleKind::kHolder, .sign_up = "studyVisits/v/signUps/s"},
     "grant.role"},
    {"no role", {.network = "a"}, "grant.role"},
    {"a role of a later version",
     {.role = static_cast<RoleKind>(99), .network = "a"},
     "grant.role"},
    {"a time",
     {.role = RoleKind::kBroker,
      .network = "a",
      .start = kAnyTime,
      .end = kAnyTime + absl::Seconds(1)},
     ""},
    {"a time that ends as it begins",
     {.role = RoleKind::kBroker,
      .network = "a",
      .start = kAnyTime,
      .end = kAnyTime},
     "grant.end_time"},
    {"a time that ends before it begins",
     {.role = RoleKind::kBroker,
      .network = "a",
      .start = kAnyTime,
      .end = kAnyTime - absl::Seconds(1)},
     "grant.end_time"},
};

TEST(CheckGrantTest, WantsWhatTheRoleIsHeldOverAndNothingElse) {
  for (const GrantCase& c : kGrants) {
    const absl::Status status = CheckGrant(c.grant);
    if (*c.wrong == '\0') {
      EXPECT_THAT(status, IsOk()) << c.what;
    } else {
      EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument,
                                   "INVALID_FIELDS"))
          << c.what;
      EXPECT_THAT(WrongFields(status), ElementsAre(c.wrong)) << c.what;
    }
  }
}

TEST(CheckAccountTest, LetsOnlySystemsHaveCertificates) {
  Account account{.kind = AccountKind::kSystem,
                  .certificate_names = {"lag.example.org"}};
  EXPECT_THAT(CheckAccount(account), IsOk());
  account.kind = AccountKind::kPerson;
  EXPECT_THAT(WrongFields(CheckAccount(account)),
              ElementsAre("account.certificate_names"));
  account.certificate_names.clear();
  EXPECT_THAT(CheckAccount(account), IsOk());
}

TEST(CheckAccountTest, TakesWholeNamesOfHostsAndUrisOnly) {
  const auto check = [](const std::string& name) {
    return CheckAccount(
        {.kind = AccountKind::kSystem, .certificate_names = {name}});
  };
  for (const char* good : {"lag.example.org", "LAG.example.org", "localhost",
                           "xn--abc.example.org", "spiffe://lag/a",
                           "https://lag.example.org/x", "urn:lag:1"}) {
    EXPECT_THAT(check(good), IsOk()) << good;
  }
  for (const char* bad :
       {"", "*.example.org", "*", "lag.*.org", ".example.org",
        "lag.example.org.", "lag..org", "lag example.org", "lag@example.org",
        "lag.example.org/x", "://lag", "spiffe://lag/a b", "1a:b",
        "lag.example.org\n", "ლაგი.example.org"}) {
    EXPECT_THAT(WrongFields(check(bad)),
                ElementsAre("account.certificate_names"))
        << bad;
  }
}

TEST(CertificateNameTest, MindsNoCapitalsInHosts) {
  EXPECT_EQ(NormalCertificateName("LAG.Example.org"), "lag.example.org");
  EXPECT_EQ(NormalCertificateName("spiffe://LAG/a"), "spiffe://LAG/a");
}

// 5 bytes are 8 characters, 32 bytes are 52.
TEST(KeyTest, HasAPrefixToShowAndASecret) {
  const std::string key = NewSecret();
  ASSERT_EQ(key.size(), 5u + 8u + 1u + 52u);
  EXPECT_EQ(key.substr(0, 5), "lagk_");
  EXPECT_EQ(key[13], '_');
  for (const char c : key.substr(5, 8) + key.substr(14)) {
    EXPECT_TRUE(absl::ascii_islower(static_cast<unsigned char>(c)) ||
                absl::ascii_isdigit(static_cast<unsigned char>(c)))
        << key;
  }
  EXPECT_EQ(PrefixOf(key), key.substr(0, 13));
  EXPECT_EQ(PrefixOf("short"), "short");
}

TEST(KeyTest, IsStoredAsAHashThatDependsOnEveryCharacter) {
  const std::string key = NewSecret();
  EXPECT_EQ(HashOf(key).size(), 32u);
  EXPECT_EQ(HashOf(key), HashOf(std::string(key)));
  for (size_t i = 0; i < key.size(); ++i) {
    std::string other = key;
    other[i] = other[i] == 'a' ? 'b' : 'a';
    EXPECT_NE(HashOf(other), HashOf(key)) << i;
  }
  EXPECT_NE(HashOf(key + " "), HashOf(key));
}

// A key of which a part stood still, or came from a small set, would show: in
// 2,000 keys each place takes all 32 characters (but the last one of 52, which
// carries one bit), and no key nor prefix comes twice.
TEST(KeyTest, IsRandomInEveryPlace) {
  constexpr int kKeys = 2000;
  std::set<std::string> keys;
  std::set<std::string> prefixes;
  std::vector<std::set<char>> places(66);
  for (int i = 0; i < kKeys; ++i) {
    const std::string key = NewSecret();
    keys.insert(key);
    prefixes.insert(PrefixOf(key));
    for (size_t place = 0; place < key.size(); ++place) {
      places[place].insert(key[place]);
    }
  }
  EXPECT_EQ(keys.size(), static_cast<size_t>(kKeys));
  EXPECT_EQ(prefixes.size(), static_cast<size_t>(kKeys));
  size_t characters = 0;
  for (size_t place = 5; place < 65; ++place) {
    if (place == 13) continue;
    EXPECT_EQ(places[place].size(), 32u) << place;
    characters += places[place].size();
  }
  EXPECT_EQ(places[65].size(), 2u);
  EXPECT_EQ(characters, 59u * 32u);
}

}  // namespace
}  // namespace lagnet::access
