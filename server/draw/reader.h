#ifndef LAGNET_SERVER_DRAW_READER_H_
#define LAGNET_SERVER_DRAW_READER_H_

#include <cstdint>
#include <initializer_list>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "nlohmann/json.hpp"
#include "server/draw/digest.h"

namespace lagnet::draw {

// Reads one object of a document that anybody may have written. The first
// thing that is wrong is kept, and what follows reads as nothing; so ask for
// status() at the end.
class Reader {
 public:
  // `json` outlives the reader. `where` is what errors call it.
  Reader(const nlohmann::json& json, std::string where);

  // An object that is part of this one; its error is not this one's.
  Reader Part(const char* key);
  // The items of an array, each an object.
  std::vector<Reader> Parts(const char* key);

  int64_t Int(const char* key, int64_t least, int64_t most);
  bool Bool(const char* key);
  std::string Text(const char* key);
  Digest Hash(const char* key);
  std::vector<Digest> Hashes(const char* key);
  std::vector<int64_t> Ints(const char* key, int64_t least, int64_t most);
  std::vector<std::string> Texts(const char* key);
  // An object as it is, but without fractions, which have no one form.
  nlohmann::json Object(const char* key);
  // `[[index, number], …]`, with ascending indexes below `size`, as the list
  // of `size` numbers in which all others are 0.
  std::vector<int64_t> Sparse(const char* key, size_t size, int64_t least,
                              int64_t most);

  bool Has(const char* key) const;
  void Fail(absl::string_view what);
  // Also fails if the object has members other than those asked for.
  absl::Status status();

 private:
  const nlohmann::json& Get(const char* key);
  const nlohmann::json& Array(const char* key);
  int64_t IntOf(const nlohmann::json& value, const char* key, int64_t least,
                int64_t most);
  Digest HashOf(const nlohmann::json& value, const char* key);

  const nlohmann::json* json_;
  std::string where_;
  size_t asked_ = 0;
  absl::Status status_;
};

// The first status that is not OK.
absl::Status FirstError(std::initializer_list<absl::Status> statuses);

}  // namespace lagnet::draw

#endif  // LAGNET_SERVER_DRAW_READER_H_
