#include "server/draw/tree.h"

namespace lagnet::draw {
namespace {

// One byte each, so that a leaf is never taken for a node.
constexpr absl::string_view kLeaf("\x00", 1);
constexpr absl::string_view kNode("\x01", 1);

using Leaves = std::vector<Digest>;

Digest NodeOf(const Digest& left, const Digest& right) {
  return Sha256({kNode, Bytes(left), Bytes(right)});
}

// How many of `count` leaves hang on the left: the largest power of two below.
size_t LeftOf(size_t count) {
  size_t left = 1;
  while (2 * left < count) left *= 2;
  return left;
}

Digest RootOfPart(const Leaves& leaves, size_t begin, size_t count) {
  if (count == 1) return leaves[begin];
  const size_t left = LeftOf(count);
  return NodeOf(RootOfPart(leaves, begin, left),
                RootOfPart(leaves, begin + left, count - left));
}

void AppendPath(const Leaves& leaves, size_t begin, size_t count, size_t index,
                std::vector<Digest>& path) {
  if (count == 1) return;
  const size_t left = LeftOf(count);
  if (index < left) {
    AppendPath(leaves, begin, left, index, path);
    path.push_back(RootOfPart(leaves, begin + left, count - left));
  } else {
    AppendPath(leaves, begin + left, count - left, index - left, path);
    path.push_back(RootOfPart(leaves, begin, left));
  }
}

// `steps` is how much of the path belongs to this part.
std::optional<Digest> RootByPart(const Digest& leaf, size_t index, size_t count,
                                 const std::vector<Digest>& path,
                                 size_t steps) {
  if (count == 1) return steps == 0 ? std::optional(leaf) : std::nullopt;
  if (steps == 0) return std::nullopt;
  const size_t left = LeftOf(count);
  const bool is_left = index < left;
  const auto mine = RootByPart(leaf, is_left ? index : index - left,
                               is_left ? left : count - left, path, steps - 1);
  if (!mine) return std::nullopt;
  return is_left ? NodeOf(*mine, path[steps - 1])
                 : NodeOf(path[steps - 1], *mine);
}

}  // namespace

Digest LeafOf(const Digest& salt, absl::string_view data) {
  return Sha256({kLeaf, Bytes(salt), data});
}

Digest RootOf(const Leaves& leaves) {
  return leaves.empty() ? Sha256({}) : RootOfPart(leaves, 0, leaves.size());
}

std::vector<Digest> PathOf(const Leaves& leaves, size_t index) {
  std::vector<Digest> path;
  AppendPath(leaves, 0, leaves.size(), index, path);
  return path;
}

std::optional<Digest> RootBy(const Digest& leaf, size_t index, size_t count,
                             const std::vector<Digest>& path) {
  if (index >= count) return std::nullopt;
  return RootByPart(leaf, index, count, path, path.size());
}

}  // namespace lagnet::draw
