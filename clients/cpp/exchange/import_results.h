#ifndef LAGNET_EXCHANGE_IMPORT_RESULTS_H_
#define LAGNET_EXCHANGE_IMPORT_RESULTS_H_

#include <string>
#include <vector>

#include "clients/cpp/exchange/table.h"
#include "lagnet/directory/v1/imports.pb.h"

// What becomes of the rows of a list.
namespace lagnet::exchange {

using directory::v1::ImportRowResult;

// Says why a row cannot be imported.
void Refuse(const std::string& field, const std::string& reason,
            const std::string& words, ImportRowResult& result);

// Says what people should know of a row that is imported.
void Warn(const std::string& field, const std::string& reason,
          const std::string& words, ImportRowResult& result);

// Whether a row is created or updated.
bool IsToImport(const ImportRowResult& result);

// The results as a table: a line for each problem, and for each row without.
Table ToTable(const std::vector<ImportRowResult>& results);

}  // namespace lagnet::exchange

#endif  // LAGNET_EXCHANGE_IMPORT_RESULTS_H_
