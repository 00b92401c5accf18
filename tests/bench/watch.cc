// bench_watch: opens many watches of one study visit, then changes the visit
// again and again, and prints as JSON how long it took until all of them knew.

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "lagnet/visits/v1/study_visits.pb.h"
#include "nlohmann/json.hpp"
#include "tests/bench/calls.h"
#include "tests/bench/connection.h"
#include "tests/bench/measure.h"

namespace lagnet::bench {
namespace {

constexpr double kPatience = 60;  // Seconds, until something went wrong.
constexpr int kOpening = 500;     // Watches that open at a time.
constexpr double kRest = 0.2;     // Seconds, between changes.

struct Options {
  int port = 0;
  std::string visit;
  std::string organization;
  std::string key_file;
  int streams = 10'000;
  int connections = 16;
  int rounds = 15;
  int server_pid = 0;
};

// Watches of one visit. They count what comes: one message for each change,
// as there are no heartbeats while it is measured.
class Watches final : public Calls {
 public:
  explicit Watches(const std::string& visit) {
    request_.set_study_visit(visit);
    request_.mutable_heartbeat_interval()->set_seconds(300);
  }

  const char* path() const override {
    return "/lagnet.visits.v1.StudyVisitService/WatchStudyVisits";
  }
  std::string Next() override { return Framed(request_); }
  bool streams() const override { return true; }

  bool Take(absl::string_view message) override {
    ++messages_;
    if (all_caught_up_) return !message.empty();
    visits::v1::WatchStudyVisitsResponse response;
    if (!response.ParseFromArray(message.data(),
                                 static_cast<int>(message.size()))) {
      return false;
    }
    if (response.caught_up()) ++caught_up_;
    return true;
  }

  int caught_up() const { return caught_up_; }
  int messages() const { return messages_; }
  void ExpectChanges() {
    all_caught_up_ = true;
    messages_ = 0;
  }

 private:
  visits::v1::WatchStudyVisitsRequest request_;
  bool all_caught_up_ = false;
  int caught_up_ = 0;
  int messages_ = 0;
};

class Bench {
 public:
  explicit Bench(const Options& options)
      : options_(options),
        watches_(options.visit),
        sign_ups_(MakeCalls({.kind = "sign-up",
                             .visits = {options.visit},
                             .organizations = {options.organization},
                             .acknowledged = "/dev/null"})) {
    std::ifstream(options.key_file) >> key_;
    for (int i = 0; i < options.connections; ++i) {
      connections_.push_back(std::make_unique<Connection>(
          options.port, key_, &watches_, &figures_));
    }
    connections_.push_back(std::make_unique<Connection>(
        options.port, key_, sign_ups_.get(), &changes_));
    connections_.back()->Stop();  // One sign-up at a time.
  }

  // Empty if all went well.
  std::string Run() {
    for (const auto& connection : connections_) {
      if (!connection->Connect()) return "nobody listens there";
    }
    const int64_t before = ResidentBytes(options_.server_pid);
    const double begun = Now();
    if (!OpenAll()) {
      return absl::StrCat(watches_.caught_up(), " watches opened, not ",
                          options_.streams, ": ", Report().dump());
    }
    open_seconds_ = Now() - begun;
    Rest(1);
    bytes_ = ResidentBytes(options_.server_pid) - before;
    const double cpu = CpuOf(options_.server_pid);
    for (int round = 0; round < options_.rounds; ++round) {
      if (!RunRound()) {
        return absl::StrCat("a change did not reach all watches: ",
                            Report().dump());
      }
    }
    cpu_ = CpuOf(options_.server_pid) - cpu;
    std::sort(seconds_.begin(), seconds_.end());
    return "";
  }

  nlohmann::json Report() const {
    nlohmann::json errors = nlohmann::json::object();
    for (const auto& [status, count] : figures_.errors) {
      errors[absl::StrCat(status)] = count;
    }
    for (const auto& [status, count] : changes_.errors) {
      errors[absl::StrCat("sign-up ", status)] = count;
    }
    const double streams = options_.streams;
    return {{"streams", options_.streams},
            {"open_seconds", open_seconds_},
            {"kib_per_stream", static_cast<double>(bytes_) / 1024 / streams},
            {"seconds", seconds_.empty() ? 0 : seconds_[seconds_.size() / 2]},
            {"slowest_seconds", seconds_.empty() ? 0 : seconds_.back()},
            {"server_us", cpu_ / options_.rounds / streams * 1e6},
            {"errors", errors},
            {"wrong", figures_.wrong + changes_.wrong + stray_}};
  }

 private:
  bool Until(absl::FunctionRef<bool()> enough) {
    return Pump(connections_, Now() + kPatience, enough) && enough();
  }

  // Not all at once, which a server refuses.
  bool OpenAll() {
    int begun = 0;
    return Until([&] {
      while (begun < options_.streams &&
             begun < watches_.caught_up() + kOpening) {
        connections_[static_cast<size_t>(begun++ % options_.connections)]
            ->Begin(1);
      }
      return watches_.caught_up() == options_.streams;
    });
  }

  void Rest(double seconds) {
    (void)Pump(connections_, Now() + seconds, [] { return false; });
  }

  // From sending the sign-up until the last watch has been told.
  bool RunRound() {
    watches_.ExpectChanges();
    const double begun = Now();
    connections_.back()->Begin(1);
    const auto told = [this] {
      return watches_.messages() >= options_.streams;
    };
    if (!Until([&] { return told() || !changes_.errors.empty(); }) || !told()) {
      return false;
    }
    seconds_.push_back(Now() - begun);
    Rest(kRest);
    stray_ += watches_.messages() - options_.streams;
    return true;
  }

  const Options options_;
  std::string key_;
  Watches watches_;
  std::unique_ptr<Calls> sign_ups_;
  Figures figures_;
  Figures changes_;
  std::vector<std::unique_ptr<Connection>> connections_;
  double open_seconds_ = 0;
  int64_t bytes_ = 0;
  double cpu_ = 0;
  int stray_ = 0;  // Messages that nobody waited for.
  std::vector<double> seconds_;
};

int Main(const Options& options) {
  Bench bench(options);
  const std::string trouble = bench.Run();
  if (!trouble.empty()) {
    std::fprintf(stderr, "bench_watch: %s\n", trouble.c_str());
    return 1;
  }
  std::printf("%s\n", bench.Report().dump().c_str());
  return 0;
}

}  // namespace
}  // namespace lagnet::bench

int main(int argc, char** argv) {
  lagnet::bench::Options options;
  CLI::App cli("Opens watches and measures how soon they know of a change.");
  cli.add_option("--port", options.port)->required();
  cli.add_option("--visit", options.visit)->required();
  cli.add_option("--organization", options.organization, "Who signs up")
      ->required();
  cli.add_option("--key-file", options.key_file, "An API key")->required();
  cli.add_option("--streams", options.streams);
  cli.add_option("--connections", options.connections);
  cli.add_option("--rounds", options.rounds)->check(CLI::PositiveNumber);
  cli.add_option("--server-pid", options.server_pid,
                 "Whose memory and CPU to account")
      ->required();
  CLI11_PARSE(cli, argc, argv);
  return lagnet::bench::Main(options);
}
