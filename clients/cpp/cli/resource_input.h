#ifndef LAGNET_CLI_RESOURCE_INPUT_H_
#define LAGNET_CLI_RESOURCE_INPUT_H_

#include <memory>
#include <string>
#include <vector>

#include "CLI/App.hpp"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "clients/cpp/cli/field_flags.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace lagnet::cli {

// The resource that a create or update command is given: its id, a flag for
// each common field, and `--from FILE` for all of it.
class ResourceInput {
 public:
  // Adds them to `command`, which sends a `request` with a `resource` in it;
  // `of_request` are flags for what the request says beside the resource.
  ResourceInput(CLI::App* command, const google::protobuf::Message& request,
                const google::protobuf::Message& resource,
                const std::vector<FieldFlag>& flags,
                const std::vector<FieldFlag>& of_request = {});

  // The full name: from the id, or else from the file.
  absl::StatusOr<std::string> Name();

  // Sets in `resource` what the file and the flags say. All fails with a
  // UsageError.
  absl::Status Read(absl::string_view language,
                    google::protobuf::Message& resource);

  // Puts the resource, its id and the rest into a create or update request.
  absl::Status PutInto(const google::protobuf::Message& resource,
                       google::protobuf::Message& request);

 private:
  absl::Status Load();

  const google::protobuf::FieldDescriptor* const field_;
  std::string id_;
  std::string file_;
  std::string request_id_;
  bool validate_only_ = false;
  std::unique_ptr<FieldFlags> flags_;
  std::unique_ptr<FieldFlags> request_flags_;
  std::unique_ptr<google::protobuf::Message> loaded_;
  std::vector<std::string> loaded_fields_;
};

}  // namespace lagnet::cli

#endif  // LAGNET_CLI_RESOURCE_INPUT_H_
