#include "server/draw/bound.h"

#include <algorithm>
#include <cstdlib>
#include <numeric>
#include <utility>

namespace lagnet::draw {
namespace {

// A share, or the panel as a whole: how many people of it there may be. Where
// each organisation has a share, most types have nobody of most.
struct Row {
  Wide min;
  Wide max;
  Wide price;
  std::vector<std::pair<size_t, int>>
      counts;  // Of a party of each type, not 0.
};

std::vector<Row> RowsOf(const Problem& problem, const Worth& worth) {
  std::vector<Row> rows;
  for (size_t s = 0; s < problem.shares.size(); ++s) {
    const Share& share = problem.shares[s];
    rows.push_back({share.min, share.max, worth.prices.shares[s], {}});
  }
  rows.push_back({worth.min_people, worth.max_people, worth.prices.people, {}});
  for (size_t t = 0; t < problem.types.size(); ++t) {
    const Type& type = problem.types[t];
    for (size_t s = 0; s < type.counts.size(); ++s) {
      if (type.counts[s] != 0) rows[s].counts.emplace_back(t, type.counts[s]);
    }
    rows.back().counts.emplace_back(t, type.size);
  }
  return rows;
}

// What is left of a party's gain after it has paid for its people.
std::vector<Wide> RestOf(const Worth& worth, const std::vector<Row>& rows) {
  std::vector<Wide> rest(worth.gains.begin(), worth.gains.end());
  for (const Row& row : rows) {
    for (const auto& [t, count] : row.counts) rest[t] -= row.price * count;
  }
  return rest;
}

// The most parties of each type that any panel has: no more than there are,
// than a share has room for, and than fit on it.
std::vector<int> MostOf(const Problem& problem, const std::vector<Row>& rows) {
  std::vector<int> most;
  for (const Type& type : problem.types) most.push_back(type.parties);
  for (const Row& row : rows) {
    for (const auto& [t, count] : row.counts) {
      most[t] = static_cast<int>(std::min<Wide>(most[t], row.max / count));
    }
  }
  return most;
}

Wide BoundOf(const std::vector<int>& most, const std::vector<Row>& rows,
             const std::vector<Wide>& rest) {
  Wide bound = 0;
  for (const Row& row : rows) {
    bound += row.price * (row.price > 0 ? row.max : row.min);
  }
  for (size_t t = 0; t < rest.size(); ++t) {
    if (rest[t] > 0) bound += rest[t] * most[t];
  }
  return bound;
}

Wide Abs(Wide number) { return number < 0 ? -number : number; }

// Looks for a panel that is worth more than the bound. Each panel's worth is
// the bound of the prices less what it leaves: `rest` for each party that is
// taken though it does not pay, or left though it does, and the price of each
// person by which a row is away from the limit that the price presses on. What
// may be left in all is the budget; types for which a single party exceeds it
// are settled at once.
class Search {
 public:
  Search(const std::vector<int>& most, const std::vector<Row>& rows,
         const std::vector<Wide>& rest, Wide budget, int64_t steps)
      : most_(most), rest_(rest), steps_(steps) {
    of_type_.resize(rest.size());
    for (size_t r = 0; r < rows.size(); ++r) {
      taken_.push_back(0);
      rows_.push_back(&rows[r]);
      for (const auto& [t, count] : rows[r].counts) {
        of_type_[t].emplace_back(r, count);
      }
    }
    for (size_t t = 0; t < rest.size(); ++t) {
      if (Abs(rest[t]) <= budget) {
        open_.push_back(t);
      } else if (rest[t] > 0) {
        Take(t, most[t]);
      }
    }
    std::stable_sort(open_.begin(), open_.end(), [&](size_t a, size_t b) {
      return Abs(rest[a]) > Abs(rest[b]);
    });
    FillRoom();
  }

  // Whether there is none for sure.
  bool FindsNothing(Wide budget) {
    constexpr size_t kDeepest = 2'000;
    return open_.size() <= kDeepest && !Finds(0, budget) && steps_ > 0;
  }

