#include "clients/cpp/exchange/records.h"

#include <fstream>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "clients/cpp/exchange/list_cell.h"
#include "clients/cpp/exchange/territory_names.h"
#include "gmock/gmock.h"
#include "google/protobuf/util/message_differencer.h"
#include "gtest/gtest.h"
#include "tests/clients/exchange.h"
#include "tests/support/matchers.h"

namespace lagnet::exchange {
namespace {

using support::EqualsProto;
using support::FromText;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

Mapping MapOf(const std::string& json) {
  auto mapping = ParseMapping(json);
  EXPECT_TRUE(mapping.ok()) << mapping.status();
  return mapping.ok() ? *std::move(mapping) : Mapping();
}

std::string MapRefusal(const std::string& json) {
  const auto mapping = ParseMapping(json);
  return mapping.ok() ? "" : std::string(mapping.status().message());
}

Records ReadList(const std::string& csv,
                 const Mapping& mapping = OwnMapping()) {
  auto records = ReadRecords(Format::kCsv, csv, mapping);
  EXPECT_TRUE(records.ok()) << records.status();
  return records.ok() ? *std::move(records) : Records();
}

// The problems of all records: `row: column: words`.
std::vector<std::string> Problems(const Records& records) {
  std::vector<std::string> lines;
  for (const Record& record : records.records) {
    for (const Record::Problem& problem : record.problems) {
      lines.push_back(
          absl::StrCat(record.row, ": ", problem.field, ": ", problem.words));
    }
  }
  return lines;
}

// As a network in Poland may keep it.
constexpr char kPolishMap[] = R"json({
  "separator": ";",
  "columns": {
    "Nr": {"field": "external_ids", "source": "ksow-lgd"},
    "Nazwa LGD": ["display_name.pl", {"field": "name", "slug": true}],
    "Typ": {"field": "kind", "values": {"LGD": "LAG", "gmina": "MUNICIPALITY"}},
    "Powiaty": {"field": "territories", "split": ",", "scheme": "NUTS",
                "version": "2021", "values": {"radomski": "NUTS:PL921@2021", "kozienicki": "NUTS:PL921@2021"}},
    "Tematy": {"field": "themes", "split": ",",
               "values": {"wino": "wine", "turystyka wiejska": "rural_tourism"}},
    "Powierzchnia": {"field": "area_km2", "decimal": ","},
    "Data wpisu": {"field": "founded_on", "dates": "dmy"},
    "Uwagi": null,
    "Strona": {"field": "website", "optional": true}
  },
  "constants": {"country": "PL", "languages": "pl; en"}
})json";

