// What every method, message and field of the API must declare, read from the
// image that protoc made of protos/.

#include <cstdlib>
#include <fstream>
#include <functional>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/descriptor.pb.h"
#include "gtest/gtest.h"
#include "lagnet/options/v1/options.pb.h"
#include "tests/house/personal.h"

namespace lagnet {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::DescriptorPool;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::FileDescriptor;
using google::protobuf::MethodDescriptor;
using options::v1::Access;
using options::v1::Rules;

class ProtosTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    // Another image than the build's is looked at with LAGNET_IMAGE=FILE.
    const char* path = std::getenv("LAGNET_IMAGE");
    std::ifstream file(path != nullptr ? path : LAGNET_IMAGE);
    google::protobuf::FileDescriptorSet image;
    ASSERT_TRUE(image.ParseFromIstream(&file));
    pool_ = new DescriptorPool;
    for (const auto& proto : image.file()) {
      const FileDescriptor* built = pool_->BuildFile(proto);
      ASSERT_NE(built, nullptr) << proto.name();
      if (absl::StartsWith(proto.name(), "lagnet/")) files_.push_back(built);
    }
    ASSERT_GT(files_.size(), 5u);
  }

  static void ForEachMethod(
      const std::function<void(const MethodDescriptor&)>& check) {
    for (const FileDescriptor* file : files_) {
      for (int s = 0; s < file->service_count(); ++s) {
        for (int m = 0; m < file->service(s)->method_count(); ++m) {
          check(*file->service(s)->method(m));
        }
      }
    }
  }

  static void ForEachMessage(
      const std::function<void(const Descriptor&)>& check) {
    const std::function<void(const Descriptor*)> visit =
        [&](const Descriptor* message) {
          if (message->options().map_entry()) return;
          check(*message);
          for (int i = 0; i < message->nested_type_count(); ++i) {
            visit(message->nested_type(i));
          }
        };
    for (const FileDescriptor* file : files_) {
      for (int i = 0; i < file->message_type_count(); ++i) {
        visit(file->message_type(i));
      }
    }
  }

  static void ForEachEnum(
      const std::function<void(const EnumDescriptor&)>& check) {
    for (const FileDescriptor* file : files_) {
      for (int i = 0; i < file->enum_type_count(); ++i) {
        check(*file->enum_type(i));
      }
    }
    ForEachMessage([&](const Descriptor& message) {
      for (int i = 0; i < message.enum_type_count(); ++i) {
        check(*message.enum_type(i));
      }
    });
  }

  static void ForEachField(
      const std::function<void(const FieldDescriptor&)>& check) {
    ForEachMessage([&](const Descriptor& message) {
      for (int i = 0; i < message.field_count(); ++i) check(*message.field(i));
    });
  }

  static const Rules& RulesOf(const FieldDescriptor& field) {
    return field.options().GetExtension(options::v1::rules);
  }
  static bool IsMutation(const MethodDescriptor& method) {
    return method.options().idempotency_level() !=
           google::protobuf::MethodOptions::NO_SIDE_EFFECTS;
  }

  // What a thing is answers the comment above it.
  template <typename Thing>
  static void ExpectComment(const Thing& thing) {
    google::protobuf::SourceLocation location;
    ASSERT_TRUE(thing.GetSourceLocation(&location)) << thing.full_name();
    EXPECT_NE(location.leading_comments, "")
        << thing.file()->name() << ": say in a comment above it what "
        << thing.full_name() << " is";
  }

  static DescriptorPool* pool_;
  static std::vector<const FileDescriptor*> files_;
};
DescriptorPool* ProtosTest::pool_ = nullptr;
std::vector<const FileDescriptor*> ProtosTest::files_;

// google.protobuf.EnumValueDescriptor has no file().
void ExpectValueComment(const google::protobuf::EnumValueDescriptor& value) {
  google::protobuf::SourceLocation location;
  ASSERT_TRUE(value.GetSourceLocation(&location)) << value.full_name();
  EXPECT_NE(location.leading_comments, "")
      << value.type()->file()->name() << ": say in a comment above it what "
      << value.full_name() << " means";
}

