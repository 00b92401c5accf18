#include "server/visits/searchable.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "server/base/resource_name.h"
#include "server/directory/nearby_store.h"
#include "server/directory/store.h"
#include "server/visits/store.h"
#include "server/visits/watch_store.h"

namespace lagnet::visits {
namespace {

using options::v1::Role;

constexpr char kKind[] = "STUDY_VISIT";

// A visit is where its first host is, as of the day that the visit was read.
std::vector<search::Document> DocumentsOf(
    db::Tx& tx, const std::vector<StudyVisit>& visits) {
  std::vector<std::string> hosts;
  for (const StudyVisit& visit : visits) {
    if (!visit.hosts.empty()) hosts.push_back(visit.hosts.front());
  }
  const auto organizations = directory::LoadOrganizations(tx, hosts);
  std::vector<search::Document> documents;
  for (const StudyVisit& visit : visits) {
    search::Document& document = documents.emplace_back(DocumentOf(visit));
    if (visit.hosts.empty()) continue;
    const auto host = organizations.find(visit.hosts.front());
    if (host == organizations.end()) continue;
    if (const auto where = directory::WhereaboutsOf(host->second)) {
      document.position =
          search::Point{where->position.latitude, where->position.longitude};
    }
  }
  return documents;
}

}  // namespace

search::Document DocumentOf(const StudyVisit& visit) {
  search::Document document{
      .name = MakeName("studyVisits", visit.id),
      .version = visit.version,
      .kind = kKind,
      .network = visit.network,
      .title = visit.title,
      .texts = {visit.description},
      .prominence = 0.9,
  };
  for (const Day& day : visit.days) {
    document.texts.push_back(day.title);
    for (const Stop& stop : day.stops) {
      document.texts.push_back(stop.title);
      // A place is written as people there do, whatever the language.
      if (!stop.place.empty()) {
        document.texts.push_back({{"und", {.text = stop.place}}});
      }
      if (!stop.theme.empty() &&
          std::find(document.themes.begin(), document.themes.end(),
                    stop.theme) == document.themes.end()) {
        document.themes.push_back(stop.theme);
      }
    }
  }
  if (visit.state == VisitState::kDraft) {
    document.audience = {.is_public = false,
                         .roles = {Role::NETWORK_ADMIN, Role::NETWORK_EDITOR,
                                   Role::HOST_COORDINATOR, Role::LAG_MANAGER},
                         .scope = {.network = visit.network,
                                   .organizations = visit.hosts,
                                   .hosts = visit.hosts,
                                   .project = visit.project}};
  }
  return document;
}

search::Source SearchableVisits() {
  return {
      .collection = "studyVisits",
      // There are hundreds, not tens of thousands: one page.
      .load_page =
          [](db::Tx& tx, const std::string&, int) {
            return search::Source::Page{
                .documents = DocumentsOf(tx, LoadEveryVisit(tx))};
          },
      .load =
          [](db::Tx& tx, const std::vector<std::string>& ids) {
            return DocumentsOf(tx, LoadVisitsByIds(tx, ids));
          },
      // A rush of sign-ups changes counters and nothing else.
      .passed_over = {"lagnet.visits.v1.SignUpService/"},
      .load_tags =
          [](db::Tx&) {
            return std::vector<search::Tag>{
                {.type = search::Tag::Type::kKind,
                 .id = kKind,
                 .names = {{"en", "study visit"},
                           {"ka", "სასწავლო ვიზიტი"},
                           {"pl", "wizyta studyjna"},
                           {"pl", "wyjazd studyjny"},
                           {"cs", "studijní cesta"},
                           {"cs", "studijní návštěva"}}}};
          },
  };
}

}  // namespace lagnet::visits
