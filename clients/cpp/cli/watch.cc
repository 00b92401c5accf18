#include "lagnet/watch.h"

#include <map>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "clients/cpp/cli/json.h"
#include "clients/cpp/cli/names.h"
#include "clients/cpp/cli/nouns.h"
#include "clients/cpp/cli/text.h"
#include "clients/cpp/cli/verbs.h"

namespace lagnet::cli {
namespace {

using client::SignUps;
using client::Visits;
using visits::v1::SignUp;
using visits::v1::StudyVisit;
using visits::v1::WatchSignUpsRequest;
using visits::v1::WatchSignUpsResponse;
using visits::v1::WatchStudyVisitsRequest;
using visits::v1::WatchStudyVisitsResponse;

std::string Clock() {
  return absl::FormatTime("%H:%M:%S", absl::Now(), absl::LocalTimeZone());
}

// Says on standard error what happens to the stream. A server that was never
// reached is an error; one that went away is waited for.
client::WatchOptions Telling(const bool& heard) {
  client::WatchOptions options;
  options.on_interruption = [&heard](const absl::Status&, absl::Duration) {
    if (heard) std::cerr << Clock() << "  connection lost, trying again\n";
    return heard;
  };
  options.on_restart = [] {
    std::cerr << Clock() << "  starting again with the present state\n";
  };
  return options;
}

absl::Status WatchVisits(Session& session,
                         const WatchStudyVisitsRequest& request) {
  ASSIGN_OR_RETURN(client::Client* const client, session.Connected());
  bool heard = false;
  return Watch(
      *client, &Visits::WatchStudyVisits, request,
      [&](const WatchStudyVisitsResponse& response) {
        heard = true;
        if (session.json) {
          std::cout << ToJson(response, true) << std::endl;
          return true;
        }
        for (const StudyVisit& visit : response.study_visits()) {
          std::cout << Clock() << "  " << ShortName(visit.name()) << "  "
                    << visit.confirmed_count() << " of " << visit.seats()
                    << " seats taken, " << visit.waitlisted_count()
                    << " waiting  "
                    << (visit.state() == StudyVisit::PUBLISHED
                            ? ""
                            : StudyVisit::State_Name(visit.state()) + "  ")
                    << OneLine(Pick(visit.title(), session.language)) << '\n';
        }
        std::cout << std::flush;
        return true;
      },
      Telling(heard));
}

// Tells decisions on one visit, each sign-up that one moved on a line.
class Teller {
 public:
  Teller(client::Client& client, std::string visit)
      : client_(client), visit_(std::move(visit)) {}

  void Tell(const WatchSignUpsResponse& response) {
    if (response.version() > version_) Refresh();
    version_ = response.version();
    const std::string seats =
        absl::StrCat(response.confirmed_count(), " of ", seats_,
                     " seats taken, ", response.waitlisted_count(), " waiting");
    for (const SignUp& sign_up : response.sign_ups()) {
      const auto [known, is_new] =
          states_.insert({sign_up.name(), SignUp::STATE_UNSPECIFIED});
      if (caught_up_) {
        const std::string before =
            is_new ? "" : SignUp::State_Name(known->second) + " -> ";
        std::cout << Clock() << "  " << before
                  << SignUp::State_Name(sign_up.state()) << "  " << Id(sign_up)
                  << "  (" << seats << ")\n";
      }
      known->second = sign_up.state();
    }
    if (response.caught_up()) {
      caught_up_ = true;
      std::cout << Clock() << "  " << seats << '\n';
    }
    std::cout << std::flush;
  }

  void Restart() {
    states_.clear();
    caught_up_ = false;
    version_ = -1;
  }

 private:
  static std::string Id(const SignUp& sign_up) {
    return sign_up.name().substr(sign_up.name().rfind('/') + 1);
  }

  // The stream does not say how many seats there are. Asked at most once a
  // second: in a rush the decisions go by faster than anybody reads.
  void Refresh() {
    if (absl::Now() < refreshed_ + absl::Seconds(1)) return;
    refreshed_ = absl::Now();
    visits::v1::GetStudyVisitRequest request;
    request.set_name(visit_);
    const auto visit = client_.Call(&Visits::GetStudyVisit, request);
    if (visit.ok()) seats_ = visit->seats();
  }

  client::Client& client_;
  const std::string visit_;
  std::map<std::string, SignUp::State> states_;
  bool caught_up_ = false;
  int64_t version_ = -1;
  int seats_ = 0;
  absl::Time refreshed_ = absl::InfinitePast();
};

absl::Status WatchVisit(Session& session, const WatchSignUpsRequest& request) {
  ASSIGN_OR_RETURN(client::Client* const client, session.Connected());
  Teller teller(*client, request.parent());
  bool heard = false;
  client::WatchOptions options = Telling(heard);
  options.on_restart = [&teller, told = options.on_restart] {
    told();
    teller.Restart();
  };
  return Watch(
      *client, &SignUps::WatchSignUps, request,
      [&](const WatchSignUpsResponse& response) {
        heard = true;
        if (session.json) {
          std::cout << ToJson(response, true) << std::endl;
        } else {
          teller.Tell(response);
        }
        return true;
      },
      options);
}

}  // namespace

void AddWatch(CLI::App& app, Session& session) {
  CLI::App* command = app.add_subcommand(
      "watch",
      "Shows the seats of all visits as they change; with a visit, each "
      "decision on its sign-ups. Ends with Ctrl-C");
  struct WatchInput {
    std::string visit;
    WatchStudyVisitsRequest request;
    std::unique_ptr<FieldFlags> flags;
  };
  const auto input = std::make_shared<WatchInput>();
  command->add_option("visit", input->visit, "id or full name");
  input->flags = std::make_unique<FieldFlags>(
      command, input->request,
      std::vector<FieldFlag>{{"network", "visits of this network only"}});
  session.OnRun(command, [&session, input]() -> absl::Status {
    if (input->visit.empty()) {
      RETURN_IF_ERROR(input->flags->Apply(session.language, input->request));
      return WatchVisits(session, input->request);
    }
    WatchSignUpsRequest request;
    ASSIGN_OR_RETURN(*request.mutable_parent(),
                     FullName("lagnet/StudyVisit", input->visit));
    return WatchVisit(session, request);
  });
}

}  // namespace lagnet::cli
