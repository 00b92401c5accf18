#include "server/draw/draw.h"

#include <algorithm>
#include <limits>

#include "absl/strings/str_cat.h"

namespace lagnet::draw {
namespace {

// What a hash is of stands first in it, with an end of its own.
constexpr absl::string_view kSeed("lagnet-draw/1 seed\0", 19);
constexpr absl::string_view kKey("lagnet-draw/1 key\0", 18);
constexpr absl::string_view kNewKey("lagnet-draw/1 new-key\0", 22);
constexpr absl::string_view kStream("lagnet-draw/1 stream\0", 21);

// With its length in front, so that no two lists of texts look the same.
std::string Sized(absl::string_view text) {
  return BigEndian(text.size()).append(text.data(), text.size());
}

}  // namespace

Digest CommitmentTo(absl::string_view draw, absl::string_view host,
                    const Digest& seed) {
  return Sha256({kSeed, Sized(draw), Sized(host), Bytes(seed)});
}

Digest KeyOf(absl::string_view draw, const Digest& root, const Digest& lottery,
             std::vector<Seed> seeds, absl::string_view restarts) {
  std::sort(seeds.begin(), seeds.end(),
            [](const Seed& a, const Seed& b) { return a.host < b.host; });
  std::string opened;
  for (const Seed& seed : seeds) {
    absl::StrAppend(&opened, Sized(seed.host), Bytes(seed.seed));
  }
  if (restarts.empty()) {
    return Sha256({kKey, Sized(draw), Bytes(root), Bytes(lottery), opened});
  }
  return Sha256({kNewKey, Sized(draw), Bytes(root), Bytes(lottery),
                 Sized(restarts), opened});
}

uint64_t Stream::Next() {
  if (used_ == block_.size()) {
    block_ = Sha256({kStream, Bytes(key_), BigEndian(counter_++)});
    used_ = 0;
  }
  uint64_t number = 0;
  for (int i = 0; i < 8; ++i) number = number << 8 | block_[used_++];
  return number;
}

uint64_t Stream::Below(uint64_t limit) {
  // Numbers from the last, incomplete round would favour the small ones.
  const uint64_t incomplete =
      (std::numeric_limits<uint64_t>::max() % limit + 1) % limit;
  for (;;) {
    const uint64_t number = Next();
    if (number <= std::numeric_limits<uint64_t>::max() - incomplete) {
      return number % limit;
    }
  }
}

Result Draw(const Digest& key, const std::vector<int>& type_of,
            const Lottery& lottery) {
  Stream stream(key);
  Result result;
  auto ticket = static_cast<int64_t>(stream.Below(kTotalWeight));
  while (ticket >= lottery.panels[result.panel].weight) {
    ticket -= lottery.panels[result.panel++].weight;
  }
  const Composition& take = lottery.panels[result.panel].take;
  std::vector<std::vector<int>> members(take.size());
  for (size_t i = 0; i < type_of.size(); ++i) {
    members[static_cast<size_t>(type_of[i])].push_back(static_cast<int>(i));
  }
  for (size_t t = 0; t < take.size(); ++t) {
    const auto count = static_cast<size_t>(take[t]);
    stream.Choose(count, members[t]);
    const auto end = members[t].begin() + take[t];
    result.selected.insert(result.selected.end(), members[t].begin(), end);
    result.waiting.insert(result.waiting.end(), end, members[t].end());
  }
  std::sort(result.selected.begin(), result.selected.end());
  std::sort(result.waiting.begin(), result.waiting.end());
  stream.Choose(result.waiting.size(), result.waiting);
  return result;
}

}  // namespace lagnet::draw
