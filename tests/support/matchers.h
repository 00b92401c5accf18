#ifndef LAGNET_TESTS_SUPPORT_MATCHERS_H_
#define LAGNET_TESTS_SUPPORT_MATCHERS_H_

#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gmock/gmock.h"
#include "google/protobuf/message.h"
#include "gtest/gtest.h"
#include "server/base/error.h"

namespace absl {

// Found by googletest, which else prints bytes.
template <typename T>
void PrintTo(const StatusOr<T>& result, std::ostream* out) {
  if (result.ok()) {
    *out << "OK: " << testing::PrintToString(*result);
  } else {
    *out << result.status();
  }
}

}  // namespace absl

namespace lagnet::support {

inline const absl::Status& StatusOf(const absl::Status& status) {
  return status;
}
template <typename T>
const absl::Status& StatusOf(const absl::StatusOr<T>& result) {
  return result.status();
}

// The fields that an INVALID_FIELDS names, in its order.
std::vector<std::string> WrongFields(const absl::Status& status);

// What an error says under `key` beside its reason; "" if nothing.
std::string MetadataOf(const absl::Status& status, const std::string& key);

// Whether `text` is the text format of `message` (or, if `partially`, of a
// part of it). Ends the test program if `text` does not parse.
bool SameProto(const google::protobuf::Message& message,
               const std::string& text, bool partially,
               std::string* difference);

//   EXPECT_THAT(service.Call(…), IsOk());
MATCHER(IsOk, "is OK") {
  *result_listener << StatusOf(arg);
  return StatusOf(arg).ok();
}

//   EXPECT_THAT(status, StatusIs(absl::StatusCode::kNotFound));
MATCHER_P(StatusIs, code, "has the code " + absl::StatusCodeToString(code)) {
  *result_listener << StatusOf(arg);
  return StatusOf(arg).code() == code;
}

//   EXPECT_THAT(status, StatusIs(absl::StatusCode::kNotFound, "NOT_FOUND"));
MATCHER_P2(StatusIs, code, reason,
           "is " + absl::StatusCodeToString(code) + " / " + reason) {
  *result_listener << StatusOf(arg) << " with reason \""
                   << ReasonOf(StatusOf(arg)) << "\"";
  return StatusOf(arg).code() == code && ReasonOf(StatusOf(arg)) == reason;
}

//   EXPECT_THAT(LoadNetwork(…), IsOkAndHolds(Field(&Network::id, "ksow")));
MATCHER_P(IsOkAndHolds, matcher, "is OK and holds what matches") {
  if (!arg.ok()) {
    *result_listener << arg.status();
    return false;
  }
  return testing::ExplainMatchResult(matcher, *arg, result_listener);
}

//   EXPECT_THAT(network, EqualsProto("name: 'networks/ksow'"));
MATCHER_P(EqualsProto, text, "equals " + std::string(text)) {
  std::string difference;
  const bool same = SameProto(arg, text, false, &difference);
  *result_listener << difference;
  return same;
}

// The same, but fields that `text` leaves out may be anything.
MATCHER_P(HasProto, text, "has " + std::string(text)) {
  std::string difference;
  const bool same = SameProto(arg, text, true, &difference);
  *result_listener << difference;
  return same;
}

// A message of type T from its text format.
void ParseText(const std::string& text, google::protobuf::Message* message);
template <typename T>
T FromText(const std::string& text) {
  T message;
  ParseText(text, &message);
  return message;
}

}  // namespace lagnet::support

// Unpacks an absl::StatusOr in a test, or fails the test.
#define ASSERT_OK_AND_ASSIGN(target, expression)                           \
  ASSERT_OK_AND_ASSIGN_(ASSERT_OK_CONCAT_(value_or_, __COUNTER__), target, \
                        expression)
#define ASSERT_OK_AND_ASSIGN_(name, target, expression) \
  auto name = (expression);                             \
  ASSERT_TRUE(name.ok()) << name.status();              \
  target = *std::move(name)
#define ASSERT_OK_CONCAT_(a, b) ASSERT_OK_CONCAT_INNER_(a, b)
#define ASSERT_OK_CONCAT_INNER_(a, b) a##b

#endif  // LAGNET_TESTS_SUPPORT_MATCHERS_H_
