// The demo and the ways into it that README.md shows: the command line and the
// Python example, as people run them, against a server that runs.

#include <cstdio>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "server/base/process.h"
#include "tests/e2e/lagnetd.h"

namespace lagnet::e2e {
namespace {

using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;
using Words = std::vector<std::string>;

constexpr char kPlacement[] = "placement-kazbegi-park";
constexpr char kDemo[] = LAGNET_CHECKOUT "/deploy/demo";

CommandResult RunToTheEnd(const Words& command) {
  const absl::StatusOr<CommandResult> result = RunCommand(command);
  if (result.ok()) return *result;
  ADD_FAILURE() << result.status();
  return {.exit_code = -1};
}

// `studyVisits/v/signUps/1` of `CONFIRMED  studyVisits/v/signUps/1\n`.
std::string NameIn(const std::string& output) {
  const Words words = absl::StrSplit(output, absl::ByAnyChar(" \n"));
  for (const std::string& word : words) {
    if (absl::StartsWith(word, "studyVisits/")) return word;
  }
  return "";
}

class DemoTest : public testing::Test {
 protected:
  DemoTest() : server_({.data = folder_.path() + "/data"}) {
    const auto ready = server_.Start();
    if (!ready.ok()) ADD_FAILURE() << ready.status();
  }

  void TearDown() override {
    server_.Terminate();
    EXPECT_EQ(server_.Wait(absl::Seconds(20)), 0) << server_.LogTail();
  }

  // The command line as the operator, with what it says and how it ends.
  CommandResult Lagnet(const Words& words, std::string server = "") const {
    if (server.empty()) server = server_.address();
    Words command = {ProgramPath("lagnet"), "--server", server, "--key-file",
                     KeyFile()};
    command.insert(command.end(), words.begin(), words.end());
    return RunToTheEnd(command);
  }

  // What it says when nothing goes wrong.
  std::string Say(const Words& words) const {
    const CommandResult result = Lagnet(words);
    EXPECT_EQ(result.exit_code, 0) << result.output;
    return result.output;
  }

  nlohmann::json Json(Words words) const {
    words.push_back("--json");
    const std::string said = Say(words);
    nlohmann::json json = nlohmann::json::parse(said, nullptr, false);
    EXPECT_TRUE(json.is_object()) << said;
    return json;
  }

  // Loads the demo and returns what was said of it. The list of visits is a few
  // milliseconds behind for who has not written himself (ADR 11).
  std::string LoadDemo() const {
    const std::string said = Say({"import", kDemo});
    size_t visits = 0;
    const size_t found = said.find("studyVisits ");
    if (found == std::string::npos ||
        std::sscanf(said.c_str() + found, "studyVisits %zu/", &visits) != 1) {
      ADD_FAILURE() << said;
    }
    const absl::Time give_up = absl::Now() + absl::Seconds(10);
    while (Seats().size() < visits && absl::Now() < give_up) {
    }
    EXPECT_THAT(Seats(), SizeIs(visits));
    return said;
  }

  // Waits until the visit shows so many, as LoadDemo() does.
  void ExpectTaken(int confirmed, int waiting) const {
    const absl::Time give_up = absl::Now() + absl::Seconds(10);
    const auto is_so = [&](const nlohmann::json& visit) {
      return visit["confirmedCount"] == confirmed &&
             visit["waitlistedCount"] == waiting;
    };
    nlohmann::json visit = Json({"visit", "get", kPlacement});
    while (!is_so(visit) && absl::Now() < give_up) {
      visit = Json({"visit", "get", kPlacement});
    }
    EXPECT_TRUE(is_so(visit)) << visit;
  }

  // The names of the visits that are listed, and their seats.
  std::map<std::string, int> Seats() const {
    std::map<std::string, int> seats;
    const nlohmann::json found = Json({"visit", "list"});
    for (const nlohmann::json& visit : found["studyVisits"]) {
      seats[visit["name"]] = visit["seats"];
    }
    return seats;
  }

