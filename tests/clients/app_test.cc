#include "clients/cpp/cli/app.h"

#include <cstdlib>
#include <fstream>
#include <set>
#include <string>

#include "clients/cpp/cli/complete.h"
#include "clients/cpp/cli/unknown.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace lagnet::cli {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

class AppTest : public testing::Test {
 protected:
  void SetUp() override {
    unsetenv("LAGNET_SERVER");
    unsetenv("LAGNET_KEY_FILE");
    setenv("XDG_CONFIG_HOME", "/no/such/folder", 1);
  }

  // Parses a command line and returns what it set.
  std::unique_ptr<Session> Parse(const std::string& line) {
    auto session = std::make_unique<Session>();
    MakeApp(*session)->parse(line);
    return session;
  }

  std::string Config(const std::string& content) {
    const std::string path = testing::TempDir() + "/config.ini";
    std::ofstream(path) << content;
    return " --config " + path;
  }
};

TEST_F(AppTest, TakesGlobalOptionsAfterTheCommand) {
  const auto session = Parse("visit list --json --server h:1 --timeout 2.5");
  EXPECT_TRUE(session->json);
  EXPECT_EQ(session->connect.server, "h:1");
  EXPECT_EQ(session->timeout_seconds, 2.5);
  EXPECT_NE(session->command, nullptr);
}

TEST_F(AppTest, PutsFlagBeforeEnvironmentBeforeFile) {
  const std::string config = Config("server=file:1\nkey-file=/file\n");
  EXPECT_EQ(Parse("whoami" + config)->connect.server, "file:1");
  setenv("LAGNET_SERVER", "environment:1", 1);
  EXPECT_EQ(Parse("whoami" + config)->connect.server, "environment:1");
  EXPECT_EQ(Parse("whoami" + config)->connect.key_file, "/file");
  EXPECT_EQ(Parse("whoami --server flag:1" + config)->connect.server, "flag:1");
}

TEST_F(AppTest, RefusesAConfigurationThatItDoesNotKnow) {
  EXPECT_THROW(Parse("whoami" + Config("sever=file:1\n")), CLI::ParseError);
  EXPECT_THROW(Parse("whoami --config /no/such/file"), CLI::ParseError);
}

TEST_F(AppTest, TakesASearchOfManyWords) {
  const auto session = Parse(
      "org search wine kakheti --theme crafts --near 41.8,46.3 --language ka");
  EXPECT_EQ(session->language, "ka");
  EXPECT_NE(session->command, nullptr);
  EXPECT_NE(Parse("search telcsko --order title --limit 5")->command, nullptr);
  EXPECT_THROW(Parse("search telcsko --order best"), CLI::ParseError);
}

TEST_F(AppTest, TakesAnIdThatIsAlsoACommand) {
  EXPECT_NE(Parse("visit get list")->command, nullptr);
  EXPECT_NE(Parse("org get watch")->command, nullptr);
  EXPECT_NE(Parse("org history verify")->command, nullptr);
}

TEST_F(AppTest, MeasuresFromAPointOrAnOrganisation) {
  for (const char* from : {"42.66,44.64", "-33.9,18.4", "lag-kazbegi"}) {
    EXPECT_NE(
        Parse(std::string("org near ") + from + " --km 80 --count 5")->command,
        nullptr)
        << from;
  }
  EXPECT_THROW(Parse("org near"), CLI::ParseError);
  EXPECT_THROW(Parse("org near lag-kazbegi --km -1"), CLI::ParseError);
  EXPECT_THROW(Parse("org near lag-kazbegi --count 0"), CLI::ParseError);
  EXPECT_EQ(RunApp({"territory", "neighbours", "a/b/c"}), 2);
}

TEST_F(AppTest, MergesOnlyIntoWhatIsNamed) {
  EXPECT_NE(Parse("org merge old --into new --dry-run")->command, nullptr);
  EXPECT_NE(Parse("org doubles --network georgia")->command, nullptr);
  EXPECT_NE(Parse("org not-a-double one other")->command, nullptr);
  EXPECT_THROW(Parse("org merge old"), CLI::ParseError);
  EXPECT_THROW(Parse("org merge old new"), CLI::ParseError);
  EXPECT_THROW(Parse("org doubles"), CLI::ParseError);
  EXPECT_THROW(Parse("org not-a-double one"), CLI::ParseError);
}

TEST_F(AppTest, RanksOneSignUpOrMoreForAnOrganisation) {
  EXPECT_NE(Parse("signup rank v v/1 v/2 --organization o")->command, nullptr);
  EXPECT_THROW(Parse("signup rank v --organization o"), CLI::ParseError);
  EXPECT_THROW(Parse("signup rank v v/1"), CLI::ParseError);
  EXPECT_EQ(RunApp({"signup", "rank", "v", "a/b/c", "--organization", "o"}), 2);
}

TEST_F(AppTest, SuggestsRulesOfAKind) {
  EXPECT_NE(Parse("visit suggest-rules v --preset seats-per-partner "
                  "--organization a --organization b --apply")
                ->command,
            nullptr);
  EXPECT_THROW(Parse("visit suggest-rules v"), CLI::ParseError);
  EXPECT_EQ(RunApp({"visit", "suggest-rules", "v", "--preset", "best"}), 2);
}

