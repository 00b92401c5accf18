#ifndef LAGNET_SERVER_VISITS_CALENDAR_H_
#define LAGNET_SERVER_VISITS_CALENDAR_H_

#include <string>

#include "server/visits/visit.h"

namespace lagnet::visits {

// A study visit as an iCalendar file of one event (RFC 5545), for people's own
// calendars: when, where it starts, and what it is called.
std::string CalendarOf(const StudyVisit& visit, const std::string& language);

}  // namespace lagnet::visits

#endif  // LAGNET_SERVER_VISITS_CALENDAR_H_
