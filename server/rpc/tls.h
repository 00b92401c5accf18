#ifndef LAGNET_SERVER_RPC_TLS_H_
#define LAGNET_SERVER_RPC_TLS_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "server/rpc/certificate.h"
#include "server/rpc/deny_list.h"
#include "server/rpc/gate.h"

namespace lagnet::rpc {

// The server's certificate, and which certificates of clients it believes. All
// of it is read again by Reload(): new connections meet the new certificate,
// open ones go on, and each call on them is judged anew. Thread-safe.
class Tls {
 public:
  struct Files {
    std::string cert;  // PEM; the server's own first, then what is between.
    std::string key;
    std::string client_ca;        // "": no client is asked for a certificate.
    std::string deny;             // See DenyList; "": there is none.
    bool require_client = false;  // No connection without a certificate.
  };

  // What the files held when they were last read and found good.
  struct Material {
    int64_t version = 0;  // Counts the times.
    std::string cert;
    std::string key;
    std::string client_ca;
    std::optional<Authorities> authorities;
    DenyList denied;
    absl::Time end;  // Of the server's certificate.
  };

  // Fails with FAILED_PRECONDITION, in a sentence that names the file, if one
  // cannot be read, if the key does not belong to the certificate, or if that
  // is not valid now.
  static absl::StatusOr<std::unique_ptr<Tls>> Load(Files files, absl::Time now);

  // Reads the files again. Fails as Load(), and keeps what it had.
  absl::Status Reload(absl::Time now);

  // Whether what the client showed still proves something: see
  // Authorities::Verify(). Who showed no certificate is right.
  absl::Status Check(const Credentials& credentials, absl::Time now) const;

  // Writes a warning if the server's certificate ends within 14 days, at most
  // once a day. Returns whether it did.
  bool WarnBeforeTheEnd(absl::Time now);

  std::shared_ptr<const Material> material() const;
  const Files& files() const { return files_; }

 private:
  // A certificate that a client showed, and what was found about it.
  struct Known {
    std::vector<Certificate> certificates;  // Its own first.
    int64_t version = 0;                    // Of the material it was judged by.
    absl::StatusOr<absl::Time> end;
  };

  explicit Tls(Files files) : files_(std::move(files)) {}

  absl::StatusOr<absl::Time> EndOf(const Credentials& credentials,
                                   absl::Time now) const;

  const Files files_;
  absl::Mutex reload_mutex_ ABSL_ACQUIRED_BEFORE(mutex_);
  mutable absl::Mutex mutex_;
  std::shared_ptr<const Material> material_ ABSL_GUARDED_BY(mutex_);
  absl::Time warned_at_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  // By the PEM text: to parse and verify costs more than many a call.
  mutable absl::flat_hash_map<std::string, Known> known_
      ABSL_GUARDED_BY(mutex_);
};

}  // namespace lagnet::rpc

#endif  // LAGNET_SERVER_RPC_TLS_H_
