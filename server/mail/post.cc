#include "server/mail/post.h"

#include <algorithm>
#include <array>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "server/base/failpoint.h"
#include "server/base/log.h"
#include "server/base/status_macros.h"
#include "server/db/transact.h"
#include "server/mail/asked_store.h"
#include "server/mail/store.h"

namespace lagnet::mail {
namespace {

constexpr absl::Duration kTick = absl::Seconds(1);
constexpr absl::Duration kDatabaseTime = absl::Seconds(10);
constexpr absl::Duration kLease = absl::Minutes(4);  // To send all of them.
constexpr absl::Duration kRest = absl::Seconds(30);
constexpr int kReadAtOnce = 1000;
constexpr int kTakeAtOnce = 5;
constexpr int kPerMinuteAndDomain = 120;

// Two days in all: whoever keeps a mail server mends it by then.
constexpr std::array<absl::Duration, 8> kWaits = {
    absl::Minutes(1), absl::Minutes(5), absl::Minutes(15), absl::Hours(1),
    absl::Hours(3),   absl::Hours(8),   absl::Hours(12),   absl::Hours(24)};

}  // namespace

std::optional<absl::Duration> WaitAfter(int attempts) {
  if (attempts < 1 || attempts > static_cast<int>(kWaits.size())) {
    return std::nullopt;
  }
  return kWaits[static_cast<size_t>(attempts - 1)];
}

namespace {

void TryLater(db::Tx& tx, const Letter& letter, const std::string& failure) {
  if (const auto wait = WaitAfter(letter.attempts)) {
    PutOff(tx, letter, *wait, /*counts=*/true, failure);
  } else {
    FinishLetter(tx, letter, LetterState::kGivenUp, failure);
  }
}

}  // namespace

Post::Post(db::Pool* pool, Smtp::Options smtp, std::vector<Writer> writers,
           const privacy::Vault* vault)
    : pool_(pool),
      writers_(std::move(writers)),
      vault_(vault),
      smtp_(std::move(smtp)),
      pace_(kPerMinuteAndDomain) {}

Post::~Post() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  if (thread_.joinable()) thread_.join();
}

