#include "clients/cpp/cli/sign_up_batch.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "clients/cpp/cli/failure.h"
#include "clients/cpp/cli/json.h"
#include "clients/cpp/cli/names.h"
#include "clients/cpp/cli/verbs.h"
#include "lagnet/uuid.h"
#include "nlohmann/json.hpp"

namespace lagnet::cli {
namespace {

using client::SignUps;
using visits::v1::BatchCreateSignUpsRequest;
using visits::v1::BatchCreateSignUpsResponse;
using visits::v1::SignUp;

constexpr int kMostPerCall = 100;

struct BatchInput {
  std::string organization;
  std::string file;
};

// The file's requests, each with an id that follows from its content: the same
// file again signs nobody up twice.
absl::StatusOr<BatchCreateSignUpsRequest> Read(const BatchInput& input) {
  ASSIGN_OR_RETURN(const std::string organization,
                   FullName("lagnet/Organization", input.organization));
  ASSIGN_OR_RETURN(const std::string text, ReadInput(input.file));
  BatchCreateSignUpsRequest batch;
  if (const absl::Status read = FromJson(text, batch); !read.ok()) {
    return UsageError(absl::StrCat(input.file, ": ", read.message()));
  }
  batch.set_organization(organization);
  for (auto& item : *batch.mutable_requests()) {
    ASSIGN_OR_RETURN(*item.mutable_parent(),
                     FullName("lagnet/StudyVisit", item.parent()));
    item.mutable_sign_up()->set_organization(organization);
    if (item.request_id().empty()) {
      // Dumped again with its keys in order: a protobuf map has none.
      const auto content = nlohmann::json::parse(ToJson(item, true));
      item.set_request_id(
          client::UuidFor(absl::StrCat("signup batch\n", content.dump())));
    }
  }
  return batch;
}

absl::StatusOr<BatchCreateSignUpsResponse> Send(
    Session& session, const BatchCreateSignUpsRequest& all) {
  BatchCreateSignUpsResponse answers;
  for (int start = 0; start < all.requests_size(); start += kMostPerCall) {
    BatchCreateSignUpsRequest part;
    part.set_organization(all.organization());
    for (int i = start; i < std::min(start + kMostPerCall, all.requests_size());
         ++i) {
      *part.add_requests() = all.requests(i);
    }
    ASSIGN_OR_RETURN(const BatchCreateSignUpsResponse answer,
                     session.Call(&SignUps::BatchCreateSignUps, part));
    answers.MergeFrom(answer);
  }
  return answers;
}

Table ToTable(const BatchCreateSignUpsResponse& answers, int& failed) {
  Table table({"YOUR ID", "OUTCOME", "SIGN-UP, OR WHY NOT"});
  for (const auto& result : answers.results()) {
    if (result.has_error()) {
      ++failed;
      const client::Error error =
          client::Decode(client::ToStatus(result.error()));
      std::string why = error.message;
      for (const auto& field : error.fields) {
        absl::StrAppend(&why, "; ", field.path, ": ", field.description);
      }
      table.Add({result.external_id(),
                 error.reason.empty() ? "FAILED" : error.reason, why});
    } else {
      table.Add({result.external_id(),
                 SignUp::State_Name(result.sign_up().state()),
                 ShortName(result.sign_up().name())});
    }
  }
  return table;
}

}  // namespace

void AddBatch(CLI::App* noun, Session& session) {
  CLI::App* command = noun->add_subcommand(
      "batch",
      "Signs many up for one organisation, with an answer for each.\n"
      "FILE is JSON: {\"requests\": [{\"parent\": VISIT, \"signUp\": {...}}]}. "
      "The same file again signs nobody up twice.");
  const auto input = std::make_shared<BatchInput>();
  command->add_option("file", input->file, "- for standard input")->required();
  command->add_option("--organization", input->organization, "for whom")
      ->type_name("ID")
      ->required();
  session.OnRun(command, [&session, input]() -> absl::Status {
    ASSIGN_OR_RETURN(const BatchCreateSignUpsRequest batch, Read(*input));
    ASSIGN_OR_RETURN(const BatchCreateSignUpsResponse answers,
                     Send(session, batch));
    int failed = 0;
    const Table table = ToTable(answers, failed);
    session.json ? session.Print(answers)
                 : session.Print(table, "No sign-ups in the file.");
    return failed == 0 ? absl::OkStatus() : ToldFailure();
  });
}

}  // namespace lagnet::cli
