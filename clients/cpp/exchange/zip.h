#ifndef LAGNET_EXCHANGE_ZIP_H_
#define LAGNET_EXCHANGE_ZIP_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

struct zip;

namespace lagnet::exchange {

// A ZIP archive in memory, to be read. Not thread-safe.
class ZipReader {
 public:
  // `bytes` must outlive the reader. Fails with INVALID_ARGUMENT if it is no
  // archive or has more than a thousand entries.
  static absl::StatusOr<ZipReader> Open(absl::string_view bytes);

  bool Has(const std::string& name) const;

  // Hands out an entry piece by piece, unpacked. A bomb is no danger: all
  // entries together may unpack to 256 MiB, never more than a piece is kept,
  // and `take` may end it early. Fails with INVALID_ARGUMENT, or as `take`.
  absl::Status Read(const std::string& name,
                    absl::FunctionRef<absl::Status(absl::string_view)> take);

 private:
  struct Discard {
    void operator()(zip* archive) const;
  };

  explicit ZipReader(zip* archive) : archive_(archive) {}

  std::unique_ptr<zip, Discard> archive_;
  size_t unpacked_ = 0;
};

// An archive of entries (name, content), which is the same bytes for the same
// entries: it has no times of its own.
std::string WriteZip(
    const std::vector<std::pair<std::string, std::string>>& entries);

}  // namespace lagnet::exchange

#endif  // LAGNET_EXCHANGE_ZIP_H_
