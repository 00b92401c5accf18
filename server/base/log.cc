#include "server/base/log.h"

#include <algorithm>
#include <memory>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "nlohmann/json.hpp"
#include "spdlog/async.h"
#include "spdlog/sinks/stdout_sinks.h"
#include "spdlog/spdlog.h"

namespace lagnet {
namespace {

constexpr const char* kNames[] = {"debug", "info", "warning", "error"};

spdlog::level::level_enum LevelOf(Severity severity) {
  switch (severity) {
    case Severity::kDebug:
      return spdlog::level::debug;
    case Severity::kInfo:
      return spdlog::level::info;
    case Severity::kWarning:
      return spdlog::level::warn;
    case Severity::kError:
      return spdlog::level::err;
  }
  return spdlog::level::err;
}

std::shared_ptr<spdlog::logger> MakeLogger() {
  constexpr size_t kLines = 8192;
  spdlog::init_thread_pool(kLines, 1);
  // A full buffer drops the oldest lines rather than holding calls up.
  auto logger = std::make_shared<spdlog::async_logger>(
      "lagnet", std::make_shared<spdlog::sinks::stderr_sink_mt>(),
      spdlog::thread_pool(), spdlog::async_overflow_policy::overrun_oldest);
  logger->set_pattern("%v");
  logger->flush_on(spdlog::level::warn);
  spdlog::set_default_logger(logger);
  spdlog::flush_every(std::chrono::seconds(1));
  return logger;
}

// Never destroyed: threads may log while the program ends.
spdlog::logger& Logger() {
  static auto* const logger = new std::shared_ptr<spdlog::logger>(MakeLogger());
  return **logger;
}

}  // namespace

void InitLog(Severity least) { Logger().set_level(LevelOf(least)); }

void FlushLog() {
  Logger().flush();
  spdlog::shutdown();
}

// A line is built as text: as a tree it took longer than many a call.
Log::Log(Severity severity, absl::string_view event)
    : severity_(severity),
      line_(absl::StrCat("{\"time\":\"",
                         absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", absl::Now(),
                                          absl::UTCTimeZone()),
                         "\",\"severity\":\"",
                         kNames[static_cast<int>(severity)], "\",\"event\":\"",
                         event, "\"")) {}

Log& Log::With(absl::string_view key, absl::string_view text) {
  const bool is_plain = std::all_of(text.begin(), text.end(), [](char c) {
    return c >= ' ' && c <= '~' && c != '"' && c != '\\';
  });
  if (is_plain) {
    absl::StrAppend(&line_, ",\"", key, "\":\"", text, "\"");
  } else {
    // Text that is not UTF-8 is replaced, not thrown about.
    absl::StrAppend(
        &line_, ",\"", key, "\":",
        nlohmann::json(std::string(text))
            .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
  }
  return *this;
}

Log::~Log() { Logger().log(LevelOf(severity_), "{}}}", line_); }

}  // namespace lagnet
