#include "server/leximin/program.h"

#include <cmath>
#include <coin/CbcModel.hpp>
#include <coin/CglGomory.hpp>
#include <coin/CglKnapsackCover.hpp>
#include <coin/CglMixedIntegerRounding2.hpp>
#include <coin/CglProbing.hpp>
#include <coin/ClpSimplex.hpp>
#include <coin/CoinPackedVector.hpp>
#include <coin/OsiClpSolverInterface.hpp>

namespace lagnet::leximin {
namespace {

CoinPackedVector Pack(const Entries& entries) {
  CoinPackedVector packed;
  for (const auto& [place, value] : entries) packed.insert(place, value);
  return packed;
}

double Limit(double value) {
  if (value >= kNoLimit) return COIN_DBL_MAX;
  return value <= -kNoLimit ? -COIN_DBL_MAX : value;
}

}  // namespace

// COIN-OR minimises, so gains go in with the other sign.
Program::Program() : solver_(std::make_unique<OsiClpSolverInterface>()) {
  solver_->messageHandler()->setLogLevel(0);
  solver_->getModelPtr()->setLogLevel(0);
  // What changes between two calls is mostly what columns gain, or that there
  // are more of them: the solution stays feasible.
  solver_->setHintParam(OsiDoDualInResolve, false);
  solver_->setDblParam(OsiPrimalTolerance, 1e-9);
  solver_->setDblParam(OsiDualTolerance, 1e-9);
}

Program::~Program() = default;

int Program::AddColumn(double min, double max, double gain,
                       const Entries& rows) {
  solver_->addCol(Pack(rows), Limit(min), Limit(max), -gain);
  return solver_->getNumCols() - 1;
}

int Program::AddRow(double min, double max, const Entries& columns) {
  solver_->addRow(Pack(columns), Limit(min), Limit(max));
  return solver_->getNumRows() - 1;
}

void Program::SetColumn(int column, double min, double max) {
  solver_->setColBounds(column, Limit(min), Limit(max));
}

void Program::SetRow(int row, double min, double max) {
  solver_->setRowBounds(row, Limit(min), Limit(max));
}

void Program::SetGain(int column, double gain) {
  solver_->setObjCoeff(column, -gain);
}

void Program::SetEntry(int row, int column, double value) {
  solver_->modifyCoefficient(row, column, value);
}

bool Program::Solve() {
  solver_->resolve();
  if (!solver_->isProvenOptimal()) solver_->initialSolve();
  return solver_->isProvenOptimal();
}

double Program::value() const { return -solver_->getObjValue(); }

std::vector<double> Program::values() const {
  const double* const values = solver_->getColSolution();
  return {values, values + solver_->getNumCols()};
}

std::vector<double> Program::prices() const {
  const double* const prices = solver_->getRowPrice();
  std::vector<double> gains(prices, prices + solver_->getNumRows());
  for (double& gain : gains) gain = -gain;
  return gains;
}

Program::Whole Program::SolveWhole(double seconds, int nodes) const {
  OsiClpSolverInterface whole(*solver_);
  for (int i = 0; i < whole.getNumCols(); ++i) whole.setInteger(i);
  whole.initialSolve();
  if (whole.isProvenPrimalInfeasible()) return {std::nullopt, true};
  CbcModel model(whole);
  model.setLogLevel(0);
  model.messageHandler()->setLogLevel(0);
  model.solver()->messageHandler()->setLogLevel(0);
  model.setMaximumSeconds(seconds);
  model.setMaximumNodes(nodes);
  model.setAllowableGap(0);
  model.setDblParam(CbcModel::CbcAllowableFractionGap, 0);
  CglProbing probing;
  probing.setMaxPass(1);
  probing.setMaxLook(10);
  model.addCutGenerator(&probing, -1, "probing");
  CglGomory gomory;
  CglKnapsackCover cover;
  CglMixedIntegerRounding2 rounding;
  model.addCutGenerator(&gomory, -99, "gomory");
  model.addCutGenerator(&cover, -99, "cover");
  model.addCutGenerator(&rounding, -99, "rounding");
  model.branchAndBound();
  Whole found{std::nullopt,
              model.isProvenOptimal() || model.isProvenInfeasible()};
  if (model.bestSolution() != nullptr) {
    found.values.emplace();
    for (int i = 0; i < whole.getNumCols(); ++i) {
      found.values->push_back(
          static_cast<int>(std::lround(model.bestSolution()[i])));
    }
  }
  return found;
}

}  // namespace lagnet::leximin
