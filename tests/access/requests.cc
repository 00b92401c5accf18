#include "tests/access/requests.h"

#include <cstdio>
#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "lagnet/options/v1/options.pb.h"
#include "tests/support/matchers.h"

namespace lagnet::access {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::MethodDescriptor;
using options::v1::Rules;

constexpr char kOldEtag[] = "\"0\"";

// Resources with every field that a creation must have.
const std::map<std::string, std::string>& Samples() {
  static const auto* const samples = new std::map<std::string, std::string>{
      {"Network", R"pb(
         kind: NATIONAL
         display_name {
           texts {
             key: "en"
             value { text: "A network" }
           }
         }
         countries: "PL"
         languages: "pl"
         currency: "PLN"
         time_zone: "Europe/Warsaw"
       )pb"},
      {"Organization", R"pb(
         network: "$Network"
         kind: LAG
         display_name {
           texts {
             key: "en"
             value { text: "A LAG" }
           }
         }
         country: "PL"
         territories { scheme: NUTS version: "2021" code: "PL815" }
       )pb"},
      {"Position", "latitude: 50.3 longitude: 21.9"},
      {"Project", R"pb(
         network: "$Network"
         title {
           texts {
             key: "en"
             value { text: "Paths" }
           }
         }
         partners { organization: "$Organization" role: LEAD }
         start_date: "2090-01-01"
         end_date: "2099-12-31"
       )pb"},
      {"StudyVisit", R"pb(
         network: "$Network"
         hosts: "$Organization"
         title {
           texts {
             key: "en"
             value { text: "To see" }
           }
         }
         time_zone: "Europe/Warsaw"
         start: "2099-05-01T09:00"
         end: "2099-05-02T18:00"
         seats: 30
       )pb"},
      {"SignUp", R"pb(
         organization: "$Organization"
         standing: RESIDENT
         sector: INDIVIDUAL
         members { full_name: "Somebody" email: "somebody@example.org" }
       )pb"},
      {"Account", R"pb(
         network: "$Network"
         kind: SYSTEM
         display_name: "Some system"
       )pb"},
      {"Grant", R"pb(role: BROKER network: "$Network")pb"},
      {"Member", R"pb(full_name: "Somebody else" email: "else@example.org")pb"},
      {"ApiKey", ""}};
  return *samples;
}

const Rules& RulesOf(const FieldDescriptor* field) {
  return field->options().GetExtension(options::v1::rules);
}

[[noreturn]] void NoWay(const FieldDescriptor* field) {
  std::fprintf(stderr,
               "the matrix does not know what to put into %s: teach "
               "tests/access/requests.cc\n",
               field->full_name().c_str());
  std::abort();
}

std::string FreshId() {
  static int count = 0;
  return absl::StrCat("fresh-", ++count);
}

// "Network" for a field that refers to "lagnet/Network".
std::string TypeOf(const FieldDescriptor* field) {
  return std::string(absl::StripPrefix(RulesOf(field).refers_to(), "lagnet/"));
}

void SetText(Message* message, const char* name, const std::string& text) {
  const FieldDescriptor* field =
      message->GetDescriptor()->FindFieldByName(name);
  if (field == nullptr) return;
  message->GetReflection()->SetString(message, field, text);
}

}  // namespace

std::string FreshRequestId() {
  static int count = 0;
  return absl::StrFormat("00000000-0000-4000-8000-%012d", ++count);
}

std::string SampleOf(const std::string& type, const Names& names) {
  const auto found = Samples().find(type);
  if (found == Samples().end()) {
    std::fprintf(stderr, "tests/access/requests.cc has no sample of a %s\n",
                 type.c_str());
    std::abort();
  }
  std::string text = found->second;
  for (const auto& [other, name] : names) {
    text = absl::StrReplaceAll(text, {{absl::StrCat("\"$", other, "\""),
                                       absl::StrCat("'", name, "'")}});
  }
  return text;
}

