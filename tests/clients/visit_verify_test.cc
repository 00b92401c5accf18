// `lagnet visit verify`, which needs no server.

#include <fstream>
#include <string>

#include "clients/cpp/cli/app.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/draw/document.h"
#include "tests/draw/example.h"

namespace lagnet::cli {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

std::string WriteDocument(const std::string& name, const json& document) {
  const std::string path = testing::TempDir() + "/" + name;
  std::ofstream(path) << document.dump();
  return path;
}

int RunVerify(const std::vector<std::string>& arguments, std::string* said) {
  testing::internal::CaptureStdout();
  std::vector<std::string> all = {"visit", "verify"};
  all.insert(all.end(), arguments.begin(), arguments.end());
  const int code = RunApp(all);
  *said = testing::internal::GetCapturedStdout();
  return code;
}

TEST(VisitVerifyTest, PassesADrawThatIsRight) {
  const draw::Dossier dossier = draw::ExampleDossier();
  const std::string full = WriteDocument("full.json", ToJson(dossier));
  const std::string shown =
      WriteDocument("public.json", draw::ToJson(*draw::PublicPartOf(dossier)));
  const std::string opening =
      WriteDocument("opening.json", ToJson(draw::OpeningOf(dossier, 0)));
  std::string said;
  EXPECT_EQ(
      RunVerify({full, "--published", shown, "--opening", opening}, &said), 0);
  EXPECT_THAT(said, HasSubstr("ok    fairness: "));
  EXPECT_THAT(said, HasSubstr("ok    published: "));
  EXPECT_THAT(said, HasSubstr("ok    chance: "));
  EXPECT_THAT(said, Not(HasSubstr("WRONG")));
  EXPECT_EQ(RunVerify({shown, "--opening", opening}, &said), 0);
  EXPECT_THAT(said, HasSubstr("ok    entry: "));
}

TEST(VisitVerifyTest, TellsWhatIsWrong) {
  json document = ToJson(draw::ExampleDossier());
  document["hosts"][0]["seed"] = std::string(64, '0');
  std::string said;
  EXPECT_EQ(RunVerify({WriteDocument("seed.json", document), "--json"}, &said),
            1);
  const json answer = json::parse(said);
  EXPECT_EQ(answer["passed"], false);
  EXPECT_EQ(answer["findings"][1]["check"], "seeds");
  EXPECT_EQ(answer["findings"][1]["passed"], false);
  document["parties"][0]["size"] = "many";
  EXPECT_EQ(RunVerify({WriteDocument("size.json", document)}, &said), 1);
  EXPECT_THAT(said, HasSubstr("WRONG document: "));
}

TEST(VisitVerifyTest, RefusesOtherFiles) {
  std::string said;
  EXPECT_EQ(
      RunVerify({WriteDocument("other.json", {{"format", "other"}})}, &said),
      2);
  EXPECT_EQ(RunVerify({"/no/such/file"}, &said), 2);
  const std::string shown = WriteDocument(
      "public.json", draw::ToJson(*draw::PublicPartOf(draw::ExampleDossier())));
  EXPECT_EQ(RunVerify({shown, "--published", shown}, &said), 2);
}

// A name in a document cannot command the terminal.
TEST(VisitVerifyTest, ShowsNoControlCharacters) {
  json document = ToJson(draw::ExampleDossier());
  document["hosts"][0]["name"] = "\x1b[2Jgone";
  std::string said;
  EXPECT_EQ(RunVerify({WriteDocument("escape.json", document)}, &said), 1);
  EXPECT_THAT(said, Not(HasSubstr("\x1b")));
}

}  // namespace
}  // namespace lagnet::cli
