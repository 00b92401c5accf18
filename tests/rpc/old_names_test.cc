#include "server/rpc/old_names.h"

#include "lagnet/directory/v1/organizations.pb.h"
#include "lagnet/projects/v1/projects.pb.h"
#include "lagnet/visits/v1/sign_ups.pb.h"
#include "tests/support/matchers.h"

namespace lagnet::rpc {
namespace {

using directory::v1::GetOrganizationRequest;
using directory::v1::UpdateOrganizationRequest;
using projects::v1::CreateProjectRequest;
using support::FromText;
using visits::v1::BatchCreateSignUpsRequest;

class OldNamesTest : public testing::Test {
 protected:
  OldNamesTest() {
    names_.SetSource({.resource = "lagnet/Organization",
                      .any = [this] { return any_; },
                      .staying = [this](absl::string_view name)
                          -> std::optional<std::string> {
                        ++asked_;
                        if (name == "organizations/old")
                          return "organizations/new";
                        if (name == "organizations/old/x/1")
                          return "organizations/new/x/1";
                        return std::nullopt;
                      }});
    names_.Learn(GetOrganizationRequest::descriptor());
    names_.Learn(UpdateOrganizationRequest::descriptor());
    names_.Learn(CreateProjectRequest::descriptor());
    names_.Learn(BatchCreateSignUpsRequest::descriptor());
  }

  template <typename Request>
  std::string Replaced(const std::string& text) {
    const auto copy = names_.Replace(FromText<Request>(text));
    return copy ? copy->ShortDebugString() : "";
  }

  OldNames names_;
  bool any_ = true;
  int asked_ = 0;
};

TEST_F(OldNamesTest, ReplacesNamesWhereverTheyStand) {
  EXPECT_EQ(Replaced<GetOrganizationRequest>("name: 'organizations/old'"),
            "name: \"organizations/new\"");
  EXPECT_EQ(Replaced<GetOrganizationRequest>("name: 'organizations/old/x/1'"),
            "name: \"organizations/new/x/1\"");
  EXPECT_EQ(Replaced<UpdateOrganizationRequest>(
                "organization { name: 'organizations/old' email: 'a' }"),
            "organization { name: \"organizations/new\" email: \"a\" }");
  EXPECT_EQ(Replaced<CreateProjectRequest>(
                "project { partners { organization: 'organizations/other' }"
                " partners { organization: 'organizations/old' }"
                " budget { partner: 'organizations/old' } }"),
            "project { partners { organization: \"organizations/other\" }"
            " partners { organization: \"organizations/new\" }"
            " budget { partner: \"organizations/new\" } }");
  EXPECT_EQ(Replaced<BatchCreateSignUpsRequest>(
                "requests { parent: 'studyVisits/old'"
                " sign_up { organization: 'organizations/old' } }"),
            "requests { parent: \"studyVisits/old\""
            " sign_up { organization: \"organizations/new\" } }");
}

TEST_F(OldNamesTest, LeavesEverythingElse) {
  EXPECT_EQ(Replaced<GetOrganizationRequest>("name: 'organizations/new'"), "");
  EXPECT_EQ(Replaced<UpdateOrganizationRequest>(
                "organization { email: 'organizations/old' }"
                " request_id: 'organizations/old'"),
            "");
  EXPECT_EQ(Replaced<GetOrganizationRequest>(""), "");
}

TEST_F(OldNamesTest, AsksNothingWhileNothingWasMerged) {
  any_ = false;
  EXPECT_EQ(Replaced<GetOrganizationRequest>("name: 'organizations/old'"), "");
  EXPECT_EQ(asked_, 0);
}

}  // namespace
}  // namespace lagnet::rpc
