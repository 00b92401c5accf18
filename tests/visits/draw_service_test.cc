// A draw from the hosts' commitments to the applicant's opening, through the
// API, with the real solver.

#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "server/draw/document.h"
#include "server/draw/draw.h"
#include "server/draw/verify.h"
#include "tests/support/script.h"
#include "tests/visits/fixture.h"

namespace lagnet::visits {
namespace {

using support::FromText;
using support::HasProto;
using support::IsOk;
using support::IsOkAndHolds;
using support::StatusIs;
using testing::IsEmpty;
using testing::SizeIs;
using Code = absl::StatusCode;

constexpr char kKozienice[] = "organizations/lag-kozienice";
constexpr char kAchinos[] = "organizations/lag-achinos";

class DrawServiceTest : public VisitServiceTest {
 protected:
  using Draws = v1::DrawService::Stub;

  static draw::Digest Seed(uint8_t byte) {
    draw::Digest seed;
    seed.fill(byte);
    return seed;
  }

  // A published visit of two hosts whose sign-up begins later.
  void OpenDraw(const std::string& id, int seats,
                const std::string& rules = "") {
    v1::StudyVisit visit = WantedProto();
    visit.set_seats(seats);
    visit.clear_seats_per_organization();
    visit.set_sign_up_start("2036-01-01T00:00");
    *visit.mutable_seat_rules() =
        FromText<v1::SeatRules>("policy: DRAW " + rules);
    ASSERT_THAT(Create(id, visit), IsOk());
    ASSERT_THAT(Publish(id), IsOk());
  }

  // Moves the sign-up window of a visit, as time would.
  void SetWindow(const std::string& id, const std::string& start,
                 const std::string& end) {
    database().Run(absl::StrCat(
        "UPDATE visits.visit SET version = version + 1, "
        "sign_up_start_local = '",
        start, "', sign_up_start_time = '", start, "', sign_up_end_local = '",
        end, "', sign_up_end_time = '", end, "' WHERE name = '", id,
        "'; INSERT INTO visits.decision (visit_id, version, command, actor, "
        "events, confirmed_count, waitlisted_count) "
        "SELECT visit_id, version, 3, 'test', '[]', confirmed_count, "
        "waitlisted_count FROM visits.visit WHERE name = '",
        id, "'"));
  }
  void BeginSignUp(const std::string& id) {
    SetWindow(id, "2026-01-01 00:00", "2036-04-20 23:59");
  }
  void EndSignUp(const std::string& id) {
    SetWindow(id, "2026-01-01 00:00", "2026-02-01 00:00");
  }

  absl::StatusOr<v1::SeatDraw> Commit(const std::string& id,
                                      const std::string& host, uint8_t byte,
                                      const std::string& token = kHost) {
    v1::CommitDrawSeedRequest request;
    request.set_name("studyVisits/" + id);
    request.set_host(host);
    request.set_commitment(
        draw::ToHex(draw::CommitmentTo(request.name(), host, Seed(byte))));
    request.set_request_id(NewRequestId());
    return support::Call(node_.draws(), &Draws::CommitDrawSeed, request,
                         {token});
  }
  absl::StatusOr<v1::SeatDraw> OpenSeed(const std::string& id,
                                        const std::string& host, uint8_t byte) {
    v1::OpenDrawSeedRequest request;
    request.set_name("studyVisits/" + id);
    request.set_host(host);
    request.set_seed(draw::ToHex(Seed(byte)));
    request.set_request_id(NewRequestId());
    return support::Call(node_.draws(), &Draws::OpenDrawSeed, request, {kHost});
  }
  static v1::CloseDrawRequest CloseRequest(const std::string& id) {
    v1::CloseDrawRequest request;
    request.set_name("studyVisits/" + id);
    request.set_request_id(NewRequestId());
    return request;
  }
  absl::StatusOr<v1::SeatDraw> Close(const v1::CloseDrawRequest& request) {
    return support::Call(node_.draws(), &Draws::CloseDraw, request, {kHost});
  }
  absl::StatusOr<v1::SeatDraw> Close(const std::string& id) {
    return Close(CloseRequest(id));
  }
  absl::StatusOr<v1::SeatDraw> Restart(const std::string& id,
                                       const std::string& token = kAdmin) {
    v1::RestartDrawRequest request;
    request.set_name("studyVisits/" + id);
    request.set_reason("a disk failed");
    request.set_request_id(NewRequestId());
    return support::Call(node_.draws(), &Draws::RestartDraw, request, {token});
  }