absl::Status Post::Start() {
  const auto note = [](db::Tx& tx) -> absl::Status {
    SaveReading(tx, LoadReading(tx));
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(db::Transact(*pool_, absl::Now() + kDatabaseTime,
                               absl::FunctionRef<absl::Status(db::Tx&)>(note)));
  thread_ = std::thread([this] { Run(); });
  return absl::OkStatus();
}

int Post::waiting() const {
  absl::MutexLock lock(&mutex_);
  return waiting_;
}

bool Post::stopping() const {
  absl::MutexLock lock(&mutex_);
  return stopping_;
}

void Post::Run() {
  for (;;) {
    {
      absl::MutexLock lock(&mutex_);
      if (mutex_.AwaitWithTimeout(absl::Condition(&stopping_), kTick)) return;
    }
    const absl::Status noted = NoteLetters();
    // A change that cannot be written about keeps no other letter waiting.
    absl::Status sent;
    if (absl::Now() >= rest_until_) sent = SendLetters();
    if (!sent.ok()) rest_until_ = absl::Now() + kRest;
    for (const absl::Status& status : {noted, sent}) {
      if (status.ok() || stopping()) continue;
      Log(Severity::kWarning, "mail_failed")
          .With("error", std::string(status.message()));
    }
  }
}

absl::Status Post::NoteLetters() {
  bool has_more = true;
  while (has_more && !stopping()) {
    const auto note = [&](db::Tx& tx) -> absl::Status {
      has_more = false;
      if (!TryToRead(tx)) return absl::OkStatus();
      const changes::Stretch stretch = changes::ReadLog(
          tx, LoadReading(tx), kReadAtOnce, changes::Parts::kRead);
      for (const Writer& writer : writers_) {
        PutLetters(tx, writer.note(tx, stretch.changes));
      }
      // Where nothing happened nothing is written, each second.
      if (!stretch.changes.empty()) SaveReading(tx, stretch.end);
      has_more = !stretch.is_last && !stretch.changes.empty();
      return absl::OkStatus();
    };
    RETURN_IF_ERROR(
        db::Transact(*pool_, absl::Now() + kDatabaseTime,
                     absl::FunctionRef<absl::Status(db::Tx&)>(note)));
  }
  return absl::OkStatus();
}

absl::Status Post::SendLetters() {
  for (;;) {
    int waiting = 0;
    const auto take = [&](db::Tx& tx) -> absl::StatusOr<std::vector<Letter>> {
      waiting = CountWaiting(tx);
      return waiting == 0 ? std::vector<Letter>()
                          : TakeLetters(tx, kTakeAtOnce, kLease);
    };
    ASSIGN_OR_RETURN(const std::vector<Letter> letters,
                     db::Transact(*pool_, absl::Now() + kDatabaseTime, take));
    {
      absl::MutexLock lock(&mutex_);
      waiting_ = waiting;
    }
    if (letters.empty()) return absl::OkStatus();
    for (const Letter& letter : letters) {
      if (stopping()) return absl::OkStatus();  // The lease ends.
      ASSIGN_OR_RETURN(const bool goes_on, SendOne(letter));
      if (!goes_on) return absl::OkStatus();
    }
  }
}

absl::StatusOr<Post::Written> Post::Write(const Letter& letter) {
  const auto writer =
      std::find_if(writers_.begin(), writers_.end(), [&](const Writer& w) {
        return absl::StartsWith(letter.kind, absl::StrCat(w.slice, "."));
      });
  if (writer == writers_.end()) return Written();  // A newer server's.
  const auto write = [&](db::Tx& tx) -> absl::StatusOr<Written> {
    ASSIGN_OR_RETURN(std::optional<Message> message, writer->write(tx, letter));
    if (!message) return Written();
    const std::string address = vault_->AddressHash(message->to);
    if (IsRefused(tx, address)) return Written();
    const absl::Duration rest = pace_.Count(message->to, absl::Now());
    if (rest > absl::ZeroDuration()) {
      PutOff(tx, letter, rest, /*counts=*/false, "");
      return Written{.is_put_off = true};
    }
    const bool is_bound = message->was_asked_for || message->is_to_others;
    if (is_bound && letter.attempts == 1) {
      const std::string key =
          message->is_to_others
              ? vault_->AddressHash(absl::StrCat("others\n", message->to))
              : address;
      const absl::Duration wait = CountAsked(tx, key, kMostForAnAddress);
      if (wait > absl::ZeroDuration()) {
        PutOff(tx, letter, wait, /*counts=*/false, "");
        return Written{.is_put_off = true};
      }
    }
    return Written{.message = std::move(message)};
  };
  return db::Transact(*pool_, absl::Now() + kDatabaseTime, write);
}

absl::StatusOr<bool> Post::SendOne(const Letter& letter) {
  const absl::StatusOr<Written> written = Write(letter);
  if (written.ok() && written->is_put_off) return true;
  if (written.ok() && written->message) {
    const Delivery delivery = smtp_.Send(
        *written->message, vault_->LetterId(letter.name, written->message->to),
        absl::Now());
    Failpoint("mail.after_send");
    RETURN_IF_ERROR(Settle(letter, *written->message, delivery));
    return delivery.outcome != Delivery::Outcome::kNoServer;
  }
  if (absl::IsUnavailable(written.status())) return written.status();
  RETURN_IF_ERROR(SetAside(letter, written.status()));
  return true;
}

absl::Status Post::SetAside(const Letter& letter, const absl::Status& why) {
  const std::string failure(why.message());
  // What it was about is gone, or can no longer be read.
  const bool is_needless =
      why.ok() || absl::IsNotFound(why) || absl::IsDataLoss(why);
  const auto set_aside = [&](db::Tx& tx) -> absl::Status {
    if (is_needless) {
      FinishLetter(tx, letter, LetterState::kNotNeeded, failure);
    } else {
      TryLater(tx, letter, failure);
    }
    return absl::OkStatus();
  };
  return db::Transact(*pool_, absl::Now() + kDatabaseTime,
                      absl::FunctionRef<absl::Status(db::Tx&)>(set_aside));
}

absl::Status Post::Settle(const Letter& letter, const Message& message,
                          const Delivery& delivery) {
  if (delivery.outcome != Delivery::Outcome::kTaken) {
    Log(Severity::kWarning, "letter_not_sent")
        .With("letter", letter.name)
        .With("kind", letter.kind)
        .With("attempts", letter.attempts)
        .With("error", delivery.failure);
  }
  const auto settle = [&](db::Tx& tx) -> absl::Status {
    switch (delivery.outcome) {
      case Delivery::Outcome::kTaken:
        FinishLetter(tx, letter, LetterState::kSent);
        break;
      case Delivery::Outcome::kNoSuchAddress:
        NoteRefused(tx, vault_->AddressHash(message.to));
        [[fallthrough]];
      case Delivery::Outcome::kRefused:
        FinishLetter(tx, letter, LetterState::kGivenUp, delivery.failure);
        break;
      case Delivery::Outcome::kNoServer:
        PutOff(tx, letter, kRest, /*counts=*/false, delivery.failure);
        break;
      case Delivery::Outcome::kLater:
        TryLater(tx, letter, delivery.failure);
        break;
    }
    return absl::OkStatus();
  };
  if (delivery.outcome == Delivery::Outcome::kNoServer) {
    rest_until_ = absl::Now() + kRest;
  }
  return db::Transact(*pool_, absl::Now() + kDatabaseTime,
                      absl::FunctionRef<absl::Status(db::Tx&)>(settle));
}

}  // namespace lagnet::mail
