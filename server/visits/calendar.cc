#include "server/visits/calendar.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace lagnet::visits {
namespace {

constexpr size_t kLongestLine = 75;  // Bytes; RFC 5545, 3.1.

// A line, folded where it is too long, never within a letter.
std::string Line(std::string text) {
  std::string folded;
  size_t room = kLongestLine;
  while (text.size() > room) {
    size_t end = room;
    while (end > 1 && (static_cast<unsigned char>(text[end]) >> 6) == 2) --end;
    absl::StrAppend(&folded, text.substr(0, end), "\r\n ");
    text.erase(0, end);
    room = kLongestLine - 1;  // The space counts.
  }
  return absl::StrCat(folded, text, "\r\n");
}

std::string Escape(const std::string& text) {
  return absl::StrReplaceAll(
      text,
      {{"\\", "\\\\"}, {";", "\\;"}, {",", "\\,"}, {"\r", ""}, {"\n", "\\n"}});
}

std::string Utc(absl::Time time) {
  return absl::FormatTime("%Y%m%dT%H%M%SZ", time, absl::UTCTimeZone());
}

// Where the first day begins, as far as it is told.
std::string FirstPlace(const StudyVisit& visit) {
  for (const Day& day : visit.days) {
    for (const Stop& stop : day.stops) {
      if (!stop.place.empty()) return stop.place;
    }
  }
  return "";
}

}  // namespace

std::string CalendarOf(const StudyVisit& visit, const std::string& language) {
  const Instants instants = InstantsOf(visit);
  const std::string place = FirstPlace(visit);
  return absl::StrCat(
      Line("BEGIN:VCALENDAR"), Line("VERSION:2.0"),
      Line("PRODID:-//lagnet//study visits//EN"), Line("METHOD:PUBLISH"),
      Line("BEGIN:VEVENT"),
      Line(absl::StrCat("UID:", visit.id, "@studyVisits.lagnet")),
      Line(absl::StrCat("SEQUENCE:", visit.version)),
      Line(absl::StrCat("DTSTAMP:", Utc(visit.update_time))),
      Line(absl::StrCat("DTSTART:", Utc(instants.start))),
      Line(absl::StrCat("DTEND:", Utc(instants.end))),
      Line(absl::StrCat("SUMMARY:", Escape(TextFor(visit.title, language)))),
      place.empty() ? "" : Line(absl::StrCat("LOCATION:", Escape(place))),
      Line("END:VEVENT"), Line("END:VCALENDAR"));
}

}  // namespace lagnet::visits