  // Makes all ready for closing.
  void EndSignUpOf(const std::string& id) {
    OpenDraw(id, 4);
    ASSERT_THAT(Commit(id, kKozienice, 1), IsOk());
    ASSERT_THAT(Commit(id, kAchinos, 2), IsOk());
    BeginSignUp(id);
    SignUpAll(id, 9);
    EndSignUp(id);
  }
  v1::SeatDraw Draw(const std::string& id) {
    const auto draw = Read(&Draws::GetDraw, "studyVisits/" + id, "");
    EXPECT_THAT(draw, IsOk());
    return draw.value_or(v1::SeatDraw());
  }
  // The draw as soon as it is as wanted, or at last as it is.
  template <typename Wanted>
  v1::SeatDraw DrawOnce(const std::string& id, Wanted wanted) {
    const absl::Time end = absl::Now() + absl::Seconds(15);
    for (;;) {
      v1::SeatDraw draw = Draw(id);
      if (wanted(draw) || absl::Now() > end) return draw;
      absl::SleepFor(absl::Milliseconds(20));
    }
  }
  v1::SeatDraw DrawBeingClosed(const std::string& id) {
    return DrawOnce(id, [](const v1::SeatDraw& draw) {
      return draw.progress().panels() == 137;
    });
  }
  static std::string SavedProgress() {
    return database().Ask("SELECT count(*) FROM visits.draw_progress");
  }

