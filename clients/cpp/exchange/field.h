#ifndef LAGNET_EXCHANGE_FIELD_H_
#define LAGNET_EXCHANGE_FIELD_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "clients/cpp/exchange/table.h"
#include "lagnet/directory/v1/organizations.pb.h"

namespace lagnet::exchange {

using directory::v1::Organization;

// How the cells of a column are read.
struct CellRules {
  // What a value of the column means in the API: `LGD` -> `LAG`.
  std::map<std::string, std::string> values;
  char split = ';';  // Between the values of a list.
  // `,` for 1.081,7 or `.` for 1,081.7; if not set, no number has a comma.
  char decimal = '\0';
  // The order of day, month and year: `dmy`, `mdy`, or as in 2016-01-31.
  std::string dates;
  std::string scheme;    // Of territories: `NUTS`.
  std::string version;   // Of territories: `2021`.
  std::string names_in;  // Of territories that are names: their country.
  std::string level;     // Of those, `MUNICIPALITY` and the like. May be empty.
  std::string source;    // Of external ids.
  // What LearnTerritoryNames() learnt: of each name, as SlugOf() writes it, all
  // that are called so; in the form of `values`.
  std::map<std::string, std::vector<std::string>> territories;
};

// A field of an organisation as one column of a table, named
//
//   kind, themes, founded_on        a field; several values in one cell
//   position.latitude               a field of a message
//   display_name.pl                 a text in a language,
//   display_name.pl.origin          where it comes from, and its .status
//   funds.2.programme               a field of the second of several
//
// Territories are written NUTS:PL815@2021 (scheme, code, version if any),
// external ids SOURCE:ID. Found by reflection: a field that is added to the
// proto is a column from then on. Thread-safe.
class Field {
 public:
  // Fails with INVALID_ARGUMENT for what is no such name, and for fields that
  // only the server sets.
  static absl::StatusOr<Field> Parse(absl::string_view column);

  // What an update mask calls it: `display_name.texts.pl.text`; the whole
  // `funds` for one of several.
  const std::string& mask() const { return mask_; }

  // Whether its cells are numbers.
  bool numeric() const;

  // Whether a cell holds several values.
  bool is_list() const { return leaf_->is_repeated(); }

  // Sets the field, or adds to it if it is a list. Fails with INVALID_ARGUMENT,
  // a sentence that begins with the value that is wrong, for each of a list.
  absl::Status Set(absl::string_view cell, const CellRules& rules,
                   Organization& organization) const;

  // As Set() takes it; "" if it is not set.
  std::string Get(const Organization& organization) const;

 private:
  struct Step {
    const google::protobuf::FieldDescriptor* field;
    int index = -1;        // Of a repeated message.
    std::string language;  // Of a LocalizedText.
  };

  const google::protobuf::Message* Find(const Organization& organization) const;
  google::protobuf::Message* Make(Organization& organization) const;

  std::vector<Step> way_;  // To the message that holds the leaf.
  const google::protobuf::FieldDescriptor* leaf_ = nullptr;
  std::string mask_;
};

// Whether a field of an organisation says that it has ended, or how.
bool IsOfEnd(absl::string_view field);

// Whether an import reads a field: the server does not keep it for itself, or
// it says that an entry has ended.
bool IsImported(const google::protobuf::FieldDescriptor& field);

// A table of all fields that an import reads; with a column for each that one
// of `organizations` has, `name` first.
Table ToTable(const std::vector<Organization>& organizations);

}  // namespace lagnet::exchange

#endif  // LAGNET_EXCHANGE_FIELD_H_