TEST_F(ProtosTest, ExplainEverything) {
  for (const FileDescriptor* file : files_) {
    for (int s = 0; s < file->service_count(); ++s) {
      ExpectComment(*file->service(s));
    }
  }
  ForEachMethod([](const auto& method) { ExpectComment(method); });
  ForEachMessage([](const auto& message) { ExpectComment(message); });
  ForEachField([](const auto& field) { ExpectComment(field); });
  ForEachEnum([](const EnumDescriptor& type) {
    ExpectComment(type);
    for (int i = 0; i < type.value_count(); ++i) {
      ExpectValueComment(*type.value(i));
    }
  });
}

TEST_F(ProtosTest, EveryMethodSaysWhoMayCallIt) {
  ForEachMethod([](const MethodDescriptor& method) {
    const Access& access = method.options().GetExtension(options::v1::access);
    const int ways = (access.public_() ? 1 : 0) + (access.signed_in() ? 1 : 0) +
                     (access.allow_size() > 0 ? 1 : 0);
    EXPECT_EQ(ways, 1) << method.full_name()
                       << " must declare (lagnet.options.v1.access) in "
                       << "exactly one way: public, signed_in, or allow";
    for (const auto& allow : access.allow()) {
      EXPECT_GT(allow.roles_size(), 0)
          << method.full_name() << " allows something to nobody: name roles";
      const Descriptor* message = method.input_type();
      const FieldDescriptor* field = nullptr;
      for (const auto part :
           absl::StrSplit(allow.on(), '.', absl::SkipEmpty())) {
        field = message == nullptr
                    ? nullptr
                    : message->FindFieldByName(std::string(part));
        ASSERT_NE(field, nullptr)
            << method.full_name() << " allows on \"" << allow.on()
            << "\", which is no field of " << method.input_type()->name();
        message = field->message_type();
      }
      EXPECT_TRUE(field == nullptr ||
                  (field->type() == FieldDescriptor::TYPE_STRING &&
                   !field->is_repeated()))
          << method.full_name() << " allows on \"" << allow.on()
          << "\", which is not a name";
    }
    EXPECT_FALSE(access.public_() && IsMutation(method))
        << method.full_name() << " changes something and is open to everybody";
  });
}

TEST_F(ProtosTest, EveryMutationTakesARequestId) {
  ForEachMethod([](const MethodDescriptor& method) {
    if (!IsMutation(method)) return;
    const FieldDescriptor* field =
        method.input_type()->FindFieldByName("request_id");
    EXPECT_TRUE(field != nullptr &&
                field->type() == FieldDescriptor::TYPE_STRING &&
                RulesOf(*field).required() &&
                RulesOf(*field).format() == options::v1::UUID)
        << method.full_name() << " changes something: give "
        << method.input_type()->name()
        << " a string request_id with the rules { required: true format: UUID "
        << "}, or mark the method idempotency_level = NO_SIDE_EFFECTS";
  });
}

TEST_F(ProtosTest, EveryListPages) {
  ForEachMethod([](const MethodDescriptor& method) {
    if (!absl::StartsWith(method.name(), "List")) return;
    const Descriptor& in = *method.input_type();
    const Descriptor& out = *method.output_type();
    const FieldDescriptor* size = in.FindFieldByName("page_size");
    const FieldDescriptor* token = in.FindFieldByName("page_token");
    const FieldDescriptor* next = out.FindFieldByName("next_page_token");
    EXPECT_TRUE(size != nullptr &&
                size->type() == FieldDescriptor::TYPE_INT32 &&
                RulesOf(*size).has_gte() && token != nullptr &&
                token->type() == FieldDescriptor::TYPE_STRING &&
                next != nullptr && next->type() == FieldDescriptor::TYPE_STRING)
        << method.full_name() << " must page: int32 page_size (gte: 0) and "
        << "string page_token in " << in.name()
        << ", string next_page_token in " << out.name();
    EXPECT_TRUE(!IsMutation(method))
        << method.full_name() << " is not marked NO_SIDE_EFFECTS";
  });
}

TEST_F(ProtosTest, EveryStreamCanBeResumed) {
  ForEachMethod([](const MethodDescriptor& method) {
    if (!method.server_streaming()) return;
    EXPECT_TRUE(
        method.input_type()->FindFieldByName("resume_token") != nullptr &&
        method.output_type()->FindFieldByName("resume_token") != nullptr)
        << method.full_name()
        << " must take and give a resume_token: streams are cut off";
  });
}

