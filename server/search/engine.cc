#include "server/search/engine.h"

#include <sqlite3.h>

#include <algorithm>
#include <atomic>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/base/log.h"

namespace lagnet::search {
namespace {

constexpr char kPointer[] = "lagnet pattern";

// What lagnet_score() needs to know of a pattern: for each phrase of the
// query, in its order, the word and the weight.
struct Phrases {
  struct Phrase {
    size_t word;
    double weight;
  };
  std::vector<Phrase> phrases;
  std::vector<double> weights;  // Of the words.
  double sum = 0;
};

// A name of its own for each engine of the process.
std::string NewUri() {
  static std::atomic<int> number{0};
  return absl::StrCat("file:/lagnet-search-", ++number, "?vfs=memdb");
}

// An auxiliary function of FTS5, called for each row that fits.
void Score(const Fts5ExtensionApi* api, Fts5Context* context,
           sqlite3_context* out, int count, sqlite3_value** values) {
  const auto* phrases = count == 1
                            ? static_cast<const Phrases*>(
                                  sqlite3_value_pointer(values[0], kPointer))
                            : nullptr;
  if (phrases == nullptr) {
    sqlite3_result_double(out, 0);
    return;
  }
  double score = 0;
  double best = 0;
  for (size_t i = 0; i < phrases->phrases.size(); ++i) {
    const Phrases::Phrase& phrase = phrases->phrases[i];
    Fts5PhraseIter iterator;
    int column = -1;
    if (api->xPhraseFirstColumn(context, static_cast<int>(i), &iterator,
                                &column) == SQLITE_OK) {
      for (; column >= 0; api->xPhraseNextColumn(context, &iterator, &column)) {
        best = std::max(best,
                        phrase.weight * WeightOf(static_cast<Field>(column)));
      }
    }
    const bool is_last = i + 1 == phrases->phrases.size() ||
                         phrases->phrases[i + 1].word != phrase.word;
    if (is_last) {
      score += best * phrases->weights[phrase.word];
      best = 0;
    }
  }
  sqlite3_result_double(out, phrases->sum > 0 ? score / phrases->sum : 0);
}

}  // namespace

// A connection with its prepared statements. SQLite tells of failures by codes;
// in memory, with statements and terms of ours, they mean that there is no more
// memory or that we are wrong, so they are logged.
class Engine::Connection {
 public:
  explicit Connection(const std::string& uri) {
    Check(sqlite3_open_v2(uri.c_str(), &db_,
                          SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE |
                              SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX,
                          nullptr));
  }
  ~Connection() {
    for (sqlite3_stmt* statement : {insert_, remove_, match_}) {
      sqlite3_finalize(statement);
    }
    sqlite3_close(db_);
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void Run(const char* sql) {
    Check(sqlite3_exec(db_, sql, nullptr, nullptr, nullptr));
  }

  int64_t Ask(const char* sql) {
    sqlite3_stmt* const statement = Prepare(sql);
    int64_t answer = 0;
    if (sqlite3_step(statement) == SQLITE_ROW) {
      answer = sqlite3_column_int64(statement, 0);
    }
    sqlite3_finalize(statement);
    return answer;
  }

  void PrepareWriting() {
    insert_ = Prepare(
        "INSERT INTO document (rowid, title, name, tag, text)"
        " VALUES (?, ?, ?, ?, ?)");
    remove_ = Prepare(
        "INSERT INTO document (document, rowid, title, name, tag, text)"
        " VALUES ('delete', ?, ?, ?, ?, ?)");
  }

  void PrepareReading() {
    fts5_api* api = nullptr;
    sqlite3_stmt* const ask = Prepare("SELECT fts5(?)");
    Check(sqlite3_bind_pointer(ask, 1, static_cast<void*>(&api), "fts5_api_ptr",
                               nullptr));
    sqlite3_step(ask);
    sqlite3_finalize(ask);
    Check(api == nullptr ? SQLITE_ERROR
                         : api->xCreateFunction(api, "lagnet_score", nullptr,
                                                Score, nullptr));
    match_ = Prepare(
        "SELECT rowid, lagnet_score(document, ?2) FROM document"
        " WHERE document MATCH ?1");
  }

  void Write(bool is_insert, int64_t row, const Terms& terms) {
    sqlite3_stmt* const statement = is_insert ? insert_ : remove_;
    Check(sqlite3_bind_int64(statement, 1, row));
    for (size_t i = 0; i < terms.size(); ++i) {
      Check(
          sqlite3_bind_text(statement, static_cast<int>(i) + 2, terms[i].data(),
                            static_cast<int>(terms[i].size()), SQLITE_STATIC));
    }
    if (sqlite3_step(statement) != SQLITE_DONE) Check(SQLITE_ERROR);
    sqlite3_reset(statement);
  }

  void Match(const std::string& text, const Phrases& phrases,
             absl::FunctionRef<void(int64_t, double)> found) {
    Check(sqlite3_bind_text(match_, 1, text.data(),
                            static_cast<int>(text.size()), SQLITE_STATIC));
    Check(sqlite3_bind_pointer(match_, 2, const_cast<Phrases*>(&phrases),
                               kPointer, nullptr));
    int code = 0;
    while ((code = sqlite3_step(match_)) == SQLITE_ROW) {
      found(sqlite3_column_int64(match_, 0), sqlite3_column_double(match_, 1));
    }
    if (code != SQLITE_DONE) Check(code);
    sqlite3_reset(match_);
    sqlite3_clear_bindings(match_);
  }

 private:
  sqlite3_stmt* Prepare(const char* sql) {
    sqlite3_stmt* statement = nullptr;
    Check(sqlite3_prepare_v3(db_, sql, -1, SQLITE_PREPARE_PERSISTENT,
                             &statement, nullptr));
    return statement;
  }

  static void Check(int code) {
    if (code == SQLITE_OK) return;
    Log(Severity::kError, "search_engine_failed")
        .With("error", sqlite3_errstr(code));
  }

  sqlite3* db_ = nullptr;
  sqlite3_stmt* insert_ = nullptr;
  sqlite3_stmt* remove_ = nullptr;
  sqlite3_stmt* match_ = nullptr;
};

Engine::Engine() : uri_(NewUri()), writer_(std::make_unique<Connection>(uri_)) {
  // Nothing is kept but the terms; in which fields they stand, not where.
  writer_->Run(
      "CREATE VIRTUAL TABLE document USING fts5 (title, name, tag, text,"
      " content = '', detail = column, columnsize = 0, tokenize = 'ascii')");
  writer_->PrepareWriting();
}

Engine::~Engine() {
  absl::MutexLock lock(&mutex_);
  idle_.clear();
}

void Engine::Begin() { writer_->Run("BEGIN IMMEDIATE"); }

void Engine::Commit() { writer_->Run("COMMIT"); }

void Engine::Insert(int64_t row, const Terms& terms) {
  writer_->Write(/*is_insert=*/true, row, terms);
}

void Engine::Remove(int64_t row, const Terms& terms) {
  writer_->Write(/*is_insert=*/false, row, terms);
}

void Engine::Optimize() {
  writer_->Run("INSERT INTO document (document) VALUES ('optimize')");
}

std::unique_ptr<Engine::Connection> Engine::Take() const {
  {
    absl::MutexLock lock(&mutex_);
    if (!idle_.empty()) {
      std::unique_ptr<Connection> connection = std::move(idle_.back());
      idle_.pop_back();
      return connection;
    }
  }
  auto connection = std::make_unique<Connection>(uri_);
  connection->PrepareReading();
  return connection;
}

void Engine::Match(
    const Pattern& pattern,
    absl::FunctionRef<void(int64_t row, double score)> found) const {
  Phrases phrases;
  std::string text;
  for (const Pattern::Word& word : pattern.words) {
    absl::StrAppend(&text, text.empty()  ? "("
                           : pattern.any ? " OR ("
                                         : " AND (");
    for (size_t i = 0; i < word.forms.size(); ++i) {
      absl::StrAppend(&text, i == 0 ? "\"" : " OR \"", word.forms[i].term,
                      "\"");
      phrases.phrases.push_back(
          {.word = phrases.weights.size(), .weight = word.forms[i].weight});
    }
    text += ")";
    phrases.weights.push_back(word.weight);
    phrases.sum += word.weight;
  }
  if (pattern.titles_only) text = absl::StrCat("{title name} : (", text, ")");
  std::unique_ptr<Connection> connection = Take();
  connection->Match(text, phrases, found);
  absl::MutexLock lock(&mutex_);
  idle_.push_back(std::move(connection));
}

int64_t Engine::bytes() const {
  return writer_->Ask("PRAGMA page_count") * writer_->Ask("PRAGMA page_size");
}

}  // namespace lagnet::search
