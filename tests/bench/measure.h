#ifndef LAGNET_TESTS_BENCH_MEASURE_H_
#define LAGNET_TESTS_BENCH_MEASURE_H_

#include <cstdint>
#include <map>
#include <vector>

namespace lagnet::bench {

// Seconds of the steady clock.
double Now();

// CPU seconds (user and system) that a process has used; 0 if there is none.
double CpuOf(int pid);

// The same for a process, its children, and those it had before.
double CpuOfFamily(int pid);

// Bytes of memory that a process has resident; 0 if there is none.
int64_t ResidentBytes(int pid);

// Latencies in a log-linear histogram: 64 steps for each power of two, so
// that a quantile is right to 2 %.
class Latencies {
 public:
  void Add(double seconds);
  double Quantile(double q) const;  // Seconds.

 private:
  std::vector<int64_t> counts_ = std::vector<int64_t>(64 * 64);
};

// What came back while it was measured.
struct Figures {
  int64_t calls = 0;  // Answered with OK and as asked for.
  int64_t bytes = 0;  // Of their messages.
  Latencies latencies;
  std::map<int, int64_t> errors;  // By grpc-status.
  int64_t wrong = 0;              // OK, but not what was asked for.
};

// No grpc-status came, the stream was reset.
constexpr int kNoStatus = -1;

}  // namespace lagnet::bench

#endif  // LAGNET_TESTS_BENCH_MEASURE_H_
