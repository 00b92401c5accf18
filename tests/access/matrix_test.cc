// Every method, by every role, on what is its own, another's and nobody's.

#include <fstream>
#include <iterator>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/descriptor.pb.h"
#include "gtest/gtest.h"
#include "server/base/error.h"
#include "tests/access/any_call.h"
#include "tests/access/fixture.h"
#include "tests/access/requests.h"
#include "tests/access/table.h"

namespace lagnet::access {
namespace {

using google::protobuf::DescriptorPool;
using google::protobuf::MethodDescriptor;
using testing::Contains;

std::string ContentOf(const char* path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

const Table& Expected() {
  static const auto* const table = [] {
    auto read = ReadTable(ContentOf(LAGNET_MATRIX));
    EXPECT_THAT(read, support::IsOk());
    return new Table(read.ok() ? *std::move(read) : Table());
  }();
  return *table;
}

// Every method of every service that the protos declare, whether or not
// anything serves it.
std::vector<std::string> DeclaredMethods() {
  google::protobuf::FileDescriptorSet image;
  EXPECT_TRUE(image.ParseFromString(ContentOf(LAGNET_IMAGE)));
  std::vector<std::string> methods;
  for (const auto& file : image.file()) {
    for (const auto& service : file.service()) {
      for (const auto& method : service.method()) {
        methods.push_back(absl::StrCat(file.package(), ".", service.name(), "/",
                                       method.name()));
      }
    }
  }
  return methods;
}

const MethodDescriptor* Find(const std::string& method) {
  return DescriptorPool::generated_pool()->FindMethodByName(
      absl::StrReplaceAll(method, {{"/", "."}}));
}

enum class Outcome { kAllowed, kRefused, kBroken };

// What an answer says about access. A request that is not even valid, and a
// server that fails, say nothing.
Outcome OutcomeOf(const absl::Status& status, bool is_public) {
  switch (status.code()) {
    case absl::StatusCode::kUnauthenticated:
      return is_public ? Outcome::kRefused : Outcome::kBroken;
    case absl::StatusCode::kPermissionDenied:
      return is_public ? Outcome::kBroken : Outcome::kRefused;
    case absl::StatusCode::kInternal:
    case absl::StatusCode::kUnknown:
    case absl::StatusCode::kUnimplemented:
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kDeadlineExceeded:
      return Outcome::kBroken;
    default:
      return ReasonOf(status) == "INVALID_FIELDS" ? Outcome::kBroken
                                                  : Outcome::kAllowed;
  }
}

// "NOT_FOUND / NOT_FOUND"
std::string Short(const absl::Status& status) {
  return absl::StrCat(absl::StatusCodeToString(status.code()), " / ",
                      ReasonOf(status));
}

class MatrixTest : public AccessTest {
 protected:
  // What the server answers to a role that calls the row's method.
  static absl::Status Answer(const Row& row, const std::string& role,
                             Place place) {
    const MethodDescriptor* const method = Find(row.method);
    if (method == nullptr) return absl::UnimplementedError("no such method");
    const Requests requests(world().names());
    const auto request = requests.Make(*method, place);
    for (const auto& [field, other] : row.crossed) {
      requests.Cross(request.get(), field, other);
    }
    return CallAny(server().channel(), *method, *request,
                   {.token = world().token(role)});
  }

  // Compares one letter of one cell with what the server does.
  static void Check(const Row& row, const std::string& role, Place place,
                    char letter) {
    std::string what =
        absl::StrCat(role, " calls ", row.method, " on ", NameOf(place));
    for (const auto& [field, other] : row.crossed) {
      absl::StrAppend(&what, ", ", field, " on ", NameOf(other));
    }
    const absl::Status answer = Answer(row, role, place);
    const bool wanted = letter == 'y';
    switch (OutcomeOf(answer, role == "public")) {
      case Outcome::kBroken:
        ADD_FAILURE() << what << ": says nothing about access: " << answer;
        break;
      case Outcome::kAllowed:
        EXPECT_TRUE(wanted) << what << ": is ALLOWED and must not be (line "
                            << row.line << "): " << Short(answer);
        break;
      case Outcome::kRefused:
        EXPECT_FALSE(wanted) << what << ": is REFUSED and must not be (line "
                             << row.line << "): " << Short(answer);
    }
  }
};

TEST_F(MatrixTest, HasARowForEveryMethodAndAMethodForEveryRow) {
  const std::vector<std::string> declared = DeclaredMethods();
  EXPECT_GE(declared.size(), 38u);
  std::set<std::string> rows;
  for (const Row& row : Expected().rows) {
    EXPECT_THAT(declared, Contains(row.method))
        << "line " << row.line << " of tests/access/matrix.txt is of a method "
        << "that no proto declares";
    if (!row.crossed.empty()) continue;
    EXPECT_TRUE(rows.insert(row.method).second)
        << row.method << " has two rows in tests/access/matrix.txt";
  }
  for (const std::string& method : declared) {
    EXPECT_EQ(rows.count(method), 1u)
        << method << " has no row in tests/access/matrix.txt: decide who may "
        << "call it";
  }
}

TEST_F(MatrixTest, HasAColumnForEveryRole) {
  const std::vector<std::string> columns = {
      "operator",    "admin",  "editor",  "broker",  "manager",
      "coordinator", "head",   "auditor", "partner", "gateway",
      "holder",      "nobody", "public"};
  EXPECT_EQ(Expected().roles, columns);
  // ROLE_UNSPECIFIED is none; operator, nobody and public are not roles.
  EXPECT_EQ(options::v1::Role_descriptor()->value_count() - 1,
            static_cast<int>(columns.size()) - 3)
      << "a role of the protos has no column in tests/access/matrix.txt";
}

TEST_F(MatrixTest, LetsInWhoMayAndNobodyElse) {
  const Table& table = Expected();
  int answers = 0;
  for (const Row& row : table.rows) {
    for (size_t i = 0; i < table.roles.size(); ++i) {
      for (size_t letter = 0; letter < row.cells[i].size(); ++letter) {
        Check(row, table.roles[i], static_cast<Place>(letter),
              row.cells[i][letter]);
        ++answers;
      }
    }
  }
  RecordProperty("answers", answers);
  EXPECT_GT(answers, 1000);
}

// What allowed calls did must not have made later ones fail.
TEST_F(MatrixTest, LeftTheWorldAsItWas) {
  for (const char* method : {"lagnet.visits.v1.StudyVisitService/GetStudyVisit",
                             "lagnet.visits.v1.SignUpService/GetSignUp",
                             "lagnet.projects.v1.ProjectService/GetProject",
                             "lagnet.access.v1.AccountService/GetAccount"}) {
    for (const Place place : {Place::kOwn, Place::kOther}) {
      EXPECT_THAT(Answer({.method = method}, "operator", place),
                  support::IsOk())
          << method;
    }
  }
}

}  // namespace
}  // namespace lagnet::access