TEST(RecordsTest, ReadsAListByItsMap) {
  const Records records = ReadList(
      "Nr;Nazwa LGD;Typ;Powiaty;Tematy;Powierzchnia;Data wpisu;Uwagi\n"
      "042; LGD Puszcza Kozienicka ;LGD;radomski, kozienicki, "
      "PL92;wino,turystyka wiejska;"
      "1 081,7;3.1.2006;zadzwonić\n",
      MapOf(kPolishMap));
  EXPECT_THAT(Problems(records), IsEmpty());
  ASSERT_THAT(records.records, SizeIs(1));
  EXPECT_THAT(records.records[0].organization, EqualsProto(R"pb(
                name: "organizations/lgd-puszcza-kozienicka"
                kind: LAG
                display_name {
                  texts {
                    key: "pl"
                    value { text: "LGD Puszcza Kozienicka" }
                  }
                }
                country: "PL"
                territories { scheme: NUTS version: "2021" code: "PL921" }
                territories { scheme: NUTS version: "2021" code: "PL92" }
                themes: "wine"
                themes: "rural_tourism"
                languages: "pl"
                languages: "en"
                founded_on: "2006-01-03"
                area_km2: 1081.7
                external_ids { source: "ksow-lgd" id: "042" }
              )pb"));
  EXPECT_THAT(records.records[0].mask,
              ElementsAre("area_km2", "country", "display_name.texts.pl.text",
                          "external_ids", "founded_on", "kind", "languages",
                          "territories", "themes"));
  EXPECT_EQ(records.ColumnOf("territories[1].code"), "Powiaty");
  EXPECT_EQ(records.ColumnOf("display_name"), "Nazwa LGD");
  EXPECT_EQ(records.ColumnOf("email"), "email");
}

// The text of the block of `language` in the guide.
std::string Example(const std::string& language) {
  std::ifstream file(std::string(LAGNET_CLIENTS) + "/../docs/guide/import.md");
  std::stringstream stream;
  stream << file.rdbuf();
  const std::string text = stream.str();
  const std::string fence = "```" + language + "\n";
  const size_t begin = text.find(fence);
  EXPECT_NE(begin, std::string::npos);
  if (begin == std::string::npos) return "";
  const size_t content = begin + fence.size();
  return text.substr(content, text.find("```", content) - content);
}

TEST(RecordsTest, ReadsTheExampleOfTheGuide) {
  const Records records = ReadList(Example("csv"), MapOf(Example("json")));
  EXPECT_THAT(Problems(records), IsEmpty());
  ASSERT_THAT(records.records, SizeIs(2));
  const Organization& first = records.records[0].organization;
  EXPECT_EQ(first.name(), "organizations/lgd-dolina-przykladu");
  EXPECT_EQ(first.area_km2(), 1081.7);
  EXPECT_EQ(first.founded_on(), "2006-01-03");
  EXPECT_THAT(first.themes(), ElementsAre("crafts", "rural_tourism"));
  EXPECT_EQ(records.records[1].organization.name(),
            "organizations/stowarzyszenie-przykladowe-wzgorza");
}

TEST(RecordsTest, SaysWhichCellsMakeNoSense) {
  const Records records = ReadList(
      "name,kind,area_km2,population,territories,external_ids,position.latitude"
      "\nlag-a,Verein,big,1.5,PL815,042,\"42,66\"\n");
  EXPECT_THAT(
      Problems(records),
      ElementsAre(HasSubstr("2: kind: \"Verein\" is none of LAG, MUNICIPALITY"),
                  "2: area_km2: \"big\" is not a number",
                  "2: population: \"1.5\" is not a whole number",
                  HasSubstr("2: territories: \"PL815\" needs a scheme"),
                  HasSubstr("2: external_ids: \"042\" needs its source"),
                  HasSubstr("2: position.latitude: \"42,66\" has a comma")));
}

TEST(RecordsTest, RefusesARowWithACommaThatNobodyQuoted) {
  const Records records =
      ReadList("name,display_name.en,country\nlag-a,Wine, Nuts,GE\n");
  EXPECT_THAT(Problems(records),
              ElementsAre(HasSubstr("2: : has 4 cells, the header has 3")));
}

class TerritoryNamesTest : public testing::Test {
 protected:
  void SetUp() override {
    std::vector<directory::v1::Territory> all;
    for (const auto& [name, code] :
         {std::pair("Zwoleń", "1"), std::pair("Jedlnia", "2"),
          std::pair("Dwie", "4"), std::pair("Jedlnia", "5")}) {
      all.push_back(FromText<directory::v1::Territory>(
          absl::StrCat("codes { scheme: NUTS code: 'PL", code,
                       "' } codes { scheme: LAU "
                       "version: '2024' code: '",
                       code,
                       "' } display_name { texts { "
                       "key: 'pl' value { text: '",
                       name, "' } } }")));
    }
    LearnTerritoryNames(all, mapping_.columns["Gminy"].targets[0].rules);
  }

  Mapping mapping_ = MapOf(R"json({"columns": {"Name": "name",
      "Gminy": {"field": "territories", "split": ",", "names_in": "PL",
                "level": "MUNICIPALITY", "scheme": "LAU",
                "values": {"Dwie": "LAU:3"}}}})json");
};

