#include "tests/search/judged.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iostream>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"

namespace lagnet::search {
namespace {

constexpr size_t kDepth = 10;

double Gain(int grade, size_t rank) {
  return (std::exp2(grade) - 1) / std::log2(static_cast<double>(rank) + 2);
}

[[noreturn]] void Refuse(const std::string& path, const std::string& line) {
  std::cerr << path << ": not skill, language, query and grades: " << line
            << '\n';
  std::exit(1);
}

}  // namespace

std::vector<Judged> ReadJudged(const std::string& path) {
  std::ifstream file(path);
  std::vector<Judged> all;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] == '#') continue;
    const std::vector<std::string> columns = absl::StrSplit(line, '\t');
    if (columns.size() != 4) Refuse(path, line);
    Judged judged{columns[0], columns[1], columns[2], {}};
    for (const absl::string_view grade :
         absl::StrSplit(columns[3], ' ', absl::SkipEmpty())) {
      const std::vector<std::string> parts = absl::StrSplit(grade, '=');
      int value = 0;
      if (parts.size() != 2 || !absl::SimpleAtoi(parts[1], &value)) {
        Refuse(path, line);
      }
      judged.grades[parts[0]] = value;
    }
    all.push_back(std::move(judged));
  }
  if (all.empty()) Refuse(path, "no lines");
  return all;
}

Figures Judge(const Judged& judged, const std::vector<std::string>& names) {
  std::vector<int> ideal;
  int good = 0;
  for (const auto& [name, grade] : judged.grades) {
    ideal.push_back(grade);
    good += grade >= 2 ? 1 : 0;
  }
  std::sort(ideal.rbegin(), ideal.rend());
  double best = 0;
  for (size_t i = 0; i < std::min(kDepth, ideal.size()); ++i) {
    best += Gain(ideal[i], i);
  }
  double gain = 0;
  int found = 0;
  for (size_t i = 0; i < std::min(kDepth, names.size()); ++i) {
    const auto grade = judged.grades.find(names[i]);
    if (grade == judged.grades.end()) continue;
    gain += Gain(grade->second, i);
    found += grade->second >= 2 ? 1 : 0;
  }
  const auto first =
      names.empty() ? judged.grades.end() : judged.grades.find(names[0]);
  return {.ndcg10 = best > 0 ? gain / best : 0,
          .hit1 = first != judged.grades.end() && !ideal.empty() &&
                          first->second == ideal[0]
                      ? 1.0
                      : 0.0,
          .recall10 = good > 0 ? static_cast<double>(found) / good : 1,
          .queries = 1};
}

std::map<std::string, Figures> JudgeAll(
    const std::vector<Judged>& judged,
    const std::function<std::vector<std::string>(const Judged&)>& find) {
  std::map<std::string, Figures> sums;
  for (const Judged& one : judged) {
    const Figures figures = Judge(one, find(one));
    for (const std::string& skill : {one.skill, std::string("all")}) {
      Figures& sum = sums[skill];
      sum.ndcg10 += figures.ndcg10;
      sum.hit1 += figures.hit1;
      sum.recall10 += figures.recall10;
      ++sum.queries;
    }
  }
  for (auto& [skill, sum] : sums) {
    sum.ndcg10 /= sum.queries;
    sum.hit1 /= sum.queries;
    sum.recall10 /= sum.queries;
  }
  return sums;
}

}  // namespace lagnet::search
