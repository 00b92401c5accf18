#include "server/directory/field_change_convert.h"

#include <cstdlib>
#include <map>
#include <memory>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/util/json_util.h"
#include "lagnet/options/v1/options.pb.h"
#include "nlohmann/json.hpp"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/directory/profile_convert.h"
#include "server/rpc/field_mask.h"
#include "server/rpc/types.h"

namespace lagnet::directory {
namespace {

using google::protobuf::FieldDescriptor;

constexpr absl::string_view kLookTime = "look_time";

bool IsCompared(const FieldDescriptor& field) {
  return field.name() != "name" && field.name() != "etag" &&
         field.name() != "create_time" && field.name() != "update_time";
}

// The fields that are set, as JSON in the API's spelling.
nlohmann::json FieldsOf(const v1::Organization& organization) {
  std::string text;
  if (!google::protobuf::util::MessageToJsonString(organization, &text).ok()) {
    std::abort();  // Our own message: its times are in range.
  }
  return nlohmann::json::parse(text);
}

// What is compared of one field: path -> value.
using Values = std::map<std::string, std::string>;

Values ValuesOf(const nlohmann::json& fields, const FieldDescriptor& field) {
  const auto found = fields.find(std::string(field.json_name()));
  if (found == fields.end()) return {};
  const std::string& name = field.name();
  const bool is_text =
      !field.is_repeated() && field.message_type() != nullptr &&
      field.message_type()->full_name() == "lagnet.types.v1.LocalizedText";
  if (!is_text) return {{name, found->dump()}};
  Values values;
  const nlohmann::json texts = found->value("texts", nlohmann::json::object());
  for (const auto& [language, text] : texts.items()) {
    values[absl::StrCat(name, ".texts.", language)] = text.dump();
  }
  return values;
}

void CompareValues(const Values& before, const Values& after,
                   std::vector<FieldChange>& changes) {
  std::map<std::string, FieldChange> paths;
  for (const auto& [path, value] : before) paths[path].old_value = value;
  for (const auto& [path, value] : after) paths[path].new_value = value;
  for (auto& [path, change] : paths) {
    if (change.old_value == change.new_value) continue;
    change.field = path;
    changes.push_back(std::move(change));
  }
}

// Whether both values are lists, and the old one has every item of the new one.
bool HasAllOf(const FieldChange& change) {
  const auto mine = nlohmann::json::parse(change.old_value.value_or("null"));
  const auto theirs = nlohmann::json::parse(change.new_value.value_or("null"));
  return mine.is_array() && theirs.is_array() &&
         absl::c_all_of(theirs, [&](const nlohmann::json& item) {
           return absl::c_linear_search(mine, item);
         });
}

}  // namespace

std::vector<FieldChange> Compare(const v1::Organization& before,
                                 const v1::Organization& after) {
  const nlohmann::json old_fields = FieldsOf(before);
  const nlohmann::json new_fields = FieldsOf(after);
  std::vector<FieldChange> changes;
  std::vector<FieldChange> looks;
  const auto* descriptor = v1::Organization::descriptor();
  for (int i = 0; i < descriptor->field_count(); ++i) {
    const FieldDescriptor& field = *descriptor->field(i);
    if (!IsCompared(field)) continue;
    CompareValues(ValuesOf(old_fields, field), ValuesOf(new_fields, field),
                  field.name() == kLookTime ? looks : changes);
  }
  return changes.empty() ? looks : changes;
}

std::vector<FieldChange> LeftOut(const v1::Organization& united,
                                 const v1::Organization& goes) {
  std::vector<FieldChange> left;
  for (FieldChange& change : Compare(united, goes)) {
    const std::string name = change.field.substr(0, change.field.find('.'));
    const auto& rules = v1::Organization::descriptor()
                            ->FindFieldByName(name)
                            ->options()
                            .GetExtension(options::v1::rules);
    if (!change.new_value || rules.output_only()) continue;
    if (!HasAllOf(change)) left.push_back(std::move(change));
  }
  return left;
}

absl::StatusOr<Provenance> ProvenanceOf(const std::string& source,
                                        const std::string& as_of) {
  Provenance provenance{.source = source};
  ASSIGN_OR_RETURN(provenance.as_of, DayFromText("as_of", as_of));
  return provenance;
}

v1::FieldChange ToProto(const StoredFieldChange& stored) {
  v1::FieldChange proto;
  proto.set_field(stored.change.field);
  proto.set_old_value(stored.change.old_value.value_or(""));
  proto.set_new_value(stored.change.new_value.value_or(""));
  proto.set_actor(stored.actor);
  proto.set_method(stored.method);
  *proto.mutable_change_time() = rpc::ToProto(stored.time);
  proto.set_source(stored.provenance.source);
  proto.set_as_of(TextOf(stored.provenance.as_of));
  proto.set_etag(rpc::EtagOf(stored.version));
  proto.set_old_name(MakeName("organizations", stored.old_name));
  return proto;
}

v1::FieldSource ToSourceProto(const StoredFieldChange& stored) {
  v1::FieldSource proto;
  proto.set_field(stored.change.field);
  proto.set_source(stored.provenance.source);
  proto.set_as_of(TextOf(stored.provenance.as_of));
  *proto.mutable_change_time() = rpc::ToProto(stored.time);
  return proto;
}

}  // namespace lagnet::directory
