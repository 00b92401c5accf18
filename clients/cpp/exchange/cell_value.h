#ifndef LAGNET_EXCHANGE_CELL_VALUE_H_
#define LAGNET_EXCHANGE_CELL_VALUE_H_

#include <string>

#include "absl/status/status.h"
#include "clients/cpp/exchange/field.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

// One value of a field as text, and back.
namespace lagnet::exchange {

// Whether `field` takes values that are texts: numbers, enums, strings, and of
// messages those that have a form in one cell.
bool HasCellForm(const google::protobuf::FieldDescriptor& field);

// Sets `field` of `message`, or adds to it if it is repeated. Fails with
// INVALID_ARGUMENT, as the end of a sentence that begins with the cell.
absl::Status SetValue(const google::protobuf::FieldDescriptor& field,
                      const std::string& text, const CellRules& rules,
                      google::protobuf::Message& message);

// The value, of a repeated field number `index`.
std::string GetValue(const google::protobuf::FieldDescriptor& field, int index,
                     const google::protobuf::Message& message);

}  // namespace lagnet::exchange

#endif  // LAGNET_EXCHANGE_CELL_VALUE_H_