  template <typename Request, typename Response>
  absl::StatusOr<Response> Read(
      grpc::Status (Draws::*method)(grpc::ClientContext*, const Request&,
                                    Response*),
      const std::string& name, const std::string& token = kAdmin) {
    Request request;
    request.set_name(name);
    return support::Call(node_.draws(), method, request, {token});
  }
  std::vector<std::string> SignUpAll(const std::string& id, int count) {
    std::vector<std::string> names;
    for (int i = 0; i < count; ++i) {
      v1::CreateSignUpRequest request =
          SignUpRequest(id, absl::StrCat("person", i));
      request.mutable_sign_up()->set_sector(i % 3 == 0 ? v1::SignUp::PUBLIC
                                                       : v1::SignUp::CIVIC);
      const auto made = Send(request);
      EXPECT_THAT(made, IsOkAndHolds(HasProto("state: WAITLISTED wait_reason: "
                                              "NOT_YET_ALLOCATED")));
      if (made.ok()) names.push_back(made->name());
    }
    return names;
  }
  static std::vector<std::string> Failed(
      const std::vector<draw::Finding>& findings) {
    std::vector<std::string> failed;
    for (const draw::Finding& finding : findings) {
      if (!finding.passed) failed.push_back(finding.check);
    }
    return failed;
  }
};

TEST_F(DrawServiceTest, IsCommittedClosedOpenedAndChecked) {
  OpenDraw("drawn", 4, "shares { group { sector: PUBLIC } min: 2 }");
  ASSERT_THAT(Commit("drawn", kKozienice, 1), IsOk());
  EXPECT_THAT(Commit("drawn", "organizations/lag-kotla", 1),
              StatusIs(Code::kInvalidArgument, "INVALID_FIELDS"));
  ASSERT_THAT(Commit("drawn", kAchinos, 2),
              IsOkAndHolds(HasProto("state: OPEN hosts {} "
                                    "hosts {}")));
  BeginSignUp("drawn");
  EXPECT_THAT(Commit("drawn", kAchinos, 3),
              StatusIs(Code::kFailedPrecondition, "WRONG_STATE"));
  const std::vector<std::string> names = SignUpAll("drawn", 12);
  EXPECT_THAT(Close("drawn"),
              StatusIs(Code::kFailedPrecondition, "WRONG_STATE"));
  EndSignUp("drawn");
  EXPECT_THAT(OpenSeed("drawn", kAchinos, 2),
              StatusIs(Code::kFailedPrecondition, "WRONG_STATE"));
  ASSERT_OK_AND_ASSIGN(const v1::SeatDraw closed, Close("drawn"));
  EXPECT_EQ(closed.state(), v1::SeatDraw::CLOSED);
  EXPECT_THAT(closed.root(), SizeIs(64));
  EXPECT_THAT(Close("drawn"),
              StatusIs(Code::kFailedPrecondition, "WRONG_STATE"));
  EXPECT_THAT(OpenSeed("drawn", kAchinos, 9),
              StatusIs(Code::kInvalidArgument, "WRONG_SEED"));
  ASSERT_THAT(OpenSeed("drawn", kAchinos, 2),
              IsOkAndHolds(HasProto("state: CLOSED")));
  ASSERT_OK_AND_ASSIGN(const v1::SeatDraw held,
                       OpenSeed("drawn", kKozienice, 1));
  EXPECT_EQ(held.state(), v1::SeatDraw::HELD);
  EXPECT_THAT(Get("drawn"), IsOkAndHolds(HasProto("confirmed_count: 4 "
                                                  "waitlisted_count: 8")));
  EXPECT_EQ(Wrong(), "");

  // What everybody reads, the auditor and one applicant fit together.
  ASSERT_OK_AND_ASSIGN(const auto open, draw::ReadPublicDossier(
                                            *draw::ParseJson(held.document())));
  EXPECT_THAT(Failed(draw::Verify(open)), IsEmpty());
  ASSERT_OK_AND_ASSIGN(const v1::GetDrawDossierResponse full,
                       Read(&Draws::GetDrawDossier, "studyVisits/drawn"));
  ASSERT_OK_AND_ASSIGN(const auto dossier,
                       draw::ReadDossier(*draw::ParseJson(full.json())));
  EXPECT_THAT(Failed(draw::Verify(dossier)), IsEmpty());
  EXPECT_TRUE(draw::VerifyPublished(dossier, open).passed);
  ASSERT_OK_AND_ASSIGN(const v1::GetDrawOpeningResponse mine,
                       Read(&Draws::GetDrawOpening, names[0]));
  ASSERT_OK_AND_ASSIGN(const auto opening,
                       draw::ReadOpening(*draw::ParseJson(mine.json())));
  EXPECT_TRUE(draw::VerifyOpening(open, opening).passed);
  // Four public people, two of the four seats at least: one half.
  EXPECT_EQ(draw::ToPercent(opening.chance), "50.00 %");
  const auto state = GetSignUp(names[0]);
  EXPECT_EQ(state->state() == v1::SignUp::CONFIRMED, opening.selected);
  EXPECT_EQ(state->wait_position(), opening.waiting_position);

  // A list that says something else is found out.
  const std::string tampered =
      absl::StrReplaceAll(full.json(), {{"\"sector\":1", "\"sector\":2"}});
  ASSERT_NE(tampered, full.json());
  const auto other = draw::ReadDossier(*draw::ParseJson(tampered));
  EXPECT_TRUE(!other.ok() || !Failed(draw::Verify(*other)).empty());
}

TEST_F(DrawServiceTest, ForgetsWhatWasSaidByWhoIsErased) {
  OpenDraw("erased", 2);
  ASSERT_THAT(Commit("erased", kKozienice, 1), IsOk());
  ASSERT_THAT(Commit("erased", kAchinos, 2), IsOk());
  BeginSignUp("erased");
  const std::vector<std::string> names = SignUpAll("erased", 5);
  EndSignUp("erased");
  ASSERT_THAT(Close("erased"), IsOk());
  ASSERT_THAT(OpenSeed("erased", kKozienice, 1), IsOk());
  ASSERT_OK_AND_ASSIGN(const v1::SeatDraw held,
                       OpenSeed("erased", kAchinos, 2));
  v1::EraseSignUpRequest erase;
  erase.set_name(names[0]);
  erase.set_request_id(NewRequestId());
  ASSERT_THAT(support::Call(node_.sign_ups(), &SignUps::EraseSignUp, erase,
                            {"role:HOLDER@sign_up=" + names[0]}),
              IsOk());
  EXPECT_EQ(
      database().Ask("SELECT count(*) FROM visits.draw AS d, "
                     "jsonb_array_elements(d.list -> 'parties') AS party "
                     "JOIN visits.visit AS v ON v.name = 'erased' "
                     "WHERE d.visit_id = v.visit_id AND party ->> 4 IS NULL"),
      "1");
  EXPECT_THAT(Read(&Draws::GetDrawOpening, names[0]),
              StatusIs(Code::kNotFound));
  EXPECT_THAT(Read(&Draws::GetDrawOpening, names[1]), IsOk());
  ASSERT_OK_AND_ASSIGN(const v1::GetDrawDossierResponse full,
                       Read(&Draws::GetDrawDossier, "studyVisits/erased"));
  ASSERT_OK_AND_ASSIGN(const auto dossier,
                       draw::ReadDossier(*draw::ParseJson(full.json())));
  EXPECT_THAT(Failed(draw::Verify(dossier)), IsEmpty());
  ASSERT_OK_AND_ASSIGN(const auto open, draw::ReadPublicDossier(
                                            *draw::ParseJson(held.document())));
  EXPECT_TRUE(draw::VerifyPublished(dossier, open).passed);
}

TEST_F(DrawServiceTest, LeavesOutWhoGaveUpMeanwhile) {
  OpenDraw("left", 2);
  ASSERT_THAT(Commit("left", kKozienice, 1), IsOk());
  ASSERT_THAT(Commit("left", kAchinos, 2), IsOk());
  BeginSignUp("left");
  const std::vector<std::string> names = SignUpAll("left", 5);
  EndSignUp("left");
  ASSERT_THAT(Close("left"), IsOk());
  for (int i = 0; i < 3; ++i) {
    ASSERT_THAT(Withdraw(names[static_cast<size_t>(i)]), IsOk());
  }
  ASSERT_THAT(OpenSeed("left", kKozienice, 1), IsOk());
  ASSERT_THAT(OpenSeed("left", kAchinos, 2),
              IsOkAndHolds(HasProto("state: HELD")));
  EXPECT_THAT(Get("left"), IsOkAndHolds(HasProto("confirmed_count: 2")))
      << "the two who are left";
  EXPECT_EQ(Wrong(), "");
}

TEST_F(DrawServiceTest, BeginsAnewWhenASeedIsLost) {
  const auto is_wrong_state =
      StatusIs(Code::kFailedPrecondition, "WRONG_STATE");
  OpenDraw("anew", 4);
  ASSERT_THAT(Commit("anew", kKozienice, 1), IsOk());
  ASSERT_THAT(Commit("anew", kAchinos, 2), IsOk());
  EXPECT_THAT(Restart("anew"), is_wrong_state) << "they can commit anew";
  BeginSignUp("anew");
  SignUpAll("anew", 9);
  EndSignUp("anew");
  ASSERT_OK_AND_ASSIGN(const v1::SeatDraw closed, Close("anew"));
  ASSERT_THAT(OpenSeed("anew", kAchinos, 2), IsOk());

  // The other one is lost. Hosts cannot refuse an outcome that way.
  EXPECT_THAT(Restart("anew", kHost), StatusIs(Code::kPermissionDenied));
  ASSERT_OK_AND_ASSIGN(const v1::SeatDraw anew, Restart("anew"));
  EXPECT_THAT(anew, HasProto("state: CLOSED"));
  EXPECT_THAT(anew.hosts(), IsEmpty());
  EXPECT_EQ(anew.root(), closed.root());
  EXPECT_EQ(anew.lottery_digest(), closed.lottery_digest());
  EXPECT_THAT(OpenSeed("anew", kAchinos, 2), is_wrong_state);
  const auto is_known = StatusIs(Code::kInvalidArgument, "INVALID_FIELDS");
  EXPECT_THAT(Commit("anew", kAchinos, 2), is_known);
  SetWindow("anew", "2036-01-01 00:00", "2036-02-01 00:00");
  EXPECT_THAT(Commit("anew", kAchinos, 2), is_known) << "whenever sign-up is";
  EndSignUp("anew");
  ASSERT_THAT(Commit("anew", kAchinos, 3), IsOk());
  EXPECT_THAT(OpenSeed("anew", kAchinos, 3), is_wrong_state)
      << "the other host could choose its seed to suit";
  ASSERT_THAT(Commit("anew", kKozienice, 4), IsOk());
  ASSERT_THAT(OpenSeed("anew", kAchinos, 3), IsOk());
  EXPECT_THAT(Commit("anew", kKozienice, 5), is_wrong_state);
  ASSERT_OK_AND_ASSIGN(const v1::SeatDraw held,
                       OpenSeed("anew", kKozienice, 4));
  EXPECT_EQ(held.state(), v1::SeatDraw::HELD);
  EXPECT_THAT(Restart("anew"), is_wrong_state) << "all know the outcome";
  EXPECT_THAT(Commit("anew", kKozienice, 5), is_wrong_state);
  EXPECT_THAT(Get("anew"), IsOkAndHolds(HasProto("confirmed_count: 4")));

  // Everybody sees it, and what is published says it, too.
  ASSERT_OK_AND_ASSIGN(const v1::SeatDraw seen,
                       Read(&Draws::GetDraw, "studyVisits/anew", ""));
  ASSERT_THAT(seen.restarts(), SizeIs(1));
  EXPECT_EQ(seen.restarts(0).reason(), "a disk failed");
  ASSERT_THAT(seen.restarts(0).hosts(), SizeIs(2));
  EXPECT_EQ(seen.restarts(0).hosts(0).seed(), draw::ToHex(Seed(2)));
  EXPECT_EQ(seen.restarts(0).hosts(1).seed(), "");
  ASSERT_OK_AND_ASSIGN(const auto open, draw::ReadPublicDossier(
                                            *draw::ParseJson(held.document())));
  EXPECT_THAT(open.restarts, SizeIs(1));
  EXPECT_THAT(Failed(draw::Verify(open)), IsEmpty());
  ASSERT_OK_AND_ASSIGN(const v1::GetDrawDossierResponse full,
                       Read(&Draws::GetDrawDossier, "studyVisits/anew"));
  ASSERT_OK_AND_ASSIGN(const auto dossier,
                       draw::ReadDossier(*draw::ParseJson(full.json())));
  EXPECT_THAT(Failed(draw::Verify(dossier)), IsEmpty());
  EXPECT_TRUE(draw::VerifyPublished(dossier, open).passed);
}

// A host that never committed, or lost its seed while people signed up, need
// not wait for the list.
TEST_F(DrawServiceTest, BeginsAnewBeforeTheListIsClosed) {
  OpenDraw("early", 2);
  ASSERT_THAT(Commit("early", kKozienice, 1), IsOk());
  BeginSignUp("early");
  SignUpAll("early", 3);
  ASSERT_THAT(Restart("early"), IsOkAndHolds(HasProto("state: OPEN")));
  ASSERT_THAT(Commit("early", kKozienice, 3), IsOk());
  EndSignUp("early");
  EXPECT_THAT(Close("early"),
              StatusIs(Code::kFailedPrecondition, "WRONG_STATE"));
  ASSERT_THAT(Commit("early", kAchinos, 4), IsOk());
  ASSERT_THAT(Close("early"), IsOk());
  EXPECT_THAT(Commit("early", kKozienice, 5),
              StatusIs(Code::kFailedPrecondition, "WRONG_STATE"))
      << "nobody has asked for other seeds since";
  ASSERT_THAT(OpenSeed("early", kKozienice, 3), IsOk());
  EXPECT_THAT(OpenSeed("early", kAchinos, 4),
              IsOkAndHolds(HasProto("state: HELD")));
}

// A host that waits for the others' seeds could else choose its own to suit.
TEST_F(DrawServiceTest, TakesNoOtherCommitmentOnceTheListIsClosed) {
  const auto is_too_late = StatusIs(Code::kFailedPrecondition, "WRONG_STATE");
  EndSignUpOf("fixed");
  ASSERT_THAT(Close("fixed"), IsOk());
  EXPECT_THAT(Commit("fixed", kKozienice, 3), is_too_late);
  SetWindow("fixed", "2036-01-01 00:00", "2036-02-01 00:00");
  EXPECT_THAT(Commit("fixed", kKozienice, 3), is_too_late);
  ASSERT_THAT(OpenSeed("fixed", kAchinos, 2), IsOk());
  EXPECT_THAT(Commit("fixed", kKozienice, 3), is_too_late);
  EXPECT_THAT(Commit("fixed", kAchinos, 3), is_too_late);
  EXPECT_THAT(Restart("fixed"), IsOk()) << "in front of everybody";
  EXPECT_THAT(Commit("fixed", kKozienice, 3), IsOk());
}

// Whoever could replace the other's would know both seeds.
TEST_F(DrawServiceTest, LetsOnlyTheHostItselfCommitAnew) {
  const auto is_refused =
      StatusIs(Code::kPermissionDenied, "PERMISSION_DENIED");
  OpenDraw("one-host", 4);
  ASSERT_THAT(Commit("one-host", kAchinos, 2), IsOk())
      << "the first one, for it";
  EXPECT_THAT(Commit("one-host", kAchinos, 3), is_refused);
  EXPECT_THAT(Commit("one-host", kAchinos, 3, kAdmin), is_refused);
  EXPECT_THAT(Commit("one-host", kAchinos, 2), IsOk()) << "it is the same";
  EXPECT_THAT(Commit("one-host", kAchinos, 4,
                     "role:HOST_COORDINATOR@organization=lag-achinos"),
              IsOk());
  EXPECT_THAT(Commit("one-host", kAchinos, 2), is_refused);
  ASSERT_THAT(Commit("one-host", kKozienice, 1), IsOk());
  ASSERT_THAT(Commit("one-host", kKozienice, 5), IsOk());
}

TEST_F(DrawServiceTest, SaysWhichSharesConflict) {
  OpenDraw("conflict", 4, "shares { group { staff: true } min: 2 }");
  ASSERT_THAT(Commit("conflict", kKozienice, 1), IsOk());
  ASSERT_THAT(Commit("conflict", kAchinos, 2), IsOk());
  BeginSignUp("conflict");
  SignUpAll("conflict", 5);
  EndSignUp("conflict");
  EXPECT_THAT(Close("conflict"),
              IsOkAndHolds(HasProto("state: OPEN conflicts { share: 'share-1' "
                                    "asked: 2 }")));
  EXPECT_THAT(Get("conflict"), IsOkAndHolds(HasProto("waitlisted_count: 5")));
}

// A solver that says how far it is and waits, and then does as `script` says.
support::Script Patient(const std::string& script) {
  return support::Script(
      "echo 'panels 42 137' >&2; read go <\"$0.gate\"; exec " + script);
}

// Another server on the same database, with a solver of the test's.
class Closer {
 public:
  Closer(const std::string& dsn, const privacy::Vault& vault,
         const support::Script& solver, const v1::CloseDrawRequest& request)
      : node_(dsn, vault, {}, Reads::kFromDatabase, false, solver.path()) {
    support::Prepare({kHost}, &context_);
    thread_ = std::thread([this, request] {
      status_ = node_.draws().CloseDraw(&context_, request, &draw_);
    });
  }