 private:
  void Take(size_t type, int parties) {
    for (const auto& [r, count] : of_type_[type]) {
      taken_[r] += Wide{count} * parties;
    }
  }

  // room_[i][r]: the people that open types from the i-th on can add to a row.
  void FillRoom() {
    room_.assign(open_.size() + 1, std::vector<Wide>(rows_.size(), 0));
    for (size_t i = open_.size(); i-- > 0;) {
      room_[i] = room_[i + 1];
      for (const auto& [r, count] : of_type_[open_[i]]) {
        room_[i][r] += Wide{count} * most_[open_[i]];
      }
    }
  }

  // Whether what is taken can still become a panel within the budget.
  bool CanBecome(size_t i, Wide budget) const {
    for (size_t r = 0; r < rows_.size(); ++r) {
      const Row& row = *rows_[r];
      const Wide most = std::min(taken_[r] + room_[i][r], row.max);
      const Wide least = std::max(taken_[r], row.min);
      if (least > row.max || most < row.min) return false;
      if (row.price > 0) budget -= row.price * (row.max - most);
      if (row.price < 0) budget += row.price * (least - row.min);
      if (budget < 0) return false;
    }
    return true;
  }

  bool Finds(size_t i, Wide budget) {
    steps_ -= static_cast<int64_t>(rows_.size());
    if (steps_ <= 0 || !CanBecome(i, budget)) return false;
    if (i == open_.size()) return true;
    const size_t type = open_[i];
    const int parties = most_[type];
    const bool pays = rest_[type] > 0;
    const Wide cost = Abs(rest_[type]);
    int away = 0;  // Parties away from what pays.
    if (pays) Take(type, parties);
    for (; away <= parties && cost * away <= budget; ++away) {
      if (away > 0) Take(type, pays ? -1 : 1);
      if (Finds(i + 1, budget - cost * away)) return true;
    }
    Take(type, pays ? away - 1 - parties : 1 - away);
    return false;
  }

  const std::vector<int>& most_;
  const std::vector<Wide>& rest_;
  std::vector<const Row*> rows_;
  // Which rows a type counts for, and with how many people.
  std::vector<std::vector<std::pair<size_t, int>>> of_type_;
  std::vector<Wide> taken_;
  std::vector<size_t> open_;
  std::vector<std::vector<Wide>> room_;
  int64_t steps_;
};

}  // namespace

int64_t Bound(const Problem& problem, const Worth& worth) {
  const std::vector<Row> rows = RowsOf(problem, worth);
  const Wide bound = BoundOf(MostOf(problem, rows), rows, RestOf(worth, rows));
  return static_cast<int64_t>(
      std::clamp<Wide>(bound, -Wide{kMaxBound}, kMaxBound));
}

Wide BoundInPieces(const Problem& problem, const Worth& worth,
                   const std::vector<Wide>& taken) {
  const std::vector<Row> rows = RowsOf(problem, worth);
  const std::vector<Wide> rest = RestOf(worth, rows);
  const std::vector<int> most = MostOf(problem, rows);
  Wide bound = 0;
  for (const Row& row : rows) {
    Wide people = 0;
    for (const auto& [t, count] : row.counts) people += taken[t] * count;
    bound +=
        row.price * (row.price > 0 ? std::max(row.max * kTotalWeight, people)
                                   : std::min(row.min * kTotalWeight, people));
  }
  for (size_t t = 0; t < rest.size(); ++t) {
    if (rest[t] > 0)
      bound += rest[t] * std::max(most[t] * Wide{kTotalWeight}, taken[t]);
  }
  return bound;
}

bool IsBound(const Problem& problem, const Worth& worth, int64_t bound,
             int64_t steps) {
  const std::vector<Row> rows = RowsOf(problem, worth);
  const std::vector<Wide> rest = RestOf(worth, rows);
  const std::vector<int> most = MostOf(problem, rows);
  // A panel above the bound is worth at least one more.
  const Wide budget = BoundOf(most, rows, rest) - bound - 1;
  if (budget < 0) return true;
  return Search(most, rows, rest, budget, steps).FindsNothing(budget);
}

}  // namespace lagnet::draw
