#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tests/clients/peer.h"

namespace lagnet::client {
namespace {

// Runs a shell command; returns what it prints.
std::string Shell(const std::string& command) {
  std::string output;
  FILE* const pipe = popen(absl::StrCat(command, " 2>&1").c_str(), "r");
  char buffer[4096];
  while (fgets(buffer, sizeof buffer, pipe) != nullptr) output += buffer;
  pclose(pipe);
  return output;
}

TEST(PythonTest, ExampleSignsSomebodyUp) {
  Peer peer;
  const std::string folder = testing::TempDir() + "/lagnet_python";
  const std::string key = testing::TempDir() + "/lagnet_python.key";
  std::ofstream(key) << "k1\n";
  const std::string python = std::string(LAGNET_CLIENTS) + "/python";
  Shell(absl::StrCat(python, "/generate.sh ", folder));
  const std::string output = Shell(absl::StrCat(
      "env PYTHONPATH=", folder, " LAGNET_SERVER=", peer.address(),
      " LAGNET_KEY_FILE=", key, " /usr/bin/python3 ", python, "/example.py ",
      "organizations/a 'Nino Example' nino@example.org"));
  EXPECT_EQ(output,
            "studyVisits/v  0 of 40 seats\n"
            "CONFIRMED studyVisits/v/signUps/1\n");
  EXPECT_EQ(peer.metadata("authorization"), "Bearer k1");
}

}  // namespace
}  // namespace lagnet::client
