#include "lagnet/connect.h"

#include <fstream>

#include "gtest/gtest.h"

namespace lagnet::client {
namespace {

std::string FileWith(const std::string& content) {
  const std::string path = testing::TempDir() + "/key";
  std::ofstream(path) << content;
  return path;
}

TEST(ConnectTest, KnowsThisMachine) {
  for (const char* local : {"127.0.0.1:7300", "127.9.9.9:1", "localhost:7300",
                            "[::1]:7300", "unix:/run/lagnet"}) {
    EXPECT_TRUE(IsLocal(local)) << local;
  }
  for (const char* other :
       {"10.0.0.1:7300", "lagnet.example.org:7300", "127.0.0.1.evil.org:7300",
        "127.evil.0.1:1", "localhost.evil.org:1", "[::]:7300", ""}) {
    EXPECT_FALSE(IsLocal(other)) << other;
  }
}

TEST(ConnectTest, RefusesContradictions) {
  EXPECT_FALSE(OpenChannel({.ca_file = "x", .insecure = true}).ok());
  EXPECT_FALSE(OpenChannel({.certificate_file = "x"}).ok());
  EXPECT_FALSE(OpenChannel({.ca_file = "/no/such/file"}).ok());
  EXPECT_TRUE(OpenChannel({.server = "far.example.org:1"}).ok());
}

TEST(ConnectTest, ReadsAKeyAndNothingElse) {
  EXPECT_EQ(*ReadKey(FileWith("lag_abc\n")), "lag_abc");
  EXPECT_FALSE(ReadKey(FileWith("\n")).ok());
  EXPECT_FALSE(ReadKey(FileWith("two\nlines\n")).ok());
  EXPECT_FALSE(ReadKey("/no/such/file").ok());
}

}  // namespace
}  // namespace lagnet::client
