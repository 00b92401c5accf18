// bench_load: keeps a number of gRPC calls under way for some seconds, and
// prints what came of them as JSON. About 6 us of CPU a call.

#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"
#include "tests/bench/calls.h"
#include "tests/bench/connection.h"
#include "tests/bench/measure.h"

namespace lagnet::bench {
namespace {

struct Options {
  CallOptions calls;
  std::string visits_file;
  std::string organizations_file;
  std::string key_file;
  std::vector<int> ports;
  int connections = 2;
  int in_flight = 128;
  double seconds = 5;
  double warm_up = 1;
  std::vector<int> server_pids;
  int database_pid = 0;
};

std::vector<std::string> Lines(const std::string& path) {
  std::vector<std::string> lines;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

// CPU seconds of all three, to be subtracted.
struct Cpu {
  double server = 0;
  double database = 0;
  double client = 0;
};

Cpu CpuNow(const Options& options) {
  double servers = 0;
  for (const int pid : options.server_pids) servers += CpuOf(pid);
  return {servers,
          options.database_pid > 0 ? CpuOfFamily(options.database_pid) : 0,
          CpuOf(getpid())};
}

class Load {
 public:
  Load(const Options& options, Calls* calls) : options_(options) {
    std::vector<std::string> key = Lines(options.key_file);
    for (int i = 0; i < options.connections; ++i) {
      const int port =
          options.ports[static_cast<size_t>(i) % options.ports.size()];
      connections_.push_back(std::make_unique<Connection>(
          port, key.empty() ? "" : key[0], calls, &figures_));
    }
  }

  bool Run() {
    for (const auto& connection : connections_) {
      if (!connection->Connect()) return false;
      connection->Begin(options_.in_flight / options_.connections);
    }
    if (!PumpUntil(Now() + options_.warm_up)) return false;
    const Cpu before = CpuNow(options_);
    const double begun = Now();
    for (const auto& connection : connections_) connection->Measure(true);
    if (!PumpUntil(begun + options_.seconds)) return false;
    for (const auto& connection : connections_) connection->Measure(false);
    seconds_ = Now() - begun;
    const Cpu after = CpuNow(options_);
    cpu_ = {after.server - before.server, after.database - before.database,
            after.client - before.client};
    for (const auto& connection : connections_) connection->Stop();
    const double give_up = Now() + 25;
    return Pump(connections_, give_up, [this] { return under_way() == 0; });
  }

  nlohmann::json Report(const Calls& calls) const {
    const double n = static_cast<double>(std::max<int64_t>(1, figures_.calls));
    nlohmann::json errors = nlohmann::json::object();
    for (const auto& [status, count] : figures_.errors) {
      errors[absl::StrCat(status)] = count;
    }
    return {{"calls", figures_.calls},
            {"seconds", seconds_},
            {"per_second", static_cast<double>(figures_.calls) / seconds_},
            {"p50_ms", figures_.latencies.Quantile(0.5) * 1e3},
            {"p99_ms", figures_.latencies.Quantile(0.99) * 1e3},
            {"server_us", cpu_.server / n * 1e6},
            {"database_us", cpu_.database / n * 1e6},
            {"client_us", cpu_.client / n * 1e6},
            {"answer_bytes", static_cast<double>(figures_.bytes) / n},
            {"outcomes", calls.outcomes()},
            {"errors", errors},
            {"wrong", figures_.wrong},
            {"unanswered", under_way()}};
  }

 private:
  int under_way() const {
    int sum = 0;
    for (const auto& connection : connections_) sum += connection->under_way();
    return sum;
  }

  bool PumpUntil(double end) {
    return Pump(connections_, end, [] { return false; });
  }

  const Options options_;
  Figures figures_;
  std::vector<std::unique_ptr<Connection>> connections_;
  double seconds_ = 0;
  Cpu cpu_;
};

int Main(Options options) {
  options.calls.visits = Lines(options.visits_file);
  options.calls.organizations = Lines(options.organizations_file);
  const std::unique_ptr<Calls> calls = MakeCalls(options.calls);
  Load load(options, calls.get());
  if (!load.Run()) {
    std::fprintf(stderr, "bench_load: the server went away\n");
    return 1;
  }
  std::printf("%s\n", load.Report(*calls).dump().c_str());
  return 0;
}

}  // namespace
}  // namespace lagnet::bench

int main(int argc, char** argv) {
  lagnet::bench::Options options;
  CLI::App cli("Keeps gRPC calls under way and measures them.");
  cli.add_option("--kind", options.calls.kind)
      ->required()
      ->check(CLI::IsMember({"sign-up", "get", "list", "search", "echo"}));
  cli.add_option("--port", options.ports,
                 "Of several servers: connections are shared out among them")
      ->required();
  cli.add_option("--visits", options.visits_file, "Names, one a line")
      ->required()
      ->check(CLI::ExistingFile);
  cli.add_option("--organizations", options.organizations_file,
                 "Names, one a line");
  cli.add_option("--key-file", options.key_file, "An API key");
  cli.add_option("--acknowledged", options.calls.acknowledged,
                 "Where to note acknowledged sign-ups");
  cli.add_option("--page-size", options.calls.page_size);
  cli.add_option("--connections", options.connections);
  cli.add_option("--in-flight", options.in_flight);
  cli.add_option("--seconds", options.seconds);
  cli.add_option("--warm-up", options.warm_up);
  cli.add_option("--server-pid", options.server_pids, "Whose CPU to account");
  cli.add_option("--database-pid", options.database_pid,
                 "The same, with its children");
  CLI11_PARSE(cli, argc, argv);
  return lagnet::bench::Main(std::move(options));
}
