#include <iostream>
#include <limits>
#include <memory>
#include <string>

#include "clients/cpp/cli/failure.h"
#include "clients/cpp/cli/nouns.h"
#include "clients/cpp/cli/verbs.h"

namespace lagnet::cli {
namespace {

using client::Bounces;
using mail::v1::ReportBounceRequest;
using mail::v1::ReportBounceResponse;

// What ReportBounceRequest.message takes. Reports about letters are smaller.
constexpr size_t kMostBytesOfMail = 1'000'000;

std::string ReadMail() {
  std::string mail(kMostBytesOfMail + 1, '\0');
  std::cin.read(mail.data(), static_cast<std::streamsize>(mail.size()));
  mail.resize(static_cast<size_t>(std::cin.gcount()));
  // To its end: a mail server that cannot write it all sees a failure.
  std::cin.ignore(std::numeric_limits<std::streamsize>::max());
  return mail;
}

const char* Sentence(ReportBounceResponse::Outcome outcome) {
  switch (outcome) {
    case ReportBounceResponse::NOT_A_REPORT:
      return "Ignored: it is no report about the delivery of a mail.";
    case ReportBounceResponse::NOT_OURS:
      return "Ignored: it is about no letter that the server has sent to that "
             "address within 30 days.";
    case ReportBounceResponse::NOT_FAILED:
      return "Ignored: the letter is late, or has arrived.";
    case ReportBounceResponse::OTHER_FAULT:
      return "Noted: the letter did not arrive, which is no fault of the "
             "address.";
    case ReportBounceResponse::ADDRESS_REFUSED:
      return "Noted: the address takes no mail, and is not written to any "
             "more.";
    default:
      return "Taken, with an answer that this program is too old for.";
  }
}

// Whatever goes wrong, the mail must not be lost, nor be sent back: it is to be
// tried again when the server, the key or the settings are mended.
absl::Status ReportBounced(Session& session, ReportBounceRequest& request) {
  request.set_message(ReadMail());
  ReportBounceResponse response;
  if (request.message().size() > kMostBytesOfMail) {
    response.set_outcome(ReportBounceResponse::NOT_A_REPORT);
  } else {
    const auto answer = session.Call(&Bounces::ReportBounce, request);
    if (!answer.ok()) return TryLater(answer.status());
    response = *answer;
  }
  if (session.json) {
    session.Print(response);
  } else {
    std::cout << Sentence(response.outcome()) << '\n';
  }
  return absl::OkStatus();
}

}  // namespace

void AddMail(CLI::App& app, Session& session) {
  CLI::App* mail =
      app.add_subcommand("mail", "Letters that the server has sent");
  mail->require_subcommand(1);
  CLI::App* bounced = mail->add_subcommand(
      "bounced",
      "Reads a mail from standard input: the server writes no more to an "
      "address that it reports as gone. For mail servers: exit code 75 means "
      "try again");
  const auto request = std::make_shared<ReportBounceRequest>();
  AddRequestId(bounced, request->mutable_request_id());
  session.OnRun(bounced, [&session, request] {
    return ReportBounced(session, *request);
  });
}

}  // namespace lagnet::cli
