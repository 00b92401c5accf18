#include "server/draw/lottery.h"

#include <numeric>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace lagnet::draw {

std::vector<int64_t> Expected(const Problem& problem, const Lottery& lottery) {
  std::vector<int64_t> expected(problem.types.size(), 0);
  for (const Panel& panel : lottery.panels) {
    for (size_t t = 0; t < expected.size(); ++t) {
      expected[t] += panel.weight * panel.take[t];
    }
  }
  return expected;
}

int64_t ToleranceOf(const Problem& problem, const Lottery& lottery) {
  int64_t applied = 0;  // People, by weight.
  for (const Type& type : problem.types) {
    applied += int64_t{type.size} * type.parties * type.weight;
  }
  return kTotalWeight / 50 * lottery.people / applied;
}

Chance ChanceOf(int64_t expected, int parties) {
  // At most 10^12 * 20,000: it fits.
  const int64_t whole = kTotalWeight * parties;
  const int64_t common = std::gcd(expected, whole);
  return {expected / common, whole / common};
}

std::string ToFraction(const Chance& chance) {
  return absl::StrCat(chance.numerator, "/", chance.denominator);
}

std::string ToPercent(const Chance& chance) {
  return absl::StrFormat("%.2f %%",
                         100.0 * static_cast<double>(chance.numerator) /
                             static_cast<double>(chance.denominator));
}

absl::Status CheckPanels(const Problem& problem, const Lottery& lottery) {
  int64_t total = 0;
  for (size_t i = 0; i < lottery.panels.size(); ++i) {
    const Panel& panel = lottery.panels[i];
    if (!IsPanel(problem, lottery.people, panel.take)) {
      return absl::InvalidArgumentError(absl::StrCat(
          "panel ", i + 1, " breaks a share, takes more parties than there ",
          "are, or has not ", lottery.people, " people"));
    }
    if (panel.weight < 1 || panel.weight > kTotalWeight) {
      return absl::InvalidArgumentError(
          absl::StrCat("panel ", i + 1, " has the weight ", panel.weight));
    }
    if (i > 0 && !(lottery.panels[i - 1].take < panel.take)) {
      return absl::InvalidArgumentError(
          absl::StrCat("panel ", i + 1, " is out of order"));
    }
    total += panel.weight;
    if (total > kTotalWeight) break;
  }
  if (total != kTotalWeight) {
    return absl::InvalidArgumentError(absl::StrCat(
        "the weights of the panels do not sum up to ", kTotalWeight));
  }
  return absl::OkStatus();
}

}  // namespace lagnet::draw