TEST_F(ProtosTest, EveryResourceBeginsWithItsName) {
  ForEachMethod([](const MethodDescriptor& method) {
    const bool standard = absl::StartsWith(method.name(), "Get") ||
                          absl::StartsWith(method.name(), "Create") ||
                          absl::StartsWith(method.name(), "Update");
    const Descriptor& resource = *method.output_type();
    if (!standard || absl::EndsWith(resource.name(), "Response")) return;
    const FieldDescriptor* first = resource.FindFieldByNumber(1);
    EXPECT_TRUE(first != nullptr && first->name() == "name" &&
                first->type() == FieldDescriptor::TYPE_STRING &&
                RulesOf(*first).immutable())
        << resource.full_name()
        << " is a resource: its field 1 must be string name, immutable";
  });
}

TEST_F(ProtosTest, EveryRequestTypeBelongsToOneMethod) {
  std::map<std::string, std::string> methods;
  ForEachMethod([&](const MethodDescriptor& method) {
    EXPECT_EQ(method.input_type()->name(), method.name() + "Request")
        << "the request of " << method.full_name() << " must be called "
        << method.name() << "Request: the gate knows methods by their requests";
  });
}

TEST_F(ProtosTest, EveryPersonalFieldSaysSo) {
  ForEachField([](const FieldDescriptor& field) {
    const auto& personal = field.options().GetExtension(options::v1::personal);
    if (field.options().HasExtension(options::v1::personal)) {
      EXPECT_TRUE(!personal.purpose().empty() && !personal.retention().empty())
          << field.full_name() << " is personal: say what for (purpose) and "
          << "until when (retention)";
    } else if (LooksPersonal(field.full_name())) {
      EXPECT_TRUE(NotPersonal().contains(field.full_name()))
          << field.full_name() << " looks as if it held data about a person: "
          << "tag it with (lagnet.options.v1.personal) = { purpose: … "
          << "retention: … }, or give the reason why not in "
          << "tests/house/personal.h";
    }
  });
}

TEST_F(ProtosTest, RulesFitTheTypesOfTheirFields) {
  ForEachField([](const FieldDescriptor& field) {
    const Rules& rules = RulesOf(field);
    const bool text = field.type() == FieldDescriptor::TYPE_STRING;
    const bool localized =
        field.message_type() != nullptr &&
        field.message_type()->full_name() == "lagnet.types.v1.LocalizedText";
    const bool number = field.cpp_type() == FieldDescriptor::CPPTYPE_INT32 ||
                        field.cpp_type() == FieldDescriptor::CPPTYPE_INT64 ||
                        field.cpp_type() == FieldDescriptor::CPPTYPE_DOUBLE;
    const bool bytes = field.type() == FieldDescriptor::TYPE_BYTES;
    EXPECT_TRUE(rules.max_length() == 0 || text || localized || bytes)
        << field.full_name() << " has max_length but is neither text nor bytes";
    EXPECT_TRUE(!bytes || rules.max_length() > 0)
        << field.full_name() << " is bytes: say in max_length how many";
    EXPECT_TRUE(rules.format() == 0 || text || field.is_map())
        << field.full_name() << " has a format but is not text";
    EXPECT_TRUE(!(rules.has_gte() || rules.has_lte()) || number)
        << field.full_name() << " has gte or lte but is not a number that "
        << "server/rpc/validate.cc checks";
    EXPECT_TRUE(rules.max_items() == 0 || field.is_repeated())
        << field.full_name() << " has max_items but is not repeated";
    EXPECT_TRUE(field.type() != FieldDescriptor::TYPE_FLOAT)
        << field.full_name() << " has a type that server/rpc/validate.cc does "
        << "not check: teach it first";
  });
}

// Whoever sends a list decides how long it is, unless there is a limit.
TEST_F(ProtosTest, EveryRepeatedFieldOfARequestHasALimit) {
  std::set<const Descriptor*> seen;
  const std::function<void(const Descriptor*)> check =
      [&](const Descriptor* message) {
        if (!absl::StartsWith(message->full_name(), "lagnet.") ||
            !seen.insert(message).second) {
          return;
        }
        for (int i = 0; i < message->field_count(); ++i) {
          const FieldDescriptor& field = *message->field(i);
          if (RulesOf(field).output_only()) continue;
          EXPECT_TRUE(!field.is_repeated() || RulesOf(field).max_items() > 0 ||
                      message->options().map_entry())
              << field.full_name() << " comes from clients: give it max_items";
          if (field.message_type() != nullptr) check(field.message_type());
        }
      };
  ForEachMethod(
      [&](const MethodDescriptor& method) { check(method.input_type()); });
}

}  // namespace
}  // namespace lagnet