  // Only for those who have not had the answer.
  void HangUp() { context_.TryCancel(); }

  absl::StatusOr<v1::SeatDraw> Answer() {
    thread_.join();
    if (!status_.ok()) return support::FromWire(status_);
    return draw_;
  }

 private:
  Node node_;
  grpc::ClientContext context_;
  grpc::Status status_;
  v1::SeatDraw draw_;
  std::thread thread_;
};

TEST_F(DrawServiceTest, SaysAtEveryServerHowFarTheSearchIs) {
  EndSignUpOf("slow");
  const support::Script solver = Patient(solver::SolverBesideThis());
  Closer closer(database().dsn(), vault(), solver, CloseRequest("slow"));
  const v1::SeatDraw seen = DrawBeingClosed("slow");
  EXPECT_THAT(seen, HasProto("state: OPEN progress { step: PANELS "
                             "done_percent: 42 panels: 137 }"));
  EXPECT_GT(seen.progress().start_time().seconds(), 0);
  // It goes on while the solver has nothing to say.
  EXPECT_GT(DrawOnce("slow",
                     [](const v1::SeatDraw& draw) {
                       return draw.progress().time_percent() > 0;
                     })
                .progress()
                .time_percent(),
            0);
  solver.LetGo();
  const auto closed = closer.Answer();
  EXPECT_THAT(closed, IsOkAndHolds(HasProto("state: CLOSED")));
  EXPECT_FALSE(closed.value_or(seen).has_progress());
  EXPECT_FALSE(Draw("slow").has_progress());
  EXPECT_EQ(SavedProgress(), "0");
}

TEST_F(DrawServiceTest, SaysNothingOfASearchThatFailed) {
  EndSignUpOf("failed");
  const support::Script solver = Patient("/bin/false");
  Closer closer(database().dsn(), vault(), solver, CloseRequest("failed"));
  EXPECT_TRUE(DrawBeingClosed("failed").has_progress());
  solver.LetGo();
  EXPECT_THAT(closer.Answer(), StatusIs(Code::kInternal));
  const v1::SeatDraw draw = Draw("failed");
  EXPECT_THAT(draw, HasProto("state: OPEN"));
  EXPECT_FALSE(draw.has_progress());
  EXPECT_EQ(SavedProgress(), "0");
}

// Three of nine are to be public for sure; this lottery takes all three.
TEST_F(DrawServiceTest, LeavesTheListOpenWithoutAFairLottery) {
  OpenDraw("unfair", 4, "shares { group { sector: PUBLIC } min: 1 }");
  ASSERT_THAT(Commit("unfair", kKozienice, 1), IsOk());
  ASSERT_THAT(Commit("unfair", kAchinos, 2), IsOk());
  BeginSignUp("unfair");
  SignUpAll("unfair", 9);
  EndSignUp("unfair");
  const std::string unfair = R"({"lottery": {"people": 4,
      "people_prices": {"shares": [0], "people": 0},
      "panels": [{"weight": 1000000000000, "take": [[0, 1], [1, 3]]}],
      "levels": [{"types": [0, 1], "chance": 444444444444,
                  "gains": [[0, 1], [1, 1]], "bound": 4,
                  "prices": {"shares": [0], "people": 1}}]}})";
  for (const std::string& end :
       {"echo '" + unfair + "'", std::string("exit 75")}) {
    const support::Script solver(end);
    Closer closer(database().dsn(), vault(), solver, CloseRequest("unfair"));
    EXPECT_THAT(closer.Answer(),
                StatusIs(Code::kDeadlineExceeded, "LOTTERY_UNFINISHED"));
    EXPECT_THAT(Draw("unfair"), HasProto("state: OPEN"));
  }
  EXPECT_THAT(Close("unfair"), IsOkAndHolds(HasProto("state: CLOSED")));
}

