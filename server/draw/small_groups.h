#ifndef LAGNET_SERVER_DRAW_SMALL_GROUPS_H_
#define LAGNET_SERVER_DRAW_SMALL_GROUPS_H_

#include <vector>

#include "server/draw/problem.h"

namespace lagnet::draw {

// A group of fewer people can be a name.
inline constexpr int kSmallGroup = 5;

// The prefix of the shares that limit one organisation each.
inline constexpr char kOrganizationShare[] = "organization/";

// Whose numbers the public must not see: for each share, whether it has fewer
// than kSmallGroup people or leaves fewer than that, or has to hide such a one.
// Shares of which no two have a person in common, and which together are all
// applicants or all but a few, are looked at together: what is hidden or left
// out of them is the total less what is shown, so it is one group of at least
// kSmallGroup people, and never one share alone. The shares of organisations
// are one such family, all others are tried. Where that would take too long,
// all of these are hidden.
std::vector<bool> HiddenShares(const Problem& problem);

}  // namespace lagnet::draw

#endif  // LAGNET_SERVER_DRAW_SMALL_GROUPS_H_
