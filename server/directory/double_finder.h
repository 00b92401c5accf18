#ifndef LAGNET_SERVER_DIRECTORY_DOUBLE_FINDER_H_
#define LAGNET_SERVER_DIRECTORY_DOUBLE_FINDER_H_

#include <deque>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "server/directory/double.h"

namespace lagnet::directory {

// Entries among which doubles are looked for, by keys that likely doubles
// share, so that not every two are compared: the beginnings of their telling
// words as they sound, mailbox domain, web site, register number. Keys that
// more than kMostSharers entries have tell nothing and are passed over.
class DoubleFinder {
 public:
  static constexpr size_t kMostSharers = 200;

  struct Match {
    const Traits* other = nullptr;
    Resemblance resemblance;
  };
  struct Pair {
    const Traits* one = nullptr;  // The first by id.
    const Traits* other = nullptr;
    Resemblance resemblance;
  };

  // What was merged is known by its names, as another name of the entry that
  // stays.
  explicit DoubleFinder(const std::vector<Organization>& organizations);

  // What is made meanwhile is looked among, too.
  void Add(const Organization& organization);

  // Likely doubles of an entry that need not be among them, the likeliest
  // first. Pointers are good as long as this is.
  std::vector<Match> Find(const Traits& wanted) const;

  // All likely doubles, the likeliest first.
  std::vector<Pair> Pairs() const;

 private:
  void Add(Traits traits);

  std::deque<Traits> entries_;  // They stay where they are.
  absl::flat_hash_map<std::string, std::vector<size_t>> by_key_;
};

}  // namespace lagnet::directory

#endif  // LAGNET_SERVER_DIRECTORY_DOUBLE_FINDER_H_
