#ifndef LAGNET_TESTS_ACCESS_REQUESTS_H_
#define LAGNET_TESTS_ACCESS_REQUESTS_H_

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "tests/access/table.h"

namespace lagnet::access {

// The name of one resource of each type: "Network" to "networks/network-a".
using Names = std::map<std::string, std::string>;

// A UUID that no call before had.
std::string FreshRequestId();

// A resource as clients would send it, all in text format, with what it refers
// to taken from `names`. Ends the test program if there is no sample of `type`
// ("Network"): a new resource needs one in requests.cc.
std::string SampleOf(const std::string& type, const Names& names);

// Makes valid requests for any method: required fields set, names taken from
// the fixture. Where a request can say so, it only validates or carries an
// etag that does not match, so that what is allowed changes nothing.
class Requests {
 public:
  explicit Requests(std::map<Place, Names> names) : names_(std::move(names)) {}

  std::unique_ptr<google::protobuf::Message> Make(
      const google::protobuf::MethodDescriptor& method, Place place) const;

  // Lets the field at `path` ("sign_up.organization") name another thing.
  void Cross(google::protobuf::Message* request, const std::string& path,
             Place place) const;

 private:
  void Fill(google::protobuf::Message* request, Place place) const;
  void FillField(google::protobuf::Message* request,
                 const google::protobuf::FieldDescriptor* field,
                 Place place) const;
  void FillText(google::protobuf::Message* request,
                const google::protobuf::FieldDescriptor* field,
                Place place) const;
  void FillMessage(google::protobuf::Message* request,
                   const google::protobuf::FieldDescriptor* field,
                   Place place) const;

  const std::map<Place, Names> names_;
};

}  // namespace lagnet::access

#endif  // LAGNET_TESTS_ACCESS_REQUESTS_H_