TEST_F(AppTest, EntersSignUpsForOthersAndForgetsThem) {
  EXPECT_NE(Parse("signup create v --organization o --sector civic --name N "
                  "--phone 1 --channel telephone --notice-given aloud "
                  "--notice-version 2026-11-26")
                ->command,
            nullptr);
  EXPECT_NE(Parse("signup accept v/1 --note aloud")->command, nullptr);
  EXPECT_NE(Parse("signup erase v/1")->command, nullptr);
  EXPECT_THROW(Parse("signup erase"), CLI::ParseError);
}

TEST_F(AppTest, LetsAnOrganisationsPeopleInOthers) {
  EXPECT_NE(
      Parse("org invite o --display-name Ola --email ola@example.org")->command,
      nullptr);
  EXPECT_THROW(Parse("org invite o --display-name Ola"), CLI::ParseError);
  EXPECT_NE(Parse("org colleagues o")->command, nullptr);
  EXPECT_NE(Parse("org remove-colleague o ola")->command, nullptr);
  EXPECT_THROW(Parse("org remove-colleague o"), CLI::ParseError);
  EXPECT_NE(Parse("account update ola --email ola@example.org")->command,
            nullptr);
}

TEST_F(AppTest, TellsTheTwoLanguagesOfASignUpApart) {
  const auto session = Parse(
      "--language ka signup create v --organization o --sector civic "
      "--name N --email n@example.org --language pl");
  EXPECT_EQ(session->language, "ka");
}

// Newer CLI11 refuses such a command line when it is put together.
void ExpectArgumentsAreNotOptions(const CLI::App& command) {
  std::set<std::string> names;
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_lnames()) {
      EXPECT_TRUE(names.insert(name).second)
          << command.get_name() << " " << name;
    }
    const std::string argument = option->get_name(/*positional=*/true);
    if (!option->get_positional()) continue;
    EXPECT_TRUE(names.insert(argument).second)
        << command.get_name() << " " << argument;
  }
  for (const CLI::App* below :
       command.get_subcommands([](const CLI::App*) { return true; })) {
    ExpectArgumentsAreNotOptions(*below);
  }
}

TEST_F(AppTest, NoArgumentIsCalledAsAnOptionIs) {
  Session session;
  ExpectArgumentsAreNotOptions(*MakeApp(session));
}

TEST_F(AppTest, RefusesWrongUse) {
  EXPECT_THROW(Parse(""), CLI::ParseError);
  EXPECT_THROW(Parse("visit"), CLI::ParseError);
  EXPECT_THROW(Parse("visit get"), CLI::ParseError);
  EXPECT_THROW(Parse("visit list --nonsense"), CLI::ParseError);
  EXPECT_THROW(Parse("org return lag"), CLI::ParseError);
  // A token must not stand where every user of the machine could read it.
  EXPECT_THROW(Parse("org accept-claim lagc_0"), CLI::ParseError);
  EXPECT_EQ(RunApp({"visit", "get", "a/b/c"}), 2);
}

TEST_F(AppTest, SaysWhichVersionItIs) {
  testing::internal::CaptureStdout();
  EXPECT_EQ(RunApp({"--version"}), 0);
  EXPECT_THAT(testing::internal::GetCapturedStdout(),
              testing::MatchesRegex("lagnet [0-9]+\\.[0-9]+\\.[0-9]+\n"));
}

TEST_F(AppTest, SaysWhichWordItDoesNotKnow) {
  Session session;
  const auto app = MakeApp(session);
  const auto unknown = [&](const std::vector<std::string>& words) {
    return ExplainUnknown(*app, words);
  };
  EXPECT_EQ(unknown({"visits", "list"}),
            "There is no command visits of lagnet; did you mean visit?");
  EXPECT_EQ(unknown({"--json", "visit", "lst"}),
            "There is no command lst of visit; did you mean list?");
  EXPECT_THAT(unknown({"completion"}), "");
  EXPECT_THAT(unknown({"draw"}), HasSubstr("; there are search, org, "));
  EXPECT_EQ(unknown({"signup", "create", "v", "--organisation=lag"}),
            "There is no option --organisation; did you mean --organization?");
  EXPECT_EQ(unknown({"visit", "list", "--nonsense"}),
            "There is no option --nonsense");
  EXPECT_EQ(unknown({"--server", "visits", "visit", "get", "lst"}), "")
      << "values and names are anything";
}

TEST_F(AppTest, SaysThatNoServerIsThere) {
  EXPECT_EQ(RunApp({"visit", "list", "--server", "127.0.0.1:1"}), 3);
}

TEST_F(AppTest, CompletesCommandsFlagsAndValues) {
  Session session;
  const auto app = MakeApp(session);
  EXPECT_THAT(Complete(*app, {"vis"}), ElementsAre("visit"));
  EXPECT_THAT(Complete(*app, {"--json", "visit", "pub"}),
              ElementsAre("publish"));
  EXPECT_THAT(Complete(*app, {"--server", "visit", "vis"}),
              ElementsAre("visit"));
  EXPECT_THAT(Complete(*app, {"visit", "list", "--st"}),
              ElementsAre("--state", "--start-after"));
  EXPECT_THAT(Complete(*app, {"visit", "list", "--"}), Contains("--json"));
  EXPECT_THAT(Complete(*app, {"visit", "list", "--state", "p"}),
              ElementsAre("published"));
  EXPECT_THAT(Complete(*app, {"completion", ""}),
              ElementsAre("bash", "zsh", "fish"));
}

}  // namespace
}  // namespace lagnet::cli
