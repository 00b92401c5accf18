#include "clients/cpp/cli/facets.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "clients/cpp/cli/names.h"
#include "clients/cpp/cli/text.h"

namespace lagnet::cli {
namespace {

// Of each filter; a terminal shows them all without scrolling.
constexpr int kMost = 8;

template <typename Counts>
void Add(const std::string& by, const Counts& counts, Table& table) {
  for (int i = 0; i < counts.size() && i < kMost; ++i) {
    const auto& count = counts[i];
    table.Add({i == 0 ? by : "", absl::StrCat(count.count()),
               absl::StrCat("--", by, " ", ShortName(count.value())),
               OneLine(count.display_name())});
  }
  if (counts.size() > kMost) {
    table.Add({"", "", "--json",
               absl::StrCat("… and ", counts.size() - kMost, " more")});
  }
}

}  // namespace

Table TableOf(const search::v1::Facets& facets) {
  Table table({"BY", "COUNT", "ONLY THESE", "NAME"});
  Add("kind", facets.kinds(), table);
  Add("network", facets.networks(), table);
  Add("theme", facets.themes(), table);
  Add("territory", facets.territories(), table);
  return table;
}

}  // namespace lagnet::cli