TEST_F(TerritoryNamesTest, KnowsThemHoweverTheyAreWritten) {
  const Records records = ReadList(
      "Name,Gminy\na,\"Zwoleń, Dwie, LAU:9\"\nb,\"ZWOLEN, 5\"\n", mapping_);
  EXPECT_THAT(Problems(records), IsEmpty());
  EXPECT_THAT(records.records[0].organization, EqualsProto(R"pb(
                name: "organizations/a"
                territories { scheme: LAU version: "2024" code: "1" }
                territories { scheme: LAU code: "3" }
                territories { scheme: LAU code: "9" }
              )pb"));
  EXPECT_THAT(records.records[1].organization, EqualsProto(R"pb(
                name: "organizations/b"
                territories { scheme: LAU version: "2024" code: "1" }
                territories { scheme: LAU version: "2024" code: "5" }
              )pb"));
}

TEST_F(TerritoryNamesTest, SaysWhichNameIsWrongAndWhy) {
  const Records records =
      ReadList("Name,Gminy\na,\"Zwoleń, Jedlnia\"\nb,Nowhere\nc,Zwoleń; Dwie\n",
               mapping_);
  EXPECT_THAT(
      Problems(records),
      ElementsAre(
          "2: Gminy: \"Jedlnia\" is the name of several: LAU:2@2024, "
          "LAU:5@2024; put it into `values`",
          "3: Gminy: \"Nowhere\" is not known: no municipality of PL is called "
          "so",
          "4: Gminy: \"Zwoleń; Dwie\" is not known: no municipality of PL is "
          "called so; say in the map what `split`s a list"));
}

TEST(RecordsTest, FindsRowsThatAreTheSame) {
  const Records records = ReadList(
      "name,external_ids\nlag-a,s:1\norganizations/lag-a,s:2\nlag-b,s:1\n");
  EXPECT_THAT(Problems(records),
              ElementsAre("3: name: is the same as in row 2",
                          "4: external_ids: is the same as in row 2"));
}

TEST(RecordsTest, RefusesColumnsThatNobodyKnows) {
  const auto refusal = [](const std::string& csv, const Mapping& mapping) {
    return std::string(
        ReadRecords(Format::kCsv, csv, mapping).status().message());
  };
  EXPECT_EQ(refusal("name,Nazwa,etag\nx,y,z\n", OwnMapping()),
            "has columns that are no fields: Nazwa, etag. Name them in a map, "
            "null for what is not imported");
  EXPECT_THAT(refusal("Nr;Typ\n1;LGD\n", MapOf(kPolishMap)),
              HasSubstr("has no column \"Data wpisu\", which the map names"));
  EXPECT_THAT(ReadList("Nr,x\n1,2\n", MapOf(R"json({"other_columns": "ignore",
      "columns": {"Nr": {"field": "external_ids", "source": "s"}}})json"))
                  .records,
              SizeIs(1));
}

TEST(RecordsTest, EmptyCellsSayNothingUnlessTheyClear) {
  const std::string csv = "name,website,funds.1.fund\nlag-a,,\n";
  EXPECT_THAT(ReadList(csv).records[0].mask, IsEmpty());
  Mapping clearing = OwnMapping();
  clearing.clear_empty = true;
  EXPECT_THAT(ReadList(csv, clearing).records[0].mask,
              ElementsAre("funds", "website"));
}

TEST(RecordsTest, ReadsJsonInBothForms) {
  const std::string one =
      R"({"name": "organizations/lag-a", "displayName":
          {"texts": {"en": {"text": "A"}}}, "website": "", "state": "STALE"})";
  for (const std::string& text :
       {"[" + one + "]", "{\"organizations\": [" + one + "]}"}) {
    const auto records = ReadRecords(Format::kJson, text, OwnMapping());
    ASSERT_TRUE(records.ok()) << records.status();
    ASSERT_THAT(records->records, SizeIs(1));
    EXPECT_THAT(Problems(*records), IsEmpty());
    EXPECT_EQ(records->records[0].row, 1);
    EXPECT_THAT(records->records[0].mask,
                ElementsAre("display_name", "website"));
  }
}

