#ifndef LAGNET_SERVER_DB_STATEMENT_H_
#define LAGNET_SERVER_DB_STATEMENT_H_

namespace lagnet::db {

// A named SQL statement. It stands directly above the one function that runs
// it, as a `constexpr` with its text in R"sql(…)sql": a test finds all of them
// by that form and PREPAREs each on the migrated schema. Names are
// "<slice>.<what>" and appear in logs and metrics.
struct Statement {
  const char* name;
  const char* sql;
};

// When PostgreSQL plans the statements of a transaction.
enum class Plans {
  // Each time, where a plan for just this promises to be better.
  kFitted,
  // Once for a connection, and after each ANALYZE: for what is asked all the
  // time and looks up by keys. Not for filters that may be empty.
  kOnce,
};

}  // namespace lagnet::db

#endif  // LAGNET_SERVER_DB_STATEMENT_H_
