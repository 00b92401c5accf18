#ifndef LAGNET_SERVER_DRAW_DRAW_H_
#define LAGNET_SERVER_DRAW_DRAW_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "server/draw/digest.h"
#include "server/draw/lottery.h"

// The draw itself: who gets the seats, from seeds that nobody knew together
// before the list was closed and the lottery was fixed. docs/api/draw.md has
// it step by step, with numbers to try another program on.
namespace lagnet::draw {

// What a host publishes before sign-up opens. Names the draw and the host, so
// that no commitment can be used again or copied.
Digest CommitmentTo(absl::string_view draw, absl::string_view host,
                    const Digest& seed);

// A host's part of the randomness, opened.
struct Seed {
  std::string host;  // Unique among the hosts of a draw.
  Digest seed{};
};

// What the stream of random numbers begins with: all seeds, in the order of
// the hosts' names, with the root of the closed list and the digest of the
// lottery. `restarts` tells how often the draw was begun anew, and why, as
// canonical JSON; "" if it never was. It cannot be left out afterwards.
Digest KeyOf(absl::string_view draw, const Digest& root, const Digest& lottery,
             std::vector<Seed> seeds, absl::string_view restarts = "");

// Random numbers that are the same everywhere: the SHA-256s of the key and a
// counter, cut into numbers of 64 bits.
class Stream {
 public:
  explicit Stream(const Digest& key) : key_(key) {}

  // Below `limit`, which is positive, each number as likely as the other.
  uint64_t Below(uint64_t limit);

  // Brings `count` items, chosen by lot, to the front of `items`, in a random
  // order.
  template <typename T>
  void Choose(size_t count, std::vector<T>& items) {
    for (size_t i = 0; i < count && i + 1 < items.size(); ++i) {
      std::swap(items[i], items[i + Below(items.size() - i)]);
    }
  }

 private:
  uint64_t Next();

  Digest key_;
  uint64_t counter_ = 0;
  Digest block_{};
  size_t used_ = sizeof(Digest);
};

// Indexes of parties in the closed list.
struct Result {
  size_t panel = 0;           // Which panel of the lottery was drawn.
  std::vector<int> selected;  // In ascending order.
  std::vector<int> waiting;   // All others; who is first is asked first.

  bool operator==(const Result&) const = default;
};

// `type_of` says for each party of the closed list which type it is of; the
// lottery has passed CheckPanels().
Result Draw(const Digest& key, const std::vector<int>& type_of,
            const Lottery& lottery);

}  // namespace lagnet::draw

#endif  // LAGNET_SERVER_DRAW_DRAW_H_
