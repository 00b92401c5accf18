#include "server/rpc/page_token.h"

#include "lagnet/directory/v1/organizations.pb.h"
#include "tests/support/matchers.h"

namespace lagnet::rpc {
namespace {

using directory::v1::ListOrganizationsRequest;
using support::IsOk;
using support::StatusIs;

ListOrganizationsRequest Request(int size, const std::string& token = "",
                                 const std::string& country = "GE") {
  ListOrganizationsRequest request;
  request.set_page_size(size);
  request.set_page_token(token);
  request.set_country(country);
  return request;
}

TEST(PageTokenTest, HasASensibleSize) {
  EXPECT_EQ(PageOf(Request(0))->size, 50);
  EXPECT_EQ(PageOf(Request(1))->size, 1);
  EXPECT_EQ(PageOf(Request(200))->size, 200);
  EXPECT_EQ(PageOf(Request(100'000))->size, 200);
}

TEST(PageTokenTest, StartsAtTheBeginning) {
  const auto page = PageOf(Request(10));
  ASSERT_THAT(page, IsOk());
  EXPECT_EQ(page->after.key, "");
  EXPECT_EQ(page->after.id, 0);
}

TEST(PageTokenTest, GoesOnWhereThePageEnded) {
  const std::string token =
      NextPageToken(Request(10), {.key = "lag-\"ყ\"", .id = 7});
  const auto page = PageOf(Request(20, token));  // The size may change.
  ASSERT_THAT(page, IsOk());
  EXPECT_EQ(page->after.key, "lag-\"ყ\"");
  EXPECT_EQ(page->after.id, 7);
}

TEST(PageTokenTest, RefusesATokenOfAnotherList) {
  const std::string token = NextPageToken(Request(10), {.key = "a"});
  EXPECT_THAT(
      PageOf(Request(10, token, "PL")),
      StatusIs(absl::StatusCode::kInvalidArgument, "PAGE_TOKEN_MISMATCH"));
}

TEST(PageTokenTest, RefusesWhatIsNoToken) {
  for (const char* token : {"x", "%%%", "AAAA", "null", "' OR 1=1"}) {
    EXPECT_THAT(
        PageOf(Request(10, token)),
        StatusIs(absl::StatusCode::kInvalidArgument, "PAGE_TOKEN_MISMATCH"))
        << token;
  }
}

TEST(PageTokenTest, CutsTheItemThatWasReadTooMany) {
  const Page page = *PageOf(Request(2));
  const auto key_of = [](const std::string& item) { return item; };
  std::vector<std::string> items = {"a", "b", "c"};
  const std::string token = CutPage(Request(2), page, items, key_of);
  EXPECT_THAT(items, testing::ElementsAre("a", "b"));
  EXPECT_EQ(PageOf(Request(2, token))->after.key, "b");

  std::vector<std::string> last = {"c", "d"};
  EXPECT_EQ(CutPage(Request(2), page, last, key_of), "");
  EXPECT_EQ(last.size(), 2u);
}

}  // namespace
}  // namespace lagnet::rpc
