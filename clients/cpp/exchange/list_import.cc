#include "clients/cpp/exchange/list_import.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "lagnet/status_macros.h"
#include "lagnet/uuid.h"

namespace lagnet::exchange {
namespace {

using directory::v1::ImportOrganizationsRequest;
using directory::v1::ImportOrganizationsResponse;
using directory::v1::ImportRow;

// A call takes a hundred rows and a message of 1 MiB.
constexpr size_t kMostRowsOfACall = 100;
constexpr size_t kMostBytesOfACall = 900 << 10;

ImportRow RowOf(const Record& record) {
  ImportRow row;
  row.set_row(record.row);
  *row.mutable_organization() = record.organization;
  // Also if it is empty: then the row says nothing but who it is.
  row.mutable_update_mask();
  for (const std::string& path : record.mask) {
    row.mutable_update_mask()->add_paths(path);
  }
  return row;
}

// The same bytes for the same message, whatever the order in its maps.
std::string StableBytes(const google::protobuf::Message& message) {
  std::string bytes;
  google::protobuf::io::StringOutputStream stream(&bytes);
  google::protobuf::io::CodedOutputStream coded(&stream);
  coded.SetSerializationDeterministic(true);
  message.SerializeToCodedStream(&coded);
  coded.Trim();
  return bytes;
}

// `territories` of `territories[0].code`.
absl::string_view FirstPart(absl::string_view path) {
  return path.substr(0, path.find_first_of(".["));
}

// Whether a field of the record was not read, so that the server cannot judge
// it.
bool IsUnread(const Record& record, const std::string& field) {
  return std::any_of(record.problems.begin(), record.problems.end(),
                     [&](const Record::Problem& problem) {
                       return !problem.unread.empty() &&
                              FirstPart(problem.unread) == FirstPart(field);
                     });
}

// Whether the server can say what else is wrong with a record: enough of it
// could be read.
bool CanBeJudged(const Record& record) {
  const bool is_row = std::none_of(
      record.problems.begin(), record.problems.end(),
      [](const Record::Problem& problem) { return problem.field.empty(); });
  return is_row && (!record.organization.name().empty() ||
                    record.organization.external_ids_size() > 0);
}

}  // namespace

ListImport::ListImport(client::Client& client, const Records& records,
                       Options options)
    : client_(client),
      records_(records),
      options_(std::move(options)),
      ends_(client, records,
            {.begin_verified = options_.initial_state == Organization::VERIFIED,
             .source = options_.source,
             .as_of = options_.as_of}),
      results_(records.records.size()),
      imported_(records.records.size(), false) {
  for (size_t i = 0; i < results_.size(); ++i) {
    const Record& record = records.records[i];
    results_[i].set_row(record.row);
    results_[i].set_name(record.organization.name());
    for (const Record::Problem& problem : record.problems) {
      Refuse(problem.field, "INVALID_FIELDS", problem.words, results_[i]);
    }
  }
}

int ListImport::Count(ImportRowResult::Outcome outcome) const {
  return static_cast<int>(std::count_if(
      results_.begin(), results_.end(),
      [&](const auto& result) { return result.outcome() == outcome; }));
}

std::vector<size_t> ListImport::FillRequest(const std::vector<size_t>& places,
                                            size_t* next,
                                            Request& request) const {
  request.set_network(options_.network);
  request.set_initial_state(options_.initial_state);
  request.set_source(options_.source);
  request.set_as_of(options_.as_of);
  std::vector<size_t> taken;
  size_t bytes = 0;
  while (*next < places.size() && taken.size() < kMostRowsOfACall) {
    ImportRow row = RowOf(records_.records[places[*next]]);
    bytes += row.ByteSizeLong();
    if (!taken.empty() && bytes > kMostBytesOfACall) break;
    *request.add_rows() = std::move(row);
    taken.push_back(places[(*next)++]);
  }
  return taken;
}

void ListImport::Take(size_t place, ImportRowResult result) {
  const Record& record = records_.records[place];
  ImportRowResult& taken = results_[place];
  const auto problems = std::move(*result.mutable_problems());
  result.clear_problems();
  if (record.problems.empty()) {
    taken = std::move(result);
  } else if (!result.name().empty()) {
    taken.set_name(result.name());
  }
  for (auto problem : problems) {
    // What is wrong is told of a record that could not be read whole, but not
    // that the server lacks what could not be read.
    if (!record.problems.empty() &&
        (!problem.error() || IsUnread(record, problem.field()))) {
      continue;
    }
    if (!problem.field().empty()) {
      problem.set_field(records_.ColumnOf(problem.field()));
    }
    *taken.add_problems() = std::move(problem);
  }
}

absl::Status ListImport::Ask(const std::vector<size_t>& places,
                             Request request) {
  request.set_validate_only(true);
  ASSIGN_OR_RETURN(
      const ImportOrganizationsResponse response,
      client_.Call(&client::Imports::ImportOrganizations, request));
  if (response.results_size() != static_cast<int>(places.size())) {
    return absl::InternalError("the server answered for other rows");
  }
  for (size_t i = 0; i < places.size(); ++i) {
    Take(places[i], response.results(static_cast<int>(i)));
  }
  return absl::OkStatus();
}

// In one call the server sees to it, but not across calls.
void ListImport::RefuseRepeats() {
  std::map<std::string, int> rows;
  for (ImportRowResult& result : results_) {
    if (!IsToImport(result) && result.outcome() != ImportRowResult::UNCHANGED) {
      continue;
    }
    const auto [first, is_new] = rows.emplace(result.name(), result.row());
    if (is_new) continue;
    Refuse(
        records_.ColumnOf("name"), "INVALID_FIELDS",
        absl::StrCat("is ", result.name(), ", as row ", first->second, " is"),
        result);
  }
}

absl::Status ListImport::Plan(Progress progress) {
  const int all = static_cast<int>(results_.size());
  std::vector<size_t> sound;
  // In calls of their own: no other row is judged by what is wrong in them.
  std::vector<size_t> flawed;
  for (size_t i = 0; i < results_.size(); ++i) {
    if (results_[i].outcome() != ImportRowResult::REFUSED) {
      sound.push_back(i);
    } else if (CanBeJudged(records_.records[i])) {
      flawed.push_back(i);
    }
  }
  int done = all - static_cast<int>(sound.size() + flawed.size());
  for (const auto* places : {&sound, &flawed}) {
    for (size_t next = 0; next < places->size();) {
      Request request;
      const std::vector<size_t> taken = FillRequest(*places, &next, request);
      RETURN_IF_ERROR(Ask(taken, std::move(request)));
      done += static_cast<int>(taken.size());
      progress(done, all);
    }
  }
  RefuseRepeats();
  return ends_.Plan(results_);
}

// Imports the rows at `places`, which fit into a call. Where somebody changed
// an entry since it was planned, it is planned again.
absl::Status ListImport::ImportCall(const std::vector<size_t>& places) {
  constexpr int kTries = 5;
  absl::Status refusal;
  for (int tries = 0; tries < kTries; ++tries) {
    std::vector<size_t> wanted;
    bool refused = false;
    for (const size_t place : places) {
      if (IsToImport(results_[place])) wanted.push_back(place);
      if (results_[place].outcome() == ImportRowResult::REFUSED) refused = true;
    }
    if (refused && !options_.skip_errors) return refusal;
    if (wanted.empty()) return absl::OkStatus();
    Request request;
    size_t next = 0;
    const std::vector<size_t> taken = FillRequest(wanted, &next, request);
    Request question = request;
    for (size_t i = 0; i < taken.size(); ++i) {
      request.mutable_rows(static_cast<int>(i))
          ->mutable_organization()
          ->set_etag(results_[taken[i]].etag());
    }
    request.set_request_id(client::UuidFor(
        absl::StrCat("import organizations\n", StableBytes(request))));
    const auto response =
        client_.Call(&client::Imports::ImportOrganizations, request);
    if (response.ok()) {
      for (size_t i = 0; i < taken.size(); ++i) {
        Take(taken[i], response->results(static_cast<int>(i)));
        imported_[taken[i]] = true;
      }
      return absl::OkStatus();
    }
    refusal = response.status();
    if (client::Decode(refusal).reason != "ROWS_REFUSED") return refusal;
    RETURN_IF_ERROR(Ask(taken, std::move(question)));
  }
  return refusal;
}

absl::Status ListImport::Import(Progress progress) {
  std::vector<size_t> places;
  for (size_t i = 0; i < results_.size(); ++i) {
    if (IsToImport(results_[i])) places.push_back(i);
  }
  for (size_t next = 0; next < places.size();) {
    Request request;
    RETURN_IF_ERROR(ImportCall(FillRequest(places, &next, request)));
    progress(static_cast<int>(next), static_cast<int>(places.size()));
  }
  return ends_.Run(options_.skip_errors, results_);
}

}  // namespace lagnet::exchange
