#include "server/base/log.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "nlohmann/json.hpp"
#include "spdlog/logger.h"
#include "spdlog/sinks/sink.h"

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

void WriteOut(absl::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(STDERR_FILENO, text.data(), text.size());
    if (written < 0 && errno != EINTR) return;  // Nobody reads it any more.
    if (written > 0) text.remove_prefix(static_cast<size_t>(written));
  }
}

// Gathers lines, which a thread writes to standard error. Only the first line
// wakes it: a wake for each, as spdlog's own queue has it, took longer than
// many a call.
class GatheringSink final : public spdlog::sinks::sink {
 public:
  GatheringSink() {
    std::thread([this] { Run(); }).detach();
  }

  void log(const spdlog::details::log_msg& line) override {
    absl::MutexLock lock(&mutex_);
    // If the disk does not keep up, lines are lost rather than calls held up.
    if (lines_.size() > kMostBytes) {
      ++lost_;
      return;
    }
    lines_.append(line.payload.data(), line.payload.size());
    lines_.push_back('\n');
  }

  void flush() override {
    absl::MutexLock in_turn(&write_mutex_);
    std::string lines;
    int64_t lost = 0;
    {
      absl::MutexLock lock(&mutex_);
      lines.swap(lines_);
      lost = std::exchange(lost_, 0);
    }
    WriteOut(lines);
    if (lost > 0) {
      Log(Severity::kError, "log_lines_lost").With("lines", lost);
    }
  }

  // Lines come ready made.
  void set_pattern(const std::string&) override {}
  void set_formatter(std::unique_ptr<spdlog::formatter>) override {}

 private:
  static constexpr size_t kMostBytes = 4 << 20;
  static constexpr absl::Duration kGather = absl::Milliseconds(5);

  void Run() {
    for (;;) {
      mutex_.LockWhen(absl::Condition(
          +[](std::string* lines) { return !lines->empty(); }, &lines_));
      mutex_.Unlock();
      absl::SleepFor(kGather);
      flush();
    }
  }

  absl::Mutex write_mutex_;
  absl::Mutex mutex_;
  std::string lines_ ABSL_GUARDED_BY(mutex_);
  int64_t lost_ ABSL_GUARDED_BY(mutex_) = 0;
};

// Never destroyed: threads may log while the program ends.
spdlog::logger& Logger() {
  static auto* const logger =
      new spdlog::logger("lagnet", std::make_shared<GatheringSink>());
  return *logger;
}

// "2026-11-26T09:30:00.123Z". The second is written once.
std::string TimeText(absl::Time now) {
  thread_local int64_t second = -1;
  thread_local std::string text;
  if (const int64_t current = absl::ToUnixSeconds(now); current != second) {
    second = current;
    text = absl::FormatTime("%Y-%m-%dT%H:%M:%S", now, absl::UTCTimeZone());
  }
  const int64_t millis = absl::ToUnixMillis(now) - second * 1000;
  return absl::StrCat(text, ".", absl::Dec(millis, absl::kZeroPad3), "Z");
}

}  // namespace

void InitLog(Severity least) { Logger().set_level(LevelOf(least)); }

void FlushLog() { Logger().flush(); }

// A line is built as text: as a tree it took longer than many a call.
Log::Log(Severity severity, absl::string_view event)
    : severity_(severity),
      line_(absl::StrCat(
          "{\"time\":\"", TimeText(absl::Now()), "\",\"severity\":\"",
          kNames[static_cast<int>(severity)], "\",\"event\":\"", event, "\"")) {
}

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

Log::~Log() {
  line_.push_back('}');
  Logger().log(LevelOf(severity_), line_);
}

}  // namespace lagnet