TEST_F(DrawServiceTest, SaysNothingOfAServerThatDied) {
  EndSignUpOf("died");
  const auto save = [](const std::string& age) {
    database().Run(
        absl::StrCat("INSERT INTO visits.draw_progress SELECT visit_id, "
                     "'panels', 42, 137, 30, now(), now() - interval '",
                     age,
                     "' FROM visits.visit WHERE name = 'died' "
                     "ON CONFLICT (visit_id) DO UPDATE "
                     "SET update_time = excluded.update_time"));
  };
  save("0 seconds");
  EXPECT_THAT(Draw("died"), HasProto("progress { time_percent: 30 }"));
  save("11 seconds");
  EXPECT_FALSE(Draw("died").has_progress());
  EXPECT_THAT(Close("died"), IsOkAndHolds(HasProto("state: CLOSED")));
  EXPECT_EQ(SavedProgress(), "0");
}

TEST_F(DrawServiceTest, AnswersWhoHungUpWhileItWasClosed) {
  EndSignUpOf("cut-off");
  const v1::CloseDrawRequest request = CloseRequest("cut-off");
  const support::Script solver = Patient(solver::SolverBesideThis());
  Closer closer(database().dsn(), vault(), solver, request);
  EXPECT_TRUE(DrawBeingClosed("cut-off").has_progress());
  closer.HangUp();
  EXPECT_THAT(closer.Answer(), StatusIs(Code::kCancelled));
  solver.LetGo();
  const v1::SeatDraw closed = DrawOnce("cut-off", [](const v1::SeatDraw& draw) {
    return draw.state() == v1::SeatDraw::CLOSED;
  });
  EXPECT_EQ(closed.state(), v1::SeatDraw::CLOSED);
  const auto repeated = Close(request);
  EXPECT_THAT(repeated, IsOkAndHolds(HasProto("state: CLOSED")));
  EXPECT_EQ(repeated.value_or(v1::SeatDraw()).root(), closed.root());
  EXPECT_THAT(Close("cut-off"),
              StatusIs(Code::kFailedPrecondition, "WRONG_STATE"));
}

