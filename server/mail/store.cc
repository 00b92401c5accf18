#include "server/mail/store.h"

#include "server/base/id.h"

namespace lagnet::mail {
namespace {

constexpr db::Statement kTryToRead{"mail.try_to_read", R"sql(
  SELECT pg_try_advisory_xact_lock(hashtext('lagnet.mail')) AS reads
)sql"};

constexpr db::Statement kLoadReading{"mail.load_reading", R"sql(
  SELECT xid, seq, part FROM mail.read_to
)sql"};

constexpr db::Statement kSaveReading{"mail.save_reading", R"sql(
  INSERT INTO mail.read_to (xid, seq, part) VALUES ($1, $2, $3)
  ON CONFLICT (only_one)
  DO UPDATE SET xid = excluded.xid, seq = excluded.seq, part = excluded.part
)sql"};

}  // namespace

bool TryToRead(db::Tx& tx) { return tx.Run(kTryToRead)[0].Get<bool>("reads"); }

changes::Position LoadReading(db::Tx& tx) {
  const changes::Position horizon = changes::Horizon(tx);
  const db::Rows rows = tx.Run(kLoadReading);
  if (rows.empty()) return horizon;
  const changes::Position read{
      .xid = static_cast<uint64_t>(rows[0].Get<int64_t>("xid")),
      .seq = static_cast<uint64_t>(rows[0].Get<int64_t>("seq")),
      .part = rows[0].Get<uint32_t>("part")};
  // Of a database that was set back, the log begins anew.
  return read <= horizon ? read : horizon;
}

void SaveReading(db::Tx& tx, const changes::Position& position) {
  tx.Run(kSaveReading, static_cast<int64_t>(position.xid),
         static_cast<int64_t>(position.seq), position.part);
}

namespace {

constexpr db::Statement kPutLetters{"mail.put_letters", R"sql(
  INSERT INTO mail.letter (name, kind, about, version, reader_key, reader)
  SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[],
                       $5::bytea[], $6::bytea[])
  ON CONFLICT (about, version, kind) DO NOTHING
)sql"};

}  // namespace

void PutLetters(db::Tx& tx, const std::vector<Letter>& letters) {
  if (letters.empty()) return;
  std::vector<std::string> names, kinds, abouts;
  std::vector<int64_t> versions;
  std::vector<db::Bytes> keys, readers;
  for (const Letter& letter : letters) {
    names.push_back(RandomId());
    kinds.push_back(letter.kind);
    abouts.push_back(letter.about);
    versions.push_back(letter.version);
    keys.push_back({letter.reader.wrapped_key});
    readers.push_back({letter.reader.data});
  }
  tx.Run(kPutLetters, names, kinds, abouts, versions, keys, readers);
}

namespace {

constexpr db::Statement kTakeLetters{"mail.take_letters", R"sql(
  UPDATE mail.letter AS l
     SET attempts = l.attempts + 1,
         due_time = now() + $2 * interval '1 second'
    FROM (SELECT letter_id FROM mail.letter
           WHERE state = 1 AND due_time <= now()
           ORDER BY due_time, letter_id
           LIMIT $1 FOR UPDATE SKIP LOCKED) AS due
   WHERE l.letter_id = due.letter_id
  RETURNING l.letter_id, l.name, l.kind, l.about, l.version, l.attempts,
            l.reader_key, l.reader
)sql"};

}  // namespace

std::vector<Letter> TakeLetters(db::Tx& tx, int limit, absl::Duration lease) {
  std::vector<Letter> letters;
  for (const db::Row row :
       tx.Run(kTakeLetters, limit, absl::ToDoubleSeconds(lease))) {
    letters.push_back({.row = row.Get<int64_t>("letter_id"),
                       .name = row.Get<std::string>("name"),
                       .kind = row.Get<std::string>("kind"),
                       .about = row.Get<std::string>("about"),
                       .version = row.Get<int64_t>("version"),
                       .attempts = row.Get<int>("attempts"),
                       .reader = {.wrapped_key = row.Bytes("reader_key"),
                                  .data = row.Bytes("reader")}});
  }
  return letters;
}

