#ifndef LAGNET_SERVER_DRAW_TREE_H_
#define LAGNET_SERVER_DRAW_TREE_H_

#include <optional>
#include <vector>

#include "absl/strings/string_view.h"
#include "server/draw/digest.h"

// The tree of hashes over the closed list of applicants, as RFC 6962, 2.1 has
// it, with a salt in each leaf so that nobody can try what a hash is of.
namespace lagnet::draw {

// SHA-256(0x00 || salt || data).
Digest LeafOf(const Digest& salt, absl::string_view data);

// The root over the leaves in their order; of none, SHA-256 of nothing.
Digest RootOf(const std::vector<Digest>& leaves);

// What is hashed together with leaf `index` on the way to the root, the
// nearest first. `index` is below the number of leaves.
std::vector<Digest> PathOf(const std::vector<Digest>& leaves, size_t index);

// The root that a path of leaf `index` of `count` leads to; nothing if the
// path has not as many steps as it must.
std::optional<Digest> RootBy(const Digest& leaf, size_t index, size_t count,
                             const std::vector<Digest>& path);

}  // namespace lagnet::draw

#endif  // LAGNET_SERVER_DRAW_TREE_H_
