// A server whose handler has a data race, called twice at once. If TSan, with
// the settings that all tests run with, does not end this program, those
// settings hide our own races too.

#include <thread>

#include "absl/synchronization/barrier.h"
#include "lagnet/directory/v1/themes.grpc.pb.h"
#include "tests/support/server.h"

namespace lagnet {
namespace {

using directory::v1::ListThemesRequest;
using directory::v1::ListThemesResponse;
using directory::v1::Theme;
using directory::v1::ThemeService;

class Racy final : public ThemeService::CallbackService {
 public:
  Racy(rpc::Gate* gate, db::Pool*) : gate_(gate) {
    gate->RegisterService(*Theme::descriptor()->file()->service(0));
  }
  grpc::ServerUnaryReactor* ListThemes(grpc::CallbackServerContext* context,
                                       const ListThemesRequest* request,
                                       ListThemesResponse* response) override {
    return gate_->Run(context, request, response, this, &Racy::List);
  }
  int calls() const { return calls_; }

 private:
  absl::StatusOr<ListThemesResponse> List(const rpc::Call&,
                                          const ListThemesRequest&) {
    both_.Block();
    ++calls_;  // The race.
    return ListThemesResponse();
  }

  rpc::Gate* const gate_;
  absl::Barrier both_{2};
  int calls_ = 0;
};

int Main() {
  support::TestServer server("");
  Racy& racy = server.Add<Racy>();
  server.Start();
  const auto call = [&] {
    const auto stub = ThemeService::NewStub(server.channel());
    if (!support::Call(*stub, &ThemeService::Stub::ListThemes, {}).ok()) {
      std::abort();
    }
  };
  std::thread other(call);
  call();
  other.join();
  return racy.calls() > 0 ? 0 : 1;
}

}  // namespace
}  // namespace lagnet

int main() { return lagnet::Main(); }
