#include "server/db/value.h"

#include <limits>

#include "absl/strings/str_cat.h"
#include "server/db/connection.h"
#include "server/db/rows.h"
#include "tests/support/database.h"
#include "tests/support/matchers.h"

namespace lagnet::db {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

enum class Colour { kRed = 1, kBlue = 7 };

// Goes through PostgreSQL and back.
class ValueTest : public support::DatabaseTest {
 protected:
  template <typename T>
  static Rows Send(const char* name, const char* sql, const T& value) {
    static auto* const connection = new Connection(database().dsn());
    return connection->Execute({name, sql}, {ToArgument(value)});
  }

  static void TearDownTestSuite() {
    support::DatabaseTest::TearDownTestSuite();
  }

  static std::string Text(const std::string& text) {
    return Send("text", "SELECT $1::text AS x", text)[0].Get<std::string>("x");
  }
  static std::vector<std::string> Array(const std::vector<std::string>& items) {
    return Send("array", "SELECT $1::text[] AS x", items)[0]
        .Get<std::vector<std::string>>("x");
  }
  static absl::Time Time(absl::Time time) {
    return Send("time", "SELECT $1::timestamptz AS x", time)[0].Get<absl::Time>(
        "x");
  }
};

const char* const kOddTexts[] = {
    "",
    " ",
    "plain",
    "it's",
    "\"quoted\"",
    "back\\slash",
    "\\",
    "\\\\x41",
    "{a,b}",
    "a,b",
    "NULL",
    "null",
    "line\nbreak\ttab\r",
    "'; DROP TABLE visits.visit; --",
    "$1 %s %d",
    "ყაზბეგი, Puszcza Kozienicka, Přeštice, 🌲",
    "e\xcc\x81 combining",
};

TEST_F(ValueTest, KeepsEveryText) {
  for (const char* text : kOddTexts) EXPECT_EQ(Text(text), text);
}

TEST_F(ValueTest, KeepsEveryTextInArrays) {
  EXPECT_THAT(Array({}), IsEmpty());
  EXPECT_THAT(Array({""}), ElementsAre(""));
  EXPECT_THAT(Array({"", ""}), ElementsAre("", ""));
  for (const char* text : kOddTexts) {
    EXPECT_THAT(Array({text}), ElementsAre(text));
    EXPECT_THAT(Array({"a", text, "b"}), ElementsAre("a", text, "b"));
  }
}

TEST_F(ValueTest, TellsNullFromEmpty) {
  const Value nothing;
  EXPECT_TRUE(
      Send("null", "SELECT $1::text IS NULL AS x", nothing)[0].Get<bool>("x"));
  EXPECT_FALSE(
      Send("null", "SELECT $1::text IS NULL AS x", std::string())[0].Get<bool>(
          "x"));
  const Row row = Send("out", "SELECT $1::text AS x", nothing)[0];
  EXPECT_EQ(row.Get<std::string>("x"), "");
  EXPECT_EQ(row.Get<std::optional<std::string>>("x"), std::nullopt);
  EXPECT_EQ(NullIfEmpty(""), std::nullopt);
  EXPECT_EQ(NullIfEmpty("a"), "a");
}

TEST_F(ValueTest, EndsTextsInArraysWhereANulIs) {
  EXPECT_THAT(Array({std::string("a\0b", 3), "c"}), ElementsAre("a", "c"));
}

TEST_F(ValueTest, KeepsTimesToTheMicrosecond) {
  for (const absl::Time time :
       {absl::UnixEpoch(), absl::FromUnixMicros(1'900'000'000'123'456),
        absl::FromUnixSeconds(-62'135'596'800),  // Year 1.
        absl::FromUnixSeconds(253'402'300'799),  // Year 9999.
        absl::FromUnixMicros(-1)}) {
    EXPECT_EQ(Time(time), time);
  }
}

TEST_F(ValueTest, MakesNullOfInfiniteTimes) {
  EXPECT_EQ(Time(absl::InfiniteFuture()), absl::InfiniteFuture());
  EXPECT_EQ(ToValue(absl::InfinitePast()), std::nullopt);
}

TEST_F(ValueTest, KeepsNumbersFlagsAndEnums) {
  for (const int64_t n : {std::numeric_limits<int64_t>::min(), int64_t{0},
                          std::numeric_limits<int64_t>::max()}) {
    EXPECT_EQ(Send("int", "SELECT $1::bigint AS x", n)[0].Get<int64_t>("x"), n);
  }
  for (const double d : {0.1, -179.999999999, 1e300, 1.0 / 3}) {
    EXPECT_EQ(
        Send("double", "SELECT $1::double precision AS x", d)[0].Get<double>(
            "x"),
        d);
  }
  for (const bool b : {true, false}) {
    EXPECT_EQ(Send("bool", "SELECT $1::boolean AS x", b)[0].Get<bool>("x"), b);
  }
  EXPECT_EQ(
      Send("enum", "SELECT $1::int AS x", Colour::kBlue)[0].Get<Colour>("x"),
      Colour::kBlue);
}

TEST_F(ValueTest, KeepsArraysOfEveryType) {
  const auto text = [](const char* type, const auto& items) {
    const std::string sql = absl::StrCat("SELECT $1::", type, "[]::text AS x");
    return Send(type, sql.c_str(), items)[0].template Get<std::string>("x");
  };
  EXPECT_EQ(text("int", std::vector<int>{1, -2}), "{1,-2}");
  EXPECT_EQ(text("int", std::vector<Colour>{Colour::kBlue}), "{7}");
  EXPECT_EQ(text("bigint", std::vector<int64_t>{-1, int64_t{1} << 40}),
            "{-1,1099511627776}");
  EXPECT_EQ(text("boolean", std::vector<bool>{true, false}), "{t,f}");
  EXPECT_EQ(text("double precision", std::vector<double>{0.1, -1e300}),
            "{0.1,-1e+300}");
  EXPECT_EQ(
      text("text", std::vector<std::optional<std::string>>{"a", std::nullopt,
                                                           "NULL", ""}),
      "{a,NULL,\"NULL\",\"\"}");
  EXPECT_EQ(
      text("timestamptz", std::vector<absl::Time>{absl::FromUnixMicros(-1),
                                                  absl::InfiniteFuture()}),
      "{\"1969-12-31 23:59:59.999999+00\",NULL}");
  EXPECT_EQ(
      text("uuid", std::vector<Uuid>{{"00112233-4455-6677-8899-aAbBcCdDeEfF"}}),
      "{00112233-4455-6677-8899-aabbccddeeff}");
  EXPECT_EQ(text("jsonb", std::vector<nlohmann::json>{{{"a", "\"ყ"}}, 1}),
            R"({"{\"a\": \"\\\"ყ\"}",1})");
}

TEST_F(ValueTest, RefusesArraysOfAnotherType) {
  EXPECT_ANY_THROW(Send("other", "SELECT $1::bigint[]", std::vector<int>{1}));
  EXPECT_ANY_THROW(
      Send("no uuid", "SELECT $1::uuid[]", std::vector<Uuid>{{"0011-2233"}}));
}

TEST_F(ValueTest, TakesTextsAndArraysByTurns) {
  Connection connection(database().dsn());
  const Statement mixed{"mixed", R"sql(
    SELECT $1::text || $2::int[]::text || $3::text[]::text || $4::text
             || $5::int[]::text || $6::text || $7::int[]::text AS x
  )sql"};
  const Argument numbers = ToArgument(std::vector<int>{1, 2});
  EXPECT_EQ(connection
                .Execute(mixed, {ToArgument("a"), numbers,
                                 ToArgument(std::vector<std::string>{"b"}),
                                 ToArgument("c"), numbers, ToArgument("d"),
                                 numbers})[0]
                .Get<std::string>("x"),
            "a{1,2}{b}c{1,2}d{1,2}");
}

TEST_F(ValueTest, KeepsBytes) {
  const std::string bytes("\0\x01'\\\xff", 5);
  EXPECT_EQ(Send("bytes", "SELECT $1::bytea AS x", Bytes{bytes})[0].Bytes("x"),
            bytes);
  EXPECT_EQ(Send("bytes", "SELECT $1::bytea AS x", Bytes{""})[0].Bytes("x"),
            "");
  EXPECT_EQ(Send("many", "SELECT ($1::bytea[])[1] AS x",
                 std::vector<Bytes>{{bytes}})[0]
                .Bytes("x"),
            bytes);
}

TEST_F(ValueTest, KeepsJson) {
  const nlohmann::json json = {{"ka", "ყაზბეგი \"x\" \\"}, {"n", 1.5}};
  EXPECT_EQ(
      Send("json", "SELECT $1::jsonb AS x", json)[0].Get<nlohmann::json>("x"),
      json);
}

TEST_F(ValueTest, RefusesWhatIsNotThere) {
  const Row row = Send("text", "SELECT $1::text AS x", std::string("a"))[0];
  EXPECT_ANY_THROW(row.Get<std::string>("y"));
  EXPECT_ANY_THROW(row.Get<int>("x"));
  EXPECT_ANY_THROW(row.Get<absl::Time>("x"));
  EXPECT_ANY_THROW(row.Get<nlohmann::json>("x"));
  EXPECT_ANY_THROW(row.Bytes("x"));
}

}  // namespace
}  // namespace lagnet::db