std::unique_ptr<Message> Requests::Make(const MethodDescriptor& method,
                                        Place place) const {
  std::unique_ptr<Message> request(
      google::protobuf::MessageFactory::generated_factory()
          ->GetPrototype(method.input_type())
          ->New());
  Fill(request.get(), place);
  return request;
}

void Requests::Fill(Message* request, Place place) const {
  const auto* descriptor = request->GetDescriptor();
  for (int i = 0; i < descriptor->field_count(); ++i) {
    FillField(request, descriptor->field(i), place);
  }
}

void Requests::FillField(Message* request, const FieldDescriptor* field,
                         Place place) const {
  const bool required = RulesOf(field).required();
  const auto* reflection = request->GetReflection();
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return FillText(request, field, place);
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return FillMessage(request, field, place);
    case FieldDescriptor::CPPTYPE_ENUM:
      if (required) {
        reflection->SetEnum(request, field, field->enum_type()->value(1));
      }
      return;
    case FieldDescriptor::CPPTYPE_BOOL:
      if (field->name() == "validate_only") {
        reflection->SetBool(request, field, true);
      }
      return;
    case FieldDescriptor::CPPTYPE_INT32:
      if (required) reflection->SetInt32(request, field, 1);
      return;
    default:
      if (required) NoWay(field);
  }
}

void Requests::FillText(Message* request, const FieldDescriptor* field,
                        Place place) const {
  const Rules& rules = RulesOf(field);
  const auto* reflection = request->GetReflection();
  const auto set = [&](const std::string& text) {
    if (field->is_repeated()) {
      reflection->AddString(request, field, text);
    } else {
      reflection->SetString(request, field, text);
    }
  };
  if (!rules.refers_to().empty()) {
    if (rules.required() || place != Place::kNone) {
      set(names_.at(place).at(TypeOf(field)));
    }
  } else if (field->name() == "etag") {
    set(kOldEtag);
  } else if (rules.format() == options::v1::UUID) {
    set(FreshRequestId());
  } else if (rules.required() && rules.format() == options::v1::EMAIL) {
    set("somebody@example.org");
  } else if (field->name() == "commitment" || field->name() == "seed") {
    set(std::string(64, '0'));
  } else if (rules.required()) {
    set(rules.format() == options::v1::SLUG ? FreshId() : "because");
  }
}

void Requests::FillMessage(Message* request, const FieldDescriptor* field,
                           Place place) const {
  const std::string& type = field->message_type()->name();
  const auto* reflection = request->GetReflection();
  if (field->is_repeated()) {  // A batch of requests.
    if (!RulesOf(field).required()) return;
    return Fill(reflection->AddMessage(request, field), place);
  }
  if (Samples().count(type) == 0) {
    if (RulesOf(field).required()) NoWay(field);
    return;
  }
  Message* const resource = reflection->MutableMessage(request, field);
  support::ParseText(SampleOf(type, names_.at(place)), resource);
  if (request->GetDescriptor()->FindFieldByName("update_mask") != nullptr) {
    SetText(resource, "name", names_.at(place).at(type));
    SetText(resource, "etag", kOldEtag);
  }
}

void Requests::Cross(Message* request, const std::string& path,
                     Place place) const {
  Message* message = request;
  const std::vector<std::string> words = absl::StrSplit(path, '.');
  for (const std::string& word : words) {
    const FieldDescriptor* field =
        message->GetDescriptor()->FindFieldByName(word);
    if (field == nullptr) {
      std::fprintf(stderr, "the matrix crosses %s, which %s does not have\n",
                   path.c_str(), message->GetTypeName().c_str());
      std::abort();
    }
    const auto* reflection = message->GetReflection();
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      message = field->is_repeated()
                    ? reflection->MutableRepeatedMessage(message, field, 0)
                    : reflection->MutableMessage(message, field);
    } else if (place == Place::kEmpty) {
      reflection->ClearField(message, field);
    } else if (field->is_repeated()) {
      reflection->SetRepeatedString(message, field, 0,
                                    names_.at(place).at(TypeOf(field)));
    } else {
      reflection->SetString(message, field, names_.at(place).at(TypeOf(field)));
    }
  }
}

}  // namespace lagnet::access
