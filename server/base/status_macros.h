#ifndef LAGNET_SERVER_BASE_STATUS_MACROS_H_
#define LAGNET_SERVER_BASE_STATUS_MACROS_H_

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

// Returns from the current function if `expression` is not OK.
#define RETURN_IF_ERROR(expression)                           \
  do {                                                        \
    if (absl::Status status_ = (expression); !status_.ok()) { \
      return status_;                                         \
    }                                                         \
  } while (false)

// Assigns the value of `expression` to `target`, or returns its status.
// __COUNTER__ and not __LINE__: nested uses in a macro argument share a line.
#define ASSIGN_OR_RETURN(target, expression) \
  ASSIGN_OR_RETURN_(STATUS_CONCAT_(value_or_, __COUNTER__), target, expression)
#define ASSIGN_OR_RETURN_(name, target, expression) \
  auto name = (expression);                         \
  if (!name.ok()) return std::move(name).status();  \
  target = *std::move(name)
#define STATUS_CONCAT_(a, b) STATUS_CONCAT_INNER_(a, b)
#define STATUS_CONCAT_INNER_(a, b) a##b

#endif  // LAGNET_SERVER_BASE_STATUS_MACROS_H_
