#ifndef LAGNET_TESTS_SEARCH_JUDGED_H_
#define LAGNET_TESTS_SEARCH_JUDGED_H_

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace lagnet::search {

// A line of a judged file; see judged/README.md.
struct Judged {
  std::string skill;
  std::string language;
  std::string query;
  std::map<std::string, int> grades;  // By name.
};

// Ends the program with a sentence if the file is wrong.
std::vector<Judged> ReadJudged(const std::string& path);

// Means over queries; see judged/README.md.
struct Figures {
  double ndcg10 = 0;
  double hit1 = 0;
  double recall10 = 0;
  int queries = 0;
};

// The figures of one query, given the names found, the best first.
Figures Judge(const Judged& judged, const std::vector<std::string>& names);

// By skill; that of all under "all". `find` answers a query.
std::map<std::string, Figures> JudgeAll(
    const std::vector<Judged>& judged,
    const std::function<std::vector<std::string>(const Judged&)>& find);

}  // namespace lagnet::search

#endif  // LAGNET_TESTS_SEARCH_JUDGED_H_
