#include "clients/cpp/cli/session.h"

#include "clients/cpp/cli/failure.h"
#include "clients/cpp/cli/json.h"
#include "clients/cpp/cli/show.h"

namespace lagnet::cli {

absl::StatusOr<client::Client*> Session::Connected() {
  if (client_ == nullptr) {
    connect.timeout = absl::Seconds(timeout_seconds);
    auto client = client::Client::Connect(connect);
    // What can go wrong before the first call is how it was asked for.
    if (!client.ok()) return UsageError(client.status().message());
    client_ = *std::move(client);
  }
  return client_.get();
}

void Session::Print(const google::protobuf::Message& message) const {
  std::cout << (json ? ToJson(message, false) : ShowFields(message, language));
}

void Session::Print(const Table& table, const std::string& nothing) const {
  if (table.empty()) {
    std::cerr << nothing << '\n';
  } else {
    table.Print(std::cout, TerminalWidth());
  }
}

}  // namespace lagnet::cli
