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

}  // namespace lagnet::db

#endif  // LAGNET_SERVER_DB_STATEMENT_H_
