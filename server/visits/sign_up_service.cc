#include <algorithm>
#include <memory>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "server/base/error.h"
#include "server/base/id.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/base/work.h"
#include "server/changes/log.h"
#include "server/db/requests.h"
#include "server/db/transact.h"
#include "server/rpc/page_token.h"
#include "server/rpc/status.h"
#include "server/rpc/types.h"
#include "server/visits/convert.h"
#include "server/visits/draw_store.h"
#include "server/visits/letter_store.h"
#include "server/visits/plan_store.h"
#include "server/visits/seat_history_store.h"
#include "server/visits/seat_store.h"
#include "server/visits/service.h"
#include "server/visits/sign_up_store.h"
#include "server/visits/store.h"
#include "server/visits/why_store.h"

namespace lagnet::visits {
namespace {

struct SignUpIds {
  std::string visit;
  std::string sign_up;
};

absl::StatusOr<SignUpIds> ParseSignUpName(const std::string& name) {
  auto ids = ParseName("studyVisits", "signUps", name);
  if (!ids) {
    return InvalidField("name",
                        "must be a name such as studyVisits/…/signUps/…");
  }
  return SignUpIds{std::move(ids->first), std::move(ids->second)};
}

// What a sign-up belongs to: its organisation, and the visit's hosts.
absl::StatusOr<rpc::Scope> ScopeOf(db::Tx& tx, const std::string& name) {
  ASSIGN_OR_RETURN(const SignUpIds ids, ParseSignUpName(name));
  ASSIGN_OR_RETURN(const SignUpOwner owner, LoadSignUpOwner(tx, ids.sign_up));
  if (owner.visit != ids.visit) {
    return NoSuch("sign-up", ids.sign_up);
  }
  ASSIGN_OR_RETURN(const StudyVisit visit, LoadVisit(tx, ids.visit));
  return rpc::Scope{.network = visit.network,
                    .organizations = {owner.organization},
                    .hosts = visit.hosts,
                    .project = visit.project,
                    .sign_up = name,
                    .link = LinkOf(name, owner.head_version)};
}

}  // namespace

SignUpService::SignUpService(rpc::Gate* gate, db::Pool* pool, Desk* desk,
                             Watches* watches, const privacy::Vault* vault,
                             bool mails_links)
    : gate_(gate),
      pool_(pool),
      desk_(desk),
      watches_(watches),
      vault_(vault),
      mails_links_(mails_links) {
  gate->RegisterService(*v1::SignUp::descriptor()->file()->service(0));
  gate->RegisterOwner(
      "studyVisits/signUps",
      {.from_memory = {},
       .load = [pool](const std::string& name, absl::Time deadline) {
         return db::Transact(*pool, deadline,
                             [&](db::Tx& tx) { return ScopeOf(tx, name); });
       }});
}

absl::StatusOr<v1::SignUp> SignUpService::Get(
    const rpc::Call& call, const v1::GetSignUpRequest& request) {
  ASSIGN_OR_RETURN(const SignUpIds ids, ParseSignUpName(request.name()));
  const auto load = [&](db::Tx& tx) -> absl::StatusOr<SignUp> {
    ASSIGN_OR_RETURN(SignUp sign_up, LoadSignUp(tx, *vault_, ids.sign_up));
    if (sign_up.visit != ids.visit) return NoSuch("sign-up", ids.sign_up);
    SayWhyTheyWait(tx, ids.visit, {&sign_up});
    sign_up.history_end = SeatsKeptUntil(tx, *vault_, sign_up);
    return sign_up;
  };
  ASSIGN_OR_RETURN(const SignUp sign_up,
                   db::Transact(*pool_, call.deadline, load));
  return ToProto(sign_up);
}

absl::StatusOr<v1::ListSignUpsResponse> SignUpService::List(
    const rpc::Call& call, const v1::ListSignUpsRequest& request) {
  ASSIGN_OR_RETURN(const std::string visit,
                   rpc::IdOf("studyVisits", "parent", request.parent()));
  ASSIGN_OR_RETURN(const rpc::Page page, rpc::PageOf(request));
  ASSIGN_OR_RETURN(const SignUpFilter filter,
                   FilterOf(request, call.caller.identity));
  SignUpPosition after;
  (void)absl::SimpleAtoi(page.after.key, &after.rank);
  after.arrival = page.after.id;
  const auto load =
      [&](db::Tx& tx) -> absl::StatusOr<std::vector<ListedSignUp>> {
    ASSIGN_OR_RETURN(
        std::vector<ListedSignUp> found,
        LoadSignUps(tx, *vault_, visit, filter, after, page.size + 1));
    std::vector<SignUp*> sign_ups;
    for (ListedSignUp& entry : found) sign_ups.push_back(&entry.sign_up);
    SayWhyTheyWait(tx, visit, sign_ups);
    return found;
  };
  ASSIGN_OR_RETURN(std::vector<ListedSignUp> listed,
                   db::Transact(*pool_, call.deadline, load));
  v1::ListSignUpsResponse response;
  if (static_cast<int>(listed.size()) > page.size) {
    listed.resize(static_cast<size_t>(page.size));
    const SignUpPosition& last = listed.back().position;
    response.set_next_page_token(
        rpc::NextPageToken(request, {absl::StrCat(last.rank), last.arrival}));
  }
  for (const ListedSignUp& entry : listed) {
    *response.add_sign_ups() = ToProto(entry.sign_up);
  }
  return response;
}

absl::StatusOr<Wish> SignUpService::WishOf(
    const rpc::Call& call, const v1::CreateSignUpRequest& request) {
  Wish wish{.request = call.request,
            .deadline = call.deadline,
            .validate_only = request.validate_only()};
  ASSIGN_OR_RETURN(wish.visit,
                   rpc::IdOf("studyVisits", "parent", request.parent()));
  ASSIGN_OR_RETURN(wish.sign_up, FromProto(wish.visit, request.sign_up()));
  RETURN_IF_ERROR(CheckSignUp(wish.sign_up));
  wish.sign_up.id = RandomId();
  wish.sign_up.creator = call.caller.identity;
  wish.sign_up.is_unverified = MailsLinkFor(call);
  if (wish.sign_up.is_unverified && !request.browser_network().empty()) {
    wish.network = vault_->NetworkHash(wish.visit, request.browser_network());
  }
  wish.is_nominated = call.caller.Holds(
      {rpc::Role::LAG_MANAGER, rpc::Role::PARTNER_SYSTEM},
      {.organizations = {wish.sign_up.organization}}, call.now);
  return wish;
}

v1::SignUp SignUpService::WithLink(const SignUp& sign_up) const {
  v1::SignUp result = ToProto(sign_up);
  result.set_holder_token(
      vault_->Token(privacy::TokenKind::kHolder,
                    LinkOf(result.name(), sign_up.head_version)));
  return result;
}

void SignUpService::Create(const rpc::Call& call,
                           const v1::CreateSignUpRequest& request,
                           Done<v1::SignUp> done) {
  absl::StatusOr<Wish> wish = WishOf(call, request);
  if (!wish.ok()) return done(wish.status());
  wish->done = [this, gives_link = !MailsLinkFor(call),
                done = std::move(done)](absl::StatusOr<SignUp> result) {
    if (!result.ok()) return done(result.status());
    done(gives_link ? WithLink(*result) : ToProto(*result));
  };
  desk_->Submit(*std::move(wish));
}

template <typename Command, typename Request>
void SignUpService::Ask(const rpc::Call& call, const Request& request,
                        Done<v1::SignUp> done,
                        const std::function<absl::Status(Wish&)>& fill) {
  absl::StatusOr<SignUpIds> ids = ParseSignUpName(request.name());
  if (!ids.ok()) return done(ids.status());
  Wish wish{.request = call.request,
            .deadline = call.deadline,
            .visit = ids->visit,
            .change = Command{.sign_up = ids->sign_up},
            .etag = request.etag()};
  wish.sign_up.id = ids->sign_up;
  if (fill) {
    const absl::Status filled = fill(wish);
    if (!filled.ok()) return done(filled);
  }
  // Another head has another link.
  const auto* substitute = std::get_if<SubstituteCommand>(&*wish.change);
  const bool gives_link =
      substitute != nullptr && substitute->member == 0 && !MailsLinkFor(call);
  wish.done = [this, gives_link,
               done = std::move(done)](absl::StatusOr<SignUp> result) {
    if (!result.ok()) return done(result.status());
    done(gives_link ? WithLink(*result) : ToProto(*result));
  };
  desk_->Submit(std::move(wish));
}

void SignUpService::Withdraw(const rpc::Call& call,
                             const v1::WithdrawSignUpRequest& request,
                             Done<v1::SignUp> done) {
  Ask<WithdrawCommand>(call, request, std::move(done));
}

void SignUpService::Verify(const rpc::Call& call,
                           const v1::VerifySignUpRequest& request,
                           Done<v1::SignUp> done) {
  Ask<VerifyCommand>(call, request, std::move(done));
}

void SignUpService::Confirm(const rpc::Call& call,
                            const v1::ConfirmSignUpRequest& request,
                            Done<v1::SignUp> done) {
  Ask<ConfirmCommand>(
      call, request, std::move(done), [&](Wish& wish) -> absl::Status {
        ASSIGN_OR_RETURN(
            wish.organization,
            rpc::IdOf("organizations", "organization", request.organization()));
        return absl::OkStatus();
      });
}

void SignUpService::Refuse(const rpc::Call& call,
                           const v1::RefuseSignUpRequest& request,
                           Done<v1::SignUp> done) {
  Ask<RefuseCommand>(
      call, request, std::move(done), [&](Wish& wish) -> absl::Status {
        ASSIGN_OR_RETURN(
            wish.organization,
            rpc::IdOf("organizations", "organization", request.organization()));
        wish.reason = request.reason();
        return absl::OkStatus();
      });
}

void SignUpService::Accept(const rpc::Call& call,
                           const v1::AcceptSignUpRequest& request,
                           Done<v1::SignUp> done) {
  Ask<AcceptCommand>(call, request, std::move(done),
                     [&](Wish& wish) -> absl::Status {
                       wish.reason = request.note();
                       return absl::OkStatus();
                     });
}

void SignUpService::Decline(const rpc::Call& call,
                            const v1::DeclineSignUpRequest& request,
                            Done<v1::SignUp> done) {
  Ask<DeclineCommand>(call, request, std::move(done));
}

void SignUpService::Substitute(const rpc::Call& call,
                               const v1::SubstituteMemberRequest& request,
                               Done<v1::SignUp> done) {
  Ask<SubstituteCommand>(
      call, request, std::move(done), [&](Wish& wish) -> absl::Status {
        wish.substitute = FromProto(request.person());
        const bool is_head = request.member() == 1;
        if (wish.substitute->full_name.empty() &&
            (is_head || wish.substitute->email.empty())) {
          return InvalidField("person.full_name",
                              is_head
                                  ? "must be given: it is the head"
                                  : "must be given, or an e-mail to invite");
        }
        RETURN_IF_ERROR(CheckMember(*wish.substitute, "person"));
        std::get<SubstituteCommand>(*wish.change).member = request.member() - 1;
        return absl::OkStatus();
      });
}

void SignUpService::Promote(const rpc::Call& call,
                            const v1::PromoteSignUpRequest& request,
                            Done<v1::SignUp> done) {
  Ask<PromoteCommand>(call, request, std::move(done),
                      [&](Wish& wish) -> absl::Status {
                        wish.reason = request.reason();
                        return absl::OkStatus();
                      });
}

namespace {

// The answers of a batch call, as they come in.
struct Results {
  absl::Mutex mutex;
  v1::BatchCreateSignUpsResponse response ABSL_GUARDED_BY(mutex);
  uint64_t revision ABSL_GUARDED_BY(mutex) = 0;
  int missing ABSL_GUARDED_BY(mutex) = 0;
};

}  // namespace

void SignUpService::BatchCreate(const rpc::Call& call,
                                const v1::BatchCreateSignUpsRequest& request,
                                Done<v1::BatchCreateSignUpsResponse> done) {
  auto results = std::make_shared<Results>();
  {
    absl::MutexLock lock(&results->mutex);
    results->missing = request.requests_size();
    for (const v1::CreateSignUpRequest& item : request.requests()) {
      results->response.add_results()->set_external_id(
          item.sign_up().external_id());
    }
  }
  const auto answer = [this, results, done, id = call.id](
                          int i, absl::StatusOr<SignUp> result) {
    v1::BatchCreateSignUpsResponse response;
    {
      absl::MutexLock lock(&results->mutex);
      auto* entry = results->response.mutable_results(i);
      if (result.ok()) {
        *entry->mutable_sign_up() = WithLink(*result);
      } else {
        *entry->mutable_error() = rpc::ToWire(result.status(), id);
      }
      // The items may have been decided in several transactions.
      results->revision = std::max(results->revision, RevisionOfThisThread());
      if (--results->missing > 0) return;
      NoteRevision(results->revision);
      response = std::move(results->response);
    }
    done(std::move(response));
  };
  // An item's repeat is known by what was sent, whatever was merged meanwhile.
  const auto& sent =
      static_cast<const v1::BatchCreateSignUpsRequest&>(*call.sent);
  // The request is gone as soon as the last item is answered.
  const int count = request.requests_size();
  for (int i = 0; i < count; ++i) {
    const v1::CreateSignUpRequest& item = request.requests(i);
    if (item.sign_up().organization() != request.organization()) {
      answer(i, InvalidField("sign_up.organization",
                             "is another organisation than the batch's"));
      continue;
    }
    rpc::Call one = call;
    one.request.request_id = item.request_id();
    one.request.fingerprint = gate_->FingerprintOf(sent.requests(i));
    absl::StatusOr<Wish> wish = WishOf(one, item);
    if (!wish.ok()) {
      answer(i, wish.status());
      continue;
    }
    wish->done = [answer, i](absl::StatusOr<SignUp> result) {
      answer(i, std::move(result));
    };
    desk_->Submit(*std::move(wish));
  }
}

absl::StatusOr<v1::SignUp> SignUpService::Erase(
    const rpc::Call& call, const v1::EraseSignUpRequest& request) {
  ASSIGN_OR_RETURN(const SignUpIds ids, ParseSignUpName(request.name()));
  const auto erase = [&](db::Tx& tx) -> absl::StatusOr<std::string> {
    // Before the sign-up is read, so that what is read stays true.
    LockSeats(tx, {ids.visit});
    ASSIGN_OR_RETURN(const SignUp sign_up,
                     LoadSignUp(tx, *vault_, ids.sign_up));
    if (sign_up.visit != ids.visit) return NoSuch("sign-up", ids.sign_up);
    ASSIGN_OR_RETURN(const StudyVisit visit, LoadVisit(tx, ids.visit));
    if (IsOnVisit(visit, sign_up, tx.now())) {
      const auto withdraw =
          [&](const SeatPlan& plan) -> absl::StatusOr<LoneWish> {
        LoneWish wish{WithdrawCommand{.sign_up = ids.sign_up}};
        // Until the head's address is confirmed nobody else was told anything.
        if (mails_links_ && !sign_up.is_unverified) {
          wish.letters = LettersToErased(*vault_, sign_up, plan.version() + 1);
        }
        return wish;
      };
      RETURN_IF_ERROR(DecideAlone(tx, ids.visit, call.request, withdraw));
    }
    ForgetSeats(tx, *vault_, visit.network, sign_up);
    RETURN_IF_ERROR(EraseFromDraw(tx, visit.row, ids.sign_up));
    if (visits::EraseSignUp(tx, ids.visit, ids.sign_up)) {
      changes::Append(tx, call.request,
                      {{.network = visit.network,
                        .resource = request.name(),
                        .version = sign_up.version}});
    }
    return request.name();
  };
  const auto render = [&](db::Tx& tx,
                          const std::string&) -> absl::StatusOr<v1::SignUp> {
    ASSIGN_OR_RETURN(const SignUp sign_up,
                     LoadSignUp(tx, *vault_, ids.sign_up));
    return ToProto(sign_up);
  };
  return db::Once(*pool_, {call.deadline, call.request}, erase, render);
}

absl::StatusOr<v1::RankSignUpsResponse> SignUpService::Rank(
    const rpc::Call& call, const v1::RankSignUpsRequest& request) {
  ASSIGN_OR_RETURN(const std::string visit,
                   rpc::IdOf("studyVisits", "parent", request.parent()));
  RankCommand command;
  ASSIGN_OR_RETURN(
      command.organization,
      rpc::IdOf("organizations", "organization", request.organization()));
  for (const std::string& name : request.sign_ups()) {
    auto ids = ParseName("studyVisits", "signUps", name);
    if (!ids) return InvalidField("sign_ups", "must be names of sign-ups");
    // One of another visit is nobody who waits on this one.
    command.sign_ups.push_back(ids->first == visit ? std::move(ids->second)
                                                   : name);
  }
  const auto rank = [&](db::Tx& tx) -> absl::StatusOr<std::string> {
    const auto ask = [&](const SeatPlan&) -> absl::StatusOr<LoneWish> {
      return LoneWish{command};
    };
    RETURN_IF_ERROR(DecideAlone(tx, visit, call.request, ask));
    return request.parent();
  };
  const auto read =
      [&](db::Tx& tx,
          const std::string&) -> absl::StatusOr<v1::RankSignUpsResponse> {
    ASSIGN_OR_RETURN(std::vector<SignUp> waiting,
                     LoadQueueOf(tx, *vault_, visit, command.organization));
    v1::RankSignUpsResponse response;
    for (const SignUp& sign_up : waiting) {
      *response.add_sign_ups() = ToProto(sign_up);
    }
    return response;
  };
  return db::Once(*pool_, {call.deadline, call.request}, rank, read);
}

absl::StatusOr<v1::SignUpExplanation> SignUpService::Explain(
    const rpc::Call& call, const v1::ExplainSignUpRequest& request) {
  ASSIGN_OR_RETURN(const SignUpIds ids, ParseSignUpName(request.name()));
  const std::string language =
      request.language().empty() ? "en" : request.language();
  const auto explain =
      [&](db::Tx& tx) -> absl::StatusOr<v1::SignUpExplanation> {
    ASSIGN_OR_RETURN(SignUp sign_up, LoadSignUp(tx, *vault_, ids.sign_up));
    if (sign_up.visit != ids.visit) return NoSuch("sign-up", ids.sign_up);
    SayWhyTheyWait(tx, ids.visit, {&sign_up});
    ASSIGN_OR_RETURN(const StudyVisit visit, LoadVisit(tx, ids.visit));
    const Explanation explanation =
        visits::Explain(LoadHistory(tx, visit), ids.sign_up);
    v1::SignUpExplanation result = ToProto(explanation);
    *result.mutable_sign_up() = ToProto(sign_up);
    result.set_text(
        SayWhy(language, visit, sign_up, explanation,
               LoadNames(tx, visit.rules, language, GroupsIn(explanation))));
    return result;
  };
  return db::Transact(*pool_, call.deadline, explain);
}

absl::Status SignUpService::Watch(
    const rpc::Call& call, const v1::WatchSignUpsRequest& request,
    std::shared_ptr<rpc::Feed<v1::WatchSignUpsResponse>> feed) {
  return watches_->Open(request, call.deadline, std::move(feed));
}

}  // namespace lagnet::visits
