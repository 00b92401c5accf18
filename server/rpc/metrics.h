#ifndef LAGNET_SERVER_RPC_METRICS_H_
#define LAGNET_SERVER_RPC_METRICS_H_

#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "prometheus/collectable.h"
#include "prometheus/counter.h"
#include "prometheus/exposer.h"
#include "prometheus/family.h"
#include "prometheus/histogram.h"
#include "prometheus/registry.h"

namespace lagnet::rpc {

// What Prometheus reads. Thread-safe. Labels hold methods, codes and reasons,
// never callers or data.
class Metrics {
 public:
  Metrics();

  // What is counted of one method. Looked up once, since that takes longer
  // than many a call.
  struct OfMethod {
    std::string name;
    prometheus::Counter* good;
    prometheus::Histogram* seconds;
  };
  // "lagnet.visits.v1.SignUpService/CreateSignUp".
  OfMethod Of(const std::string& method);

  // Counts a finished call.
  void Count(const OfMethod& method, absl::StatusCode code,
             const std::string& reason, absl::Duration took);

  // A number that is read when Prometheus asks.
  void Gauge(const std::string& name, const std::string& help,
             std::function<double()> read);

  // Serves /metrics at `address` until destroyed. Throws if the port is taken.
  void Serve(const std::string& address);
  // Nobody is asked for gauges any more.
  void StopServing();

 private:
  class Gauges;

  prometheus::Counter& Counter(const std::string& method, absl::StatusCode code,
                               const std::string& reason);

  std::shared_ptr<prometheus::Registry> registry_;
  std::shared_ptr<Gauges> gauges_;
  prometheus::Family<prometheus::Counter>& calls_;
  prometheus::Family<prometheus::Histogram>& seconds_;
  std::unique_ptr<prometheus::Exposer> exposer_;
};

}  // namespace lagnet::rpc

#endif  // LAGNET_SERVER_RPC_METRICS_H_