  std::string SignUp(const std::string& name) const {
    return Say({"signup", "create", kPlacement, "--organization", "lag-kazbegi",
                "--sector", "civic", "--name", absl::StrCat(name, " Example"),
                "--email", absl::StrCat(name, "@example.org")});
  }

  std::string KeyFile() const { return folder_.path() + "/data/admin.key"; }

  Folder folder_;
  Lagnetd server_;
};

TEST_F(DemoTest, IsLoadedOnce) {
  const std::string tried = Say({"import", kDemo, "--dry-run"});
  EXPECT_THAT(tried, AllOf(HasSubstr("would create "),
                           HasSubstr(", existed 0, failed 0")));
  EXPECT_THAT(Seats(), IsEmpty()) << "a dry run changes nothing";

  const std::string first = LoadDemo();
  int created = 0;
  const size_t found = first.find("created ");
  ASSERT_NE(found, std::string::npos) << first;
  ASSERT_EQ(std::sscanf(first.c_str() + found, "created %d", &created), 1);
  EXPECT_GT(created, 0);
  EXPECT_THAT(first, EndsWith(absl::StrCat("created ", created,
                                           ", existed 0, failed 0\n")));
  const std::map<std::string, int> seats = Seats();

  const std::string all = absl::StrCat("0, existed ", created, ", failed 0\n");
  EXPECT_THAT(Say({"import", kDemo}), EndsWith("\ncreated " + all));
  EXPECT_THAT(Say({"import", kDemo, "--dry-run"}),
              EndsWith("\nwould create " + all));
  EXPECT_EQ(Seats(), seats);
}

TEST_F(DemoTest, HasTheVisitsOfKsow) {
  LoadDemo();
  const std::map<std::string, int> seats = Seats();
  for (const char* visit : {"slaskie-opolskie", "lubuskie-kotla"}) {
    EXPECT_EQ(seats.count(absl::StrCat("studyVisits/", visit)), 1) << visit;
    const nlohmann::json shown = Json({"visit", "get", visit});
    EXPECT_THAT(shown["network"], HasSubstr("ksow")) << visit;
    EXPECT_EQ(shown["signUpOpen"], true) << visit;
    EXPECT_THAT(Say({"visit", "list"}), HasSubstr(visit));
  }
}

// README.md, "Fill it" and "Give a seat back".
TEST_F(DemoTest, TheThirdOfTwoSeatsMovesUp) {
  LoadDemo();
  const std::string first = SignUp("Nino");
  EXPECT_THAT(first, StartsWith("CONFIRMED  studyVisits/"));
  EXPECT_THAT(SignUp("Ana"), StartsWith("CONFIRMED  studyVisits/"));
  const std::string third = SignUp("Levan");
  EXPECT_THAT(third,
              StartsWith("WAITLISTED (VISIT_FULL), number 1 in the queue  "));

  ExpectTaken(2, 1);

  // Named as the table of the sign-ups names it: VISIT/ID.
  const std::string id = NameIn(first).substr(NameIn(first).rfind('/') + 1);
  EXPECT_EQ(
      Say({"signup", "withdraw", absl::StrCat(kPlacement, "/", id)}),
      absl::StrCat("Withdrew studyVisits/", kPlacement, "/signUps/", id, "\n"));

  std::map<std::string, std::string> states;
  const nlohmann::json found = Json({"signup", "list", kPlacement});
  for (const nlohmann::json& sign_up : found["signUps"]) {
    states[sign_up["name"]] = sign_up["state"];
    EXPECT_NE(sign_up["state"], "WAITLISTED") << sign_up;
  }
  EXPECT_THAT(states, SizeIs(3));
  EXPECT_EQ(states[NameIn(first)], "WITHDRAWN");
  EXPECT_EQ(states[NameIn(third)], "CONFIRMED");
  ExpectTaken(2, 0);
}

// What the guides tell, played through by their scripts, which stop where
// something is not as they say.
TEST_F(DemoTest, SeatsAndDrawsAreAsTheGuidesTell) {
  LoadDemo();
  const std::string lagnet = ProgramPath("lagnet");
  const std::string folder = lagnet.substr(0, lagnet.rfind('/'));
  for (const char* guide : {"fair-seats.sh", "fair-draw.sh", "two-visits.sh"}) {
    const CommandResult played = RunToTheEnd(
        {"/usr/bin/env", absl::StrCat("LAGNET_SERVER=", server_.address()),
         absl::StrCat("LAGNET_KEY_FILE=", KeyFile()),
         absl::StrCat("PATH=", folder, ":/usr/bin:/bin"),
         absl::StrCat(LAGNET_CHECKOUT "/docs/guide/", guide)});
    EXPECT_EQ(played.exit_code, 0) << played.output;
    EXPECT_THAT(played.output, HasSubstr("# Who comes"));
  }
}

// The exit codes are those of clients/cpp/README.md.
TEST_F(DemoTest, FailuresAreSaidInASentence) {
  const CommandResult refused = Lagnet({"visit", "get", "nowhere"});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_EQ(
      refused.output,
      "The server refuses: there is no study visit nowhere (NOT_FOUND).\n");

  const CommandResult unknown = Lagnet({"visit", "list", "--nonsense"});
  EXPECT_EQ(unknown.exit_code, 2);
  EXPECT_THAT(unknown.output, HasSubstr("--nonsense\nRun with --help"));

  const CommandResult wrong =
      Lagnet({"signup", "create", kPlacement, "--organization", "lag-kazbegi",
              "--sector", "purple", "--name", "Nino Example", "--email",
              "nino@example.org"});
  EXPECT_EQ(wrong.exit_code, 2);
  EXPECT_THAT(wrong.output, StartsWith("--sector: \"purple\" is not one of "));

  // Nothing that a machine of today runs listens on port 1.
  const CommandResult alone = Lagnet({"visit", "list"}, "127.0.0.1:1");
  EXPECT_EQ(alone.exit_code, 3);
  EXPECT_THAT(alone.output,
              StartsWith("Nothing listens at 127.0.0.1:1.\nIs the server "
                         "running?"));
  const CommandResult import = Lagnet({"import", kDemo}, "127.0.0.1:1");
  EXPECT_EQ(import.exit_code, 3);
  EXPECT_THAT(import.output, HasSubstr("Nothing listens at 127.0.0.1:1."));
}

TEST_F(DemoTest, PythonExampleSignsSomebodyUp) {
  LoadDemo();
  const std::string python = LAGNET_CHECKOUT "/clients/python";
  const std::string generated = folder_.path() + "/python";
  const CommandResult made = RunToTheEnd({python + "/generate.sh", generated});
  ASSERT_EQ(made.exit_code, 0) << made.output;

  const CommandResult result = RunToTheEnd(
      {"/usr/bin/env", "PYTHONPATH=" + generated,
       "LAGNET_SERVER=" + server_.address(), "LAGNET_KEY_FILE=" + KeyFile(),
       "/usr/bin/python3", python + "/example.py", "organizations/lag-kazbegi",
       "Nino Example", "nino@example.org"});
  EXPECT_EQ(result.exit_code, 0) << result.output;
  for (const auto& [visit, seats] : Seats()) {
    EXPECT_THAT(result.output, HasSubstr(visit + " "));
    EXPECT_THAT(result.output, HasSubstr(absl::StrCat(" 0 of ", seats, " ")));
  }
  EXPECT_THAT(result.output, HasSubstr("\nCONFIRMED studyVisits/"));
  const std::string last =
      result.output.substr(result.output.find("CONFIRMED"));
  EXPECT_EQ(Json({"signup", "get", NameIn(last)})["state"], "CONFIRMED");
}

}  // namespace
}  // namespace lagnet::e2e
