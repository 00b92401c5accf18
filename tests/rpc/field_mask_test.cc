#include "server/rpc/field_mask.h"

#include "lagnet/directory/v1/organizations.pb.h"
#include "tests/support/matchers.h"

namespace lagnet::rpc {
namespace {

using directory::v1::Organization;
using support::EqualsProto;
using support::FromText;
using support::IsOk;
using support::StatusIs;

constexpr char kStored[] = R"pb(
  name: "organizations/lag-kazbegi"
  network: "networks/geo"
  kind: LAG
  display_name {
    texts {
      key: "ka"
      value { text: "ყაზბეგი" }
    }
  }
  themes: "water"
  themes: "youth"
  position { latitude: 42 longitude: 44 }
  email: "office@lag.example.org"
  state: VERIFIED
  create_time { seconds: 5 }
  etag: "\"3\""
)pb";

google::protobuf::FieldMask Mask(std::initializer_list<const char*> paths) {
  google::protobuf::FieldMask mask;
  for (const char* path : paths) mask.add_paths(path);
  return mask;
}

Organization Stored() { return FromText<Organization>(kStored); }

TEST(ApplyMaskTest, TakesNamedFieldsOnly) {
  Organization stored = Stored();
  const auto wanted = FromText<Organization>(R"pb(
    email: "new@lag.example.org"
    website: "https://lag.example.org"
    kind: CSO
  )pb");
  ASSERT_THAT(ApplyMask(Mask({"email", "website"}), wanted, stored), IsOk());
  Organization expected = Stored();
  expected.set_email("new@lag.example.org");
  expected.set_website("https://lag.example.org");
  EXPECT_THAT(stored, EqualsProto(expected.DebugString()));
}

TEST(ApplyMaskTest, ClearsANamedFieldThatIsNotSet) {
  Organization stored = Stored();
  ASSERT_THAT(
      ApplyMask(Mask({"email", "themes", "position"}), Organization(), stored),
      IsOk());
  EXPECT_EQ(stored.email(), "");
  EXPECT_EQ(stored.themes_size(), 0);
  EXPECT_FALSE(stored.has_position());
  EXPECT_EQ(stored.kind(), Organization::LAG);
}

TEST(ApplyMaskTest, ReplacesWholeListsAndMessages) {
  Organization stored = Stored();
  const auto wanted = FromText<Organization>(R"pb(
    themes: "crafts"
    position { latitude: 1 }
    display_name {
      texts {
        key: "en"
        value { text: "Kazbegi" }
      }
    }
  )pb");
  ASSERT_THAT(
      ApplyMask(Mask({"themes", "position", "display_name"}), wanted, stored),
      IsOk());
  EXPECT_THAT(stored.themes(), testing::ElementsAre("crafts"));
  EXPECT_EQ(stored.position().longitude(), 0);
  EXPECT_EQ(stored.display_name().texts_size(), 1);
  EXPECT_TRUE(stored.display_name().texts().contains("en"));
}

TEST(ApplyMaskTest, TakesWhatIsSetWithoutAMask) {
  Organization stored = Stored();
  const auto wanted = FromText<Organization>(R"pb(
    name: "organizations/lag-kazbegi"
    kind: CSO
  )pb");
  ASSERT_THAT(ApplyMask({}, wanted, stored), IsOk());
  EXPECT_EQ(stored.kind(), Organization::CSO);
  EXPECT_EQ(stored.email(), "office@lag.example.org");
}

TEST(ApplyMaskTest, ReplacesEverythingForAStar) {
  Organization stored = Stored();
  const auto wanted = FromText<Organization>(R"pb(
    name: "organizations/lag-kazbegi"
    network: "networks/geo"
    kind: CSO
  )pb");
  ASSERT_THAT(ApplyMask(Mask({"*"}), wanted, stored), IsOk());
  EXPECT_THAT(stored, EqualsProto(R"pb(
                name: "organizations/lag-kazbegi"
                network: "networks/geo"
                kind: CSO
                state: VERIFIED
                create_time { seconds: 5 }
                etag: "\"3\""
              )pb"));
}

TEST(ApplyMaskTest, PassesOverWhatTheServerSets) {
  Organization stored = Stored();
  const auto wanted = FromText<Organization>(R"pb(
    state: ARCHIVED
    create_time { seconds: 9 }
    etag: "\"9\""
  )pb");
  ASSERT_THAT(ApplyMask(Mask({"state", "create_time", "etag"}), wanted, stored),
              IsOk());
  EXPECT_THAT(stored, EqualsProto(kStored));
}

TEST(ApplyMaskTest, RefusesToChangeWhatCannotChange) {
  Organization stored = Stored();
  const auto wanted = FromText<Organization>("network: 'networks/pl'");
  for (const auto& mask : {Mask({"network"}), Mask({}), Mask({"*"})}) {
    const absl::Status status = ApplyMask(mask, wanted, stored);
    EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument,
                                 "IMMUTABLE_FIELD"));
    EXPECT_THAT(support::WrongFields(status), testing::ElementsAre("network"));
  }
  const auto same = FromText<Organization>("network: 'networks/geo'");
  EXPECT_THAT(ApplyMask(Mask({"network"}), same, stored), IsOk());
}

TEST(ApplyMaskTest, RefusesFieldsThatDoNotExist) {
  Organization stored = Stored();
  for (const char* path : {"colour", "position.latitude", "", "Email"}) {
    EXPECT_THAT(ApplyMask(Mask({path}), Organization(), stored),
                StatusIs(absl::StatusCode::kInvalidArgument, "UNKNOWN_FIELD"))
        << path;
  }
  EXPECT_THAT(stored, EqualsProto(kStored));
}

TEST(EtagTest, MustMatchIfGiven) {
  EXPECT_EQ(EtagOf(3), "\"3\"");
  EXPECT_THAT(CheckEtag("", EtagOf(3)), IsOk());
  EXPECT_THAT(CheckEtag("\"3\"", EtagOf(3)), IsOk());
  EXPECT_THAT(CheckEtag("\"2\"", EtagOf(3)),
              StatusIs(absl::StatusCode::kAborted, "ETAG_MISMATCH"));
}

}  // namespace
}  // namespace lagnet::rpc
