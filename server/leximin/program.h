#ifndef LAGNET_SERVER_LEXIMIN_PROGRAM_H_
#define LAGNET_SERVER_LEXIMIN_PROGRAM_H_

#include <memory>
#include <optional>
#include <utility>
#include <vector>

class OsiClpSolverInterface;

namespace lagnet::leximin {

inline constexpr double kNoLimit = 1e30;

// The numbers of a sparse row or column, by their places.
using Entries = std::vector<std::pair<int, double>>;

// A linear program: maximises what columns gain, within the limits of columns
// and rows. Not thread-safe. The only class that knows COIN-OR.
class Program {
 public:
  Program();
  ~Program();

  int AddColumn(double min, double max, double gain, const Entries& rows = {});
  int AddRow(double min, double max, const Entries& columns);
  void SetColumn(int column, double min, double max);
  void SetRow(int row, double min, double max);
  void SetGain(int column, double gain);
  void SetEntry(int row, int column, double value);

  // Goes on from where the last call ended. False if there is no solution, or
  // it was not found.
  bool Solve();
  double value() const;
  std::vector<double> values() const;  // Of the columns.
  // What one more unit of a row would gain.
  std::vector<double> prices() const;

  // The best solution in whole numbers; nothing if there is none.
  // `is_best` says whether none better can exist, which `seconds` and `nodes`
  // may have been too few to know; then there may be one that was not found.
  struct Whole {
    std::optional<std::vector<int>> values;
    bool is_best = false;
  };
  Whole SolveWhole(double seconds, int nodes) const;

 private:
  std::unique_ptr<OsiClpSolverInterface> solver_;
};

}  // namespace lagnet::leximin

#endif  // LAGNET_SERVER_LEXIMIN_PROGRAM_H_
