#include "server/rpc/fingerprint.h"

#include <sodium.h>

#include <memory>

#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"

namespace lagnet::rpc {

std::string Fingerprint(const google::protobuf::Message& request,
                        std::initializer_list<const char*> without,
                        const std::string& key) {
  const std::unique_ptr<google::protobuf::Message> copy(request.New());
  copy->CopyFrom(request);
  for (const char* name : without) {
    const auto* field = copy->GetDescriptor()->FindFieldByName(name);
    if (field != nullptr) copy->GetReflection()->ClearField(copy.get(), field);
  }
  std::string bytes;
  {
    google::protobuf::io::StringOutputStream stream(&bytes);
    google::protobuf::io::CodedOutputStream coded(&stream);
    coded.SetSerializationDeterministic(true);
    copy->SerializeToCodedStream(&coded);
  }
  std::string hash(16, '\0');
  crypto_generichash(
      reinterpret_cast<unsigned char*>(hash.data()), hash.size(),
      reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
      reinterpret_cast<const unsigned char*>(key.data()), key.size());
  return hash;
}

}  // namespace lagnet::rpc
