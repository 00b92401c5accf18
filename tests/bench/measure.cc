#include "tests/bench/measure.h"

#include <unistd.h>

#include <algorithm>
#include <bit>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace lagnet::bench {
namespace {

struct ProcessTimes {
  int parent = 0;
  double own = 0;       // Seconds.
  double children = 0;  // Of children that have ended.
};

ProcessTimes TimesOf(int pid) {
  std::ifstream file(absl::StrCat("/proc/", pid, "/stat"));
  std::string text(std::istreambuf_iterator<char>(file), {});
  const size_t name_end = text.rfind(')');
  if (name_end == std::string::npos) return {};
  // Fields as in proc(5), from the third on.
  std::istringstream fields(text.substr(name_end + 1));
  std::string state, skipped;
  ProcessTimes times;
  fields >> state >> times.parent;
  for (int field = 5; field < 14; ++field) fields >> skipped;
  double user = 0, system = 0, children_user = 0, children_system = 0;
  fields >> user >> system >> children_user >> children_system;
  const double tick = static_cast<double>(sysconf(_SC_CLK_TCK));
  times.own = (user + system) / tick;
  times.children = (children_user + children_system) / tick;
  return times;
}

}  // namespace

double Now() {
  return std::chrono::duration<double>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

double CpuOf(int pid) { return TimesOf(pid).own; }

double CpuOfFamily(int pid) {
  const ProcessTimes head = TimesOf(pid);
  double sum = head.own + head.children;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    int child = 0;
    if (!absl::SimpleAtoi(entry.path().filename().string(), &child)) continue;
    const ProcessTimes times = TimesOf(child);
    if (times.parent == pid) sum += times.own;
  }
  return sum;
}

int64_t ResidentBytes(int pid) {
  std::ifstream file(absl::StrCat("/proc/", pid, "/statm"));
  int64_t size = 0, resident = 0;
  file >> size >> resident;
  return resident * sysconf(_SC_PAGESIZE);
}

void Latencies::Add(double seconds) {
  const auto us = static_cast<uint64_t>(std::max(1.0, seconds * 1e6));
  const int exponent = std::bit_width(us) - 1;
  const uint64_t index = exponent < 6
                             ? us
                             : static_cast<uint64_t>(exponent - 5) * 64 +
                                   ((us >> (exponent - 6)) & 63);
  ++counts_[std::min<size_t>(index, counts_.size() - 1)];
}

double Latencies::Quantile(double q) const {
  int64_t all = 0;
  for (const int64_t count : counts_) all += count;
  const auto wanted = static_cast<int64_t>(q * static_cast<double>(all));
  int64_t seen = 0;
  for (size_t i = 0; i < counts_.size(); ++i) {
    seen += counts_[i];
    if (seen <= wanted) continue;
    if (i < 64) return static_cast<double>(i) / 1e6;
    return std::ldexp(64.0 + static_cast<double>(i % 64),
                      static_cast<int>(i / 64) - 1) /
           1e6;
  }
  return 0;
}

}  // namespace lagnet::bench
