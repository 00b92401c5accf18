#include "tests/access/any_call.h"

#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "grpcpp/generic/generic_stub.h"

namespace lagnet::access {
namespace {

// Waits for the step that was begun last; whether it went well.
bool Await(grpc::CompletionQueue& queue) {
  void* tag = nullptr;
  bool ok = false;
  if (!queue.Next(&tag, &ok)) std::abort();
  return ok;
}

std::string BytesOf(const grpc::ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  if (!buffer.Dump(&slices).ok()) std::abort();
  std::string bytes;
  for (const grpc::Slice& slice : slices) {
    bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return bytes;
}

}  // namespace

absl::Status CallWithBytes(const std::shared_ptr<grpc::Channel>& channel,
                           const std::string& path, const std::string& request,
                           const support::With& with, std::string* response) {
  grpc::CompletionQueue queue;
  grpc::ClientContext context;
  support::Prepare(with, &context);
  const auto call =
      grpc::GenericStub(channel).PrepareCall(&context, path, &queue);
  const grpc::Slice slice(request);
  const grpc::ByteBuffer sent(&slice, 1);
  grpc::ByteBuffer received;
  grpc::Status status;
  call->StartCall(nullptr);
  bool answered = false;
  if (Await(queue)) {
    call->WriteLast(sent, grpc::WriteOptions(), nullptr);
    Await(queue);
    call->Read(&received, nullptr);
    answered = Await(queue);
  }
  if (answered) context.TryCancel();
  call->Finish(&status, nullptr);
  Await(queue);
  if (!answered) return support::FromWire(status);
  if (response != nullptr) *response = BytesOf(received);
  return absl::OkStatus();
}

absl::Status CallAny(const std::shared_ptr<grpc::Channel>& channel,
                     const google::protobuf::MethodDescriptor& method,
                     const google::protobuf::Message& request,
                     const support::With& with) {
  return CallWithBytes(
      channel,
      absl::StrCat("/", method.service()->full_name(), "/", method.name()),
      request.SerializeAsString(), with);
}

}  // namespace lagnet::access
