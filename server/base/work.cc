#include "server/base/work.h"

namespace lagnet {
namespace {

thread_local int statements = 0;

}  // namespace

void AddStatements(int count) { statements += count; }
int StatementsOfThisThread() { return statements; }

}  // namespace lagnet