// The first call and its repeat search beside each other.
TEST_F(DrawServiceTest, AnswersACallAndItsRepeatAlike) {
  EndSignUpOf("twice");
  const v1::CloseDrawRequest request = CloseRequest("twice");
  const support::Script solver = Patient(solver::SolverBesideThis());
  Closer closer(database().dsn(), vault(), solver, request);
  EXPECT_TRUE(DrawBeingClosed("twice").has_progress());
  const auto repeated = Close(request);
  EXPECT_THAT(repeated, IsOkAndHolds(HasProto("state: CLOSED")));
  EXPECT_FALSE(Draw("twice").has_progress()) << "though one still searches";
  solver.LetGo();
  const auto first = closer.Answer();
  ASSERT_THAT(first, IsOkAndHolds(HasProto("state: CLOSED")));
  EXPECT_EQ(first->root(), repeated.value_or(v1::SeatDraw()).root());
  EXPECT_EQ(SavedProgress(), "0");
}

TEST_F(DrawServiceTest, WaitsForAddressesToBeConfirmed) {
  OpenDraw("unsure", 4);
  ASSERT_THAT(Commit("unsure", kKozienice, 1), IsOk());
  ASSERT_THAT(Commit("unsure", kAchinos, 2), IsOk());
  BeginSignUp("unsure");
  const std::vector<std::string> names = SignUpAll("unsure", 2);
  EndSignUp("unsure");
  // As if the first had come through a web gateway.
  const std::string first = names[0].substr(names[0].rfind('/') + 1);
  database().Run(
      absl::StrCat("UPDATE visits.sign_up SET is_unverified = true, state = 1, "
                   "due_time = now() + interval '1 hour' WHERE name = '",
                   first, "'"));
  EXPECT_THAT(Close("unsure"),
              StatusIs(Code::kFailedPrecondition, "ADDRESSES_UNVERIFIED"));
  database().Run(absl::StrCat(
      "UPDATE visits.sign_up SET is_unverified = false WHERE name = '", first,
      "'"));
  EXPECT_THAT(Close("unsure"), IsOkAndHolds(HasProto("state: CLOSED")));
}

