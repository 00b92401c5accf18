#include "server/rpc/metrics.h"

#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace lagnet::rpc {

class Metrics::Gauges : public prometheus::Collectable {
 public:
  void Add(std::string name, std::string help, std::function<double()> read) {
    absl::MutexLock lock(&mutex_);
    gauges_.push_back({std::move(name), std::move(help), std::move(read)});
  }

  std::vector<prometheus::MetricFamily> Collect() const override {
    absl::MutexLock lock(&mutex_);
    std::vector<prometheus::MetricFamily> families;
    for (const auto& gauge : gauges_) {
      prometheus::MetricFamily family;
      family.name = gauge.name;
      family.help = gauge.help;
      family.type = prometheus::MetricType::Gauge;
      prometheus::ClientMetric metric;
      metric.gauge.value = gauge.read();
      family.metric.push_back(metric);
      families.push_back(std::move(family));
    }
    return families;
  }

 private:
  struct One {
    std::string name;
    std::string help;
    std::function<double()> read;
  };
  mutable absl::Mutex mutex_;
  std::vector<One> gauges_ ABSL_GUARDED_BY(mutex_);
};

Metrics::Metrics()
    : registry_(std::make_shared<prometheus::Registry>()),
      gauges_(std::make_shared<Gauges>()),
      calls_(prometheus::BuildCounter()
                 .Name("lagnet_calls_total")
                 .Help("Finished calls by method, code and reason.")
                 .Register(*registry_)),
      seconds_(prometheus::BuildHistogram()
                   .Name("lagnet_call_seconds")
                   .Help("How long calls took, in seconds.")
                   .Register(*registry_)) {}

prometheus::Counter& Metrics::Counter(const std::string& method,
                                      absl::StatusCode code,
                                      const std::string& reason) {
  return calls_.Add({{"method", method},
                     {"code", absl::StatusCodeToString(code)},
                     {"reason", reason}});
}

Metrics::OfMethod Metrics::Of(const std::string& method) {
  static const auto* const bounds = new prometheus::Histogram::BucketBoundaries{
      0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1,
      0.25,   0.5,   1,      2.5,   5,    10,    30};
  return {.name = method,
          .good = &Counter(method, absl::StatusCode::kOk, ""),
          .seconds = &seconds_.Add({{"method", method}}, *bounds)};
}

void Metrics::Count(const OfMethod& method, absl::StatusCode code,
                    const std::string& reason, absl::Duration took) {
  const bool is_good = code == absl::StatusCode::kOk;
  (is_good ? *method.good : Counter(method.name, code, reason)).Increment();
  method.seconds->Observe(absl::ToDoubleSeconds(took));
}

void Metrics::Gauge(const std::string& name, const std::string& help,
                    std::function<double()> read) {
  gauges_->Add(name, help, std::move(read));
}

void Metrics::Serve(const std::string& address) {
  exposer_ = std::make_unique<prometheus::Exposer>(address, 1);
  exposer_->RegisterCollectable(registry_);
  exposer_->RegisterCollectable(gauges_);
}

void Metrics::StopServing() { exposer_.reset(); }

}  // namespace lagnet::rpc
