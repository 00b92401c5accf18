#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <iostream>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "clients/cpp/cli/failure.h"
#include "clients/cpp/cli/json.h"
#include "clients/cpp/cli/names.h"
#include "clients/cpp/cli/nouns.h"
#include "clients/cpp/cli/text.h"
#include "clients/cpp/cli/verbs.h"
#include "server/draw/draw.h"

namespace lagnet::cli {
namespace {

using client::Draws;
using visits::v1::SeatDraw;

// Made on this machine and nowhere else: from the kernel's randomness.
draw::Digest NewSeed() {
  std::random_device device;  // /dev/urandom.
  draw::Digest seed;
  for (uint8_t& byte : seed) byte = static_cast<uint8_t>(device());
  return seed;
}

// The seed in a file, which is made if there is none. Whoever can read it
// before the draw knows the host's part of the randomness.
absl::StatusOr<draw::Digest> ReadOrMakeSeed(const std::string& path) {
  if (const absl::StatusOr<std::string> text = ReadInput(path); text.ok()) {
    const auto seed = draw::DigestFromHex(absl::StripSuffix(*text, "\n"));
    if (seed) return *seed;
    return UsageError(absl::StrCat(path,
                                   ": holds no seed (64 hexadecimal "
                                   "digits)"));
  }
  const draw::Digest seed = NewSeed();
  const mode_t before = umask(S_IRWXG | S_IRWXO);
  std::ofstream file(path);
  umask(before);
  file << draw::ToHex(seed) << '\n';
  file.close();
  if (!file) return UsageError(absl::StrCat(path, ": cannot be written"));
  return seed;
}

// `PANELS: about 42 % done, 137 panels found, 31 % of the time gone`.
std::string ToText(const SeatDraw::Progress& progress) {
  return absl::StrCat(SeatDraw::Progress::Step_Name(progress.step()),
                      ": about ", progress.done_percent(), " % done, ",
                      progress.panels(), " panels found, ",
                      progress.time_percent(), " % of the time gone");
}

// While it lives, and on a terminal, a line of standard error says how far the
// closing of a draw is.
class ProgressLine {
 public:
  ProgressLine(client::Client& client, const std::string& draw)
      : client_(client) {
    request_.set_name(draw);
    if (isatty(STDERR_FILENO)) thread_ = std::thread([this] { Run(); });
  }
  ~ProgressLine() {
    {
      absl::MutexLock lock(&mutex_);
      is_over_ = true;
    }
    if (thread_.joinable()) thread_.join();
  }

 private:
  static constexpr char kEraseLine[] = "\r\x1b[K";

  void Run() {
    while (!IsOverAfter(absl::Seconds(1))) {
      grpc::ClientContext context;
      client_.Prepare(context);
      context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(1)));
      SeatDraw draw;
      const bool is_known =
          client_.stub<Draws>().GetDraw(&context, request_, &draw).ok();
      if (!is_known || !draw.has_progress()) continue;
      std::cerr << kEraseLine << ToText(draw.progress()) << std::flush;
      has_written_ = true;
    }
    if (has_written_) std::cerr << kEraseLine << std::flush;
  }

  bool IsOverAfter(absl::Duration pause) ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    return mutex_.AwaitWithTimeout(absl::Condition(&is_over_), pause);
  }

  client::Client& client_;
  visits::v1::GetDrawRequest request_;
  bool has_written_ = false;  // Of the thread alone.
  absl::Mutex mutex_;
  bool is_over_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

void Show(Session& session, const SeatDraw& draw) {
  if (session.json) return session.Print(draw);
  std::cout << SeatDraw::State_Name(draw.state()) << "  " << draw.name()
            << '\n';
  if (draw.has_progress()) {
    std::cout << "being closed: " << ToText(draw.progress()) << '\n';
  }
  for (const auto& conflict : draw.conflicts()) {
    std::cout << conflict.share() << " asks for "
              << (conflict.is_maximum() ? "at most " : "at least ")
              << conflict.asked() << " seats; " << conflict.eligible()
              << " people who count for it applied\n";
  }
  if (draw.conflicts_size() > 0) {
    std::cout << "These shares cannot be kept together: change one of them.\n";
  }
  for (const auto& host : draw.hosts()) {
    std::cout << host.host() << "  "
              << (host.seed().empty() ? "has committed" : "has opened") << "\n";
  }
  for (const auto& restart : draw.restarts()) {
    std::cout << "begun anew: " << OneLine(restart.reason()) << '\n';
    for (const auto& host : restart.hosts()) {
      std::cout << "  " << host.host() << "  "
                << (host.seed().empty() ? "had not opened" : "had opened")
                << '\n';
    }
  }
  if (!draw.root().empty()) {
    std::cout << "root     " << draw.root() << "\nlottery  "
              << draw.lottery_digest() << '\n';
  }
}

struct SeedInput {
  std::string visit;
  std::string host;
  std::string file;
};

std::shared_ptr<SeedInput> AddSeedFlags(CLI::App* command) {
  const auto input = std::make_shared<SeedInput>();
  command->add_option("visit", input->visit, "id or full name")->required();
  command->add_option("--host", input->host, "which of its hosts")->required();
  command
      ->add_option("--seed-file", input->file,
                   "where the host's seed is kept: secret until it is opened")
      ->required();
  return input;
}

