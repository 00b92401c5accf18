#ifndef LAGNET_SERVER_BASE_FAILPOINT_H_
#define LAGNET_SERVER_BASE_FAILPOINT_H_

namespace lagnet {

// A place where tests make the program fail, as etcd's gofail does. The
// environment variable LAGNET_FAILPOINTS says where and how, for example
// `visits.after_commit=kill:30,visits.before_commit=sleep:20`: end the program
// as by kill -9 once in about 30 passes; sleep 20 ms at each pass. Costs one
// load and branch when the variable is not set.
void Failpoint(const char* name);

}  // namespace lagnet

#endif  // LAGNET_SERVER_BASE_FAILPOINT_H_
