#ifndef LAGNET_TESTS_DIRECTORY_IMPORT_FIXTURE_H_
#define LAGNET_TESTS_DIRECTORY_IMPORT_FIXTURE_H_

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "tests/directory/fixture.h"

namespace lagnet::directory {

// What a list of the LAGs calls one.
inline constexpr char kId[] = "external_ids { source: 'leader-ge' id: '042' }";

class ImportTest : public DirectoryTest {
 protected:
  // A request with the rows of `text`.
  static v1::ImportOrganizationsRequest RequestOf(const std::string& text) {
    auto request = FromText<v1::ImportOrganizationsRequest>(text);
    request.set_network("networks/georgia");
    request.set_initial_state(v1::Organization::VERIFIED);
    request.set_request_id(FreshRequestId());
    return request;
  }
  // A row that is one whole entry.
  static std::string Row(int number, const std::string& name,
                         const std::string& more = "") {
    return absl::StrCat("rows { row: ", number, " organization { name: '", name,
                        "' ", kKazbegi, more, " } }");
  }
  // The same, with another mailbox.
  static std::string RowWithEmail(int number, const std::string& name,
                                  const std::string& email) {
    return absl::StrReplaceAll(Row(number, name),
                               {{"office@kazbegi.example.org", email}});
  }
  absl::StatusOr<v1::ImportOrganizationsResponse> Import(
      const v1::ImportOrganizationsRequest& request,
      const char* token = kEditor) {
    return Call(*imports_, &Imports::ImportOrganizations, request, {token});
  }
  absl::StatusOr<v1::ImportOrganizationsResponse> Import(
      const std::string& text) {
    return Import(RequestOf(text));
  }
  absl::StatusOr<v1::ImportOrganizationsResponse> Try(
      v1::ImportOrganizationsRequest request) {
    request.set_validate_only(true);
    request.set_request_id(FreshRequestId());
    return Import(request);
  }

  // What became of each row, one after the other: "row outcome name fields".
  static std::vector<std::string> Outcomes(
      const absl::StatusOr<v1::ImportOrganizationsResponse>& response) {
    EXPECT_THAT(response, IsOk());
    std::vector<std::string> lines;
    if (!response.ok()) return lines;
    for (const auto& result : response->results()) {
      std::string line = absl::StrCat(
          result.row(), " ",
          v1::ImportRowResult::Outcome_Name(result.outcome()), " ",
          absl::StrReplaceAll(result.name(), {{"organizations/", ""}}));
      for (const std::string& field : result.changed_fields()) {
        absl::StrAppend(&line, " ", field);
      }
      lines.push_back(line);
    }
    return lines;
  }
  // The problems of all rows: "row field reason". Without likely doubles, as
  // most tests make equal entries.
  static std::vector<std::string> Problems(
      const absl::StatusOr<v1::ImportOrganizationsResponse>& response) {
    EXPECT_THAT(response, IsOk());
    std::vector<std::string> lines;
    if (!response.ok()) return lines;
    for (const auto& result : response->results()) {
      for (const auto& problem : result.problems()) {
        if (problem.reason() == "LIKELY_DOUBLE") continue;
        lines.push_back(absl::StrCat(result.row(), " ", problem.field(), " ",
                                     problem.reason()));
      }
    }
    return lines;
  }
  // The warnings of likely doubles: "row words".
  static std::vector<std::string> Doubles(
      const absl::StatusOr<v1::ImportOrganizationsResponse>& response) {
    EXPECT_THAT(response, IsOk());
    std::vector<std::string> lines;
    if (!response.ok()) return lines;
    for (const auto& result : response->results()) {
      for (const auto& problem : result.problems()) {
        if (problem.reason() != "LIKELY_DOUBLE") continue;
        EXPECT_FALSE(problem.error());
        EXPECT_EQ(problem.field(), "name");
        lines.push_back(absl::StrCat(result.row(), " ", problem.message()));
      }
    }
    return lines;
  }
  // A row that knows no more than what the organisation is called.
  static std::string NamedRow(int number, const std::string& id,
                              const std::string& text) {
    return absl::StrCat("rows { row: ", number,
                        " organization { name: 'organizations/", id,
                        "' kind: LAG country: 'GE' display_name { texts { key: "
                        "'en' value { text: '",
                        text, "' } } } } }");
  }
  std::string Count(const std::string& what) {
    return database().Ask("SELECT count(*) FROM " + what);
  }
};

}  // namespace lagnet::directory

#endif  // LAGNET_TESTS_DIRECTORY_IMPORT_FIXTURE_H_
