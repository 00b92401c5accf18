#ifndef LAGNET_CLI_TABLE_H_
#define LAGNET_CLI_TABLE_H_

#include <ostream>
#include <string>
#include <vector>

namespace lagnet::cli {

// A table for people: columns aligned by what the eye sees. Put what may be
// long last: a line that is too wide loses its end.
class Table {
 public:
  explicit Table(std::vector<std::string> header);

  // Takes as many cells as the header has; they may hold any text.
  void Add(std::vector<std::string> cells);

  bool empty() const { return rows_.size() == 1; }

  // Cuts lines to `width` columns; 0 leaves them whole.
  void Print(std::ostream& out, int width) const;

 private:
  std::vector<std::vector<std::string>> rows_;
  std::vector<int> widths_;
};

// Columns of the terminal that standard output is, 0 if it is none.
int TerminalWidth();

}  // namespace lagnet::cli

#endif  // LAGNET_CLI_TABLE_H_
