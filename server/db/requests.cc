#include "server/db/requests.h"

#include <map>

#include "server/base/error.h"
#include "server/base/work.h"

namespace lagnet::db {
namespace {

constexpr db::Statement kFindRequests{"db.find_requests", R"sql(
  SELECT asked.n, request.method, request.fingerprint, request.resource,
         pg_snapshot_xmax(pg_current_snapshot())::text AS next_xid
    FROM unnest($1::text[], $2::uuid[])
         WITH ORDINALITY AS asked (caller, request_id, n)
    JOIN db.request USING (caller, request_id)
)sql"};

}  // namespace

std::vector<absl::StatusOr<EarlierCall>> FindRequests(
    Tx& tx, const std::vector<const RequestKey*>& keys) {
  std::vector<absl::string_view> callers;
  std::vector<Uuid> ids;
  for (const RequestKey* key : keys) {
    callers.push_back(key->caller);
    ids.push_back({key->request_id});
  }
  std::vector<absl::StatusOr<EarlierCall>> calls(keys.size(), EarlierCall{});
  for (const Row row : tx.Run(kFindRequests, callers, ids)) {
    const size_t i = static_cast<size_t>(row.Get<int>("n")) - 1;
    if (row.Get<std::string>("method") != keys[i]->method ||
        row.Bytes("fingerprint") != keys[i]->fingerprint) {
      calls[i] =
          Error(absl::StatusCode::kFailedPrecondition, "REQUEST_ID_REUSED",
                "this request_id was used for another call; take a new "
                "one for each new call")
              .With("requestId", keys[i]->request_id);
    } else {
      calls[i] = EarlierCall{true, row.Get<std::string>("resource")};
      // Whatever that call did is older than the next transaction.
      NoteRevision(std::stoull(row.Get<std::string>("next_xid")) - 1);
    }
  }
  return calls;
}

absl::StatusOr<EarlierCall> FindRequest(Tx& tx, const RequestKey& key) {
  return FindRequests(tx, {&key}).front();
}

namespace {

constexpr db::Statement kSaveRequests{"db.save_requests", R"sql(
  WITH saved AS (
    INSERT INTO db.request (caller, request_id, method, fingerprint, resource)
    SELECT * FROM unnest($1::text[], $2::uuid[], $3::text[], $4::bytea[],
                         $5::text[])
  )
  SELECT pg_current_xact_id()::text AS xid
)sql"};

}  // namespace

void SaveRequests(Tx& tx, const std::vector<DoneCall>& calls) {
  std::vector<absl::string_view> callers, methods, resources;
  std::vector<Uuid> ids;
  std::vector<Bytes> fingerprints;
  for (const DoneCall& call : calls) {
    callers.push_back(call.key->caller);
    ids.push_back({call.key->request_id});
    methods.push_back(call.key->method);
    fingerprints.push_back({call.key->fingerprint});
    resources.push_back(call.resource);
  }
  const Rows rows = tx.RunOrAgain(kSaveRequests, callers, ids, methods,
                                  fingerprints, resources);
  NoteRevision(std::stoull(rows[0].Get<std::string>("xid")));
}

namespace {

constexpr db::Statement kPurgeRequests{"db.purge_requests", R"sql(
  DELETE FROM db.request
   WHERE ctid IN (SELECT ctid FROM db.request
                   WHERE create_time < now() - interval '400 days'
                   LIMIT $1)
)sql"};

}  // namespace

int PurgeRequests(Tx& tx, int limit) {
  return tx.Run(kPurgeRequests, limit).affected();
}

}  // namespace lagnet::db