namespace {

constexpr db::Statement kFinishLetter{"mail.finish_letter", R"sql(
  UPDATE mail.letter
     SET state = $2, failure = $3, done_time = now(), reader_key = '',
         reader = ''
   WHERE letter_id = $1
)sql"};

constexpr db::Statement kPutOff{"mail.put_off", R"sql(
  UPDATE mail.letter
     SET due_time = now() + $2 * interval '1 second',
         attempts = attempts - CASE WHEN $3 THEN 0 ELSE 1 END, failure = $4
   WHERE letter_id = $1
)sql"};

}  // namespace

void FinishLetter(db::Tx& tx, const Letter& letter, LetterState state,
                  const std::string& failure) {
  tx.Run(kFinishLetter, letter.row, static_cast<int>(state), failure);
}

void PutOff(db::Tx& tx, const Letter& letter, absl::Duration wait, bool counts,
            const std::string& failure) {
  tx.Run(kPutOff, letter.row, absl::ToDoubleSeconds(wait), counts, failure);
}

namespace {

constexpr db::Statement kNoteBounce{"mail.note_bounce", R"sql(
  UPDATE mail.letter
     SET state = CASE WHEN state = 2 THEN 3 ELSE state END, failure = $2
   WHERE name = $1
)sql"};

}  // namespace

bool NoteBounce(db::Tx& tx, const std::string& name,
                const std::string& failure) {
  return tx.Run(kNoteBounce, name, failure).affected() > 0;
}

namespace {

constexpr db::Statement kNoteRefused{"mail.note_refused", R"sql(
  INSERT INTO mail.refused_address (address_hash) VALUES ($1)
  ON CONFLICT (address_hash) DO UPDATE SET refuse_time = now()
)sql"};

constexpr db::Statement kIsRefused{"mail.is_refused", R"sql(
  SELECT FROM mail.refused_address WHERE address_hash = $1
)sql"};

}  // namespace

void NoteRefused(db::Tx& tx, const std::string& address_hash) {
  tx.Run(kNoteRefused, db::Bytes{address_hash});
}

bool IsRefused(db::Tx& tx, const std::string& address_hash) {
  return !tx.Run(kIsRefused, db::Bytes{address_hash}).empty();
}

namespace {

constexpr db::Statement kCountWaiting{"mail.count_waiting", R"sql(
  SELECT count(*)::int AS waiting FROM mail.letter
   WHERE state = 1 AND due_time <= now()
)sql"};

constexpr db::Statement kPurgeLetters{"mail.purge_letters", R"sql(
  DELETE FROM mail.letter
   WHERE letter_id IN (SELECT letter_id FROM mail.letter
                        WHERE state <> 1
                          AND done_time < now() - interval '30 days'
                        LIMIT $1)
)sql"};

constexpr db::Statement kForgetReaders{"mail.forget_readers", R"sql(
  UPDATE mail.letter
     SET state = 3, failure = 'not sent within a week', done_time = now(),
         reader_key = '', reader = ''
   WHERE reader <> '' AND create_time < now() - interval '7 days'
)sql"};

constexpr db::Statement kPurgeRefused{"mail.purge_refused", R"sql(
  DELETE FROM mail.refused_address
   WHERE refuse_time < now() - interval '1 year'
)sql"};

}  // namespace

int CountWaiting(db::Tx& tx) {
  return tx.Run(kCountWaiting)[0].Get<int>("waiting");
}

int PurgeLetters(db::Tx& tx, int limit) {
  return tx.Run(kPurgeLetters, limit).affected() +
         tx.Run(kForgetReaders).affected() + tx.Run(kPurgeRefused).affected();
}

}  // namespace lagnet::mail
