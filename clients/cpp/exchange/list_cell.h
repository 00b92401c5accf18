#ifndef LAGNET_EXCHANGE_LIST_CELL_H_
#define LAGNET_EXCHANGE_LIST_CELL_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

// Several values in one cell: `crafts; rural_tourism`.
//
// Spaces around a value do not count, nor do empty values. A backslash takes
// the character behind it as it is: a separator, a backslash, or a space at
// the end of a value.
namespace lagnet::exchange {

std::vector<std::string> SplitListCell(absl::string_view cell,
                                       char separator = ';');

// What SplitListCell() takes apart again exactly. Empty values are left out.
std::string JoinListCell(const std::vector<std::string>& values,
                         char separator = ';');

}  // namespace lagnet::exchange

#endif  // LAGNET_EXCHANGE_LIST_CELL_H_
