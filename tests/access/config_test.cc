#include "server/config.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/access/whole_server.h"
#include "tests/support/matchers.h"

namespace lagnet {
namespace {

class ConfigTest : public testing::Test {
 protected:
  ~ConfigTest() override {
    unsetenv("LAGNET_LISTEN");
    unsetenv("LAGNET_CONFIG");
  }

  // What lagnetd takes its settings to be.
  static Config Parse(std::vector<std::string> arguments) {
    Config config;
    CLI::App app;
    AddOptions(app, config);
    std::reverse(arguments.begin(), arguments.end());
    app.parse(arguments);
    return config;
  }

  std::string File(const std::string& content) {
    const std::string path = folder_.path() + "/lagnetd.conf";
    std::ofstream(path) << content;
    return path;
  }

  access::TemporaryFolder folder_;
};

TEST_F(ConfigTest, PutsFlagBeforeEnvironmentBeforeFile) {
  const std::string file = File("listen=file:1\nrate-limit=7\n");
  EXPECT_EQ(Parse({"--config", file}).listen, "file:1");
  setenv("LAGNET_LISTEN", "environment:1", 1);
  EXPECT_EQ(Parse({"--config", file}).listen, "environment:1");
  EXPECT_EQ(Parse({"--config", file}).rate_limit, 7);
  EXPECT_EQ(Parse({"--config", file, "--listen", "flag:1"}).listen, "flag:1");
}

TEST_F(ConfigTest, FindsTheFileThatTheEnvironmentNames) {
  setenv("LAGNET_CONFIG", File("listen=file:1\n").c_str(), 1);
  EXPECT_EQ(Parse({}).listen, "file:1");
  setenv("LAGNET_CONFIG", "/no/such/file", 1);
  EXPECT_THROW(Parse({}), CLI::ParseError);
}

TEST_F(ConfigTest, WantsTlsBeyondThisMachine) {
  for (const char* own : {"127.0.0.1:1", "127.1.2.3:1", "localhost:1",
                          "[::1]:1", "unix:/tmp/x"}) {
    Config config{.listen = own};
    EXPECT_THAT(CompleteConfig(config), support::IsOk()) << own;
  }
  for (const char* other : {"0.0.0.0:1", "[::]:1", "127.evil.example.org:1",
                            "localhost.example.org:1", "192.0.2.1:1"}) {
    Config config{.listen = other};
    EXPECT_FALSE(CompleteConfig(config).ok()) << other;
    config.insecure = true;
    EXPECT_THAT(CompleteConfig(config), support::IsOk()) << other;
  }
}

}  // namespace
}  // namespace lagnet
