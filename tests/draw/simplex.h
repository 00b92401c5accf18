#ifndef LAGNET_TESTS_DRAW_SIMPLEX_H_
#define LAGNET_TESTS_DRAW_SIMPLEX_H_

#include <optional>
#include <vector>

namespace lagnet::draw {

// Maximises gains * x with rows * x <= limits and x >= 0, slowly and surely
// (Bland's rule); nothing if no x will do. Shares no code with what it checks.
class Simplex {
 public:
  using Row = std::vector<long double>;

  explicit Simplex(Row gains) : gains_(std::move(gains)) {}

  void Add(Row row, long double limit) {
    rows_.push_back(std::move(row));
    limits_.push_back(limit);
  }

  std::optional<long double> Maximum() const {
    const size_t n = gains_.size();
    const size_t m = rows_.size();
    // Columns: x, a slack for each row, one artificial variable, the limit.
    std::vector<Row> table(m, Row(n + m + 2, 0));
    std::vector<size_t> basis(m);
    size_t worst = 0;
    for (size_t r = 0; r < m; ++r) {
      std::copy(rows_[r].begin(), rows_[r].end(), table[r].begin());
      table[r][n + r] = 1;
      table[r][n + m] = -1;
      table[r][n + m + 1] = limits_[r];
      basis[r] = n + r;
      if (limits_[r] < limits_[worst]) worst = r;
    }
    Row goal(n + m + 2, 0);
    if (limits_[worst] < 0) {
      goal[n + m] = -1;
      Pivot(table, basis, goal, worst, n + m);
      Climb(table, basis, goal, n + m + 1);
      if (goal[n + m + 1] > kTiny) return std::nullopt;
      for (size_t r = 0; r < m; ++r) {
        if (basis[r] != n + m) continue;
        for (size_t c = 0; c < n + m; ++c) {
          if (std::abs(table[r][c]) > kTiny) {
            Pivot(table, basis, goal, r, c);
            break;
          }
        }
      }
    }
    goal.assign(n + m + 2, 0);
    std::copy(gains_.begin(), gains_.end(), goal.begin());
    for (size_t r = 0; r < m; ++r) Clear(table[r], goal, basis[r]);
    Climb(table, basis, goal, n + m);
    return -goal[n + m + 1];
  }

 private:
  static constexpr long double kTiny = 1e-12L;

  static void Clear(const Row& row, Row& other, size_t column) {
    const long double times = other[column] / row[column];
    if (times == 0) return;
    for (size_t c = 0; c < row.size(); ++c) other[c] -= times * row[c];
  }

  static void Pivot(std::vector<Row>& table, std::vector<size_t>& basis,
                    Row& goal, size_t r, size_t column) {
    const long double by = table[r][column];
    for (long double& value : table[r]) value /= by;
    for (size_t other = 0; other < table.size(); ++other) {
      if (other != r) Clear(table[r], table[other], column);
    }
    Clear(table[r], goal, column);
    basis[r] = column;
  }

  static void Climb(std::vector<Row>& table, std::vector<size_t>& basis,
                    Row& goal, size_t columns) {
    for (;;) {
      size_t column = 0;
      while (column < columns && goal[column] <= kTiny) ++column;
      if (column == columns) return;
      std::optional<size_t> best;
      for (size_t r = 0; r < table.size(); ++r) {
        if (table[r][column] <= kTiny) continue;
        const auto ratio = [&](size_t row) {
          return table[row].back() / table[row][column];
        };
        if (!best || ratio(r) < ratio(*best) ||
            (ratio(r) == ratio(*best) && basis[r] < basis[*best])) {
          best = r;
        }
      }
      if (!best) return;  // Without end; does not happen here.
      Pivot(table, basis, goal, *best, column);
    }
  }

  Row gains_;
  std::vector<Row> rows_;
  std::vector<long double> limits_;
};

}  // namespace lagnet::draw

#endif  // LAGNET_TESTS_DRAW_SIMPLEX_H_
