#include "server/leximin/panels.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

namespace lagnet::leximin {

using draw::Composition;
using draw::Problem;

namespace {

// What differs by less from a whole number is one.
constexpr double kWhole = 1e-6;

// What a panel that need not be the best may take to find.
constexpr double kHeuristicSeconds = 0.5;

}  // namespace

int MostOf(const Problem& problem, int people, size_t type) {
  const draw::Type& t = problem.types[type];
  int most = std::min(t.parties, people / t.size);
  for (size_t s = 0; s < problem.shares.size(); ++s) {
    if (t.counts[s] > 0) {
      most = std::min(most, problem.shares[s].max / t.counts[s]);
    }
  }
  return most;
}

void AddPanel(const Problem& problem, int min_people, int max_people,
              Program& program) {
  for (size_t t = 0; t < problem.types.size(); ++t) {
    program.AddColumn(0, MostOf(problem, max_people, t), 0);
  }
  for (size_t s = 0; s < problem.shares.size(); ++s) {
    Entries entries;
    for (size_t t = 0; t < problem.types.size(); ++t) {
      const int count = problem.types[t].counts[s];
      if (count > 0) entries.emplace_back(static_cast<int>(t), count);
    }
    program.AddRow(problem.shares[s].min, problem.shares[s].max, entries);
  }
  Entries people;
  for (size_t t = 0; t < problem.types.size(); ++t) {
    people.emplace_back(static_cast<int>(t), problem.types[t].size);
  }
  program.AddRow(min_people, max_people, people);
}

double WorthOf(const std::vector<double>& gains, const Composition& panel) {
  return std::inner_product(gains.begin(), gains.end(), panel.begin(), 0.0);
}

Panels::Panels(const Problem& problem, int people)
    : problem_(problem),
      people_(people),
      have_one_size_(
          std::all_of(problem.types.begin(), problem.types.end(),
                      [](const draw::Type& type) { return type.size == 1; })) {
  AddPanel(problem, people, people, program_);
}

void Panels::SetGains(const std::vector<double>& gains) {
  for (size_t t = 0; t < gains.size(); ++t) {
    program_.SetGain(static_cast<int>(t), gains[t]);
  }
}

std::optional<Panels::Relaxed> Panels::Relax(const std::vector<double>& gains) {
  SetGains(gains);
  if (!program_.Solve()) return std::nullopt;
  return Relaxed{program_.value(), program_.values(), program_.prices()};
}

std::optional<Composition> Panels::Near(
    const Relaxed& relaxed, const std::vector<double>& gains) const {
  constexpr size_t kMore = 12;
  Composition panel;
  std::vector<size_t> open;
  for (size_t t = 0; t < relaxed.take.size(); ++t) {
    const double near = std::round(relaxed.take[t]);
    panel.push_back(static_cast<int>(near));
    if (std::abs(relaxed.take[t] - near) > kWhole) open.push_back(t);
  }
  if (open.empty() && draw::IsPanel(problem_, people_, panel)) return panel;
  // Who cannot be told apart by the prices may as well be exchanged.
  std::vector<std::pair<double, size_t>> others;
  for (size_t t = 0; t < panel.size(); ++t) {
    if (std::abs(relaxed.take[t] - panel[t]) > kWhole) continue;
    others.emplace_back(std::abs(RestOf(relaxed, gains, t)), t);
  }
  std::sort(others.begin(), others.end());
  // Delegations leave holes that more of the others have to fill well.
  size_t next = 0;
  for (size_t end = have_one_size_ ? 0 : kMore; end <= 2 * kMore;
       end += kMore) {
    for (; next < std::min(end, others.size()); ++next) {
      open.push_back(others[next].second);
    }
    if (auto filled = Fill(panel, open, gains)) return filled;
    if (next == others.size()) break;
  }
  return std::nullopt;
}

double Panels::RestOf(const Relaxed& relaxed, const std::vector<double>& gains,
                      size_t t) const {
  const draw::Type& type = problem_.types[t];
  double rest = gains[t] - relaxed.prices.back() * type.size;
  for (size_t s = 0; s < type.counts.size(); ++s) {
    rest -= relaxed.prices[s] * type.counts[s];
  }
  return rest;
}

std::optional<Composition> Panels::Fill(
    Composition panel, const std::vector<size_t>& open,
    const std::vector<double>& gains) const {
  constexpr int kNodes = 30;
  Problem rest;
  std::vector<double> rest_gains;
  for (const size_t t : open) {
    panel[t] = 0;
    rest.types.push_back(problem_.types[t]);
    rest_gains.push_back(gains[t]);
  }
  for (size_t s = 0; s < problem_.shares.size(); ++s) {
    const int taken = draw::PeopleOf(problem_, panel, s);
    rest.shares.push_back({"", std::max(0, problem_.shares[s].min - taken),
                           problem_.shares[s].max - taken});
    if (rest.shares.back().max < 0) return std::nullopt;
  }
  const int people = people_ - draw::PeopleOf(problem_, panel);
  if (people < 0) return std::nullopt;
  Panels few(rest, people);
  few.SetGains(rest_gains);
  const Program::Whole whole =
      few.program_.SolveWhole(kHeuristicSeconds, kNodes);
  if (!whole.values) return std::nullopt;
  for (size_t i = 0; i < open.size(); ++i) panel[open[i]] = (*whole.values)[i];
  return draw::IsPanel(problem_, people_, panel) ? std::optional(panel)
                                                 : std::nullopt;
}

Program::Whole Panels::Best(const std::vector<double>& gains, double seconds) {
  SetGains(gains);
  return program_.SolveWhole(seconds, std::numeric_limits<int>::max());
}

}  // namespace lagnet::leximin
