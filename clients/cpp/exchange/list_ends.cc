#include "clients/cpp/exchange/list_ends.h"

#include <map>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "lagnet/status_macros.h"

namespace lagnet::exchange {
namespace {

using client::Organizations;

bool IsInDirectory(const Organization& entry) {
  return entry.state() == Organization::VERIFIED ||
         entry.state() == Organization::STALE;
}

bool IsSameEnd(const Organization& one, const Organization& other) {
  return one.state() == other.state() && one.successor() == other.successor() &&
         one.dissolved_on() == other.dissolved_on();
}

void NoteStep(ImportRowResult& result) {
  if (result.outcome() == ImportRowResult::UNCHANGED) {
    result.set_outcome(ImportRowResult::UPDATED);
  }
  result.add_changed_fields("state");
}

}  // namespace

ListEnds::ListEnds(client::Client& client, const Records& records,
                   Options options)
    : client_(client), records_(records), options_(std::move(options)) {}

absl::StatusOr<bool> ListEnds::IsToEnd(const Record& record,
                                       ImportRowResult& result) {
  const std::string column = records_.ColumnOf("state");
  const std::string wanted =
      Organization::State_Name(record.organization.state());
  if (result.outcome() == ImportRowResult::CREATED) {
    if (options_.begin_verified) return true;
    Refuse(column, "WRONG_STATE",
           absl::StrCat("is ", wanted,
                        ", which only what begins as VERIFIED "
                        "can become"),
           result);
    return false;
  }
  directory::v1::GetOrganizationRequest request;
  request.set_name(result.name());
  ASSIGN_OR_RETURN(const Organization entry,
                   client_.Call(&Organizations::GetOrganization, request));
  if (IsSameEnd(entry, record.organization)) return false;
  if (IsInDirectory(entry) ||
      (entry.state() == Organization::ARCHIVED &&
       record.organization.state() == Organization::DISSOLVED)) {
    return true;
  }
  Warn(column, "WRONG_STATE",
       entry.state() == record.organization.state()
           ? "is DISSOLVED with another successor or day in the directory, and "
             "stays so"
           : absl::StrCat("is ", Organization::State_Name(entry.state()),
                          " in the directory, and stays so"),
       result);
  return false;
}

// Each is in the directory, or another row makes it.
absl::Status ListEnds::CheckSuccessors(std::vector<ImportRowResult>& results) {
  std::set<std::string> there;
  for (const ImportRowResult& result : results) {
    if (result.outcome() != ImportRowResult::REFUSED) {
      there.insert(result.name());
    }
  }
  std::vector<size_t> kept;
  for (const size_t place : places_) {
    const std::string& successor =
        records_.records[place].organization.successor();
    if (!successor.empty() && there.count(successor) == 0) {
      directory::v1::GetOrganizationRequest request;
      request.set_name(successor);
      const absl::Status found =
          client_.Call(&Organizations::GetOrganization, request).status();
      if (absl::IsNotFound(found) || absl::IsInvalidArgument(found)) {
        Refuse(records_.ColumnOf("successor"), "UNKNOWN_REFERENCE",
               absl::StrCat("there is no ", successor), results[place]);
        continue;
      }
      RETURN_IF_ERROR(found);
      there.insert(successor);
    }
    kept.push_back(place);
  }
  places_ = std::move(kept);
  return absl::OkStatus();
}

absl::Status ListEnds::Plan(std::vector<ImportRowResult>& results) {
  places_.clear();
  for (size_t i = 0; i < results.size(); ++i) {
    const Record& record = records_.records[i];
    if (record.organization.state() == Organization::STATE_UNSPECIFIED ||
        results[i].outcome() == ImportRowResult::REFUSED) {
      continue;
    }
    ASSIGN_OR_RETURN(const bool is_to_end, IsToEnd(record, results[i]));
    if (is_to_end) places_.push_back(i);
  }
  RETURN_IF_ERROR(CheckSuccessors(results));
  for (const size_t place : places_) NoteStep(results[place]);
  return absl::OkStatus();
}

// A successor must be in the directory: whom it follows ends before it does.
std::vector<size_t> ListEnds::InOrder(
    const std::vector<ImportRowResult>& results) const {
  std::map<std::string, size_t> by_name;
  for (const size_t place : places_) by_name[results[place].name()] = place;
  const auto successor = [&](size_t place) {
    return by_name.find(records_.records[place].organization.successor());
  };
  std::map<size_t, int> before;  // How many must end before it.
  for (const size_t place : places_) {
    const auto next = successor(place);
    if (next != by_name.end()) ++before[next->second];
  }
  std::vector<size_t> order;
  for (const size_t place : places_) {
    if (before[place] == 0) order.push_back(place);
  }
  for (size_t i = 0; i < order.size(); ++i) {
    const auto next = successor(order[i]);
    if (next != by_name.end() && --before[next->second] == 0) {
      order.push_back(next->second);
    }
  }
  // In a circle, which the server refuses.
  for (const size_t place : places_) {
    if (before[place] > 0) order.push_back(place);
  }
  return order;
}

absl::Status ListEnds::End(const std::string& name,
                           const Organization& wanted) {
  if (wanted.state() == Organization::ARCHIVED) {
    directory::v1::ArchiveOrganizationRequest request;
    request.set_name(name);
    return client_.Call(&Organizations::ArchiveOrganization, request).status();
  }
  directory::v1::DissolveOrganizationRequest request;
  request.set_name(name);
  request.set_successor(wanted.successor());
  request.set_dissolved_on(wanted.dissolved_on());
  request.set_source(options_.source);
  request.set_as_of(options_.as_of);
  return client_.Call(&Organizations::DissolveOrganization, request).status();
}

absl::Status ListEnds::Run(bool skip_errors,
                           std::vector<ImportRowResult>& results) {
  for (const size_t place : InOrder(results)) {
    ImportRowResult& result = results[place];
    if (result.outcome() == ImportRowResult::REFUSED) continue;
    const absl::Status ended =
        End(result.name(), records_.records[place].organization);
    if (ended.ok()) {
      NoteStep(result);
      continue;
    }
    const client::Error error = client::Decode(ended);
    if (!skip_errors || !error.from_server()) return ended;
    Refuse(records_.ColumnOf("state"), error.reason, error.message, result);
  }
  return absl::OkStatus();
}

}  // namespace lagnet::exchange
