#include "server/privacy/vault.h"

#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/support/matchers.h"

namespace lagnet::privacy {
namespace {

using support::IsOk;
using support::IsOkAndHolds;
using support::StatusIs;
using Code = absl::StatusCode;

std::string Master(char letter) { return std::string(32, letter); }

constexpr char kName[] = "studyVisits/kazbegi-latvia/signUps/abc";

TEST(VaultTest, OpensWhatItSealed) {
  const Vault vault(Master('a'));
  for (const std::string& text :
       {std::string(), std::string("ნინო"), std::string(100'000, 'x'),
        std::string("\0\xff\n", 3)}) {
    EXPECT_THAT(vault.Open(vault.Seal(text)), IsOkAndHolds(text));
  }
  EXPECT_THAT(Vault(Master('a')).Open(vault.Seal("x")), IsOkAndHolds("x"))
      << "another server with the same key file";
}

TEST(VaultTest, SealsTheSameTwiceWithoutLikeness) {
  const Vault vault(Master('a'));
  const Sealed first = vault.Seal("Anna Nowak");
  const Sealed second = vault.Seal("Anna Nowak");
  EXPECT_NE(first.data, second.data);
  EXPECT_NE(first.wrapped_key, second.wrapped_key);
  EXPECT_FALSE(absl::StrContains(first.data, "Anna"));
}

TEST(VaultTest, OpensNothingWithoutTheRightKey) {
  const Vault vault(Master('a'));
  const Sealed sealed = vault.Seal("Anna Nowak");
  const auto lost = StatusIs(Code::kDataLoss);
  EXPECT_THAT(Vault(Master('b')).Open(sealed), lost) << "another key file";
  EXPECT_THAT(vault.Open({.wrapped_key = "", .data = sealed.data}), lost)
      << "erased";
  EXPECT_THAT(vault.Open({.wrapped_key = vault.Seal("Jan").wrapped_key,
                          .data = sealed.data}),
              lost)
      << "another person's key";
}

TEST(VaultTest, NoticesEveryChangedBit) {
  const Vault vault(Master('a'));
  const Sealed sealed = vault.Seal("Anna");
  for (std::string Sealed::*part : {&Sealed::wrapped_key, &Sealed::data}) {
    for (size_t i = 0; i < (sealed.*part).size(); ++i) {
      Sealed changed = sealed;
      (changed.*part)[i] ^= static_cast<char>(1 << (i % 8));
      EXPECT_THAT(vault.Open(changed), StatusIs(Code::kDataLoss)) << i;
      changed = sealed;
      (changed.*part).resize(i);
      EXPECT_THAT(vault.Open(changed), StatusIs(Code::kDataLoss)) << i;
    }
  }
}

TEST(VaultTest, KnowsThePersonByMailboxAndName) {
  const Vault vault(Master('a'));
  const std::string hash = vault.PersonHash("v", "lag@example.org", "Anna");
  EXPECT_EQ(hash.size(), 16u);
  EXPECT_EQ(vault.PersonHash("v", " LAG@Example.ORG ", "anna\t"), hash);
  EXPECT_NE(vault.PersonHash("w", "lag@example.org", "Anna"), hash)
      << "on another visit, so that visits cannot be joined";
  EXPECT_NE(vault.PersonHash("v", "lag@example.org", "Jan"), hash)
      << "a mailbox that two people share";
  EXPECT_NE(vault.PersonHash("v", "jan@example.org", "Anna"), hash);
  EXPECT_NE(Vault(Master('b')).PersonHash("v", "lag@example.org", "Anna"), hash)
      << "not to be guessed without the key";
}

TEST(VaultTest, KnowsWhoHadASeatInOneNetworkAndNowhereElse) {
  const Vault vault(Master('a'));
  const std::string hash = vault.SeatPersonHash("n", "lag@example.org", "Anna");
  EXPECT_EQ(hash.size(), 16u);
  EXPECT_EQ(vault.SeatPersonHash("n", " LAG@Example.ORG ", "anna\t"), hash);
  EXPECT_NE(vault.SeatPersonHash("m", "lag@example.org", "Anna"), hash);
  EXPECT_NE(vault.SeatPersonHash("n", "lag@example.org", "Jan"), hash);
  EXPECT_NE(vault.PersonHash("n", "lag@example.org", "Anna"), hash)
      << "not of the people of a visit that is called as the network";
  EXPECT_NE(Vault(Master('b')).SeatPersonHash("n", "lag@example.org", "Anna"),
            hash);
  EXPECT_EQ(vault.SeatSignUpHash("s"), vault.SeatSignUpHash("s"));
  EXPECT_NE(vault.SeatSignUpHash("s"), vault.SeatSignUpHash("t"));
}

TEST(VaultTest, KnowsTheNetworkOnOneVisitOnly) {
  const Vault vault(Master('a'));
  const std::string hash = vault.NetworkHash("v", "198.51.100.0/24");
  EXPECT_EQ(hash.size(), 16u);
  EXPECT_EQ(vault.NetworkHash("v", "198.51.100.0/24"), hash);
  EXPECT_NE(vault.NetworkHash("v", "198.51.101.0/24"), hash);
  EXPECT_NE(vault.NetworkHash("w", "198.51.100.0/24"), hash);
  EXPECT_NE(Vault(Master('b')).NetworkHash("v", "198.51.100.0/24"), hash);
}

TEST(VaultTest, ReadsTheHolderTokensThatItGaveOut) {
  const Vault vault(Master('a'));
  const std::string token = vault.Token(TokenKind::kHolder, kName);
  EXPECT_TRUE(absl::StartsWith(token, "lagl_"));
  EXPECT_EQ(vault.Token(TokenKind::kHolder, kName), token)
      << "shown again when asked again";
  EXPECT_EQ(vault.ReadToken(TokenKind::kHolder, token), kName);
}

TEST(VaultTest, RefusesForgedHolderTokens) {
  const Vault vault(Master('a'));
  const std::string token = vault.Token(TokenKind::kHolder, kName);
  const std::string mac = token.substr(token.find('.') + 1);
  const std::string other =
      absl::WebSafeBase64Escape("studyVisits/kazbegi-latvia/signUps/another");
  for (const std::string& forged :
       {std::string(), std::string("lagl_"), std::string("lagl_."),
        absl::StrCat("lagl_", other, ".", mac), absl::StrCat(token, "."),
        absl::StrCat(token, ".", mac), token.substr(0, token.size() - 2),
        token.substr(5), absl::StrCat("lagk_", token.substr(5)),
        token.substr(0, token.find('.') + 1),
        absl::StrCat(token.substr(0, token.find('.')), ".",
                     absl::WebSafeBase64Escape(std::string(32, '\0'))),
        Vault(Master('b')).Token(TokenKind::kHolder, kName)}) {
    EXPECT_EQ(vault.ReadToken(TokenKind::kHolder, forged), std::nullopt)
        << forged;
  }
  int accepted = 0;
  for (size_t i = 0; i < mac.size(); ++i) {
    std::string forged = token;
    char& letter = forged[token.size() - 1 - i];
    letter = letter == 'A' ? 'B' : 'A';
    if (vault.ReadToken(TokenKind::kHolder, forged)) ++accepted;
  }
  EXPECT_EQ(accepted, 0);
}

class KeyFileTest : public testing::Test {
 protected:
  KeyFileTest() {
    char folder[] = "/tmp/lagnet-key-XXXXXX";
    folder_ = mkdtemp(folder);
    path_ = folder_ + "/server.key";
  }
  ~KeyFileTest() override { std::filesystem::remove_all(folder_); }

  std::string folder_;
  std::string path_;
};

TEST_F(KeyFileTest, IsMadeOnceForItsOwnerOnly) {
  ASSERT_OK_AND_ASSIGN(const std::string key, Vault::ReadOrMakeKeyFile(path_));
  EXPECT_EQ(key.size(), 32u);
  EXPECT_THAT(Vault::ReadOrMakeKeyFile(path_), IsOkAndHolds(key));
  struct stat info {};
  ASSERT_EQ(stat(path_.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
  EXPECT_NE(*Vault::ReadOrMakeKeyFile(folder_ + "/another.key"), key);
}

TEST_F(KeyFileTest, IsTheSameForAllWhoStartAtOnce) {
  constexpr int kServers = 8;
  std::vector<std::string> keys(kServers);
  std::vector<std::thread> servers;
  for (std::string& key : keys) {
    servers.emplace_back([&] {
      const auto made = Vault::ReadOrMakeKeyFile(path_);
      key = made.ok() ? *made : made.status().ToString();
    });
  }
  for (std::thread& server : servers) server.join();
  EXPECT_EQ(std::set<std::string>(keys.begin(), keys.end()).size(), 1u);
  EXPECT_EQ(keys[0].size(), 32u) << keys[0];
}

TEST_F(KeyFileTest, IsNotReplacedIfItIsDamaged) {
  for (const char* text : {"", "short", "zz"}) {
    std::ofstream(path_) << text;
    EXPECT_THAT(Vault::ReadOrMakeKeyFile(path_),
                StatusIs(Code::kFailedPrecondition));
  }
  EXPECT_FALSE(Vault::ReadOrMakeKeyFile(folder_ + "/nowhere/server.key").ok());
}

TEST(VaultTest, ProvesByAnIdToWhomALetterWent) {
  const Vault vault(Master('a'));
  const std::string id = vault.LetterId("abc", "nino@example.org");
  EXPECT_EQ(id, vault.LetterId("abc", " Nino@Example.ORG"))
      << "the same at each try";
  EXPECT_EQ(vault.ReadLetterId(id, "NINO@example.org"), "abc");
  EXPECT_FALSE(vault.ReadLetterId(id, "ana@example.org"));
  EXPECT_FALSE(Vault(Master('b')).ReadLetterId(id, "nino@example.org"));
  EXPECT_FALSE(vault.ReadLetterId(absl::StrCat("x", id), "nino@example.org"));
  for (size_t i = 0; i < id.size(); ++i) {
    EXPECT_FALSE(vault.ReadLetterId(id.substr(0, i), "nino@example.org")) << i;
    std::string changed = id;
    changed[i] = changed[i] == 'a' ? 'b' : 'a';
    EXPECT_FALSE(vault.ReadLetterId(changed, "nino@example.org")) << i;
  }
}

}  // namespace
}  // namespace lagnet::privacy
