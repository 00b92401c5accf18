#include "server/visits/words.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/base/zoned_time.h"
#include "server/visits/message_data.h"

namespace lagnet::visits {

const Messages& VisitMessages() {
  static const auto* const messages = new Messages(
      {{"en", EnJson()}, {"ka", KaJson()}, {"pl", PlJson()}, {"cs", CsJson()}});
  return *messages;
}

namespace {

std::string NameIn(const std::map<std::string, std::string>& names,
                   const std::string& id) {
  const auto found = names.find(id);
  return found == names.end() ? id : found->second;
}

// Says things in one language.
class Speaker {
 public:
  Speaker(std::string language, const StudyVisit& visit, const Names& names)
      : language_(std::move(language)), visit_(visit), names_(names) {}

  std::string Say(absl::string_view key,
                  const Messages::Arguments& arguments = {}) const {
    return VisitMessages().Say(language_, key, arguments);
  }
  std::string Time(absl::Time time) const {
    return VisitMessages().SayTime(language_, time, visit_.time_zone);
  }
  // For a single reader, who may be elsewhere; the rules name the zone once.
  std::string TimeThere(absl::Time time) const {
    return VisitMessages().SayTimeThere(language_, time, visit_.time_zone);
  }
  // An inclusive deadline: its last minute, not the first that is too late.
  std::string Deadline(absl::Time first_too_late) const {
    return Time(first_too_late - absl::Minutes(1));
  }
  std::string Group(const visits::Group& group) const {
    return SayGroup(language_, group, names_);
  }
  // With the groups of the shares that it is because of.
  std::string Reason(WaitReason why,
                     const std::vector<visits::Group>& of) const {
    std::vector<std::string> groups;
    for (const visits::Group& group : of) groups.push_back(Group(group));
    if (why == WaitReason::kNone ||
        (why == WaitReason::kShareFull && groups.empty())) {
      return Say("why.unknown");
    }
    if (why == WaitReason::kSeatsKept && groups.empty()) {
      return Say("why.4.unknown");
    }
    if (groups.size() > 1) {
      return Say("why.4.several", {{"groups", absl::StrJoin(groups, "; ")}});
    }
    Messages::Arguments arguments;
    if (!groups.empty()) arguments.emplace_back("group", groups.front());
    return Say(absl::StrCat("why.", static_cast<int>(why)), arguments);
  }
  // Why it waits now.
  std::string Reason(const SignUp& sign_up) const {
    ShareSet set = sign_up.keepers;
    if (set == 0 && sign_up.obstacle.share >= 0) {
      set = ShareSet{1} << sign_up.obstacle.share;
    }
    std::vector<visits::Group> groups;
    for (size_t i = 0; i < visit_.rules.shares.size(); ++i) {
      if ((set >> i & 1) != 0) groups.push_back(visit_.rules.shares[i].group);
    }
    return Reason(sign_up.obstacle.why, groups);
  }

