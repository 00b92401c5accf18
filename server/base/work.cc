#include "server/base/work.h"

namespace lagnet {
namespace {

thread_local int statements = 0;
thread_local int batch = 0;
thread_local uint64_t revision = 0;

}  // namespace

void AddStatements(int count) { statements += count; }
int StatementsOfThisThread() { return statements; }

void NoteBatch(int count) { batch = count; }
int StatementsOfBatch() { return batch; }

void NoteRevision(uint64_t xid) { revision = xid; }
uint64_t RevisionOfThisThread() { return revision; }

}  // namespace lagnet
