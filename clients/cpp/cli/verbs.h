#ifndef LAGNET_CLI_VERBS_H_
#define LAGNET_CLI_VERBS_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "CLI/App.hpp"
#include "absl/status/status.h"
#include "clients/cpp/cli/field_flags.h"
#include "clients/cpp/cli/parse_value.h"
#include "clients/cpp/cli/resource_input.h"
#include "clients/cpp/cli/session.h"
#include "clients/cpp/cli/table.h"
#include "lagnet/status_macros.h"

// The verbs that every noun shares. Each adds a subcommand to `noun` that calls
// `method`; what the methods' requests look like is the API's own style
// (`name`, `x_id` and `x`, `update_mask`, `request_id`), found by reflection.
namespace lagnet::cli {

// What a command was given besides its flags. Shared with CLI11, which writes
// into it while the command line is parsed.
template <typename Request>
struct Input {
  Request request;
  std::unique_ptr<FieldFlags> flags;
};

// Sets a string field of a request, if it has it.
void SetText(const std::string& field, const std::string& value,
             google::protobuf::Message& message);

// --etag, for verbs.
FieldFlag EtagFlag();

// Adds --request-id, which names the call so that it can be repeated.
void AddRequestId(CLI::App* command, std::string* id);

// `list`: filters are flags, `table` shows what was found.
template <typename Stub, typename Request, typename Response>
void AddList(CLI::App* noun, Session& session,
             client::UnaryMethod<Stub, Request, Response> method,
             const std::string& help, const std::vector<FieldFlag>& filters,
             std::function<Table(const Response&)> table) {
  CLI::App* command = noun->add_subcommand("list", help);
  const auto input = std::make_shared<Input<Request>>();
  input->flags = std::make_unique<FieldFlags>(command, input->request, filters);
  session.OnRun(command, [&session, input, method, table]() -> absl::Status {
    RETURN_IF_ERROR(input->flags->Apply(session.language, input->request));
    ASSIGN_OR_RETURN(const Response found,
                     session.ListAll(method, input->request));
    session.json ? session.Print(found)
                 : session.Print(table(found), "Nothing found.");
    return absl::OkStatus();
  });
}

// `get NAME`, and every other verb whose request has a `name` and perhaps
// fields that `flags` set. `done` is what is printed, before the resource's
// name; if it is empty the whole resource is.
template <typename Stub, typename Request, typename Response>
CLI::App* AddVerb(CLI::App* noun, Session& session, const std::string& verb,
                  client::UnaryMethod<Stub, Request, Response> method,
                  const std::string& help, const std::string& done = "",
                  const std::vector<FieldFlag>& flags = {}) {
  CLI::App* command = noun->add_subcommand(verb, help);
  const auto input = std::make_shared<Input<Request>>();
  auto name = std::make_shared<std::string>();
  auto request_id = std::make_shared<std::string>();
  command->add_option("name", *name, "id or full name")->required();
  if (Request::descriptor()->FindFieldByName("request_id") != nullptr) {
    AddRequestId(command, request_id.get());
  }
  input->flags = std::make_unique<FieldFlags>(command, input->request, flags);
  session.OnRun(command, [=, &session]() -> absl::Status {
    Request& request = input->request;
    RETURN_IF_ERROR(SetField(Request::descriptor()->FindFieldByName("name"),
                             *name, session.language, request));
    SetText("request_id", *request_id, request);
    RETURN_IF_ERROR(input->flags->Apply(session.language, request));
    ASSIGN_OR_RETURN(const Response response, session.Call(method, request));
    if (session.json || done.empty()) {
      session.Print(response);
    } else {
      std::cout << done << ' ' << request.name() << '\n';
    }
    return absl::OkStatus();
  });
  return command;
}

// `create ID`: the resource comes from flags, from a file, or from both, and
// then the flags win. `of_request` are flags for the rest of the request;
// `complete`, if given, finishes the resource before it is sent; `refused` may
// say more about a call that failed, and returns how the command ends.
template <typename Stub, typename Request, typename Resource>
CLI::App* AddCreate(CLI::App* noun, Session& session,
                    client::UnaryMethod<Stub, Request, Resource> method,
                    const std::string& help,
                    const std::vector<FieldFlag>& flags,
                    std::function<absl::Status(Resource&)> complete = nullptr,
                    const std::vector<FieldFlag>& of_request = {},
                    std::function<absl::Status(const Request&, absl::Status)>
                        refused = nullptr) {
  CLI::App* command = noun->add_subcommand("create", help);
  const auto input = std::make_shared<ResourceInput>(
      command, Request::default_instance(), Resource::default_instance(), flags,
      of_request);
  session.OnRun(command, [=, &session]() -> absl::Status {
    Request request;
    Resource resource;
    RETURN_IF_ERROR(input->Read(session.language, resource));
    if (complete != nullptr) RETURN_IF_ERROR(complete(resource));
    RETURN_IF_ERROR(input->PutInto(resource, request));
    const absl::StatusOr<Resource> created = session.Call(method, request);
    if (!created.ok()) {
      return refused == nullptr ? created.status()
                                : refused(request, created.status());
    }
    session.Print(*created);
    return absl::OkStatus();
  });
  return command;
}

// `update ID`: changes what flags or a file give and nothing else. Reads the
// resource first, so that a text in one language leaves the others as they
// are, and starts anew if somebody changes it in between.
template <typename Stub, typename GetRequest, typename Request,
          typename Resource>
CLI::App* AddUpdate(CLI::App* noun, Session& session,
                    client::UnaryMethod<Stub, GetRequest, Resource> get,
                    client::UnaryMethod<Stub, Request, Resource> update,
                    const std::string& help,
                    const std::vector<FieldFlag>& flags,
                    const std::vector<FieldFlag>& of_request = {}) {
  CLI::App* command = noun->add_subcommand("update", help);
  const auto input = std::make_shared<ResourceInput>(
      command, Request::default_instance(), Resource::default_instance(), flags,
      of_request);
  session.OnRun(command, [=, &session]() -> absl::Status {
    constexpr int kTries = 10;
    for (int tries = 1;; ++tries) {
      GetRequest wanted;
      ASSIGN_OR_RETURN(*wanted.mutable_name(), input->Name());
      ASSIGN_OR_RETURN(Resource resource, session.Call(get, wanted));
      const std::string etag = resource.etag();
      RETURN_IF_ERROR(input->Read(session.language, resource));
      resource.set_name(wanted.name());
      if (resource.etag().empty()) resource.set_etag(etag);
      Request request;
      RETURN_IF_ERROR(input->PutInto(resource, request));
      const absl::StatusOr<Resource> changed = session.Call(update, request);
      if (changed.ok()) {
        session.Print(*changed);
        return absl::OkStatus();
      }
      const bool overtaken =
          client::Decode(changed.status()).reason == "ETAG_MISMATCH";
      if (!overtaken || resource.etag() != etag || tries == kTries) {
        return changed.status();
      }
    }
  });
  return command;
}

}  // namespace lagnet::cli

#endif  // LAGNET_CLI_VERBS_H_
