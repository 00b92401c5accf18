#include "server/mail/post.h"

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "server/changes/log.h"
#include "server/db/transact.h"
#include "server/mail/store.h"
#include "tests/support/database.h"
#include "tests/support/mail_server.h"
#include "tests/support/matchers.h"

namespace lagnet::mail {
namespace {

using support::MailServer;

constexpr db::Statement kFail{"tests.fail", R"sql(
  SELECT 1 / (random() * 0)::int AS nothing
)sql"};

// Letters about "tests/ADDRESS" and what is below it, "x/ADDRESS", to
// ADDRESS@example.org; none to "quiet...". A change of "broken" cannot be
// noted, a letter to "troubled" cannot be written.
class PostTest : public support::DatabaseTest {
 protected:
  void SetUp() override {
    database().Run("TRUNCATE mail.letter, mail.read_to, mail.refused_address");
  }

  static std::string NameIn(const std::string& resource) {
    return resource.substr(resource.rfind('/') + 1);
  }

  static Writer TestWriter() {
    return {
        .slice = "tests",
        .note =
            [](db::Tx& tx, const std::vector<changes::LoggedChange>& changes) {
              std::vector<Letter> letters;
              for (const auto& change : changes) {
                const std::string name = NameIn(change.resource);
                if (absl::StartsWith(name, "quiet")) continue;
                if (name == "broken") tx.Run(kFail);
                letters.push_back({.kind = "tests.changed",
                                   .about = change.resource,
                                   .version = change.version});
              }
              return letters;
            },
        .write = [](db::Tx&, const Letter& letter)
            -> absl::StatusOr<std::optional<Message>> {
          const std::string name = NameIn(letter.about);
          if (name == "nobody") return std::nullopt;
          if (name == "troubled") {
            return absl::UnknownError("the commit is in doubt");
          }
          return Message{.to = absl::StrCat(name, "@example.org"),
                         .language = "en",
                         .subject = "Changed",
                         .text = "Changed.\n",
                         .html = "<p>Changed.</p>\n"};
        }};
  }

  static const privacy::Vault& vault() {
    static const auto* const vault = new privacy::Vault(std::string(32, 'k'));
    return *vault;
  }

  static std::unique_ptr<Post> Start(const MailServer& server) {
    auto post =
        std::make_unique<Post>(&pool(),
                               Smtp::Options{.server = server.Url(),
                                             .plaintext = true,
                                             .from = "network@example.org"},
                               std::vector<Writer>{TestWriter()}, &vault());
    EXPECT_THAT(post->Start(), support::IsOk());
    return post;
  }

  // As a store would in the transaction of a change.
  static void Append(changes::Change change, bool commits = true) {
    change.network = "n";
    const auto append = [&](db::Tx& tx) -> absl::Status {
      changes::Append(tx, {.caller = "accounts/a", .method = "m"}, {change});
      return commits ? absl::OkStatus() : absl::AbortedError("rolled back");
    };
    (void)db::Transact(pool(), absl::Now() + absl::Seconds(10),
                       absl::FunctionRef<absl::Status(db::Tx&)>(append));
  }
  static void Change(const std::string& name, int64_t version,
                     bool commits = true) {
    Append({.resource = absl::StrCat("tests/", name), .version = version},
           commits);
  }

