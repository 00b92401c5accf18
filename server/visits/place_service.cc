#include "server/visits/place_service.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/changes/log.h"
#include "server/db/requests.h"
#include "server/db/transact.h"
#include "server/rpc/field_mask.h"
#include "server/rpc/types.h"
#include "server/visits/convert.h"
#include "server/visits/letter.h"
#include "server/visits/seat_history_store.h"
#include "server/visits/seat_store.h"
#include "server/visits/sign_up_store.h"
#include "server/visits/store.h"
#include "server/visits/traits_store.h"

namespace lagnet::visits {
namespace {

absl::StatusOr<PlaceIds> ParsePlace(const std::string& name) {
  std::optional<PlaceIds> ids = ParsePlaceName(name);
  if (!ids) {
    return InvalidField(
        "name", "must be a name such as studyVisits/…/signUps/…/places/…");
  }
  return *std::move(ids);
}

absl::Status NoSuchPlace(const PlaceIds& ids) {
  return NoSuch("place", absl::StrCat(ids.place));
}

// The sign-up with the place in it: nobody is at that of who has left.
absl::StatusOr<SignUp> LoadSignUpOf(db::Tx& tx, const privacy::Vault& vault,
                                    const PlaceIds& ids) {
  ASSIGN_OR_RETURN(SignUp sign_up, LoadSignUp(tx, vault, ids.sign_up));
  if (sign_up.visit != ids.visit || MemberAt(sign_up.members, ids.place) < 0) {
    return NoSuchPlace(ids);
  }
  return sign_up;
}

// A place's link is its name: who comes later has another.
absl::StatusOr<rpc::Scope> ScopeOfPlace(db::Tx& tx, const std::string& name) {
  ASSIGN_OR_RETURN(const PlaceIds ids, ParsePlace(name));
  if (!HasPlace(tx, ids)) return NoSuchPlace(ids);
  return rpc::Scope{.link = name};
}

}  // namespace

PlaceService::PlaceService(rpc::Gate* gate, db::Pool* pool,
                           const privacy::Vault* vault, bool sends_mail)
    : gate_(gate), pool_(pool), vault_(vault), sends_mail_(sends_mail) {
  gate->RegisterService(*v1::Place::descriptor()->file()->service(0));
  gate->RegisterOwner(
      "studyVisits/signUps/places",
      {.from_memory = {},
       .load = [pool](const std::string& name, absl::Time deadline) {
         return db::Transact(*pool, deadline, [&](db::Tx& tx) {
           return ScopeOfPlace(tx, name);
         });
       }});
}

absl::StatusOr<v1::Place> PlaceService::Render(db::Tx& tx,
                                               const PlaceIds& ids) const {
  ASSIGN_OR_RETURN(const SignUp sign_up, LoadSignUpOf(tx, *vault_, ids));
  ASSIGN_OR_RETURN(const StudyVisit visit, LoadVisit(tx, ids.visit));
  const int at = MemberAt(sign_up.members, ids.place);
  v1::Place place;
  place.set_name(PlaceName(SignUpName(ids.visit, ids.sign_up), ids.place));
  *place.mutable_person() = ToProto(sign_up.members[static_cast<size_t>(at)]);
  place.set_head_name(sign_up.members[0].full_name);
  place.set_organization(MakeName("organizations", sign_up.organization));
  place.set_standing(static_cast<v1::SignUp::Standing>(sign_up.standing));
  place.set_state(static_cast<v1::SignUp::State>(sign_up.state));
  place.set_has_seat(at < sign_up.seats);
  if (IsOnVisit(visit, sign_up, tx.now())) {
    *place.mutable_naming_end_time() = rpc::ToProto(
        std::min(InstantsOf(visit).start, RulesOf(visit).placeholders_end));
  }
  if (const auto day =
          SeatKeptUntil(tx, *vault_, visit.network, sign_up,
                        sign_up.members[static_cast<size_t>(at)])) {
    place.set_seat_history_end(absl::FormatCivilTime(*day));
  }
  place.set_etag(rpc::EtagOf(sign_up.version));
  return place;
}

absl::StatusOr<v1::Place> PlaceService::Get(
    const rpc::Call& call, const v1::GetPlaceRequest& request) {
  ASSIGN_OR_RETURN(const PlaceIds ids, ParsePlace(request.name()));
  return db::Transact(*pool_, call.deadline,
                      [&](db::Tx& tx) { return Render(tx, ids); });
}

absl::Status PlaceService::Put(db::Tx& tx, const rpc::Call& call,
                               const PlaceIds& ids, SignUp sign_up,
                               Member person) const {
  const auto ask = [&](const SeatPlan& plan) -> absl::StatusOr<LoneWish> {
    LeaveOutUnnamed(plan, sign_up);
    const int at = MemberAt(sign_up.members, ids.place);
    if (at < 0) return NoSuchPlace(ids);
    const size_t place = static_cast<size_t>(at);
    sign_up.members[place] = person;
    SubstituteCommand command{
        .sign_up = ids.sign_up,
        .member = at,
        .person = NamePeople(tx, sign_up, plan.rules(),
                             HashesOf(*vault_, ScopeOf(ids.visit, plan.rules()),
                                      sign_up.members))[place]};
    LoneWish wish{.command = std::move(command),
                  .sign_up = sign_up,
                  .sealed = vault_->Seal(PackMembers(sign_up.members))};
    if (person.has_left && sends_mail_) {
      wish.letters.push_back(LetterOfLeaving(sign_up, ids.place));
    }
    return wish;
  };
  return DecideAlone(tx, ids.visit, call.request, ask);
}

absl::StatusOr<v1::Place> PlaceService::Fill(
    const rpc::Call& call, const v1::FillPlaceRequest& request) {
  ASSIGN_OR_RETURN(const PlaceIds ids, ParsePlace(request.name()));
  Member person = FromProto(request.person());
  if (person.full_name.empty()) {
    return InvalidField("person.full_name", "must be given");
  }
  RETURN_IF_ERROR(CheckMember(person, "person"));
  const auto fill = [&](db::Tx& tx) -> absl::StatusOr<std::string> {
    // Before the sign-up is read, so that what is read stays true.
    LockSeats(tx, {ids.visit});
    ASSIGN_OR_RETURN(const SignUp sign_up, LoadSignUpOf(tx, *vault_, ids));
    RETURN_IF_ERROR(
        rpc::CheckEtag(request.etag(), rpc::EtagOf(sign_up.version)));
    ASSIGN_OR_RETURN(const StudyVisit visit, LoadVisit(tx, ids.visit));
    if (!IsOnVisit(visit, sign_up, tx.now())) {
      return Error(absl::StatusCode::kFailedPrecondition, "WRONG_STATE",
                   "the party is on the visit no more, or it has begun");
    }
    const int at = MemberAt(sign_up.members, ids.place);
    const Member& before = sign_up.members[static_cast<size_t>(at)];
    if (!before.full_name.empty() && before.full_name != person.full_name &&
        before.email != person.email) {
      return InvalidField("person.email",
                          "must stay if the name does not: whoever comes "
                          "instead is named by the head");
    }
    person.place = before.place;
    person.staff = before.staff;
    RETURN_IF_ERROR(Put(tx, call, ids, sign_up, person));
    return request.name();
  };
  return db::Once(
      *pool_, {call.deadline, call.request}, fill,
      [&](db::Tx& tx, const std::string&) { return Render(tx, ids); });
}

absl::StatusOr<v1::LeavePlaceResponse> PlaceService::Leave(
    const rpc::Call& call, const v1::LeavePlaceRequest& request) {
  ASSIGN_OR_RETURN(const PlaceIds ids, ParsePlace(request.name()));
  const auto leave = [&](db::Tx& tx) -> absl::StatusOr<std::string> {
    LockSeats(tx, {ids.visit});
    ASSIGN_OR_RETURN(SignUp sign_up, LoadSignUpOf(tx, *vault_, ids));
    ASSIGN_OR_RETURN(const StudyVisit visit, LoadVisit(tx, ids.visit));
    const int at = MemberAt(sign_up.members, ids.place);
    ForgetSeatsOf(tx, *vault_, visit.network,
                  sign_up.members[static_cast<size_t>(at)]);
    if (IsOnVisit(visit, sign_up, tx.now())) {
      RETURN_IF_ERROR(Put(tx, call, ids, sign_up, {.has_left = true}));
      return request.name();
    }
    ForgetMember(tx, *vault_, at, sign_up);
    changes::Append(tx, call.request,
                    {{.network = visit.network,
                      .resource = SignUpName(ids.visit, ids.sign_up),
                      .version = sign_up.version}});
    return request.name();
  };
  return db::Once(
      *pool_, {call.deadline, call.request}, leave,
      [](db::Tx&, const std::string&) {
        return absl::StatusOr<v1::LeavePlaceResponse>(v1::LeavePlaceResponse());
      });
}

}  // namespace lagnet::visits
