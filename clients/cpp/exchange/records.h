#ifndef LAGNET_EXCHANGE_RECORDS_H_
#define LAGNET_EXCHANGE_RECORDS_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "clients/cpp/exchange/mapping.h"
#include "lagnet/directory/v1/organizations.pb.h"

namespace lagnet::exchange {

// The forms that a file can have.
enum class Format { kCsv, kJson, kXlsx };

// By the end of a file's name; what it begins with, if that says nothing.
Format FormatOf(absl::string_view file, absl::string_view bytes);

// One organisation of a list.
struct Record {
  struct Problem {
    std::string field;  // As the list calls it: the column. "": the row.
    std::string words;
    // As a mask calls it, a field of which the record now says nothing or less
    // than it should. "" if all else of it could be read.
    std::string unread;
  };

  int row = 0;
  // Its state is set only if it is ARCHIVED or DISSOLVED.
  Organization organization;
  std::vector<std::string> mask;  // The fields that the list says something of.
  std::vector<Problem> problems;  // Why it cannot be imported; mostly none.
};

// A list, read and understood.
struct Records {
  std::vector<Record> records;
  std::map<std::string, std::string>
      columns;  // Mask -> what the list calls it.

  // What the list calls the field of an answer: `Nazwa` for
  // `display_name.texts.pl.text` or `display_name`; the field if it has none.
  std::string ColumnOf(const std::string& field) const;
};

// Whether an entry is in a state that lists say: it has ended.
bool HasEnded(const Organization& organization);

// Reads a whole file. A cell that makes no sense is a problem of its record;
// two records that have one name or one external id are problems of the second.
// Fails with INVALID_ARGUMENT, in words for the file's author, if the file as a
// whole cannot be read.
absl::StatusOr<Records> ReadRecords(Format format, absl::string_view bytes,
                                    const Mapping& mapping);

// An array of organisations in the API's JSON, or an object that has one in
// `organizations`. A record's row is its place, from 1, and it says something
// of the fields that it has.
absl::StatusOr<Records> ReadJson(absl::string_view text);

// All that an import reads, and nothing that only the server sets: of states,
// that an entry is ARCHIVED or DISSOLVED. Reading it and writing it again gives
// the same bytes.
std::string Write(Format format, const std::vector<Organization>& all);

}  // namespace lagnet::exchange

#endif  // LAGNET_EXCHANGE_RECORDS_H_
