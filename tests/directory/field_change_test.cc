// What a comparison of two states of an entry finds.

#include <string>
#include <vector>

#include "google/protobuf/descriptor.h"
#include "server/directory/field_change_convert.h"
#include "tests/support/matchers.h"

namespace lagnet::directory {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using support::FromText;
using testing::ElementsAre;
using testing::IsEmpty;

// Gives a field another value than `message` has.
void Alter(const FieldDescriptor* field, Message* message);

// Alters the first field of a message that can be altered.
void AlterInside(Message* message) {
  Alter(message->GetDescriptor()->field(0), message);
}

void AlterOne(const FieldDescriptor* field, Message* message) {
  const auto* reflection = message->GetReflection();
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return reflection->SetString(message, field, "another");
    case FieldDescriptor::CPPTYPE_INT32:
      return reflection->SetInt32(message, field, 7);
    case FieldDescriptor::CPPTYPE_INT64:
      return reflection->SetInt64(message, field, 7);
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return reflection->SetDouble(message, field, 7.5);
    case FieldDescriptor::CPPTYPE_BOOL:
      return reflection->SetBool(message, field, true);
    case FieldDescriptor::CPPTYPE_ENUM:
      return reflection->SetEnumValue(message, field, 2);
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return AlterInside(reflection->MutableMessage(message, field));
    default:
      FAIL() << "teach this test to alter " << field->full_name();
  }
}

void Alter(const FieldDescriptor* field, Message* message) {
  const auto* reflection = message->GetReflection();
  if (!field->is_repeated()) return AlterOne(field, message);
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return reflection->AddString(message, field, "another");
    case FieldDescriptor::CPPTYPE_ENUM:
      return reflection->AddEnumValue(message, field, 2);
    case FieldDescriptor::CPPTYPE_MESSAGE: {
      Message* entry = reflection->AddMessage(message, field);
      AlterInside(entry);
      if (field->is_map()) {  // LocalizedText: a language and its text.
        entry->GetReflection()->SetString(
            entry, entry->GetDescriptor()->field(0), "pl");
        AlterInside(entry->GetReflection()->MutableMessage(
            entry, entry->GetDescriptor()->field(1)));
      }
      return;
    }
    default:
      FAIL() << "teach this test to alter " << field->full_name();
  }
}

std::vector<std::string> FieldsOf(const std::vector<FieldChange>& changes) {
  std::vector<std::string> fields;
  for (const FieldChange& change : changes) fields.push_back(change.field);
  return fields;
}

// Every field of the proto, also those that are still to come.
TEST(CompareTest, FindsAChangeOfEveryField) {
  const auto* descriptor = v1::Organization::descriptor();
  int found = 0;
  for (int i = 0; i < descriptor->field_count(); ++i) {
    const FieldDescriptor* field = descriptor->field(i);
    v1::Organization after;
    Alter(field, &after);
    const auto changes = Compare({}, after);
    const std::string name(field->name());
    if (name == "name" || name == "etag" || name == "create_time" ||
        name == "update_time") {
      EXPECT_THAT(changes, IsEmpty()) << name;
      continue;
    }
    ASSERT_EQ(changes.size(), 1u) << name;
    EXPECT_TRUE(changes[0].field == name ||
                changes[0].field == name + ".texts.pl")
        << changes[0].field;
    EXPECT_EQ(changes[0].old_value, std::nullopt);
    EXPECT_NE(changes[0].new_value, std::nullopt);
    const auto back = Compare(after, {});
    ASSERT_EQ(back.size(), 1u) << name;
    EXPECT_EQ(back[0].old_value, changes[0].new_value);
    EXPECT_EQ(back[0].new_value, std::nullopt);
    EXPECT_THAT(Compare(after, after), IsEmpty());
    ++found;
  }
  EXPECT_EQ(found, descriptor->field_count() - 4);
}

TEST(CompareTest, TellsLanguagesApart) {
  const auto before = FromText<v1::Organization>(R"pb(
    display_name {
      texts {
        key: "en"
        value { text: "Kazbegi" }
      }
      texts {
        key: "pl"
        value { text: "Kazbegi" }
      }
    }
    themes: "water"
    area_km2: 1
  )pb");
  const auto after = FromText<v1::Organization>(R"pb(
    display_name {
      texts {
        key: "en"
        value { text: "Kazbegi" }
      }
      texts {
        key: "pl"
        value { text: "Kazbek" origin: HUMAN }
      }
      texts {
        key: "ka"
        value { text: "ყაზბეგი" }
      }
    }
    themes: "water"
    themes: "youth"
    area_km2: 1
  )pb");
  const auto changes = Compare(before, after);
  EXPECT_THAT(
      FieldsOf(changes),
      ElementsAre("display_name.texts.ka", "display_name.texts.pl", "themes"));
  EXPECT_EQ(changes[0].new_value, R"({"text":"ყაზბეგი"})");
  EXPECT_EQ(changes[1].old_value, R"({"text":"Kazbegi"})");
  EXPECT_EQ(changes[1].new_value, R"({"origin":"HUMAN","text":"Kazbek"})");
  EXPECT_EQ(changes[2].new_value, R"(["water","youth"])");
}

TEST(CompareTest, TellsWhatAMergeLeavesOut) {
  const auto united = FromText<v1::Organization>(R"pb(
    website: "https://a.example.org"
    themes: "water"
    themes: "crafts"
    funds { fund: EAFRD }
    state: VERIFIED
  )pb");
  const auto goes = FromText<v1::Organization>(R"pb(
    website: "https://b.example.org"
    themes: "crafts"
    funds { fund: EAFRD }
    funds { fund: ERDF }
    state: STALE
  )pb");
  const std::vector<FieldChange> left = LeftOut(united, goes);
  ASSERT_EQ(left.size(), 2u);
  EXPECT_EQ(left[0].field, "website");
  EXPECT_EQ(left[0].old_value, "\"https://a.example.org\"");
  EXPECT_EQ(left[0].new_value, "\"https://b.example.org\"");
  EXPECT_EQ(left[1].field, "funds");
}

TEST(CompareTest, NotesALookThatChangedNothingElse) {
  const auto before = FromText<v1::Organization>("look_time { seconds: 1 }");
  auto after = FromText<v1::Organization>("look_time { seconds: 2 }");
  EXPECT_THAT(FieldsOf(Compare(before, after)), ElementsAre("look_time"));
  after.set_email("office@example.org");
  EXPECT_THAT(FieldsOf(Compare(before, after)), ElementsAre("email"));
}

}  // namespace
}  // namespace lagnet::directory
