// Likely doubles are shown before an entry is made, and listed for the staff.

#include <string>
#include <vector>

#include "tests/merging/fixture.h"

namespace lagnet::merging {
namespace {

using support::IsOk;
using support::StatusIs;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

using directory::v1::DoubleSign;
using directory::v1::LikelyDouble;

class DoublesTest : public MergeTest {
 protected:
  // "old new" for each pair of this test's own entries.
  std::vector<std::string> PairsIn(const std::string& network, int page_size,
                                   const std::string& key = "") {
    std::vector<std::string> pairs;
    std::string token;
    do {
      const auto page = Must(
          Do(&Doubles::Stub::ListLikelyDoubles,
             absl::StrCat("network: '", network, "' page_size: ", page_size,
                          " page_token: '", token, "'"),
             key));
      EXPECT_LE(page.likely_doubles_size(), page_size);
      for (const LikelyDouble& pair : page.likely_doubles()) {
        // Other tests' entries are in the directory, too.
        if (pair.one().network() != network_ ||
            pair.other().network() != network_) {
          continue;
        }
        pairs.push_back(absl::StrCat(Short(pair.one().name()), " ",
                                     Short(pair.other().name())));
      }
      token = page.next_page_token();
    } while (!token.empty());
    return pairs;
  }
  std::string Short(const std::string& name) const {
    const std::string id = IdOf(name);
    return id.substr(0, id.size() - suffix_.size());
  }
  std::vector<std::string> Found(const std::string& text,
                                 const std::string& key = "") {
    std::vector<std::string> found;
    const auto response =
        Must(Do(&Doubles::Stub::FindLikelyDoubles, text, key));
    for (const LikelyDouble& pair : response.likely_doubles()) {
      if (pair.other().network() == network_) {
        found.push_back(Short(pair.other().name()));
      }
    }
    return found;
  }
  std::string Creation(const std::string& id, const std::string& text) const {
    return absl::StrCat("organization_id: '", id, suffix_, "' ", Wanted(text));
  }
  std::string Wanted(const std::string& text) const {
    return absl::StrCat("organization { network: '", network_,
                        "' kind: LAG country: 'GE' display_name { texts { key: "
                        "'en' value { text: '",
                        text, "' } } } }");
  }
};

TEST_F(DoublesTest, AreFoundBeforeAnEntryIsMade) {
  EXPECT_THAT(Found(Wanted("LAG Lagodechi")),
              UnorderedElementsAre("old", "new"));
  EXPECT_THAT(Found(Wanted("LAG Borjomi")), IsEmpty());
  EXPECT_THAT(Found(absl::StrCat("name: '", old_, "'")), ElementsAre("new"));
  const auto found = Must(Do(&Doubles::Stub::FindLikelyDoubles,
                             absl::StrCat("name: '", new_, "'")));
  const DoubleSign& sign = found.likely_doubles(0).signs(0);
  EXPECT_EQ(sign.reason(), DoubleSign::NAME);
  EXPECT_EQ(sign.one(), "ლაგოდეხის ჯგუფი");
  for (const char* wrong : {"", "name: 'organizations/nothing-here'"}) {
    EXPECT_FALSE(Do(&Doubles::Stub::FindLikelyDoubles, wrong).ok());
  }
}

TEST_F(DoublesTest, DoNotShowDraftsToThoseWhoMayNotSeeThem) {
  Must(Do(&Organizations::Stub::CreateOrganization,
          absl::StrCat("organization_id: 'draft", suffix_, "' ",
                       Wanted("Vani LAG"))));
  const std::string nobody = KeyFor(
      "nobody", absl::StrCat("role: LAG_MANAGER organization: '", third_, "'"));
  EXPECT_THAT(Found(Wanted("LAG Vani")), ElementsAre("draft"));
  EXPECT_THAT(Found(Wanted("LAG Vani"), nobody), IsEmpty());
}

// Nothing is made of an organisation that is likely there already, unless the
// caller says that it is another.
TEST_F(DoublesTest, AreToldAtCreation) {
  const std::string borjomi = Creation("borjomi", "Borjomi LAG");
  ASSERT_THAT(Do(&Organizations::Stub::CreateOrganization, borjomi), IsOk());
  const std::string request =
      absl::StrCat(Creation("bordzomi", "LGD Bordżomi"), " request_id: '",
                   FreshRequestId(), "'");
  for (const char* more : {"", "validate_only: true"}) {
    const auto refused =
        Do(&Organizations::Stub::CreateOrganization,
           absl::StrCat(Creation("bordzomi", "LGD Bordżomi"), more));
    EXPECT_THAT(refused,
                StatusIs(absl::StatusCode::kAlreadyExists, "LIKELY_DOUBLE"));
    EXPECT_EQ(
        refused.status().message(),
        absl::StrCat("likely there already: organizations/borjomi", suffix_,
                     " (Borjomi LAG, DRAFT), by name. Use that entry, or "
                     "set allow_likely_doubles if it is another "
                     "organisation"));
  }
  EXPECT_THAT(Do(&Organizations::Stub::CreateOrganization, request),
              StatusIs(absl::StatusCode::kAlreadyExists, "LIKELY_DOUBLE"));
  EXPECT_EQ(Count("directory.organization WHERE name LIKE 'bordzomi%'"), 0);
  // With the same request id; a repeat is no double of what it made itself.
  const std::string allowed =
      absl::StrCat(request, " allow_likely_doubles: true");
  ASSERT_THAT(Do(&Organizations::Stub::CreateOrganization, allowed), IsOk());
  EXPECT_THAT(Do(&Organizations::Stub::CreateOrganization, allowed), IsOk());
  EXPECT_THAT(Do(&Organizations::Stub::CreateOrganization, borjomi),
              StatusIs(absl::StatusCode::kAlreadyExists, "NAME_TAKEN"));
}

TEST_F(DoublesTest, AreNotToldOfToThoseWhoMayNotSeeThem) {
  Must(Do(&Organizations::Stub::CreateOrganization,
          Creation("draft", "Zestaponi LAG")));
  const std::string system =
      KeyFor("system",
             absl::StrCat("role: PARTNER_SYSTEM organization: '", third_, "'"));
  const std::string proposal = absl::StrCat("proposer: '", third_, "' ");
  EXPECT_THAT(
      Do(&Organizations::Stub::CreateOrganization,
         absl::StrCat(proposal, Creation("lgd", "LAG Achmeta")), system),
      StatusIs(absl::StatusCode::kAlreadyExists, "LIKELY_DOUBLE"));
  EXPECT_THAT(
      Do(&Organizations::Stub::CreateOrganization,
         absl::StrCat(proposal, Creation("mine", "LAG Zestaponi")), system),
      IsOk());
}

TEST_F(DoublesTest, AreListedForTheStaffThePagesInOrder) {
  MakeOrganization("more", "Lagodekhi LAG");
  const std::string editor = KeyFor(
      "editor", absl::StrCat("role: NETWORK_EDITOR network: '", network_, "'"));
  const std::vector<std::string> all = PairsIn(network_, 200, editor);
  EXPECT_EQ(all.front(), "more old") << "equal names before alike ones";
  EXPECT_EQ(PairsIn(network_, 1, editor), all);
  std::vector<std::string> ours;
  for (const std::string& pair : all) {
    if (pair.find("third") == std::string::npos) ours.push_back(pair);
  }
  EXPECT_THAT(ours, testing::IsSupersetOf({"more old", "more new", "new old"}));
}

TEST_F(DoublesTest, AreNotListedOnceTheStaffSayThatTheyAreNone) {
  ASSERT_THAT(PairsIn(network_, 50), testing::Contains("new old"));
  const std::string text =
      absl::StrCat("organization: '", old_, "' other: '", new_, "'");
  const auto first = Must(Do(&Doubles::Stub::DismissLikelyDouble, text));
  EXPECT_EQ(first.actor(), "accounts/operator");
  const auto second = Must(Do(&Doubles::Stub::DismissLikelyDouble, text));
  EXPECT_EQ(second.dismiss_time().nanos(), first.dismiss_time().nanos());
  EXPECT_THAT(PairsIn(network_, 50),
              testing::Not(testing::Contains("new old")));
  // What was said of one holds for what it is merged into.
  ASSERT_THAT(
      Do(&Doubles::Stub::DismissLikelyDouble,
         absl::StrCat("organization: '", old_, "' other: '", third_, "'")),
      IsOk());
  ASSERT_THAT(Merge(old_, new_), IsOk());
  EXPECT_EQ(Count(absl::StrCat("directory.not_double WHERE one = '", IdOf(new_),
                               "' AND other = '", IdOf(third_), "'")),
            1);
  EXPECT_EQ(Count(absl::StrCat("directory.not_double WHERE '", IdOf(old_),
                               "' IN (one, other)")),
            0);
  for (const char* other : {"organizations/nothing-here", ""}) {
    EXPECT_FALSE(
        Do(&Doubles::Stub::DismissLikelyDouble,
           absl::StrCat("organization: '", new_, "' other: '", other, "'"))
            .ok());
  }
  EXPECT_THAT(
      Do(&Doubles::Stub::DismissLikelyDouble,
         absl::StrCat("organization: '", new_, "' other: '", old_, "'")),
      StatusIs(absl::StatusCode::kFailedPrecondition, "WRONG_STATE"));
}

}  // namespace
}  // namespace lagnet::merging