void AddCommit(CLI::App* noun, Session& session) {
  CLI::App* command = noun->add_subcommand(
      "commit",
      "Makes a host's seed, if there is none, and publishes its hash");
  const auto input = AddSeedFlags(command);
  session.OnRun(command, [=, &session]() -> absl::Status {
    visits::v1::CommitDrawSeedRequest request;
    ASSIGN_OR_RETURN(*request.mutable_name(),
                     FullName("lagnet/StudyVisit", input->visit));
    ASSIGN_OR_RETURN(*request.mutable_host(),
                     FullName("lagnet/Organization", input->host));
    ASSIGN_OR_RETURN(const draw::Digest seed, ReadOrMakeSeed(input->file));
    request.set_commitment(
        draw::ToHex(draw::CommitmentTo(request.name(), request.host(), seed)));
    ASSIGN_OR_RETURN(const SeatDraw draw,
                     session.Call(&Draws::CommitDrawSeed, request));
    Show(session, draw);
    return absl::OkStatus();
  });
}

void AddClose(CLI::App* noun, Session& session) {
  CLI::App* command = noun->add_subcommand(
      "close", "Closes the list of applicants and finds the fairest lottery");
  const auto name = std::make_shared<std::string>();
  const auto request_id = std::make_shared<std::string>();
  command->add_option("name", *name, "id or full name")->required();
  AddRequestId(command, request_id.get());
  session.OnRun(command, [=, &session]() -> absl::Status {
    visits::v1::CloseDrawRequest request;
    ASSIGN_OR_RETURN(*request.mutable_name(),
                     FullName("lagnet/StudyVisit", *name));
    request.set_request_id(*request_id);
    ASSIGN_OR_RETURN(client::Client* const client, session.Connected());
    absl::StatusOr<SeatDraw> draw = [&] {
      const ProgressLine progress(*client, request.name());
      return client->Call(&Draws::CloseDraw, request);
    }();
    if (!draw.ok()) return draw.status();
    Show(session, *draw);
    return absl::OkStatus();
  });
}

void AddOpen(CLI::App* noun, Session& session) {
  CLI::App* command = noun->add_subcommand(
      "open", "Opens a host's seed; with the last one the seats are drawn");
  const auto input = AddSeedFlags(command);
  session.OnRun(command, [=, &session]() -> absl::Status {
    visits::v1::OpenDrawSeedRequest request;
    ASSIGN_OR_RETURN(*request.mutable_name(),
                     FullName("lagnet/StudyVisit", input->visit));
    ASSIGN_OR_RETURN(*request.mutable_host(),
                     FullName("lagnet/Organization", input->host));
    ASSIGN_OR_RETURN(const std::string text, ReadInput(input->file));
    request.set_seed(std::string(absl::StripSuffix(text, "\n")));
    ASSIGN_OR_RETURN(const SeatDraw draw,
                     session.Call(&Draws::OpenDrawSeed, request));
    Show(session, draw);
    return absl::OkStatus();
  });
}

void AddRestart(CLI::App* noun, Session& session) {
  CLI::App* command = noun->add_subcommand(
      "restart",
      "Begins a draw anew when a host has lost its seed: all hosts commit to "
      "other seeds. For the network's administrators; everybody sees it");
  const auto name = std::make_shared<std::string>();
  const auto reason = std::make_shared<std::string>();
  command->add_option("name", *name, "id or full name")->required();
  command->add_option("--reason", *reason, "why, shown to everybody")
      ->required();
  session.OnRun(command, [=, &session]() -> absl::Status {
    visits::v1::RestartDrawRequest request;
    ASSIGN_OR_RETURN(*request.mutable_name(),
                     FullName("lagnet/StudyVisit", *name));
    request.set_reason(*reason);
    ASSIGN_OR_RETURN(const SeatDraw draw,
                     session.Call(&Draws::RestartDraw, request));
    Show(session, draw);
    return absl::OkStatus();
  });
}

template <typename Request, typename Response, typename Print>
void AddOfVisit(CLI::App* noun, Session& session, const std::string& verb,
                const std::string& help, const std::string& resource,
                client::UnaryMethod<Draws, Request, Response> method,
                Print print) {
  CLI::App* command = noun->add_subcommand(verb, help);
  const auto name = std::make_shared<std::string>();
  command->add_option("name", *name, "id or full name")->required();
  session.OnRun(command, [=, &session]() -> absl::Status {
    Request request;
    ASSIGN_OR_RETURN(*request.mutable_name(), FullName(resource, *name));
    ASSIGN_OR_RETURN(const Response response, session.Call(method, request));
    return print(response);
  });
}

}  // namespace

void AddDraw(CLI::App* visit, Session& session) {
  CLI::App* noun = visit->add_subcommand("draw", "the draw of its seats");
  noun->require_subcommand(1);
  const auto show = [&session](const SeatDraw& draw) {
    Show(session, draw);
    return absl::OkStatus();
  };
  const auto json = [](const auto& response) {
    std::cout << response.json() << '\n';
    return absl::OkStatus();
  };
  AddCommit(noun, session);
  AddClose(noun, session);
  AddOpen(noun, session);
  AddRestart(noun, session);
  AddOfVisit(noun, session, "get", "Shows where a draw stands",
             "lagnet/StudyVisit", &Draws::GetDraw, show);
  AddOfVisit(noun, session, "published",
             "Prints what everybody may know of a draw, as JSON",
             "lagnet/StudyVisit", &Draws::GetDraw, [](const SeatDraw& draw) {
               if (draw.document().empty()) {
                 std::cerr << "Nothing can be checked before the last host has "
                              "opened its seed.\n`lagnet visit draw get` shows "
                              "where the draw stands.\n";
                 return ToldFailure();
               }
               std::cout << draw.document() << '\n';
               return absl::OkStatus();
             });
  AddOfVisit(noun, session, "dossier",
             "Prints the whole dossier of a draw, for auditors, as JSON",
             "lagnet/StudyVisit", &Draws::GetDrawDossier, json);
  AddOfVisit(noun, session, "opening",
             "Prints the proof that a sign-up was in the draw, as JSON",
             "lagnet/SignUp", &Draws::GetDrawOpening, json);
}

}  // namespace lagnet::cli
