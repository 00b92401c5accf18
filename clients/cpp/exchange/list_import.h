#ifndef LAGNET_EXCHANGE_LIST_IMPORT_H_
#define LAGNET_EXCHANGE_LIST_IMPORT_H_

#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "clients/cpp/exchange/import_results.h"
#include "clients/cpp/exchange/list_ends.h"
#include "clients/cpp/exchange/records.h"
#include "lagnet/client.h"
#include "lagnet/directory/v1/imports.pb.h"

namespace lagnet::exchange {

// Imports a list into a network's directory, in calls of at most 100 rows.
//
// First Plan(), which asks the server about every row and writes nothing, then
// Import(). An import that was broken off is finished by planning and importing
// the same list again: what is there already is unchanged, and a call that was
// sent before without its answer having come is known by its request id, which
// is made out of what it says and what the plan found. What a list says has
// ended is ended at last. Not thread-safe.
class ListImport {
 public:
  struct Options {
    std::string network;  // `networks/{network}`
    Organization::State initial_state = Organization::VERIFIED;
    std::string source;
    std::string as_of;
    bool skip_errors = false;  // Import the other rows.
  };
  // How many rows are done.
  using Progress = absl::FunctionRef<void(int done, int all)>;

  // Both must outlive the import. Problems of the records are those of their
  // rows; such a record is not imported, but the server is asked what else is
  // wrong with it.
  ListImport(client::Client& client, const Records& records, Options options);

  // Fails as the server does when it cannot be asked, not for rows' errors.
  absl::Status Plan(Progress progress);

  // Imports what is to be created and updated. Fails if the server cannot be
  // asked, or if a row has got an error since the plan, unless errors are
  // skipped: then what was imported before stays, and results() say what is
  // left. To be called after Plan().
  absl::Status Import(Progress progress);

  // Of each record, in their order. Fields of problems are called as the list
  // calls them. After Import(): what became of those that were imported; the
  // others are still planned.
  const std::vector<ImportRowResult>& results() const { return results_; }
  int Count(ImportRowResult::Outcome outcome) const;

  // Whether the row at a place of results() was written by Import().
  bool IsImported(size_t i) const { return imported_[i]; }

 private:
  using Request = directory::v1::ImportOrganizationsRequest;

  // Sends the rows at `places`, as many as go into a call, from `*next` on.
  // Returns the places that went.
  std::vector<size_t> FillRequest(const std::vector<size_t>& places,
                                  size_t* next, Request& request) const;
  absl::Status Ask(const std::vector<size_t>& places, Request request);
  absl::Status ImportCall(const std::vector<size_t>& places);
  void Take(size_t place, ImportRowResult result);
  void RefuseRepeats();

  client::Client& client_;
  const Records& records_;
  const Options options_;
  ListEnds ends_;
  std::vector<ImportRowResult> results_;
  std::vector<bool> imported_;
};

}  // namespace lagnet::exchange

#endif  // LAGNET_EXCHANGE_LIST_IMPORT_H_
