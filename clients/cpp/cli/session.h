#ifndef LAGNET_CLI_SESSION_H_
#define LAGNET_CLI_SESSION_H_

#include <algorithm>
#include <functional>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "CLI/App.hpp"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "clients/cpp/cli/table.h"
#include "google/protobuf/repeated_ptr_field.h"
#include "lagnet/client.h"

namespace lagnet::cli {

// One run of the command line: its settings, and the client that it needs.
class Session {
 public:
  client::ConnectOptions connect;
  double timeout_seconds = 30;
  bool json = false;
  std::string language;

  // What the command line asks for. Set while it is parsed, run afterwards.
  std::function<absl::Status()> command;

  // Makes `action` what `app` does, when it is the subcommand that was given.
  template <typename Action>
  void OnRun(CLI::App* app, Action action) {
    app->callback([this, action = std::move(action)] { command = action; });
  }

  // Connected at the first use.
  absl::StatusOr<client::Client*> Connected();

  // Client::Call() and Client::ListAll().
  template <typename Stub, typename Request, typename Response>
  absl::StatusOr<Response> Call(
      client::UnaryMethod<Stub, Request, Response> method,
      const std::type_identity_t<Request>& request) {
    const absl::StatusOr<client::Client*> client = Connected();
    if (!client.ok()) return client.status();
    return (*client)->Call(method, request);
  }
  template <typename Stub, typename Request, typename Response>
  absl::StatusOr<Response> ListAll(
      client::UnaryMethod<Stub, Request, Response> method,
      const std::type_identity_t<Request>& request) {
    const absl::StatusOr<client::Client*> client = Connected();
    if (!client.ok()) return client.status();
    return (*client)->ListAll(method, request);
  }

  // As ListAll(), but no more than the first `limit` of its `items`. What else
  // a response says is that of the first page.
  template <typename Stub, typename Request, typename Response, typename Item>
  absl::StatusOr<Response> ListFirst(
      client::UnaryMethod<Stub, Request, Response> method,
      std::type_identity_t<Request> request, int limit,
      google::protobuf::RepeatedPtrField<Item>* (Response::*items)()) {
    const absl::StatusOr<client::Client*> client = Connected();
    if (!client.ok()) return client.status();
    constexpr int kMostOfAPage = 200;
    request.set_page_size(std::min(limit, kMostOfAPage));
    std::optional<Response> first;
    const absl::Status status =
        (*client)->ForEachPage(method, std::move(request), [&](Response page) {
          if (!first) {
            first = std::move(page);
          } else {
            (*first.*items)()->MergeFrom(*(page.*items)());
          }
          return (*first.*items)()->size() < limit;
        });
    if (!status.ok()) return status;
    while ((*first.*items)()->size() > limit) (*first.*items)()->RemoveLast();
    first->clear_next_page_token();
    return *std::move(first);
  }

  // Prints a message: JSON, or each field that is set on a line.
  void Print(const google::protobuf::Message& message) const;

  // Prints a table as wide as the terminal; `nothing` if it has no rows.
  void Print(const Table& table, const std::string& nothing) const;

 private:
  std::unique_ptr<client::Client> client_;
};

}  // namespace lagnet::cli

#endif  // LAGNET_CLI_SESSION_H_
