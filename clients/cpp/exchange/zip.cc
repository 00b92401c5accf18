#include "clients/cpp/exchange/zip.h"

#include <zip.h>

#include <array>
#include <cstdlib>

#include "absl/strings/str_cat.h"

namespace lagnet::exchange {
namespace {

constexpr size_t kMostUnpacked = size_t{256} << 20;
constexpr zip_int64_t kMostEntries = 1000;
// 1 January 1980, where the time of ZIP begins. Entries have no zone.
constexpr zip_uint16_t kFirstDate = 1 << 5 | 1;

absl::Status Broken(absl::string_view why) {
  return absl::InvalidArgumentError(
      absl::StrCat("is damaged, or no XLSX file: ", why));
}

// The writer works on memory: only that can be missing, and then nothing goes
// on anyway.
void Must(bool done) {
  if (!done) std::abort();
}

}  // namespace

void ZipReader::Discard::operator()(zip* archive) const {
  zip_discard(archive);
}

absl::StatusOr<ZipReader> ZipReader::Open(absl::string_view bytes) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* source =
      zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error);
  Must(source != nullptr);
  zip_t* archive = zip_open_from_source(source, ZIP_RDONLY, &error);
  if (archive == nullptr) {
    const absl::Status status = Broken(zip_error_strerror(&error));
    zip_source_free(source);
    zip_error_fini(&error);
    return status;
  }
  ZipReader reader(archive);
  if (zip_get_num_entries(archive, 0) > kMostEntries) {
    return Broken("it has too many parts");
  }
  return reader;
}

bool ZipReader::Has(const std::string& name) const {
  return zip_name_locate(archive_.get(), name.c_str(), 0) >= 0;
}

absl::Status ZipReader::Read(
    const std::string& name,
    absl::FunctionRef<absl::Status(absl::string_view)> take) {
  const std::unique_ptr<zip_file_t, int (*)(zip_file_t*)> file(
      zip_fopen(archive_.get(), name.c_str(), 0), zip_fclose);
  if (file == nullptr) {
    return Broken(absl::StrCat(name, ": ", zip_strerror(archive_.get())));
  }
  std::array<char, 64 << 10> piece;
  for (;;) {
    const zip_int64_t got = zip_fread(file.get(), piece.data(), piece.size());
    if (got < 0) {
      return Broken(absl::StrCat(name, ": ", zip_file_strerror(file.get())));
    }
    if (got == 0) return absl::OkStatus();
    unpacked_ += static_cast<size_t>(got);
    if (unpacked_ > kMostUnpacked) {
      return absl::InvalidArgumentError(absl::StrCat(
          "unpacks to more than ", kMostUnpacked >> 20, " MiB; split it"));
    }
    const absl::Status taken =
        take(absl::string_view(piece.data(), static_cast<size_t>(got)));
    if (!taken.ok()) return taken;
  }
}

std::string WriteZip(
    const std::vector<std::pair<std::string, std::string>>& entries) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* target = zip_source_buffer_create(nullptr, 0, 0, &error);
  Must(target != nullptr);
  zip_source_keep(target);
  zip_t* archive = zip_open_from_source(target, ZIP_TRUNCATE, &error);
  Must(archive != nullptr);
  for (const auto& [name, content] : entries) {
    zip_source_t* source =
        zip_source_buffer(archive, content.data(), content.size(), 0);
    Must(source != nullptr);
    const zip_int64_t index =
        zip_file_add(archive, name.c_str(), source, ZIP_FL_ENC_UTF_8);
    Must(index >= 0 &&
         zip_file_set_dostime(archive, static_cast<zip_uint64_t>(index), 0,
                              kFirstDate, 0) == 0);
  }
  Must(zip_close(archive) == 0);
  Must(zip_source_open(target) == 0 &&
       zip_source_seek(target, 0, SEEK_END) == 0);
  std::string bytes(static_cast<size_t>(zip_source_tell(target)), '\0');
  Must(zip_source_seek(target, 0, SEEK_SET) == 0 &&
       zip_source_read(target, bytes.data(), bytes.size()) ==
           static_cast<zip_int64_t>(bytes.size()));
  zip_source_close(target);
  zip_source_free(target);
  return bytes;
}

}  // namespace lagnet::exchange
