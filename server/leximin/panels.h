#ifndef LAGNET_SERVER_LEXIMIN_PANELS_H_
#define LAGNET_SERVER_LEXIMIN_PANELS_H_

#include <optional>
#include <vector>

#include "server/draw/problem.h"
#include "server/leximin/program.h"

namespace lagnet::leximin {

// The most parties of a type that any panel of `people` people has room for.
int MostOf(const draw::Problem& problem, int people, size_t type);

// Adds a column for each type and a row for each share and the people, in
// this order, to an empty program. Nothing is gained yet.
void AddPanel(const draw::Problem& problem, int min_people, int max_people,
              Program& program);

// Finds panels of a problem that are worth much.
class Panels {
 public:
  Panels(const draw::Problem& problem, int people);

  // The best panel, if parties could be cut into pieces.
  struct Relaxed {
    double value = 0;
    std::vector<double> take;
    std::vector<double> prices;  // Of the shares, and of the people.
  };
  std::optional<Relaxed> Relax(const std::vector<double>& gains);

  // A panel close to what Relax() found: what it took in whole parties stays,
  // the rest is filled anew. Nothing if that does not work out.
  std::optional<draw::Composition> Near(const Relaxed& relaxed,
                                        const std::vector<double>& gains) const;

  // The best panel, see Program::SolveWhole().
  Program::Whole Best(const std::vector<double>& gains, double seconds);

 private:
  void SetGains(const std::vector<double>& gains);
  // What is left of a party's gain after it has paid for its people.
  double RestOf(const Relaxed& relaxed, const std::vector<double>& gains,
                size_t t) const;
  // The panel with the open types chosen anew.
  std::optional<draw::Composition> Fill(draw::Composition panel,
                                        const std::vector<size_t>& open,
                                        const std::vector<double>& gains) const;

  const draw::Problem& problem_;
  const int people_;
  const bool have_one_size_;
  Program program_;
};

double WorthOf(const std::vector<double>& gains,
               const draw::Composition& panel);

}  // namespace lagnet::leximin

#endif  // LAGNET_SERVER_LEXIMIN_PANELS_H_
