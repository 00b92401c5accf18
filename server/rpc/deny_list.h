#ifndef LAGNET_SERVER_RPC_DENY_LIST_H_
#define LAGNET_SERVER_RPC_DENY_LIST_H_

#include <string>

#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace lagnet::rpc {

// Serial numbers of certificates that must open nothing any more, whichever
// authority signed them.
class DenyList {
 public:
  // Reads the text of a deny-list: a serial number a line, in hex as `openssl
  // x509 -serial` prints it (`serial=` and colons may be there), the rest of a
  // line after `#` being a comment. Fails with INVALID_ARGUMENT, naming the
  // line: a line that was only skipped would let a thief in.
  static absl::StatusOr<DenyList> Parse(absl::string_view text);

  // `serial` is in hex.
  bool Contains(absl::string_view serial) const;

  int size() const { return static_cast<int>(serials_.size()); }

 private:
  absl::flat_hash_set<std::string> serials_;
};

}  // namespace lagnet::rpc

#endif  // LAGNET_SERVER_RPC_DENY_LIST_H_