  static std::string Waiting() {
    return database().Ask("SELECT count(*) FROM mail.letter WHERE state = 1");
  }
};

TEST_F(PostTest, WritesAboutWhatWasCommittedOnce) {
  Change("before", 1);
  const MailServer server;
  auto post = Start(server);
  Change("rolled-back", 1, /*commits=*/false);
  Change("nobody", 1);
  Change("nino", 1);
  Change("ana", 1);
  const auto messages = server.WaitFor(2);
  ASSERT_EQ(messages.size(), 2U);
  std::set<std::string> to;
  for (const auto& message : messages) to.insert(message["to"][0]);
  EXPECT_THAT(to, testing::ElementsAre("ana@example.org", "nino@example.org"));
  // Read again from an earlier place, the log tells what is known.
  post.reset();
  database().Run("UPDATE mail.read_to SET xid = 0, seq = 0");
  post = Start(server);
  Change("levan", 1);
  ASSERT_EQ(server.WaitFor(4).size(), 4U) << "before, and levan";
  EXPECT_EQ(Waiting(), "0");
}

TEST_F(PostTest, GoesOnWithinTheSignUpsOfARush) {
  const MailServer server;
  auto post = Start(server);
  changes::Change rush{.resource = "tests/quiet-visit", .version = 1};
  for (int i = 0; i < 1500; ++i) {
    rush.parts.push_back({absl::StrCat("x/quiet-", i), 1});
  }
  rush.parts[3].name = "x/nino";
  rush.parts[1400].name = "x/ana";
  Append(rush);
  const auto messages = server.WaitFor(2);
  ASSERT_EQ(messages.size(), 2U);
  std::set<std::string> to;
  for (const auto& message : messages) to.insert(message["to"][0]);
  EXPECT_THAT(to, testing::ElementsAre("ana@example.org", "nino@example.org"));
}

TEST_F(PostTest, TwoOfThemSendEachLetterOnce) {
  const MailServer server;
  const auto one = Start(server);
  const auto two = Start(server);
  for (int i = 0; i < 60; ++i) Change(absl::StrCat("p", i), 1);
  const auto messages = server.WaitFor(60);
  absl::SleepFor(absl::Milliseconds(1500));
  EXPECT_EQ(server.Messages().size(), 60U);
  std::set<std::string> ids;
  for (const auto& message : messages) {
    ids.insert(message["headers"]["message-id"].get<std::string>());
  }
  EXPECT_EQ(ids.size(), 60U);
}

TEST_F(PostTest, ProvesByTheMessageIdToWhomItWrote) {
  const MailServer server;
  const auto post = Start(server);
  Change("nino", 1);
  const auto messages = server.WaitFor(1);
  ASSERT_EQ(messages.size(), 1U);
  std::string id = messages[0]["headers"]["message-id"].get<std::string>();
  ASSERT_EQ(id[0], '<');
  id = id.substr(1, id.find('@') - 1);
  EXPECT_EQ(vault().ReadLetterId(id, "nino@example.org"),
            database().Ask("SELECT name FROM mail.letter"));
  EXPECT_FALSE(vault().ReadLetterId(id, "ana@example.org"));
}

TEST_F(PostTest, TriesAgainAndGivesUpInTime) {
  const MailServer server(
      {"--answer", "full@example.org=452", "--answer", "gone@example.org=550"});
  const auto post = Start(server);
  Change("full", 1);
  Change("gone", 1);
  Change("nino", 1);
  ASSERT_EQ(server.WaitFor(1).size(), 1U) << "others get theirs";
  const absl::Time give_up = absl::Now() + absl::Seconds(20);
  const auto row = [](const std::string& name) {
    return database().Ask(absl::StrCat(
        "SELECT concat_ws(' ', state, attempts, failure <> '', due_time > "
        "now() + interval '50 seconds') FROM mail.letter WHERE about = "
        "'tests/",
        name, "'"));
  };
  while (row("full") != "1 1 t t" && absl::Now() < give_up) {
    absl::SleepFor(absl::Milliseconds(50));
  }
  EXPECT_EQ(row("full"), "1 1 t t") << "in a minute";
  EXPECT_EQ(row("gone").substr(0, 5), "3 1 t") << "never";
  // Whom a server refused is written to no more.
  Change("gone", 2);
  Change("nino", 2);
  ASSERT_EQ(server.WaitFor(2).size(), 2U);
  EXPECT_EQ(database().Ask("SELECT state FROM mail.letter WHERE about = "
                           "'tests/gone' AND version = 2"),
            "4");
  EXPECT_FALSE(WaitAfter(9).has_value());
  EXPECT_EQ(WaitAfter(1), absl::Minutes(1));
}

TEST_F(PostTest, WritesLaterWhatItCannotWriteNow) {
  const MailServer server;
  const auto post = Start(server);
  Change("troubled", 1);
  const absl::Time give_up = absl::Now() + absl::Seconds(20);
  const auto failure = [] {
    return database().Ask("SELECT failure FROM mail.letter");
  };
  while (failure() == "" && absl::Now() < give_up) {
    absl::SleepFor(absl::Milliseconds(50));
  }
  EXPECT_EQ(failure(), "the commit is in doubt");
  EXPECT_EQ(Waiting(), "1");
}

TEST_F(PostTest, SendsLettersThoughAChangeCannotBeWrittenAbout) {
  const MailServer server;
  const auto post = Start(server);
  Change("broken", 1);
  const auto put = [](db::Tx& tx) -> absl::Status {
    PutLetters(tx,
               {{.kind = "tests.put", .about = "tests/nino", .version = 1}});
    return absl::OkStatus();
  };
  ASSERT_THAT(db::Transact(pool(), absl::Now() + absl::Seconds(10),
                           absl::FunctionRef<absl::Status(db::Tx&)>(put)),
              support::IsOk());
  EXPECT_EQ(server.WaitFor(1).size(), 1U);
  database().Run("DELETE FROM changes.change WHERE resource = 'tests/broken'");
}

TEST_F(PostTest, KeepsLettersWhileTheServerIsAway) {
  MailServer server;
  server.Stop();
  auto post = Start(server);
  Change("nino", 1);
  const absl::Time give_up = absl::Now() + absl::Seconds(20);
  while (database().Ask("SELECT failure FROM mail.letter") == "" &&
         absl::Now() < give_up) {
    absl::SleepFor(absl::Milliseconds(50));
  }
  EXPECT_EQ(database().Ask("SELECT attempts FROM mail.letter"), "0")
      << "that is no fault of the letter";
  server.Start();
  post.reset();
  database().Run("UPDATE mail.letter SET due_time = now()");
  post = Start(server);
  EXPECT_EQ(server.WaitFor(1).size(), 1U);
}

TEST_F(PostTest, ForgetsWhomLettersAreToOnceTheyAreDoneOrAWeekOld) {
  const auto in_tx = [](const auto& body) {
    return db::Transact(
        pool(), absl::Now() + absl::Seconds(10),
        [&](db::Tx& tx) -> absl::StatusOr<int> { return body(tx); });
  };
  std::vector<Letter> taken;
  const auto put_and_take = [&](db::Tx& tx) {
    PutLetters(tx, {{.kind = "tests.a",
                     .about = "tests/a",
                     .version = 1,
                     .reader = {.wrapped_key = "key", .data = "ana"}},
                    {.kind = "tests.b",
                     .about = "tests/b",
                     .version = 1,
                     .reader = {.wrapped_key = "key", .data = "beata"}},
                    {.kind = "tests.c", .about = "tests/c", .version = 1}});
    taken = TakeLetters(tx, 1, absl::Minutes(4));
    return 0;
  };
  ASSERT_THAT(in_tx(put_and_take), support::IsOk());
  ASSERT_EQ(taken.size(), 1U);
  EXPECT_EQ(taken[0].reader.wrapped_key, "key");
  EXPECT_EQ(taken[0].reader.data, "ana");
  const auto finish = [&](db::Tx& tx) {
    FinishLetter(tx, taken[0], LetterState::kSent);
    return 0;
  };
  ASSERT_THAT(in_tx(finish), support::IsOk());
  const std::string kept =
      "SELECT coalesce(string_agg(kind, ','), '') FROM mail.letter "
      "WHERE reader <> '' OR reader_key <> ''";
  EXPECT_EQ(database().Ask(kept), "tests.b");
  const auto purge = [](db::Tx& tx) { return PurgeLetters(tx, 100); };
  EXPECT_THAT(in_tx(purge), support::IsOkAndHolds(0));
  database().Run(
      "UPDATE mail.letter SET create_time = now() - interval '8 days'");
  EXPECT_THAT(in_tx(purge), support::IsOkAndHolds(1));
  EXPECT_EQ(database().Ask(kept), "");
  EXPECT_EQ(database().Ask("SELECT string_agg(state::text, ',' ORDER BY kind) "
                           "FROM mail.letter"),
            "2,3,1")
      << "sent, given up, to be sent";
}

TEST_F(PostTest, ForgetsLettersAfterAMonth) {
  database().Run(
      "INSERT INTO mail.letter (name, kind, about, version, state, done_time) "
      "VALUES ('a', 'tests.a', 'tests/a', 1, 2, now() - interval '31 days'), "
      "('b', 'tests.b', 'tests/b', 1, 2, now()), "
      "('c', 'tests.c', 'tests/c', 1, 1, NULL)");
  const auto purge = [](db::Tx& tx) -> absl::StatusOr<int> {
    return PurgeLetters(tx, 100);
  };
  EXPECT_THAT(db::Transact(pool(), absl::Now() + absl::Seconds(10), purge),
              support::IsOkAndHolds(1));
  EXPECT_EQ(database().Ask("SELECT string_agg(name, ',' ORDER BY name) FROM "
                           "mail.letter"),
            "b,c");
}

}  // namespace
}  // namespace lagnet::mail
