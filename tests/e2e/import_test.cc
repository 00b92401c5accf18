// Lists as people import and export them, with the import killed in the middle
// again and again: the directory is the list's, once.

#include <cstdio>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/base/process.h"
#include "tests/e2e/lagnetd.h"
#include "tests/e2e/network.h"

namespace lagnet::e2e {
namespace {

using testing::AnyOf;
using testing::HasSubstr;
using Words = std::vector<std::string>;

constexpr int kKills = 10;
constexpr char kPoland[] = "poland";

std::string Content(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

// A list as somebody may keep it, with what files get wrong in its texts.
void WriteList(const std::string& path, int count) {
  std::ofstream list(path);
  list << "name,external_ids,kind,country,display_name.pl,display_name.ka,"
          "description.en,territories,themes,email,position.latitude,"
          "position.longitude,funds.1.fund,funds.1.programme,funds.2.fund,"
          "area_km2,population,founded_on\r\n";
  for (int i = 0; i < count; ++i) {
    list << "lgd-" << i << ",ksow-lgd:" << i << ",LAG,PL,\"LGD \"\"Dolina " << i
         << "\"\", wschód\",ლაგი " << i << ",'=" << i
         << "+1,NUTS:PL81@2021,crafts; rural_tourism,lgd" << i
         << "@example.org," << 50 + i % 1000 / 1000.0 << ",-0.125,EAFRD,"
         << "\"PROW\n2014\"," << (i % 2 == 0 ? "NATIONAL" : "") << ','
         << 0.1 * i << ',' << i << ",2006-01-03\r\n";
  }
}

class ListTest : public testing::Test {
 protected:
  ListTest() : server_({.data = folder_.path() + "/data"}) {
    MakeNetwork(server_);
  }

  static void MakeNetwork(Lagnetd& server) {
    const auto ready = server.Start();
    ASSERT_TRUE(ready.ok()) << ready.status();
    directory::v1::CreateNetworkRequest request;
    request.set_network_id(kPoland);
    auto& network = *request.mutable_network();
    network.set_kind(directory::v1::Network::NATIONAL);
    (*network.mutable_display_name()->mutable_texts())["pl"].set_text("Sieć");
    network.add_countries("PL");
    network.add_languages("pl");
    network.set_currency("PLN");
    network.set_time_zone("Europe/Warsaw");
    const auto made =
        server.Operator()->Call(&client::Networks::CreateNetwork, request);
    ASSERT_TRUE(made.ok()) << made.status();
  }

  static CommandResult Lagnet(const Lagnetd& server, const std::string& data,
                              const Words& words, const Words& before = {}) {
    Words command = before;
    for (const std::string& word :
         {ProgramPath("lagnet"), std::string("--server"), server.address(),
          std::string("--key-file"), data + "/admin.key", std::string("org")}) {
      command.push_back(word);
    }
    command.insert(command.end(), words.begin(), words.end());
    const absl::StatusOr<CommandResult> result = RunCommand(command);
    if (result.ok()) return *result;
    ADD_FAILURE() << result.status();
    return {.exit_code = -1};
  }

  // Imports and returns what was said.
  CommandResult Import(const std::string& file,
                       const Words& before = {}) const {
    return Lagnet(server_, folder_.path() + "/data",
                  {"import", file, "--network", kPoland}, before);
  }

  // Each of the list's organisations is there once, and written once.
  void CheckAll(int count) {
    Database database(server_.Dsn());
    EXPECT_EQ(database.Ask("SELECT count(*) FROM directory.organization"),
              absl::StrCat(count));
    EXPECT_EQ(database.Ask(
                  "SELECT count(*) FROM directory.organization WHERE version "
                  "> 1"),
              "0");
    EXPECT_EQ(database.Ask("SELECT count(*) FROM changes.change WHERE resource "
                           "LIKE 'organizations/%'"),
              absl::StrCat(count));
    EXPECT_EQ(database.Ask("SELECT count(*) - count(DISTINCT (organization_id, "
                           "field)) FROM directory.field_change"),
              "0");
  }

  // What comes out by `words`, `count` entries, makes another directory that
  // gives the same bytes.
  void ExpectTheSameAgain(const Words& words, int count) {
    const auto export_to = [&](const Lagnetd& server, const std::string& data,
                               const std::string& file) {
      Words command = words;
      command.insert(command.end(), {"--output", file});
      const CommandResult done = Lagnet(server, data, command);
      EXPECT_EQ(done.exit_code, 0) << done.output;
    };
    for (const char* format : {"csv", "json", "xlsx"}) {
      Folder other_folder;
      const std::string other_data = other_folder.path() + "/data";
      Lagnetd other({.data = other_data});
      MakeNetwork(other);
      const std::string first = absl::StrCat(folder_.path(), "/out.", format);
      const std::string second =
          absl::StrCat(other_folder.path(), "/out.", format);
      export_to(server_, folder_.path() + "/data", first);
      // Into an empty network first, and then over itself.
      for (const std::string& said :
           {absl::StrCat(count, " created, 0 updated"),
            absl::StrCat("0 created, 0 updated, ", count, " unchanged")}) {
        const CommandResult in =
            Lagnet(other, other_data, {"import", first, "--network", kPoland});
        EXPECT_EQ(in.exit_code, 0) << in.output;
        EXPECT_THAT(in.output, HasSubstr(said)) << format;
        export_to(other, other_data, second);
        EXPECT_TRUE(Content(first) == Content(second)) << format;
      }
      other.Terminate();
      EXPECT_EQ(other.Wait(absl::Seconds(20)), 0) << other.LogTail();
    }
  }

  Folder folder_;
  Lagnetd server_;
};

TEST_F(ListTest, IsImportedOnceHoweverOftenItIsCutOff) {
  const int count = Scaled(3000, 600);
  const std::string list = folder_.path() + "/list.csv";
  WriteList(list, count);

  // How long it takes to see what would be done tells how long doing it takes.
  const absl::Time begin = absl::Now();
  const CommandResult tried =
      Lagnet(server_, folder_.path() + "/data",
             {"import", list, "--network", kPoland, "--dry-run", "--report",
              folder_.path() + "/report.csv"});
  ASSERT_EQ(tried.exit_code, 0) << tried.output;
  EXPECT_THAT(tried.output,
              HasSubstr(absl::StrCat(count, " would be created")));
  const double takes = absl::ToDoubleSeconds(absl::Now() - begin);

  std::mt19937 random(19);
  // It looks through the whole list first, and then writes what is not there
  // yet: some are killed before that, some while it writes.
  double latest = 1.5 * takes;
  Database database(server_.Dsn());
  std::string progress;
  int killed = 0;
  int tries = 0;
  while (killed < kKills && tries < 10 * kKills) {
    ++tries;
    std::uniform_real_distribution<> moment(0.1 * latest, latest);
    const CommandResult cut = Import(list, {"/usr/bin/timeout", "-s", "KILL",
                                            absl::StrCat(moment(random), "s")});
    constexpr int kKilled = 128 + 9;
    ASSERT_THAT(cut.exit_code, AnyOf(0, kKilled)) << cut.output;
    killed += cut.exit_code == kKilled ? 1 : 0;
    // What is there already goes faster.
    if (cut.exit_code == 0) latest *= 0.8;
    absl::StrAppend(
        &progress, " ",
        database.Ask("SELECT count(*) FROM directory.organization"));
  }
  ASSERT_EQ(killed, kKills) << "of " << tries << ":" << progress;
  // And the server once, while the list is on its way again.
  std::thread power_failure([&] {
    absl::SleepFor(absl::Seconds(0.5 * takes));
    server_.Kill();
    const auto ready = server_.Start();
    EXPECT_TRUE(ready.ok()) << ready.status();
  });
  (void)Import(list);
  power_failure.join();

  const CommandResult finished = Import(list);
  EXPECT_EQ(finished.exit_code, 0) << finished.output;
  CheckAll(count);
  const CommandResult again = Import(list);
  EXPECT_THAT(again.output,
              HasSubstr(absl::StrCat("0 created, 0 updated, ", count,
                                     " unchanged, 0 with errors")));
  CheckAll(count);
  std::printf("%d rows, killed %d times of %d:%s; a dry run takes %.1f s\n",
              count, killed, tries, progress.c_str(), takes);
}

TEST_F(ListTest, ComesOutAsItWentIn) {
  const int count = Scaled(3000, 300);
  const std::string list = folder_.path() + "/list.csv";
  WriteList(list, count);
  ASSERT_EQ(Import(list).exit_code, 0);

  ExpectTheSameAgain({"export"}, count);
  EXPECT_GT(Content(folder_.path() + "/out.csv").size(), 1000u);
}

TEST_F(ListTest, ComesOutWholeWithWhatHasEnded) {
  const std::string list = folder_.path() + "/list.csv";
  std::ofstream(list)
      << "name,kind,country,display_name.pl,state,successor,dissolved_on\n"
         "lgd-bory,LAG,PL,Bory,ARCHIVED,,\n"
         "lgd-pola,LAG,PL,Pola,DISSOLVED,lgd-rzeka,2024-12-31\n"
         "lgd-rzeka,LAG,PL,Rzeka,DISSOLVED,lgd-sady,\n"
         "lgd-sady,LAG,PL,Sady,,,\n";
  const CommandResult in = Import(list);
  EXPECT_EQ(in.exit_code, 0) << in.output;
  Database database(server_.Dsn());
  EXPECT_EQ(database.Ask("SELECT string_agg(concat_ws(' ', name, state, "
                         "successor, dissolved_on), ', ' ORDER BY name) "
                         "FROM directory.organization"),
            "lgd-bory 5, lgd-pola 6 lgd-rzeka 2024-12-31, lgd-rzeka 6 "
            "lgd-sady, lgd-sady 3");
  ExpectTheSameAgain({"export"}, 1);
  EXPECT_THAT(Content(folder_.path() + "/out.csv"),
              testing::Not(HasSubstr("lgd-bory")));
  ExpectTheSameAgain({"export", "--all"}, 4);
  EXPECT_THAT(Content(folder_.path() + "/out.csv"), HasSubstr("lgd-bory"));
}

TEST_F(ListTest, SaysWhatIsWrongAndWritesNothing) {
  const std::string list = folder_.path() + "/list.csv";
  std::ofstream(list) << "name,kind,country,display_name.pl,themes\n"
                         "lgd-a,LAG,PL,A,no_such_theme\n"
                         "lgd-b,Verein,PL,B,nor_this\n"
                         "lgd-c,LAG,PL,C,\n";
  const CommandResult refused = Import(list);
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.output, HasSubstr("no_such_theme"));
  EXPECT_THAT(refused.output, HasSubstr("\"Verein\" is none of LAG"));
  EXPECT_THAT(refused.output, HasSubstr("nor_this"));
  EXPECT_THAT(refused.output, HasSubstr("Nothing was imported."));
  Database database(server_.Dsn());
  EXPECT_EQ(database.Ask("SELECT count(*) FROM directory.organization"), "0");
  const CommandResult skipped =
      Lagnet(server_, folder_.path() + "/data",
             {"import", list, "--network", kPoland, "--skip-errors"});
  EXPECT_THAT(skipped.output,
              HasSubstr("1 created, 0 updated, 0 unchanged, 2 with errors"));
  EXPECT_EQ(database.Ask("SELECT name FROM directory.organization"), "lgd-c");
}

}  // namespace
}  // namespace lagnet::e2e
