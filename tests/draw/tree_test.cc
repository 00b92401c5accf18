#include "server/draw/tree.h"

#include <string>

#include "absl/strings/escaping.h"
#include "tests/support/matchers.h"

namespace lagnet::draw {
namespace {

std::vector<Digest> Leaves(size_t count) {
  std::vector<Digest> leaves;
  for (size_t i = 0; i < count; ++i) {
    leaves.push_back(LeafOf(Digest{}, std::string(i, 'x')));
  }
  return leaves;
}

Digest NodeOf(const Digest& left, const Digest& right) {
  return Sha256({absl::string_view("\x01", 1), Bytes(left), Bytes(right)});
}

TEST(DigestTest, IsSha256) {
  EXPECT_EQ(ToHex(Sha256({"a", "", "bc"})),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(DigestFromHex(ToHex(Sha256({}))), Sha256({}));
  EXPECT_EQ(DigestFromHex("00"), std::nullopt);
  EXPECT_EQ(DigestFromHex(std::string(64, 'g')), std::nullopt);
  EXPECT_EQ(DigestFromHex(std::string(64, 'A')), std::nullopt);
  EXPECT_EQ(absl::BytesToHexString(BigEndian(258)), "0000000000000102");
}

TEST(TreeTest, HasTheFormOfRfc6962) {
  const std::vector<Digest> l = Leaves(7);
  EXPECT_EQ(RootOf({}), Sha256({}));
  EXPECT_EQ(RootOf({l[0]}), l[0]);
  EXPECT_EQ(RootOf(l), NodeOf(NodeOf(NodeOf(l[0], l[1]), NodeOf(l[2], l[3])),
                              NodeOf(NodeOf(l[4], l[5]), l[6])));
}

TEST(TreeTest, LeadsFromEachLeafToTheRoot) {
  for (size_t count = 1; count <= 33; ++count) {
    const std::vector<Digest> leaves = Leaves(count);
    const Digest root = RootOf(leaves);
    for (size_t i = 0; i < count; ++i) {
      const std::vector<Digest> path = PathOf(leaves, i);
      EXPECT_EQ(RootBy(leaves[i], i, count, path), root);
      for (size_t other = 0; other < count; ++other) {
        if (other == i) continue;
        EXPECT_NE(RootBy(leaves[i], other, count, path), root);
        EXPECT_NE(RootBy(leaves[other], i, count, path), root);
      }
    }
  }
}

TEST(TreeTest, RefusesPathsOfAnotherLength) {
  const std::vector<Digest> leaves = Leaves(5);
  std::vector<Digest> path = PathOf(leaves, 1);
  EXPECT_EQ(RootBy(leaves[1], 5, 5, path), std::nullopt);
  path.push_back(leaves[0]);
  EXPECT_EQ(RootBy(leaves[1], 1, 5, path), std::nullopt);
  path.clear();
  EXPECT_EQ(RootBy(leaves[1], 1, 5, path), std::nullopt);
}

}  // namespace
}  // namespace lagnet::draw
