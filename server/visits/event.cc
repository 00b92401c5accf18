#include "server/visits/event.h"

namespace lagnet::visits {
namespace {

using nlohmann::json;

// Whole microseconds, as PostgreSQL keeps them; none for an infinite time.
void PutTime(const char* key, absl::Time time, json& to) {
  if (time != absl::InfiniteFuture() && time != absl::InfinitePast()) {
    to[key] = absl::ToUnixMicros(time);
  }
}

absl::Time TimeAt(const json& from, const char* key, absl::Time otherwise) {
  return from.contains(key) ? absl::FromUnixMicros(from.at(key).get<int64_t>())
                            : otherwise;
}

json PackEvent(const Event& event) {
  json more = json::object();
  if (event.obstacle.share >= 0) more["share"] = event.obstacle.share;
  if (event.seats != 0) more["seats"] = event.seats;
  if (event.members != 1) more["members"] = event.members;
  if (event.rank != 0) more["rank"] = event.rank;
  if (event.place != 0) more["place"] = event.place;
  if (event.is_second) more["second"] = true;
  if (event.is_mark) more["mark"] = true;
  PutTime("due", event.due, more);
  PutTime("hold", event.hold_until, more);
  json packed = {event.sign_up, event.state, event.obstacle.why};
  if (!more.empty()) packed.push_back(std::move(more));
  return packed;
}

Event UnpackEvent(const json& packed) {
  const json more = packed.size() > 3 ? packed.at(3) : json::object();
  return {.sign_up = packed.at(0),
          .state = packed.at(1),
          .obstacle = {.why = packed.at(2), .share = more.value("share", -1)},
          .seats = more.value("seats", 0),
          .members = more.value("members", 1),
          .due = TimeAt(more, "due", absl::InfiniteFuture()),
          .hold_until = TimeAt(more, "hold", absl::InfinitePast()),
          .rank = more.value("rank", int64_t{0}),
          .place = more.value("place", int64_t{0}),
          .is_second = more.value("second", false),
          .is_mark = more.value("mark", false)};
}

}  // namespace

json PackEvents(const std::vector<Event>& events) {
  json packed = json::array();
  for (const Event& event : events) packed.push_back(PackEvent(event));
  return packed;
}

std::vector<Event> UnpackEvents(const json& packed) {
  std::vector<Event> events;
  for (const json& event : packed) events.push_back(UnpackEvent(event));
  return events;
}

}  // namespace lagnet::visits
