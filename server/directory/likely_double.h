#ifndef LAGNET_SERVER_DIRECTORY_LIKELY_DOUBLE_H_
#define LAGNET_SERVER_DIRECTORY_LIKELY_DOUBLE_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "server/directory/double_finder.h"

namespace lagnet::directory {

// What they are told who are about to make an entry that is likely there
// already, in English. Reasons are told without their values: a mailbox has no
// place in an error.

// At most so many doubles of one entry are told of.
inline constexpr size_t kMostTold = 3;

// "NAME", as doubles.proto has it.
absl::string_view NameOf(DoubleReason reason);

// "organizations/lag-keda (Keda LAG), by name and area", with the state of an
// entry that is not in the directory.
std::string Describe(const DoubleFinder::Match& match);

// ALREADY_EXISTS / LIKELY_DOUBLE with the likeliest of `matches`, unless there
// are none. The metadata has `doubles`, names parted by commas, and `signs`,
// their reasons in the same order, those of one entry parted by spaces.
absl::Status CheckNoDoubles(const std::vector<DoubleFinder::Match>& matches);

}  // namespace lagnet::directory

#endif  // LAGNET_SERVER_DIRECTORY_LIKELY_DOUBLE_H_
