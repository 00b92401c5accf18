#ifndef LAGNET_SERVER_APP_H_
#define LAGNET_SERVER_APP_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "server/config.h"
#include "server/directory/merge_store.h"

namespace lagnet {

// A whole lagnet server: everything that main.cc starts, wired by hand. The
// only place, with main.cc, that knows every slice.
class App {
 public:
  // Starts everything and returns when calls are answered. Fails with a
  // sentence for the person who starts it; nothing is left running then.
  static absl::StatusOr<std::unique_ptr<App>> Start(const Config& config);

  // Whether Start() and Reload() would take the files that the settings name.
  static absl::Status CheckFiles(const Config& config);

  // Reads the certificates and the deny-list again, and ends the watches of
  // those whose certificate opens nothing any more. What is wrong with the
  // files is logged, and the server goes on with what it had.
  void Reload();

  // Drains and stops, within 10 seconds: health says NOT_SERVING, streams end
  // with UNAVAILABLE, calls finish, the private database stops.
  ~App();

  // What answers for every column that refers to organisations.
  static std::vector<directory::Mover> OrganizationMovers();

  // "127.0.0.1:7300", with the port that was taken.
  std::string address() const;

 private:
  struct Parts;
  explicit App(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
};

}  // namespace lagnet

#endif  // LAGNET_SERVER_APP_H_
