#ifndef LAGNET_SERVER_BASE_WORK_H_
#define LAGNET_SERVER_BASE_WORK_H_

#include <cstdint>

namespace lagnet {

// What the database did for the call that this thread is working on. The gate
// may not know the database, nor the database the gate; both know this.

// Counts the SQL statements that this thread has run, for the access log: the
// gate takes the count before and after a call.
void AddStatements(int count);
int StatementsOfThisThread();

// For who answers calls from a thread of their own, many with one transaction:
// what the answers that follow took together.
void NoteBatch(int count);
int StatementsOfBatch();

// The transaction that a reader must see to see what this thread wrote last:
// travels to the client as `lagnet-revision`.
void NoteRevision(uint64_t xid);
uint64_t RevisionOfThisThread();

}  // namespace lagnet

#endif  // LAGNET_SERVER_BASE_WORK_H_
