#include "server/visits/convert.h"

#include "absl/strings/str_cat.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/base/zoned_time.h"
#include "server/rpc/field_mask.h"
#include "server/rpc/types.h"
#include "server/visits/rules_convert.h"

namespace lagnet::visits {
namespace {

static_assert(v1::StudyVisit::CANCELLED ==
              static_cast<int>(VisitState::kCancelled));
static_assert(v1::SignUp::CONFIRMED ==
              static_cast<int>(SignUpState::kConfirmed));
static_assert(v1::SignUp::CANCELLED ==
              static_cast<int>(SignUpState::kCancelled));
static_assert(v1::SignUp::ORGANIZATION_SHARE ==
              static_cast<int>(WaitReason::kOrganizationShare));
static_assert(v1::SignUp::OPERATOR == static_cast<int>(Standing::kOperator));
static_assert(v1::SignUp::INDIVIDUAL == static_cast<int>(Sector::kIndividual));

// The gate has checked the form.
std::optional<absl::CivilSecond> CivilOf(const std::string& text) {
  if (text.empty()) return std::nullopt;
  return ParseLocalDateTime(text);
}

absl::StatusOr<Day> DayOf(const v1::StudyVisit::Day& day,
                          const std::string& path) {
  Day result{.date = ParseLocalDate(day.date()).value_or(absl::CivilDay()),
             .title = rpc::FromProto(day.title())};
  for (int i = 0; i < day.stops_size(); ++i) {
    const v1::StudyVisit::Stop& stop = day.stops(i);
    Stop entry{.title = rpc::FromProto(stop.title()),
               .place = stop.place(),
               .theme = stop.theme(),
               .funds = rpc::ToVector(stop.funds())};
    ASSIGN_OR_RETURN(
        entry.host,
        rpc::IdOf("organizations", absl::StrCat(path, ".stops[", i, "].host"),
                  stop.host()));
    result.stops.push_back(std::move(entry));
  }
  return result;
}

v1::StudyVisit::Day ToProto(const Day& day) {
  v1::StudyVisit::Day result;
  result.set_date(absl::FormatCivilTime(day.date));
  if (!day.title.empty()) *result.mutable_title() = rpc::ToProto(day.title);
  for (const Stop& stop : day.stops) {
    v1::StudyVisit::Stop* entry = result.add_stops();
    *entry->mutable_title() = rpc::ToProto(stop.title);
    entry->set_host(MakeName("organizations", stop.host));
    entry->set_place(stop.place);
    entry->set_theme(stop.theme);
    rpc::Fill(stop.funds, entry->mutable_funds());
  }
  return result;
}

void SetTimes(const StudyVisit& visit, v1::StudyVisit& result) {
  result.set_time_zone(visit.time_zone);
  result.set_start(FormatLocalDateTime(visit.start));
  result.set_end(FormatLocalDateTime(visit.end));
  if (visit.sign_up_start) {
    result.set_sign_up_start(FormatLocalDateTime(*visit.sign_up_start));
  }
  if (visit.sign_up_end) {
    result.set_sign_up_end(FormatLocalDateTime(*visit.sign_up_end));
  }
  const Instants instants = InstantsOf(visit);
  *result.mutable_start_time() = rpc::ToProto(instants.start);
  *result.mutable_end_time() = rpc::ToProto(instants.end);
  if (rpc::IsFinite(instants.sign_up_start)) {
    *result.mutable_sign_up_start_time() = rpc::ToProto(instants.sign_up_start);
  }
  *result.mutable_sign_up_end_time() = rpc::ToProto(instants.sign_up_end);
}

}  // namespace

absl::StatusOr<StudyVisit> FromProto(const std::string& id,
                                     const v1::StudyVisit& visit) {
  StudyVisit result{
      .id = id,
      .title = rpc::FromProto(visit.title()),
      .description = rpc::FromProto(visit.description()),
      .time_zone = visit.time_zone(),
      .start = CivilOf(visit.start()).value_or(absl::CivilSecond()),
      .end = CivilOf(visit.end()).value_or(absl::CivilSecond()),
      .sign_up_start = CivilOf(visit.sign_up_start()),
      .sign_up_end = CivilOf(visit.sign_up_end()),
      .seats = visit.seats(),
      .seats_per_organization = visit.seats_per_organization(),
      .languages = rpc::ToVector(visit.languages()),
      .contact_email = visit.contact_email(),
  };
  result.covered.assign(visit.covered().begin(), visit.covered().end());
  ASSIGN_OR_RETURN(result.rules, FromProto(visit.seat_rules()));
  ASSIGN_OR_RETURN(result.network, rpc::IdOf("networks", "study_visit.network",
                                             visit.network()));
  ASSIGN_OR_RETURN(result.project, rpc::IdOf("projects", "study_visit.project",
                                             visit.project()));
  ASSIGN_OR_RETURN(
      result.hosts,
      rpc::IdsOf("organizations", "study_visit.hosts", visit.hosts()));
  for (int i = 0; i < visit.days_size(); ++i) {
    ASSIGN_OR_RETURN(Day day, DayOf(visit.days(i),
                                    absl::StrCat("study_visit.days[", i, "]")));
    result.days.push_back(std::move(day));
  }
  return result;
}

v1::StudyVisit ToProto(const StudyVisit& visit, absl::Time now, View view) {
  v1::StudyVisit result;
  result.set_name(MakeName("studyVisits", visit.id));
  result.set_network(MakeName("networks", visit.network));
  result.set_project(MakeName("projects", visit.project));
  for (const std::string& host : visit.hosts) {
    result.add_hosts(MakeName("organizations", host));
  }
  *result.mutable_title() = rpc::ToProto(visit.title);
  SetTimes(visit, result);
  result.set_seats(visit.seats);
  result.set_seats_per_organization(visit.seats_per_organization);
  rpc::Fill(visit.languages, result.mutable_languages());
  for (const int cover : visit.covered) {
    result.add_covered(static_cast<v1::StudyVisit::Cover>(cover));
  }
  result.set_contact_email(visit.contact_email);
  if (view == View::kFull) {
    if (!visit.description.empty()) {
      *result.mutable_description() = rpc::ToProto(visit.description);
    }
    for (const Day& day : visit.days) *result.add_days() = ToProto(day);
    if (visit.rules != VisitRules()) {
      *result.mutable_seat_rules() = ToProto(visit.rules);
    }
  }
  result.set_state(static_cast<v1::StudyVisit::State>(visit.state));
  result.set_sign_up_open(IsSignUpOpen(visit, now));
  result.set_rules_hash(visit.rules_hash);
  result.set_confirmed_count(visit.confirmed);
  result.set_held_count(visit.held);
  result.set_waitlisted_count(visit.waiting);
  result.set_cancel_reason(visit.cancel_reason);
  *result.mutable_create_time() = rpc::ToProto(visit.create_time);
  *result.mutable_update_time() = rpc::ToProto(visit.update_time);
  result.set_etag(rpc::EtagOf(visit.version));
  return result;
}

absl::StatusOr<VisitFilter> FilterOf(
    const v1::ListStudyVisitsRequest& request) {
  VisitFilter filter{.state = static_cast<VisitState>(request.state()),
                     .language = request.language()};
  if (request.has_start_after()) {
    filter.start_after = rpc::FromProto(request.start_after());
  }
  ASSIGN_OR_RETURN(filter.network,
                   rpc::IdOf("networks", "network", request.network()));
  ASSIGN_OR_RETURN(filter.project,
                   rpc::IdOf("projects", "project", request.project()));
  ASSIGN_OR_RETURN(filter.host,
                   rpc::IdOf("organizations", "host", request.host()));
  return filter;
}

Member FromProto(const v1::SignUp::Member& member) {
  return {.full_name = member.full_name(),
          .email = member.email(),
          .phone = member.phone(),
          .language = member.language(),
          .sector = static_cast<Sector>(member.sector()),
          .age_band = static_cast<AgeBand>(member.age_band()),
          .languages = rpc::ToVector(member.languages()),
          .territory = member.territory(),
          .first_timer = member.first_timer(),
          .staff = member.staff(),
          .notice_version = member.notice_version()};
}

v1::SignUp::Member ToProto(const Member& member) {
  v1::SignUp::Member result;
  result.set_full_name(member.full_name);
  result.set_email(member.email);
  result.set_phone(member.phone);
  result.set_language(member.language);
  result.set_sector(static_cast<v1::SignUp::Sector>(member.sector));
  result.set_age_band(static_cast<v1::SignUp::AgeBand>(member.age_band));
  rpc::Fill(member.languages, result.mutable_languages());
  result.set_territory(member.territory);
  result.set_first_timer(member.first_timer);
  result.set_staff(member.staff);
  result.set_notice_version(member.notice_version);
  return result;
}

absl::StatusOr<SignUp> FromProto(const std::string& visit,
                                 const v1::SignUp& sign_up) {
  SignUp result{.visit = visit,
                .standing = static_cast<Standing>(sign_up.standing()),
                .sector = static_cast<Sector>(sign_up.sector()),
                .min_members = sign_up.min_members(),
                .external_id = sign_up.external_id(),
                .intake = {.channel = static_cast<Channel>(sign_up.channel()),
                           .notice_version = sign_up.notice_version(),
                           .notice_given = sign_up.notice_given()},
                .choice = sign_up.choice()};
  ASSIGN_OR_RETURN(result.organization,
                   rpc::IdOf("organizations", "sign_up.organization",
                             sign_up.organization()));
  for (const v1::SignUp::Member& member : sign_up.members()) {
    result.members.push_back(FromProto(member));
  }
  return result;
}

v1::SignUp ToProto(const SignUp& sign_up) {
  v1::SignUp result;
  result.set_name(SignUpName(sign_up.visit, sign_up.id));
  result.set_organization(MakeName("organizations", sign_up.organization));
  result.set_standing(static_cast<v1::SignUp::Standing>(sign_up.standing));
  result.set_sector(static_cast<v1::SignUp::Sector>(sign_up.sector));
  for (const Member& member : sign_up.members) {
    *result.add_members() = ToProto(member);
  }
  result.set_min_members(sign_up.min_members);
  result.set_external_id(sign_up.external_id);
  result.set_state(static_cast<v1::SignUp::State>(sign_up.state));
  result.set_wait_reason(
      static_cast<v1::SignUp::WaitReason>(sign_up.obstacle.why));
  result.set_wait_share(sign_up.obstacle.share + 1);
  result.set_wait_position(sign_up.wait_position);
  result.set_seats(sign_up.seats);
  if (rpc::IsFinite(sign_up.due)) {
    *result.mutable_due_time() = rpc::ToProto(sign_up.due);
  }
  if (rpc::IsFinite(sign_up.hold_until)) {
    *result.mutable_hold_end_time() = rpc::ToProto(sign_up.hold_until);
  }
  result.set_refuse_reason(sign_up.refuse_reason);
  result.set_address_unverified(sign_up.is_unverified);
  result.set_channel(static_cast<v1::SignUp::Channel>(sign_up.intake.channel));
  result.set_notice_version(sign_up.intake.notice_version);
  result.set_notice_given(sign_up.intake.notice_given);
  if (CollectionOf(sign_up.creator) == "accounts") {
    result.set_created_by(sign_up.creator);
  }
  result.set_erased(sign_up.is_erased);
  result.set_choice(sign_up.choice);
  result.set_second_seat(sign_up.is_second);
  if (sign_up.history_end) {
    result.set_seat_history_end(absl::FormatCivilTime(*sign_up.history_end));
  }
  *result.mutable_create_time() = rpc::ToProto(sign_up.create_time);
  *result.mutable_update_time() = rpc::ToProto(sign_up.update_time);
  result.set_etag(rpc::EtagOf(sign_up.version));
  return result;
}

v1::SignUpExplanation ToProto(const Explanation& explanation) {
  const auto reason = [](const Obstacle& obstacle) {
    return static_cast<v1::SignUp::WaitReason>(obstacle.why);
  };
  v1::SignUpExplanation result;
  result.set_ranked_by_organization(explanation.is_outranked);
  result.set_ranked_people(explanation.ranked_people);
  result.set_first_position(explanation.first_position);
  result.set_first_reason(reason(explanation.first_obstacle));
  result.set_first_share(explanation.first_obstacle.share + 1);
  for (const Overtaken& group : explanation.overtaken) {
    v1::SignUpExplanation::Overtaken* entry = result.add_overtaken();
    entry->set_reason(reason(group.obstacle));
    entry->set_share(group.obstacle.share + 1);
    entry->set_by_hand(group.by_hand);
    entry->set_people(group.people);
  }
  rpc::Fill(explanation.promote_reasons, result.mutable_promote_reasons());
  return result;
}

absl::StatusOr<SignUpFilter> FilterOf(const v1::ListSignUpsRequest& request,
                                      const std::string& caller) {
  SignUpFilter filter{.state = static_cast<SignUpState>(request.state()),
                      .creator = request.created_by_me() ? caller : "",
                      .external_id = request.external_id()};
  ASSIGN_OR_RETURN(
      filter.organization,
      rpc::IdOf("organizations", "organization", request.organization()));
  return filter;
}

}  // namespace lagnet::visits
