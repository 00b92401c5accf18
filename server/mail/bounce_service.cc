#include "server/mail/bounce_service.h"

#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "server/base/log.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/db/requests.h"
#include "server/mail/delivery_report.h"
#include "server/mail/store.h"

namespace lagnet::mail {
namespace {

using Response = v1::ReportBounceResponse;
using Fate = DeliveryReport::Fate;

// A letter of this server that a report is about.
struct Bounce {
  std::string letter;   // Its name.
  std::string address;  // To which it was sent.
  Fate fate;
  std::string status;
};

std::optional<Bounce> FindOurs(const DeliveryReport& report,
                               const privacy::Vault& vault) {
  for (const DeliveryReport::Recipient& recipient : report.recipients) {
    const auto& [address, original, fate, status] = recipient;
    if (const auto letter = vault.ReadLetterId(report.message_id, address)) {
      return Bounce{*letter, address, fate, status};
    }
    // Forwarded from the address, which others may read as well.
    if (const auto letter = vault.ReadLetterId(report.message_id, original)) {
      return Bounce{*letter, original,
                    fate == Fate::kAddressRefused ? Fate::kOtherFault : fate,
                    status};
    }
  }
  return std::nullopt;
}

Response Answer(Response::Outcome outcome) {
  Response response;
  response.set_outcome(outcome);
  return response;
}

}  // namespace

BounceService::BounceService(rpc::Gate* gate, db::Pool* pool,
                             const privacy::Vault* vault)
    : gate_(gate), pool_(pool), vault_(vault) {
  gate->RegisterService(
      *v1::ReportBounceRequest::descriptor()->file()->service(0));
}

absl::StatusOr<Response> BounceService::Report(
    const rpc::Call& call, const v1::ReportBounceRequest& request) {
  const auto report = ReadDeliveryReport(request.message());
  if (!report) return Answer(Response::NOT_A_REPORT);
  const auto bounce = FindOurs(*report, *vault_);
  if (!bounce) return Answer(Response::NOT_OURS);
  if (bounce->fate == Fate::kNotFailed) return Answer(Response::NOT_FAILED);
  const bool is_refused = bounce->fate == Fate::kAddressRefused;
  // The letter, if it is known; it was deleted if the report is so late.
  const auto note = [&](db::Tx& tx) -> absl::StatusOr<std::string> {
    if (!NoteBounce(tx, bounce->letter,
                    absl::StrCat("came back: ", bounce->status))) {
      return std::string();
    }
    if (is_refused) NoteRefused(tx, vault_->AddressHash(bounce->address));
    return MakeName("letters", bounce->letter);
  };
  const auto render = [&](db::Tx&,
                          const std::string& name) -> absl::StatusOr<Response> {
    if (name.empty()) return Answer(Response::NOT_OURS);
    return Answer(is_refused ? Response::ADDRESS_REFUSED
                             : Response::OTHER_FAULT);
  };
  ASSIGN_OR_RETURN(
      const Response response,
      db::Once(*pool_, {call.deadline, call.request}, note, render));
  if (response.outcome() != Response::NOT_OURS) {
    Log(Severity::kWarning, "letter_came_back")
        .With("letter", bounce->letter)
        .With("status", bounce->status);
  }
  return response;
}

}  // namespace lagnet::mail
