#ifndef LAGNET_SERVER_BASE_WORK_H_
#define LAGNET_SERVER_BASE_WORK_H_

namespace lagnet {

// Counts the SQL statements that this thread has run, for the access log: the
// gate takes the count before and after a call.
void AddStatements(int count);
int StatementsOfThisThread();

}  // namespace lagnet

#endif  // LAGNET_SERVER_BASE_WORK_H_
