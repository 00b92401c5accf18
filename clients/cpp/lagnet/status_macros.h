#ifndef LAGNET_CLIENT_STATUS_MACROS_H_
#define LAGNET_CLIENT_STATUS_MACROS_H_

// For .cc files only: no public header includes this one.

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

// Returns from the current function if `expression` is not OK.
#ifndef RETURN_IF_ERROR
#define RETURN_IF_ERROR(expression)                           \
  do {                                                        \
    if (absl::Status status_ = (expression); !status_.ok()) { \
      return status_;                                         \
    }                                                         \
  } while (false)
#endif

// Assigns the value of `expression` to `target`, or returns its status.
#ifndef ASSIGN_OR_RETURN
#define ASSIGN_OR_RETURN(target, expression) \
  ASSIGN_OR_RETURN_(STATUS_CONCAT_(value_or_, __COUNTER__), target, expression)
#define ASSIGN_OR_RETURN_(name, target, expression) \
  auto name = (expression);                         \
  if (!name.ok()) return std::move(name).status();  \
  target = *std::move(name)
#define STATUS_CONCAT_(a, b) STATUS_CONCAT_INNER_(a, b)
#define STATUS_CONCAT_INNER_(a, b) a##b
#endif

#endif  // LAGNET_CLIENT_STATUS_MACROS_H_
