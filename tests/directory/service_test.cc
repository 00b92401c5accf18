#include "server/directory/service.h"

#include "tests/support/database.h"
#include "tests/support/matchers.h"
#include "tests/support/server.h"

namespace lagnet::directory {
namespace {

using support::Call;
using support::HasProto;
using support::IsOkAndHolds;

class ServiceTest : public support::DatabaseTest {
 protected:
  ServiceTest() : server_(database().dsn()) {
    server_.Add<NetworkService>();
    server_.Start();
    networks_ = v1::NetworkService::NewStub(server_.channel());
  }
  support::TestServer server_;
  std::unique_ptr<v1::NetworkService::Stub> networks_;
};

TEST_F(ServiceTest, CreatesANetwork) {
  EXPECT_THAT(Call(*networks_, &v1::NetworkService::Stub::CreateNetwork,
                   support::FromText<v1::CreateNetworkRequest>(R"pb(
                     network_id: "ksow"
                     network {
                       kind: NATIONAL
                       display_name {
                         texts {
                           key: "pl"
                           value { text: "KSOW" }
                         }
                       }
                       countries: "PL"
                       languages: "pl"
                       currency: "PLN"
                       time_zone: "Europe/Warsaw"
                       jurisdiction_profile: "eu"
                     }
                     request_id: "0b2a6d0e-3c0c-4c1a-9d0e-5a3b1f6c7d8e"
                   )pb"),
                   {"role:NETWORK_ADMIN"}),
              IsOkAndHolds(HasProto("name: 'networks/ksow'")));
}

}  // namespace
}  // namespace lagnet::directory
