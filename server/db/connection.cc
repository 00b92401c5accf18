#include "server/db/connection.h"

#include <fcntl.h>
#include <libpq-fe.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <map>
#include <pqxx/pqxx>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "server/base/log.h"

namespace lagnet::db {
namespace {

// What every session needs to know; see Row::TimeOf for the first two.
constexpr char kSettings[] =
    "SET TimeZone = 'UTC'; SET DateStyle = 'ISO'; "
    "SET client_min_messages = 'warning'; "
    "SET lock_timeout = '10s'; "
    "SET idle_in_transaction_session_timeout = '40s'; "
    "SET synchronous_commit = on; "
    // What is asked here is short; compiling it takes longer than running it.
    "SET jit = off";

}  // namespace

// Collects what PostgreSQL says beside its answers.
#if PQXX_VERSION_MAJOR >= 7
class Connection::Notices {
 public:
  explicit Notices(pqxx::connection& connection) {
    connection.set_notice_handler([this](pqxx::zview) { ++count_; });
  }
  int count() const { return count_; }

 private:
  int count_ = 0;
};
#else
namespace {

// Version 6 takes any number of parameters only of one kind at a time: runs of
// texts and of arrays, by turns.
struct Runs {
  explicit Runs(const std::vector<Argument>& arguments) {
    size_t run = 0;
    bool in_arrays = false;
    for (const auto& [value, is_array] : arguments) {
      if (in_arrays && !is_array) ++run;
      in_arrays = is_array;
      if (is_array) {
        arrays.at(run).emplace_back(*value);
      } else {
        texts.at(run).push_back(value ? value->c_str() : nullptr);
      }
    }
  }

  std::array<std::vector<const char*>, 4> texts;
  std::array<std::vector<pqxx::binarystring>, 3> arrays;
};

}  // namespace

class Connection::Notices : public pqxx::errorhandler {
 public:
  explicit Notices(pqxx::connection& connection)
      : pqxx::errorhandler(connection) {}
  bool operator()(const char*) noexcept override {
    ++count_;
    return false;  // Not on to standard error: notices may quote data.
  }
  int count() const { return count_; }

 private:
  int count_ = 0;
};
#endif

Connection::Connection(const std::string& dsn)
    : connection_(std::make_unique<pqxx::connection>(dsn)) {
#if PQXX_VERSION_MAJOR < 7
  // A connection that comes back by itself in the middle of a transaction
  // would run the rest of it outside. Version 7 has no such thing any more,
  // which is why version 6 calls the switch deprecated.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
  connection_->inhibit_reactivation(true);
#pragma GCC diagnostic pop
#endif
  notices_ = std::make_unique<Notices>(*connection_);
  session_ = std::make_unique<pqxx::nontransaction>(*connection_);
  ExecuteScript(kSettings);
  socket_ = fcntl(connection_->sock(), F_DUPFD_CLOEXEC, 0);
}

Connection::~Connection() {
  session_.reset();
#if PQXX_VERSION_MAJOR >= 7
  connection_->set_notice_handler(nullptr);
#endif
  notices_.reset();
  if (socket_ >= 0) close(socket_);
}

absl::Time Connection::Begin(absl::Duration left, Plans plans) {
  const int64_t milliseconds =
      std::max<int64_t>(1, absl::ToInt64Milliseconds(left));
  statements_ = 0;
  usable_ = false;  // Until the transaction has ended in good order.
  const pqxx::result result = session_->exec(absl::StrCat(
      "BEGIN; SELECT (extract(epoch FROM now()) * 1000000)::bigint, "
      "set_config('statement_timeout', '",
      milliseconds, "', true)",
      plans == Plans::kOnce
          ? ", set_config('plan_cache_mode', 'force_generic_plan', true)"
          : ""));
  return absl::FromUnixMicros(result[0][0].as<int64_t>());
}

Rows Connection::Execute(const Statement& statement,
                         const std::vector<Argument>& arguments) {
  ++statements_;
  if (!prepared_.contains(statement.name)) {
    connection_->prepare(statement.name, statement.sql);
    prepared_.insert(statement.name);
  }
#if PQXX_VERSION_MAJOR >= 7
  pqxx::params params;
  for (const auto& [value, is_array] : arguments) {
    if (is_array) {
      params.append(pqxx::binary_cast(*value));
    } else {
      params.append(value);
    }
  }
  return Rows(session_->exec(pqxx::prepped{statement.name}, params));
#else
  const Runs runs(arguments);
  using pqxx::prepare::make_dynamic_params;
  return Rows(session_->exec_prepared(
      statement.name, make_dynamic_params(runs.texts[0]),
      make_dynamic_params(runs.arrays[0]), make_dynamic_params(runs.texts[1]),
      make_dynamic_params(runs.arrays[1]), make_dynamic_params(runs.texts[2]),
      make_dynamic_params(runs.arrays[2]), make_dynamic_params(runs.texts[3])));
#endif
}

void Connection::ExecuteScript(const std::string& sql) { session_->exec(sql); }

void Connection::Commit() {
  const int notices_before = notices_->count();
  try {
    session_->exec("COMMIT");
  } catch (const pqxx::statement_completion_unknown&) {
    throw pqxx::in_doubt_error("PostgreSQL does not know about the COMMIT");
  } catch (const pqxx::transaction_rollback&) {
    usable_ = true;  // Certain: it was rolled back.
    throw;
  } catch (const pqxx::broken_connection&) {
    throw pqxx::in_doubt_error("the connection broke during COMMIT");
  } catch (const pqxx::sql_error& e) {
    // A server that shuts down may have committed already.
    if (absl::StartsWith(e.sqlstate(), "57P")) {
      throw pqxx::in_doubt_error("PostgreSQL shut down during COMMIT");
    }
    throw;
  }
  if (notices_->count() != notices_before) {
    throw pqxx::in_doubt_error("PostgreSQL added a notice to COMMIT");
  }
  usable_ = true;
}

void Connection::Rollback() {
  try {
    session_->exec("ROLLBACK");
    usable_ = true;
  } catch (const std::exception&) {
    usable_ = false;
  }
}

void Connection::Cut() {
  if (socket_ >= 0) shutdown(socket_, SHUT_RDWR);
}

absl::StatusOr<std::string> CompleteDsn(const std::string& dsn) {
  char* error = nullptr;
  PQconninfoOption* const options = PQconninfoParse(dsn.c_str(), &error);
  if (options == nullptr) {
    // The parser's own message may quote the password.
    PQfreemem(error);
    return absl::InvalidArgumentError(
        "the database address is not valid; write it as "
        "postgresql://USER@HOST:PORT/DATABASE (several hosts: HOST,HOST)");
  }
  std::map<std::string, std::string> settings = {
      {"application_name", "lagnet"}, {"connect_timeout", "2"},
      {"keepalives_idle", "5"},       {"keepalives_interval", "2"},
      {"keepalives_count", "3"},      {"target_session_attrs", "read-write"},
      {"tcp_user_timeout", "5000"},
  };
  for (const PQconninfoOption* o = options; o->keyword != nullptr; ++o) {
    if (o->val != nullptr) settings[o->keyword] = o->val;
  }
  PQconninfoFree(options);
  std::string complete;
  for (const auto& [key, value] : settings) {
    absl::StrAppend(&complete, key, "='",
                    absl::StrReplaceAll(value, {{"\\", "\\\\"}, {"'", "\\'"}}),
                    "' ");
  }
  return complete;
}

}  // namespace lagnet::db
