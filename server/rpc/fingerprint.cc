#include "server/rpc/fingerprint.h"

#include <sodium.h>

#include <algorithm>
#include <string>
#include <vector>

#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "google/protobuf/wire_format_lite.h"

namespace lagnet::rpc {

namespace {

using google::protobuf::Message;
namespace io = google::protobuf::io;

std::string Serialize(const Message& message) {
  std::string bytes;
  io::StringOutputStream stream(&bytes);
  io::CodedOutputStream coded(&stream);
  coded.SetSerializationDeterministic(true);
  message.SerializeToCodedStream(&coded);
  coded.Trim();
  return bytes;
}

// Cheaper than a copy of the message that is without the fields.
std::string LeaveOut(const std::string& bytes, const Message& message,
                     std::initializer_list<const char*> fields) {
  using google::protobuf::internal::WireFormatLite;
  std::vector<int> numbers;
  for (const char* name : fields) {
    const auto* field = message.GetDescriptor()->FindFieldByName(name);
    if (field != nullptr) numbers.push_back(field->number());
  }
  std::string kept;
  kept.reserve(bytes.size());
  io::CodedInputStream input(reinterpret_cast<const uint8_t*>(bytes.data()),
                             static_cast<int>(bytes.size()));
  int start = 0;
  for (uint32_t tag = input.ReadTag(); tag != 0; tag = input.ReadTag()) {
    WireFormatLite::SkipField(&input, tag);
    const int end = input.CurrentPosition();
    if (std::find(numbers.begin(), numbers.end(),
                  WireFormatLite::GetTagFieldNumber(tag)) == numbers.end()) {
      kept.append(bytes, static_cast<size_t>(start),
                  static_cast<size_t>(end - start));
    }
    start = end;
  }
  return kept;
}

}  // namespace

std::string Fingerprint(const google::protobuf::Message& request,
                        std::initializer_list<const char*> without,
                        const std::string& key) {
  const std::string bytes = LeaveOut(Serialize(request), request, without);
  std::string hash(16, '\0');
  crypto_generichash(
      reinterpret_cast<unsigned char*>(hash.data()), hash.size(),
      reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
      reinterpret_cast<const unsigned char*>(key.data()), key.size());
  return hash;
}

}  // namespace lagnet::rpc
