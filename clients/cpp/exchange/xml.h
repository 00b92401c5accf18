#ifndef LAGNET_EXCHANGE_XML_H_
#define LAGNET_EXCHANGE_XML_H_

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

struct XML_ParserStruct;

namespace lagnet::exchange {

// The attributes of an element.
class XmlAttributes {
 public:
  explicit XmlAttributes(const char** pairs) : pairs_(pairs) {}

  // By local name; "" if it is not there.
  absl::string_view Get(absl::string_view name) const;

 private:
  const char** const pairs_;
};

// Reads XML piece by piece. Elements are told by their local names, without
// the name space; text comes in any number of pieces. A document type (so,
// entities of its own) and more than 64 elements within each other are refused.
// Not thread-safe; stays where it is.
class XmlReader {
 public:
  struct Handler {
    std::function<absl::Status(absl::string_view, const XmlAttributes&)> begin;
    std::function<absl::Status(absl::string_view)> end;
    std::function<absl::Status(absl::string_view)> text;  // May be empty.
  };

  explicit XmlReader(Handler handler);
  XmlReader(const XmlReader&) = delete;
  XmlReader& operator=(const XmlReader&) = delete;

  // Fails with INVALID_ARGUMENT, or as a handler did.
  absl::Status Take(absl::string_view piece);
  absl::Status Finish();

 private:
  struct Free {
    void operator()(XML_ParserStruct* parser) const;
  };

  static void Begin(void* self, const char* name, const char** attributes);
  static void End(void* self, const char* name);
  static void Text(void* self, const char* text, int size);
  static void DocumentType(void* self, const char*, const char*, const char*,
                           int);
  void Note(absl::Status status);
  absl::Status Parse(absl::string_view piece, bool last);

  const Handler handler_;
  const std::unique_ptr<XML_ParserStruct, Free> parser_;
  absl::Status status_;
  int depth_ = 0;
};

// Writes a text into XML: between tags, or in quoted attributes.
std::string XmlEscape(absl::string_view text);

}  // namespace lagnet::exchange

#endif  // LAGNET_EXCHANGE_XML_H_
