#include "server/visits/snapshot.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/visits/fixture.h"

namespace lagnet::visits {
namespace {

using support::FromText;
using support::IsOk;
using testing::IsEmpty;
using testing::Not;

// A transaction that never comes: whoever must see it is sent to the database.
constexpr char kLater[] = "18446744073709551614";

// Writes go to one server; another reads from memory.
class SnapshotTest : public VisitServiceTest {
 protected:
  SnapshotTest() : reader_(database().dsn(), vault(), {}, Reads::kFromMemory) {}

  // Waits until the reader has all that was written so far.
  void CatchUp() {
    const uint64_t written =
        std::stoull(database().Ask("SELECT pg_current_xact_id()"));
    while (!reader_.snapshot().HasAll(written)) {
      absl::SleepFor(absl::Milliseconds(2));
    }
  }

  support::With Ask(const std::string& token, Reads reads) {
    support::With with{.token = token};
    if (reads == Reads::kFromDatabase) {
      with.metadata["lagnet-revision"] = kLater;
    }
    return with;
  }

  absl::StatusOr<v1::StudyVisit> Read(const std::string& id,
                                      const std::string& token, Reads reads) {
    v1::GetStudyVisitRequest request;
    request.set_name("studyVisits/" + id);
    return support::Call(reader_.visits(), &Visits::GetStudyVisit, request,
                         Ask(token, reads));
  }

  // All that a list shows, page by page.
  std::vector<std::string> ReadAll(v1::ListStudyVisitsRequest request,
                                   const std::string& token, Reads reads) {
    std::vector<std::string> visits;
    do {
      const auto page =
          support::Call(reader_.visits(), &Visits::ListStudyVisits, request,
                        Ask(token, reads));
      EXPECT_THAT(page, IsOk());
      if (!page.ok()) break;
      for (const auto& v : page->study_visits()) {
        visits.push_back(v.DebugString());
      }
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    return visits;
  }

  // Eight visits in all states, several at the same moment.
  void MakeVisits() {
    for (int i = 0; i < 8; ++i) {
      v1::StudyVisit visit = WantedProto();
      visit.clear_days();
      visit.set_seats(2);
      visit.set_start(absl::StrCat("2036-05-0", 1 + i / 3, "T09:00"));
      visit.set_end(absl::StrCat("2036-05-0", 2 + i / 3, "T16:00"));
      if (i % 2 == 0) visit.add_hosts("organizations/lag-kotla");
      if (i % 3 == 0) visit.add_languages("cs");
      const std::string id = Id(i);
      ASSERT_THAT(Create(id, visit), IsOk());
      if (i == 6) continue;  // Stays a draft.
      ASSERT_THAT(Publish(id), IsOk());
      if (i != 5) continue;
      ASSERT_THAT(Cancel(id), IsOk());
    }
  }
  static std::string Id(int i) { return absl::StrCat("shown-", i); }

  // As the database does, whatever is asked for and whoever asks.
  void ExpectSame() {
    CatchUp();
    const char* const requests[] = {
        "",
        "page_size: 2",
        "page_size: 3 start_after { seconds: 2093328000 }",
        "start_after { seconds: 2093324400 }",  // Just then.
        "start_after { seconds: 2193328000 }",
        "page_size: 1 language: 'cs'",
        "host: 'organizations/lag-kotla'",
        "state: DRAFT",
        "state: CANCELLED",
        "network: 'networks/elsewhere'"};
    for (const std::string token : {"", kAdmin, kHost, kManager}) {
      for (const char* text : requests) {
        const auto request = FromText<v1::ListStudyVisitsRequest>(text);
        EXPECT_EQ(ReadAll(request, token, Reads::kFromMemory),
                  ReadAll(request, token, Reads::kFromDatabase))
            << token << " asks for " << text;
      }
      for (int i = 0; i < 9; ++i) {
        const auto memory = Read(Id(i), token, Reads::kFromMemory);
        const auto stored = Read(Id(i), token, Reads::kFromDatabase);
        EXPECT_EQ(memory.status().code(), stored.status().code())
            << token << " asks for " << Id(i);
        EXPECT_EQ(memory.ok() ? memory->DebugString() : "",
                  stored.ok() ? stored->DebugString() : "");
      }
    }
  }

  Node reader_;
};

TEST_F(SnapshotTest, AnswersAsTheDatabaseDoes) {
  MakeVisits();
  ExpectSame();
  EXPECT_THAT(ReadAll({}, "", Reads::kFromMemory), Not(IsEmpty()));

  ASSERT_THAT(SignUp(Id(0), "first"), IsOk());
  ASSERT_THAT(SignUp(Id(0), "second"), IsOk());
  ASSERT_OK_AND_ASSIGN(const v1::SignUp last, SignUp(Id(0), "third"));
  ASSERT_THAT(SignUp(Id(1), "first"), IsOk());
  ExpectSame();
  ASSERT_THAT(Withdraw(last.name()), IsOk());
  ASSERT_THAT(SetSeats(Id(0), 5), IsOk());
  ASSERT_THAT(SignUp(Id(0), "fourth"), IsOk());
  v1::StudyVisit moved;
  moved.set_name("studyVisits/" + Id(2));
  moved.set_end("2036-06-02T16:00");
  moved.set_start("2036-06-01T09:00");
  ASSERT_THAT(Update(moved, {"start", "end"}), IsOk());
  ASSERT_THAT(Do(&Visits::DeleteStudyVisit, Id(6)), IsOk());
  ExpectSame();

  // What nobody logged it cannot know: these answers are from memory.
  database().Run("UPDATE visits.visit SET contact_email = 'new@example.org'");
  for (const Reads reads : {Reads::kFromMemory, Reads::kFromDatabase}) {
    ASSERT_OK_AND_ASSIGN(const v1::StudyVisit visit, Read(Id(0), "", reads));
    EXPECT_EQ(visit.contact_email() == "new@example.org",
              reads == Reads::kFromDatabase);
  }
}

}  // namespace
}  // namespace lagnet::visits
