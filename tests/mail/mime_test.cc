#include "server/mail/mime.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace lagnet::mail {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TEST(MimeTest, ReadsHeadersUpToTheEmptyLine) {
  absl::string_view text =
      "Subject: one\r\n two\r\nSUBJECT: other\r\n  ignored\r\nX-Empty:\r\n"
      "no header\n and its second line\nX-8bit: ą\n\nbody\n";
  const Headers headers = Headers::Take(&text);
  EXPECT_EQ(headers.Get("subject"), "one two") << "the first counts";
  EXPECT_EQ(headers.Get("x-8bit"), "ą");
  EXPECT_EQ(headers.Get("x-empty"), "");
  EXPECT_EQ(headers.Get("nowhere"), "");
  EXPECT_EQ(text, "body\n");
}

TEST(MimeTest, ReadsHeadersWithoutEnd) {
  absl::string_view text = "Subject: one";
  EXPECT_EQ(Headers::Take(&text).Get("subject"), "one");
  EXPECT_EQ(text, "");
  text = " goes on with nothing\n:\n";
  EXPECT_EQ(Headers::Take(&text).Get(""), "");
}

TEST(MimeTest, BoundsHowManyHeadersItKeeps) {
  std::string many;
  for (int i = 0; i < 100'000; ++i) absl::StrAppend(&many, "x", i, ": 1\n");
  many += "Last: 1\n\nbody";
  absl::string_view text = many;
  const Headers headers = Headers::Take(&text);
  EXPECT_EQ(headers.Get("x0"), "1");
  EXPECT_EQ(headers.Get("last"), "");
  EXPECT_EQ(text, "body");
}

TEST(MimeTest, ReadsContentTypes) {
  struct Case {
    const char* header;
    const char* type;
    const char* boundary;
  };
  for (const Case& c : {
           Case{"", "text/plain", ""},
           Case{"Multipart/Report; Boundary=abc", "multipart/report", "abc"},
           Case{"a/b;\t boundary = \"x; y\\\"z\" ; c=d", "a/b", "x; y\"z"},
           Case{"a/b; flag; boundary=abc; c", "a/b", "abc"},
           Case{"a/b; boundary=\"open", "a/b", "open"},
           Case{"a/b; boundary=\"open\\", "a/b", "open\\"},
           Case{"a/b; boundary", "a/b", ""},
           Case{"; boundary=x", "text/plain", "x"},
       }) {
    const ContentType read = ReadContentType(c.header);
    EXPECT_EQ(read.type, c.type) << c.header;
    EXPECT_EQ(read.boundary, c.boundary) << c.header;
  }
}

TEST(MimeTest, SplitsPartsByTheirOwnBoundary) {
  EXPECT_THAT(SplitParts("before\n--b\none\n--b2\n--b-\n--b  \r\ntwo\n--b--\n"
                         "after\n--b\nno more\n",
                         "b"),
              ElementsAre("one\n--b2\n--b-\n", "two\n"));
  EXPECT_THAT(SplitParts("--b\nwithout end", "b"), ElementsAre("without end"));
  EXPECT_THAT(SplitParts("--b", "b"), ElementsAre(""));
  EXPECT_THAT(SplitParts("--b--\n--b\n", "b"), IsEmpty());
  EXPECT_THAT(SplitParts("--\n--\n", ""), IsEmpty());
  EXPECT_THAT(SplitParts("no parts\n", "b"), IsEmpty());
}

TEST(MimeTest, BoundsHowManyPartsItKeeps) {
  std::string many;
  for (int i = 0; i < 100'000; ++i) many += "--b\n\n";
  EXPECT_THAT(SplitParts(many, "b"), SizeIs(20));
}

}  // namespace
}  // namespace lagnet::mail
