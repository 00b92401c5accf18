#ifndef LAGNET_CLI_IMPORTER_H_
#define LAGNET_CLI_IMPORTER_H_

#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/time/time.h"
#include "clients/cpp/cli/import_file.h"
#include "lagnet/client.h"

namespace lagnet::cli {

// What became of an import. In a dry run: what would become of it.
struct ImportReport {
  struct Count {
    int all = 0;
    int created = 0;
    int existed = 0;
    int failed = 0;
    // Dry run only: not to be checked before others are created.
    int unchecked = 0;

    int done() const { return created + existed + failed + unchecked; }
  };
  struct Failure {
    std::string file;
    std::string resource;
    absl::Status status;
  };
  std::map<std::string, Count> kinds;  // of kImportKinds
  std::vector<Failure> failures;
};

// Loads items through the public API, one after the other.
//
// What exists already is left as it is. A project is advanced and a visit
// published until it is at the stage that its item says, also when an earlier
// import was broken off in between: repeating an import finishes it. Visits
// are completed or cancelled last, after their sign-ups.
//
// An item that fails does not stop the others, unless no server is reached.
class Importer {
 public:
  // `source` is where the facts about organisations come from.
  Importer(client::Client& client, bool dry_run, std::string source = "");

  // Call once. `progress` is told after each item.
  ImportReport Run(
      const std::vector<ImportItem>& items,
      absl::FunctionRef<void(const ImportReport&, const ImportItem&)> progress);

 private:
  // How an item came out. An error stands in a status instead.
  enum class Outcome { kCreated, kExisted, kUnchecked };

  struct Finish {
    const ImportItem* item;
    visits::v1::StudyVisit wanted;
    Outcome outcome;
  };

  absl::StatusOr<Outcome> Load(const ImportItem& item);
  absl::StatusOr<Outcome> LoadNetwork(const ImportItem& item);
  absl::StatusOr<Outcome> LoadOrganization(const ImportItem& item);
  absl::StatusOr<Outcome> LoadProject(const ImportItem& item);
  absl::StatusOr<Outcome> LoadVisit(const ImportItem& item);
  absl::StatusOr<Outcome> LoadSignUp(const ImportItem& item);
  absl::Status FinishVisit(const Finish& finish);

  // Creates a resource; `resource` is left empty if it is not this import's or
  // an earlier one's.
  template <typename Stub, typename Request, typename Resource>
  absl::StatusOr<Outcome> Create(
      client::UnaryMethod<Stub, Request, Resource> method,
      const ImportItem& item, Request request, Resource& resource);

  // Whether a refusal in a dry run may be due to what is yet to be created.
  bool WaitsForOthers(const ImportItem& item, const client::Error& error) const;

  client::Client& client_;
  const bool dry_run_;
  const std::string source_;
  const absl::Time start_;
  std::set<std::string> to_come_;  // What a dry run did not create.
  std::vector<Finish> to_finish_;
};

}  // namespace lagnet::cli

#endif  // LAGNET_CLI_IMPORTER_H_