TEST_F(DrawServiceTest, IsNotPublishedTooLateForSeeds) {
  const auto make = [&](const std::string& id, const std::string& start) {
    v1::StudyVisit visit = WantedProto();
    visit.set_sign_up_start(start);
    visit.mutable_seat_rules()->set_policy(v1::SeatRules::DRAW);
    ASSERT_THAT(Create(id, visit), IsOk());
  };
  make("at-publication", "");
  make("begun", "2026-01-01T00:00");
  for (const char* id : {"at-publication", "begun"}) {
    ASSERT_THAT(Commit(id, kKozienice, 1), IsOk());
    const auto refused = Publish(id);
    EXPECT_THAT(refused,
                StatusIs(Code::kFailedPrecondition, "SEEDS_NOT_COMMITTED"));
    EXPECT_EQ(support::MetadataOf(refused.status(), "host"), kAchinos);
    ASSERT_THAT(Commit(id, kAchinos, 2), IsOk());
    EXPECT_THAT(Publish(id), IsOkAndHolds(HasProto("state: PUBLISHED")));
  }
  make("in-time", "2036-01-01T00:00");
  EXPECT_THAT(Publish("in-time"), IsOk()) << "hosts have time";
}

TEST_F(DrawServiceTest, IsOnlyForVisitsThatDraw) {
  Open("undrawn", 2);
  EXPECT_THAT(Commit("undrawn", kKozienice, 1),
              StatusIs(Code::kFailedPrecondition, "WRONG_STATE"));
  EXPECT_THAT(Read(&Draws::GetDraw, "studyVisits/undrawn", ""),
              StatusIs(Code::kFailedPrecondition, "WRONG_STATE"));
}

}  // namespace
}  // namespace lagnet::visits
