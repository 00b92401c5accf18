#include "clients/cpp/exchange/import_results.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace lagnet::exchange {

void Refuse(const std::string& field, const std::string& reason,
            const std::string& words, ImportRowResult& result) {
  Warn(field, reason, words, result);
  result.set_outcome(ImportRowResult::REFUSED);
  result.mutable_problems()->rbegin()->set_error(true);
}

void Warn(const std::string& field, const std::string& reason,
          const std::string& words, ImportRowResult& result) {
  ImportRowResult::Problem* problem = result.add_problems();
  problem->set_field(field);
  problem->set_reason(reason);
  problem->set_message(words);
}

bool IsToImport(const ImportRowResult& result) {
  return result.outcome() == ImportRowResult::CREATED ||
         result.outcome() == ImportRowResult::UPDATED;
}

Table ToTable(const std::vector<ImportRowResult>& results) {
  Table table{.header = {"row", "what", "name", "field", "reason", "words"},
              .numeric = {true}};
  for (const ImportRowResult& result : results) {
    const auto add = [&](const std::string& what, const std::string& field,
                         const std::string& reason, const std::string& words) {
      table.rows.push_back({.cells = {absl::StrCat(result.row()), what,
                                      result.name(), field, reason, words}});
    };
    if (result.outcome() != ImportRowResult::REFUSED) {
      add(ImportRowResult::Outcome_Name(result.outcome()),
          absl::StrJoin(result.changed_fields(), "; "), "", "");
    }
    for (const ImportRowResult::Problem& problem : result.problems()) {
      add(problem.error() ? "ERROR" : "WARNING", problem.field(),
          problem.reason(), problem.message());
    }
  }
  return table;
}

}  // namespace lagnet::exchange