TEST(RecordsTest, RefusesJsonThatIsNone) {
  const auto refusal = [](const std::string& text) {
    return std::string(
        ReadRecords(Format::kJson, text, OwnMapping()).status().message());
  };
  EXPECT_EQ(refusal("{"), "is not JSON");
  EXPECT_THAT(refusal("7"), HasSubstr("is no array"));
  EXPECT_THAT(refusal(R"({"projects": []})"), HasSubstr("`lagnet import`"));
  EXPECT_THAT(refusal(std::string(100'000, '[')), HasSubstr("too deep"));
  std::string bomb = "[";
  for (int i = 0; i < 5'000'000; ++i) bomb += "1,";
  EXPECT_THAT(refusal(bomb), HasSubstr("too large"));
  const auto records = ReadRecords(
      Format::kJson,
      R"([7, {"nam": 1}, {"kind": "Verein", "areaKm2": "x", "country": "PL"}])",
      OwnMapping());
  ASSERT_TRUE(records.ok()) << records.status();
  EXPECT_THAT(Problems(*records),
              ElementsAre(HasSubstr("1: : is not an organisation"),
                          "2: nam: is no field of an organisation",
                          HasSubstr("3: areaKm2: "), HasSubstr("3: kind: ")));
  EXPECT_EQ(records->records[2].problems[0].unread, "area_km2");
  EXPECT_EQ(records->records[2].organization.country(), "PL");
}

TEST(RecordsTest, SaysAllThatIsWrongInACell) {
  const Records records =
      ReadList("name,kind,bodies\nlag-a,Verein,board; Rat; jury\n");
  ASSERT_THAT(records.records[0].problems, SizeIs(2));
  EXPECT_EQ(records.records[0].problems[0].unread, "kind");
  const Record::Problem& bodies = records.records[0].problems[1];
  EXPECT_THAT(bodies.words, HasSubstr("\"Rat\" is none of ASSEMBLY"));
  EXPECT_THAT(bodies.words, HasSubstr("; \"jury\" is none of"));
  EXPECT_EQ(bodies.unread, "") << "the others are read";
  EXPECT_THAT(records.records[0].organization,
              EqualsProto("name: 'organizations/lag-a' bodies: BOARD"));
}

TEST(RecordsTest, TakesNoteOfWhatHasEnded) {
  const Records records = ReadList(
      "name,state,successor,dissolved_on\n"
      "lag-a,archived,,\nlag-b,DISSOLVED,lag-c,2024-12-31\n"
      "lag-c,VERIFIED,,\nlag-d,,,\n");
  EXPECT_THAT(Problems(records), IsEmpty());
  EXPECT_THAT(records.records[0].organization,
              EqualsProto("name: 'organizations/lag-a' state: ARCHIVED"));
  EXPECT_THAT(records.records[1].organization, EqualsProto(R"pb(
                name: "organizations/lag-b"
                state: DISSOLVED
                successor: "organizations/lag-c"
                dissolved_on: "2024-12-31"
              )pb"));
  for (const Record& record : records.records) {
    EXPECT_THAT(record.mask, IsEmpty());
  }
  EXPECT_THAT(records.records[2].organization,
              EqualsProto("name: 'organizations/lag-c'"));
  EXPECT_THAT(Problems(ReadList("name,state,successor,dissolved_on\n"
                                "lag-a,DRAFT,,\nlag-b,ARCHIVED,lag-c,\n"
                                "lag-c,DISSOLVED,,soon\n")),
              ElementsAre(HasSubstr("2: state: is DRAFT: a list says"),
                          "3: successor: has a meaning with the state "
                          "DISSOLVED only",
                          "4: dissolved_on: is not a date such as 2026-09-19"));
}

TEST(RecordsTest, KnowsAFormatByNameOrContent) {
  EXPECT_EQ(FormatOf("a.CSV", ""), Format::kCsv);
  EXPECT_EQ(FormatOf("a.xlsx", ""), Format::kXlsx);
  EXPECT_EQ(FormatOf("-", " [{}]"), Format::kJson);
  EXPECT_EQ(FormatOf("-", "PK\x03\x04"), Format::kXlsx);
  EXPECT_EQ(FormatOf("-", "name,kind"), Format::kCsv);
}

TEST(MappingTest, SaysWhatIsWrongWithAMap) {
  EXPECT_EQ(MapRefusal("{"), "the map is not JSON");
  EXPECT_THAT(MapRefusal("{}"), HasSubstr("has no columns"));
  EXPECT_THAT(MapRefusal(R"({"columns": {"a": "nam"}})"),
              HasSubstr("column \"a\": \"nam\" is no field"));
  EXPECT_THAT(MapRefusal(R"({"columns": {"a": "look_time"}})"),
              HasSubstr("the server keeps it"));
  EXPECT_THAT(MapRefusal(R"({"columns": {"a": "display_name"}})"),
              HasSubstr("write the language behind it"));
  EXPECT_THAT(MapRefusal(R"({"columns": {"a": "funds.fund"}})"),
              HasSubstr("write its number behind funds"));
  EXPECT_THAT(MapRefusal(R"({"columns": {"a": {"field": "kind", "x": 1}}})"),
              HasSubstr("has what no map has: x"));
  EXPECT_THAT(MapRefusal(R"({"columns": {}, "seperator": ";"})"),
              HasSubstr("the map has what no map has: seperator"));
  EXPECT_THAT(MapRefusal(R"({"columns": {}, "separator": "x"})"),
              HasSubstr("separator must be one of"));
}

TEST(MappingTest, MakesNamesOutOfWhatThingsAreCalled) {
  EXPECT_EQ(SlugOf("LGD \"Puszcza Kozienicka\""), "lgd-puszcza-kozienicka");
  EXPECT_EQ(SlugOf("MAS Český sever, z.s."), "mas-cesky-sever-z-s");
  EXPECT_EQ(SlugOf("ლაგოდეხის ჯგუფი"), "lagodekhis-jgupi");
  EXPECT_EQ(SlugOf("Łódź — 2020"), "lodz-2020");
  EXPECT_EQ(SlugOf("3 Doliny"), "doliny");
  EXPECT_EQ(SlugOf("漢字"), "");
  EXPECT_LE(SlugOf(std::string(200, 'a')).size(), 63u);
}

TEST(ListCellTest, TakesApartWhatItJoins) {
  EXPECT_THAT(SplitListCell(" wine ;; tourism; "),
              ElementsAre("wine", "tourism"));
  EXPECT_THAT(SplitListCell("a\\;b; c\\ "), ElementsAre("a;b", "c "));
  std::mt19937 random(7);
  for (int round = 0; round < 2000; ++round) {
    std::vector<std::string> values;
    for (unsigned i = random() % 4; i > 0; --i) {
      values.push_back("x" + RandomText(random) + " ");
      values.push_back(RandomText(random) + "y");
    }
    EXPECT_EQ(SplitListCell(JoinListCell(values)), values);
  }
}

// An entry with about everything, in texts that files get wrong.
Organization RandomOrganization(std::mt19937& random, int number) {
  const auto text = [&] { return "t" + RandomText(random); };
  Organization all = FromText<Organization>(
      R"pb(
        kind: LAG country: "GE" themes: "wine" bodies: BOARD
      )pb");
  all.set_name(absl::StrCat("organizations/lag-", number));
  for (const char* language : {"ka", "sr-Latn"}) {
    auto& name = (*all.mutable_display_name()->mutable_texts())[language];
    name.set_text(text());
    name.set_origin(static_cast<types::v1::Translation::Origin>(random() % 3));
  }
  if (random() % 2 == 0) {
    (*all.mutable_description()->mutable_texts())["en"].set_text(text());
    all.mutable_position()->set_latitude(
        std::uniform_real_distribution<>(-90, 90)(random));
    all.set_area_km2(std::uniform_real_distribution<>(0, 1e6)(random));
    (*all.mutable_strategy()->mutable_title()->mutable_texts())["en"].set_text(
        text());
    all.mutable_strategy()->add_themes("beekeeping");
  }
  for (unsigned i = random() % 4; i > 0; --i) {
    auto* territory = all.add_territories();
    territory->set_scheme(types::v1::Territory::NUTS);
    territory->set_code(absl::StrCat("PL", i));
    territory->set_version(i % 2 == 0 ? "2021" : "");
    auto* fund = all.add_funds();
    fund->set_fund(Organization::EAFRD);
    fund->set_programme(text());
    fund->set_start_year(i % 2 == 0 ? 2014 : 0);
    auto* id = all.add_external_ids();
    id->set_source("list");
    id->set_id(absl::StrCat(text(), "x", number, ".", i));
  }
  if (random() % 2 == 0) {
    all.mutable_register_entry()->set_register_("KRS");
    all.mutable_register_entry()->set_number("0000312844");
    all.set_population(static_cast<int>(random() % 1'000'000));
  }
  return all;
}

TEST(WriteTest, ReadsBackExactlyWhatItWrote) {
  std::mt19937 random(8);
  for (const Format format : {Format::kCsv, Format::kJson, Format::kXlsx}) {
    for (int round = 0; round < 30; ++round) {
      std::vector<Organization> all;
      for (unsigned i = random() % 6; i > 0; --i) {
        all.push_back(RandomOrganization(random, static_cast<int>(i)));
      }
      const std::string bytes = Write(format, all);
      const auto read = ReadRecords(format, bytes, OwnMapping());
      ASSERT_TRUE(read.ok()) << read.status();
      std::vector<Organization> again;
      for (const Record& record : read->records) {
        EXPECT_THAT(record.problems, IsEmpty()) << record.problems[0].words;
        again.push_back(record.organization);
      }
      ASSERT_EQ(again.size(), all.size());
      for (size_t i = 0; i < all.size(); ++i) {
        EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(again[i],
                                                                       all[i]))
            << again[i].DebugString() << all[i].DebugString();
      }
      EXPECT_TRUE(Write(format, again) == bytes);
    }
  }
}

TEST(WriteTest, LeavesOutWhatOnlyTheServerSets) {
  const auto entry = FromText<Organization>(R"pb(
    name: "organizations/lag-a"
    state: STALE
    etag: "\"7\""
    create_time { seconds: 1 }
    position { latitude: 0 longitude: 44.5 }
  )pb");
  EXPECT_EQ(Write(Format::kCsv, {entry}),
            "\xEF\xBB\xBFname,position.latitude,position.longitude\r\n"
            "organizations/lag-a,0,44.5\r\n");
  const auto ended = FromText<Organization>(
      "name: 'organizations/lag-b' state: DISSOLVED "
      "dissolved_on: '2024-12-31' look_time { seconds: 1 }");
  EXPECT_EQ(Write(Format::kCsv, {ended}),
            "\xEF\xBB\xBFname,state,dissolved_on\r\n"
            "organizations/lag-b,DISSOLVED,2024-12-31\r\n");
  EXPECT_EQ(Write(Format::kJson, {}), "[\n]\n");
}

}  // namespace
}  // namespace lagnet::exchange
