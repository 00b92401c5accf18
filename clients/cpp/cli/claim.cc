#include "absl/strings/ascii.h"
#include "clients/cpp/cli/failure.h"
#include "clients/cpp/cli/json.h"
#include "clients/cpp/cli/names.h"
#include "clients/cpp/cli/nouns.h"
#include "clients/cpp/cli/text.h"
#include "clients/cpp/cli/verbs.h"

namespace lagnet::cli {
namespace {

using access::v1::AcceptClaimRequest;
using access::v1::AcceptClaimResponse;
using access::v1::StartClaimRequest;
using access::v1::StartClaimResponse;
using client::Claims;

struct StartInput {
  std::string organization;
  StartClaimRequest request;
};

absl::Status Start(Session& session, StartInput& input) {
  ASSIGN_OR_RETURN(*input.request.mutable_organization(),
                   FullName("lagnet/Organization", input.organization));
  ASSIGN_OR_RETURN(const StartClaimResponse claim,
                   session.Call(&Claims::StartClaim, input.request));
  if (!claim.has_expire_time()) {
    std::cerr
        << "This claim has ended: it was accepted, or another followed.\n";
    return ToldFailure();
  }
  if (session.json) {
    session.Print(claim);
    return absl::OkStatus();
  }
  if (claim.token().empty()) {
    std::cout << "Mailed to " << OneLine(claim.email()) << ". It works until "
              << Show(claim.expire_time()) << ".\n";
    return absl::OkStatus();
  }
  // The token alone on standard output, so that it can go on to a mail.
  std::cerr << "Send this to " << OneLine(claim.email())
            << ", and to nobody else. It works until "
            << Show(claim.expire_time()) << ".\n";
  std::cout << claim.token() << '\n';
  return absl::OkStatus();
}

struct AcceptInput {
  std::string file = "-";
  AcceptClaimRequest request;
};

absl::Status Accept(Session& session, AcceptInput& input) {
  ASSIGN_OR_RETURN(const std::string text, ReadInput(input.file));
  input.request.set_token(std::string(absl::StripAsciiWhitespace(text)));
  ASSIGN_OR_RETURN(const AcceptClaimResponse accepted,
                   session.Call(&Claims::AcceptClaim, input.request));
  if (session.json) {
    session.Print(accepted);
  } else {
    std::cout << "You speak for " << accepted.grant().organization() << '\n';
  }
  return absl::OkStatus();
}

}  // namespace

void AddClaims(CLI::App* org, Session& session) {
  CLI::App* start = org->add_subcommand(
      "claim", "Lets an organisation claim its entry: by mail, or by a token");
  const auto started = std::make_shared<StartInput>();
  start->add_option("name", started->organization, "id or full name")
      ->required();
  AddRequestId(start, started->request.mutable_request_id());
  session.OnRun(start,
                [&session, started] { return Start(session, *started); });

  CLI::App* accept = org->add_subcommand(
      "accept-claim", "Claims an organisation's entry with a token");
  const auto accepted = std::make_shared<AcceptInput>();
  // Not on the command line, where every user of the machine could read it.
  accept
      ->add_option("--token-file", accepted->file,
                   "the file with the token; standard input if not given")
      ->type_name("FILE");
  AddRequestId(accept, accepted->request.mutable_request_id());
  session.OnRun(accept,
                [&session, accepted] { return Accept(session, *accepted); });
}

}  // namespace lagnet::cli
