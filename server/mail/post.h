#ifndef LAGNET_SERVER_MAIL_POST_H_
#define LAGNET_SERVER_MAIL_POST_H_

#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "server/db/pool.h"
#include "server/mail/letter.h"
#include "server/mail/pace.h"
#include "server/mail/smtp.h"
#include "server/privacy/vault.h"

namespace lagnet::mail {

// Sends the letters. One thread: each second it reads the change log for what
// is to be written about, and hands to the mail server what is due. What was
// committed is written about, what was rolled back is not, and no sign-up waits
// for it: the change log is the outbox.
//
//   change log ─ Writer::note ─▶ mail.letter ─ Writer::write ─▶ Smtp
//
// Any number of servers may do it: one at a time reads the log, and a letter
// that is taken is nobody else's for a while. A crash between the mail
// server's yes and ours sends one letter a second time, with the same
// Message-ID. Thread-safe.
class Post {
 public:
  Post(db::Pool* pool, Smtp::Options smtp, std::vector<Writer> writers,
       const privacy::Vault* vault);
  ~Post();
  Post(const Post&) = delete;
  Post& operator=(const Post&) = delete;

  // To be called once, before anybody can change anything: where the change log
  // was read to is noted, or from where it will be read, and the thread starts.
  absl::Status Start();

  // Letters that wait to be sent, when last looked at.
  int waiting() const;

 private:
  void Run();
  absl::Status NoteLetters();
  absl::Status SendLetters();
  // Returns false if the mail server takes nothing now.
  absl::StatusOr<bool> SendOne(const Letter& letter);
  struct Written {
    std::optional<Message> message;  // Nothing: it is not needed any more,
    bool is_put_off = false;         // or not to be sent yet.
  };
  absl::StatusOr<Written> Write(const Letter& letter);
  // A letter that could not be written.
  absl::Status SetAside(const Letter& letter, const absl::Status& why);
  absl::Status Settle(const Letter& letter, const Message& message,
                      const Delivery& delivery);
  bool stopping() const;

  db::Pool* const pool_;
  const std::vector<Writer> writers_;
  const privacy::Vault* const vault_;
  Smtp smtp_;                                     // The thread's.
  Pace pace_;                                     // The thread's.
  absl::Time rest_until_ = absl::InfinitePast();  // The thread's.

  mutable absl::Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  int waiting_ ABSL_GUARDED_BY(mutex_) = 0;
  std::thread thread_;
};

// How long after so many tries a letter is tried again; nothing: given up.
std::optional<absl::Duration> WaitAfter(int attempts);

}  // namespace lagnet::mail

#endif  // LAGNET_SERVER_MAIL_POST_H_
