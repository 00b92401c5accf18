#include "server/rpc/caller.h"

#include "gtest/gtest.h"

namespace lagnet::rpc {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1'900'000'000);

// A visit of ksow in Masovia, run by one organisation, with a sign-up by
// another.
const Scope kScope = {.network = "ksow",
                      .organizations = {"lag-puszcza"},
                      .hosts = {"lag-host"},
                      .regions = {"PL925", "PL-MZ"},
                      .project = "ksow-2019",
                      .sign_up = "studyVisits/a/signUps/b",
                      .link = "studyVisits/a/signUps/b#7"};

struct Case {
  const char* what;
  Grant grant;
  bool covers;
};

const Case kCases[] = {
    {"the operator", {.role = Role::NETWORK_ADMIN}, true},
    {"own network", {.role = Role::NETWORK_ADMIN, .network = "ksow"}, true},
    {"other network", {.role = Role::NETWORK_ADMIN, .network = "geo"}, false},
    {"editor", {.role = Role::NETWORK_EDITOR, .network = "ksow"}, true},
    {"editor of nothing", {.role = Role::NETWORK_EDITOR}, false},
    {"other editor", {.role = Role::NETWORK_EDITOR, .network = "geo"}, false},
    {"broker", {.role = Role::BROKER, .network = "ksow"}, true},
    {"broker of nothing", {.role = Role::BROKER}, false},
    {"gateway", {.role = Role::GATEWAY, .network = "ksow"}, true},
    {"gateway of nothing", {.role = Role::GATEWAY}, false},
    {"own region",
     {.role = Role::NETWORK_EDITOR, .network = "ksow", .region = "PL925"},
     true},
    {"wider region",
     {.role = Role::NETWORK_EDITOR, .network = "ksow", .region = "PL9"},
     true},
    {"finer region",
     {.role = Role::NETWORK_EDITOR, .network = "ksow", .region = "PL9251"},
     false},
    {"other region",
     {.role = Role::NETWORK_EDITOR, .network = "ksow", .region = "PL8"},
     false},
    {"same region, other network",
     {.role = Role::NETWORK_EDITOR, .network = "geo", .region = "PL9"},
     false},
    {"manager",
     {.role = Role::LAG_MANAGER, .organization = "lag-puszcza"},
     true},
    {"manager of the host",
     {.role = Role::LAG_MANAGER, .organization = "lag-host"},
     false},
    {"manager of nothing", {.role = Role::LAG_MANAGER}, false},
    {"partner system",
     {.role = Role::PARTNER_SYSTEM, .organization = "lag-puszcza"},
     true},
    {"other partner system",
     {.role = Role::PARTNER_SYSTEM, .organization = "lag-other"},
     false},
    {"coordinator",
     {.role = Role::HOST_COORDINATOR, .organization = "lag-host"},
     true},
    {"coordinator of the guest",
     {.role = Role::HOST_COORDINATOR, .organization = "lag-puszcza"},
     false},
    {"auditor", {.role = Role::AUDITOR, .project = "ksow-2019"}, true},
    {"other auditor", {.role = Role::AUDITOR, .project = "ksow-2020"}, false},
    {"auditor of nothing", {.role = Role::AUDITOR}, false},
    {"head",
     {.role = Role::DELEGATION_HEAD, .sign_up = "studyVisits/a/signUps/b"},
     true},
    {"holder",
     {.role = Role::HOLDER, .sign_up = "studyVisits/a/signUps/b#7"},
     true},
    {"other holder",
     {.role = Role::HOLDER, .sign_up = "studyVisits/a/signUps/b"},
     false},
    {"holder of nothing", {.role = Role::HOLDER}, false},
    {"no role", {.network = "ksow"}, false},
    {"ended", {.role = Role::NETWORK_ADMIN, .end = kNow}, false},
    {"not begun",
     {.role = Role::NETWORK_ADMIN, .start = kNow + absl::Seconds(1)},
     false},
    {"begins now", {.role = Role::NETWORK_ADMIN, .start = kNow}, true},
};

TEST(GrantTest, CoversWhatItIsHeldOver) {
  for (const Case& c : kCases) {
    EXPECT_EQ(c.grant.Covers(kScope, kNow), c.covers) << c.what;
  }
}

// Of a resource that belongs to nobody, only the operator may do anything.
TEST(GrantTest, CoversAnEmptyScopeForTheOperatorOnly) {
  for (const Case& c : kCases) {
    const bool operates = c.grant.role == Role::NETWORK_ADMIN &&
                          c.grant.network.empty() && c.covers;
    EXPECT_EQ(c.grant.Covers(Scope{}, kNow), operates) << c.what;
  }
}

TEST(CallerTest, HoldsARoleThroughAnyGrant) {
  const Caller caller = {
      .identity = "accounts/a",
      .grants = {{.role = Role::BROKER, .network = "geo"},
                 {.role = Role::LAG_MANAGER, .organization = "lag-puszcza"}}};
  EXPECT_TRUE(caller.Holds({Role::LAG_MANAGER}, kScope, kNow));
  EXPECT_TRUE(caller.Holds({Role::BROKER, Role::LAG_MANAGER}, kScope, kNow));
  EXPECT_FALSE(caller.Holds({Role::BROKER}, kScope, kNow));
  EXPECT_FALSE(caller.Holds({}, kScope, kNow));
  EXPECT_FALSE(Caller().identified());
}

}  // namespace
}  // namespace lagnet::rpc
