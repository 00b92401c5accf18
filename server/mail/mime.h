#ifndef LAGNET_SERVER_MAIL_MIME_H_
#define LAGNET_SERVER_MAIL_MIME_H_

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace lagnet::mail {

// Reads mail that anybody may have sent (RFC 5322, RFC 2046), as far as reports
// of mail servers need it. Nothing fails, whatever the bytes are: what cannot
// be read is not there. The work grows with the length of the text and with
// nothing else: parts are not looked into for parts of their own.

// Headers of a mail, of a part of it, or of a group of fields in a report. The
// first of a name counts.
class Headers {
 public:
  // Takes headers off the front of `text`, with the empty line that ends them.
  // Lines end with LF or CRLF.
  static Headers Take(absl::string_view* text);

  // The value of a header, its lines joined by the spaces that they begin with;
  // "" if there is none. `name` in lower case.
  absl::string_view Get(absl::string_view name) const;

 private:
  std::map<std::string, std::string, std::less<>> values_;
};

// A Content-Type: `multipart/report; boundary="=_1"`.
struct ContentType {
  std::string type;  // In lower case; without a header "text/plain".
  std::string boundary;
};
ContentType ReadContentType(absl::string_view header);

// The parts of a body. The last one may lack its end.
std::vector<absl::string_view> SplitParts(absl::string_view body,
                                          absl::string_view boundary);

}  // namespace lagnet::mail

#endif  // LAGNET_SERVER_MAIL_MIME_H_
