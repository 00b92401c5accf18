#ifndef LAGNET_EXCHANGE_LIST_ENDS_H_
#define LAGNET_EXCHANGE_LIST_ENDS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "clients/cpp/exchange/import_results.h"
#include "clients/cpp/exchange/records.h"
#include "lagnet/client.h"

namespace lagnet::exchange {

// Archives and dissolves the entries of which a list says so. An import makes
// and changes entries, and ends none; these are steps of their own, one call
// for each. Not thread-safe.
class ListEnds {
 public:
  struct Options {
    bool begin_verified = true;  // How entries begin that are new.
    std::string source;
    std::string as_of;
  };

  // Both must outlive it.
  ListEnds(client::Client& client, const Records& records, Options options);

  // To be called when `results` say what becomes of the rows: adds to them what
  // is to be done, `state` as a field that changes, and what cannot be done. An
  // entry whose state allows no such step stays as it is, with a warning.
  // Fails as the server does when it cannot be asked.
  absl::Status Plan(std::vector<ImportRowResult>& results);

  // Does it, when the rows are imported, and says in `results` that it is done.
  // What the server refuses is an error of its row if errors are skipped, and
  // else ends it.
  absl::Status Run(bool skip_errors, std::vector<ImportRowResult>& results);

 private:
  // Whether the entry that there is must become what the record says.
  absl::StatusOr<bool> IsToEnd(const Record& record, ImportRowResult& result);
  absl::Status CheckSuccessors(std::vector<ImportRowResult>& results);
  std::vector<size_t> InOrder(
      const std::vector<ImportRowResult>& results) const;
  absl::Status End(const std::string& name, const Organization& wanted);

  client::Client& client_;
  const Records& records_;
  const Options options_;
  std::vector<size_t> places_;  // Of the rows whose entries are to end.
};

}  // namespace lagnet::exchange

#endif  // LAGNET_EXCHANGE_LIST_ENDS_H_
