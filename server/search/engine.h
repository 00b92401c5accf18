#ifndef LAGNET_SERVER_SEARCH_ENGINE_H_
#define LAGNET_SERVER_SEARCH_ENGINE_H_

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/synchronization/mutex.h"

struct sqlite3;
struct sqlite3_stmt;

namespace lagnet::search {

// Where in a document a term stands. The numbers are the columns of the table.
enum class Field { kTitle = 0, kName = 1, kTag = 2, kText = 3 };
constexpr size_t kFields = 4;

// How much a word counts where it stands. A tag counts as a title: the weight
// of its form says how sure it is.
constexpr double WeightOf(Field field) {
  constexpr std::array<double, kFields> kWeights{1.0, 0.95, 1.0, 0.35};
  return kWeights[static_cast<size_t>(field)];
}

// What the engine is asked: words that a document should have, each in one of
// several forms.
struct Pattern {
  struct Form {
    std::string term;
    double weight = 0;  // From 0 to 1: how well it is what was asked for.
  };
  struct Word {
    std::vector<Form> forms;  // Not empty.
    double weight = 0;        // How much the word tells.
  };
  std::vector<Word> words;  // Not empty.
  bool any = false;         // One of the words is enough, otherwise all.
  bool titles_only = false;
};

// The inverted index: SQLite's FTS5 in memory, with terms that we made. Not
// more than one thread may write, and none may read meanwhile; any number may
// read at once, each on a connection of its own.
class Engine {
 public:
  Engine();
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  // The terms of each field, without doubles, parted by spaces.
  using Terms = std::array<std::string, kFields>;

  // What is written between these two is written together.
  void Begin();
  void Commit();
  void Insert(int64_t row, const Terms& terms);
  // `terms` exactly as they were inserted.
  void Remove(int64_t row, const Terms& terms);
  // Merges what was written piece by piece. For the end of a load.
  void Optimize();

  // Calls `found` for each row that fits the pattern, with how well: the
  // weights of the words, each by its best form in its best field, of the sum
  // of all weights.
  void Match(const Pattern& pattern,
             absl::FunctionRef<void(int64_t row, double score)> found) const;

  int64_t bytes() const;

 private:
  class Connection;

  std::unique_ptr<Connection> Take() const;

  const std::string uri_;
  std::unique_ptr<Connection> writer_;
  mutable absl::Mutex mutex_;
  mutable std::vector<std::unique_ptr<Connection>> idle_
      ABSL_GUARDED_BY(mutex_);
};

}  // namespace lagnet::search

#endif  // LAGNET_SERVER_SEARCH_ENGINE_H_
