#include <fstream>

#include "clients/cpp/cli/field_flags.h"
#include "clients/cpp/cli/json.h"
#include "clients/cpp/cli/resource_input.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "lagnet/directory/v1/organizations.pb.h"
#include "nlohmann/json.hpp"

namespace lagnet::cli {
namespace {

using directory::v1::Organization;
using directory::v1::UpdateOrganizationRequest;
using testing::ElementsAre;

const std::vector<FieldFlag>& Flags() {
  static const auto* const flags = new std::vector<FieldFlag>{
      {"network", ""},     {"kind", ""},   {"display_name", ""},
      {"territories", ""}, {"themes", ""}, {"position", ""},
      {"email", ""}};
  return *flags;
}

// Parses `line` and applies it to `organization`.
absl::Status Parse(const std::string& line, Organization& organization) {
  CLI::App app;
  const FieldFlags flags(&app, organization, Flags());
  try {
    app.parse(line);
  } catch (const CLI::ParseError& error) {
    return absl::InvalidArgumentError(error.what());
  }
  return flags.Apply("pl", organization);
}

TEST(FieldFlagsTest, SetsEachKindOfField) {
  Organization got, expected;
  ASSERT_TRUE(Parse("--network ksow --kind protected-area "
                    "--display-name Park --display-name en=Reserve "
                    "--territories nuts:PL815@2021,iso-3166-2:GE-MM "
                    "--themes a,b --themes c --position 42.5,-1 "
                    "--email a@example.org",
                    got)
                  .ok());
  ASSERT_TRUE(FromJson(R"({
    "network": "networks/ksow", "kind": "PROTECTED_AREA",
    "displayName": {"texts": {"pl": {"text": "Park"},
                              "en": {"text": "Reserve"}}},
    "territories": [{"scheme": "NUTS", "code": "PL815", "version": "2021"},
                    {"scheme": "ISO_3166_2", "code": "GE-MM"}],
    "themes": ["a", "b", "c"],
    "position": {"latitude": 42.5, "longitude": -1},
    "email": "a@example.org"})",
                       expected)
                  .ok());
  // Parsed, since the order of a map's entries is not fixed.
  EXPECT_EQ(nlohmann::json::parse(ToJson(got, true)),
            nlohmann::json::parse(ToJson(expected, true)));
}

TEST(FieldFlagsTest, ReplacesListsAndAddsLanguages) {
  Organization organization;
  organization.add_themes("old");
  (*organization.mutable_display_name()->mutable_texts())["ka"].set_text("k");
  ASSERT_TRUE(Parse("--themes new --display-name en=e", organization).ok());
  EXPECT_THAT(organization.themes(), ElementsAre("new"));
  EXPECT_EQ(organization.display_name().texts_size(), 2);
}

TEST(FieldFlagsTest, RefusesWhatDoesNotFit) {
  Organization organization;
  EXPECT_FALSE(Parse("--kind village", organization).ok());
  EXPECT_FALSE(Parse("--kind kind-unspecified", organization).ok());
  EXPECT_FALSE(Parse("--network organizations/x", organization).ok());
  EXPECT_FALSE(Parse("--position here", organization).ok());
  EXPECT_FALSE(Parse("--email a@b.org --email c@d.org", organization).ok());
}

TEST(ResourceInputTest, NamesInTheMaskWhatFileAndFlagsGive) {
  const std::string file = testing::TempDir() + "/org.json";
  std::ofstream(file) << R"({"name": "organizations/x", "themes": [],
                             "state": "VERIFIED", "email": "a@example.org"})";
  CLI::App app;
  ResourceInput input(&app, UpdateOrganizationRequest(), Organization(),
                      Flags());
  app.parse("--from " + file + " --kind lag");
  Organization organization;
  organization.add_themes("old");
  ASSERT_TRUE(input.Read("en", organization).ok());
  UpdateOrganizationRequest request;
  ASSERT_TRUE(input.PutInto(organization, request).ok());
  EXPECT_THAT(request.update_mask().paths(),
              testing::UnorderedElementsAre("themes", "email", "kind"));
  EXPECT_EQ(request.organization().themes_size(), 0);
  EXPECT_EQ(*input.Name(), "organizations/x");
}

TEST(JsonTest, NamesAnUnknownField) {
  Organization organization;
  const absl::Status status = FromJson(R"({"nmae": "x"})", organization);
  EXPECT_THAT(std::string(status.message()),
              testing::HasSubstr("unknown field"));
  EXPECT_THAT(std::string(status.message()), testing::HasSubstr("nmae"));
}

}  // namespace
}  // namespace lagnet::cli