 private:
  const std::string language_;
  const StudyVisit& visit_;
  const Names& names_;
};

void SayWho(const Speaker& speaker, const StudyVisit& visit, const Names& names,
            const std::string& language, std::vector<std::string>& lines) {
  const WhoMayCome& who = visit.rules.who;
  const auto list = [&](const std::vector<Group>& groups) {
    if (groups.empty()) return;
    std::vector<std::string> said;
    for (const Group& group : groups) {
      said.push_back(SayGroup(language, group, names));
    }
    lines.push_back(
        speaker.Say("rules.who", {{"who", absl::StrJoin(said, ", ")}}));
  };
  std::vector<Group> territories, sectors, organizations, ages, languages;
  for (const auto& code : who.territories) {
    territories.push_back({.territory = code});
  }
  for (const Sector sector : who.sectors) sectors.push_back({.sector = sector});
  for (const auto& id : who.organizations) {
    organizations.push_back({.organization = id});
  }
  for (const AgeBand band : who.age_bands) ages.push_back({.age_band = band});
  for (const auto& tag : who.languages) languages.push_back({.language = tag});
  for (const auto& groups :
       {territories, organizations, sectors, ages, languages}) {
    list(groups);
  }
}

void SayShares(const Speaker& speaker, const StudyVisit& visit,
               std::vector<std::string>& lines) {
  const SeatRules rules = RulesOf(visit);
  for (const Share& share : rules.shares.shares()) {
    const std::string group = speaker.Group(share.group);
    if (share.min > 0) {
      lines.push_back(speaker.Say(
          "rules.share.min", {{"min", int64_t{share.min}},
                              {"group", group},
                              {"until", speaker.Deadline(share.min_until)}}));
    }
    if (share.max < kNoLimit) {
      lines.push_back(speaker.Say(
          "rules.share.max", {{"max", int64_t{share.max}}, {"group", group}}));
    }
  }
}

void SayPolicy(const Speaker& speaker, const VisitRules& rules,
               std::vector<std::string>& lines) {
  std::vector<std::string> groups;
  for (const Group& group : rules.priority_groups) {
    groups.push_back(speaker.Group(group));
  }
  const int policy = std::max(static_cast<int>(rules.policy), 1);
  lines.push_back(speaker.Say(absl::StrCat("rules.policy.", policy),
                              {{"groups", absl::StrJoin(groups, ", ")}}));
}

void SayWeights(const Speaker& speaker, const DrawWeights& weights,
                std::vector<std::string>& lines) {
  const auto say = [&](const char* key, int weight) {
    if (weight <= 1) return;
    lines.push_back(speaker.Say(
        key, {{"weight", int64_t{weight}}, {"years", int64_t{weights.years}}}));
  };
  say("rules.newcomers", weights.newcomers);
  say("rules.new_organizations", weights.new_organizations);
  if (weights.newcomers > 1 && weights.new_organizations > 1) {
    lines.push_back(speaker.Say("rules.larger_weight"));
  }
}

void SayDeadlines(const Speaker& speaker, const StudyVisit& visit,
                  std::vector<std::string>& lines) {
  const VisitRules& rules = visit.rules;
  const auto hours = [](int count) {
    return Messages::Arguments{{"hours", int64_t{count}}};
  };
  lines.push_back(speaker.Say("rules.verify", hours(HoursToVerify(rules))));
  if (rules.policy == Policy::kDraw) {
    lines.push_back(speaker.Say(
        "rules.verify.draw",
        {{"until", speaker.Deadline(RulesOf(visit).verify_until)}}));
  }
  lines.push_back(
      speaker.Say("rules.unverified",
                  {{"network", int64_t{UnverifiedPerNetwork(visit.seats)}},
                   {"same", int64_t{UnverifiedPerOrganization(visit.seats)}}}));
  if (rules.confirm_hours > 0) {
    lines.push_back(speaker.Say("rules.confirm", hours(rules.confirm_hours)));
  }
  lines.push_back(rules.offer_hours > 0
                      ? speaker.Say("rules.offer", hours(rules.offer_hours))
                      : speaker.Say("rules.next"));
  lines.push_back(
      rules.hold_hours > 0
          ? speaker.Say("rules.hold", {{"hours", int64_t{rules.hold_hours}},
                                       {"size", int64_t{rules.largest_hold}}})
          : speaker.Say("rules.no_hold"));
  lines.push_back(speaker.Say(
      "rules.placeholders",
      {{"until", speaker.Deadline(RulesOf(visit).placeholders_end)}}));
  if (rules.free_withdrawal_end) {
    lines.push_back(speaker.Say(
        "rules.withdraw",
        {{"until", speaker.Deadline(EndOfMinute(*rules.free_withdrawal_end,
                                                visit.time_zone))}}));
  }
}

}  // namespace

std::string SayGroup(const std::string& language, const Group& group,
                     const Names& names) {
  const Messages& messages = VisitMessages();
  std::vector<std::string> parts;
  const auto add = [&](absl::string_view key,
                       const Messages::Arguments& arguments = {}) {
    parts.push_back(messages.Say(language, key, arguments));
  };
  if (!group.organization.empty()) {
    add("group.organization",
        {{"name", NameIn(names.organizations, group.organization)}});
  }
  if (!group.territory.empty()) {
    add("group.territory",
        {{"name", NameIn(names.territories, group.territory)}});
  }
  if (group.sector != Sector::kUnspecified) {
    add(absl::StrCat("group.sector.", static_cast<int>(group.sector)));
  }
  if (group.age_band != AgeBand::kUnspecified) {
    add(absl::StrCat("group.age.", static_cast<int>(group.age_band)));
  }
  if (!group.language.empty()) {
    add("group.language", {{"language", group.language}});
  }
  if (group.first_timers) add("group.first_timers");
  if (group.staff) add("group.staff");
  if (parts.empty()) add("group.everybody");
  return absl::StrJoin(parts, ", ");
}

std::string SayRules(const std::string& language, const StudyVisit& visit,
                     const Names& names) {
  const Speaker speaker(language, visit, names);
  const Instants instants = InstantsOf(visit);
  std::vector<std::string> lines;
  lines.push_back(
      speaker.Say("rules.seats", {{"seats", int64_t{visit.seats}}}));
  lines.push_back(
      visit.sign_up_start
          ? speaker.Say("rules.window",
                        {{"from", speaker.Time(instants.sign_up_start)},
                         {"to", speaker.Deadline(instants.sign_up_end)},
                         {"zone", visit.time_zone}})
          : speaker.Say("rules.window.open",
                        {{"to", speaker.Deadline(instants.sign_up_end)},
                         {"zone", visit.time_zone}}));
  SayWho(speaker, visit, names, language, lines);
  SayPolicy(speaker, visit.rules, lines);
  SayWeights(speaker, visit.rules.draw_weights, lines);
  if (visit.rules.policy != Policy::kDraw) {
    lines.push_back(speaker.Say("rules.ranked"));
  }
  if (visit.rules.first_seats_first) {
    lines.push_back(speaker.Say("rules.first_seats_first"));
    lines.push_back(speaker.Say("rules.choices"));
  }
  if (visit.seats_per_organization > 0) {
    lines.push_back(
        speaker.Say("rules.organization",
                    {{"seats", int64_t{visit.seats_per_organization}}}));
  }
  SayShares(speaker, visit, lines);
  SayDeadlines(speaker, visit, lines);
  if (!visit.contact_email.empty()) {
    lines.push_back(
        speaker.Say("rules.complain", {{"email", visit.contact_email}}));
  }
  return absl::StrCat("## ", speaker.Say("rules.title"), "\n\n* ",
                      absl::StrJoin(lines, "\n* "), "\n");
}

std::string SayWhy(const std::string& language, const StudyVisit& visit,
                   const SignUp& sign_up, const Explanation& explanation,
                   const Names& names) {
  const Speaker speaker(language, visit, names);
  std::vector<std::string> lines;
  const auto due = [&] {
    return Messages::Arguments{{"due", speaker.TimeThere(sign_up.due)}};
  };
  if (sign_up.state == SignUpState::kRefused) {
    return speaker.Say("why.refused",
                       {{"reason", sign_up.refuse_reason},
                        {"due", speaker.TimeThere(sign_up.due)}});
  }
  if (!IsLiving(sign_up.state)) return speaker.Say("why.ended");
  if (sign_up.seats > 0) {
    lines.push_back(
        speaker.Say("why.seated", {{"seats", int64_t{sign_up.seats}}}));
  }
  const bool is_over = sign_up.obstacle.why == WaitReason::kVisitOver;
  if (IsPending(sign_up.state) && !is_over) {
    lines.push_back(speaker.Say(
        sign_up.is_unverified ? "why.unverified" : "why.pending", due()));
  }
  if (sign_up.state == SignUpState::kOffered) {
    lines.push_back(speaker.Say("why.offered", due()));
  }
  const bool waits =
      sign_up.wait_position > 0 || sign_up.obstacle.why != WaitReason::kNone;
  if (!waits) return absl::StrJoin(lines, "\n");
  if (sign_up.wait_position > 0 && !is_over) {
    lines.push_back(speaker.Say(
        "why.position", {{"position", int64_t{sign_up.wait_position}}}));
  }
  if (sign_up.obstacle.why != WaitReason::kNone) {
    lines.push_back(speaker.Reason(sign_up));
  }
  if (sign_up.is_second && !is_over &&
      sign_up.obstacle.why != WaitReason::kSeatElsewhere) {
    lines.push_back(speaker.Say("why.second"));
  }
  if (sign_up.hold_until > sign_up.update_time && !is_over) {
    lines.push_back(speaker.Say(
        "why.hold", {{"due", speaker.TimeThere(sign_up.hold_until)}}));
  }
  if (explanation.first_position > 0) {
    lines.push_back(speaker.Say(
        "why.first", {{"position", int64_t{explanation.first_position}}}));
  }
  for (const Overtaken& group : explanation.overtaken) {
    const Messages::Argument people = int64_t{group.people};
    if (!group.by_hand) {
      lines.push_back(speaker.Say(
          "why.overtaken",
          {{"people", people},
           {"reason", speaker.Reason(group.obstacle.why, group.groups)}}));
      continue;
    }
    lines.push_back(speaker.Say(
        "why.by_hand",
        {{"people", people},
         {"reason", absl::StrJoin(explanation.promote_reasons, "; ")}}));
  }
  if (explanation.is_outranked) {
    lines.push_back(speaker.Say(
        "why.ranked", {{"people", int64_t{explanation.ranked_people}}}));
  } else if (explanation.overtaken.empty()) {
    lines.push_back(speaker.Say("why.nobody"));
  }
  return absl::StrJoin(lines, "\n");
}

}  // namespace lagnet::visits
