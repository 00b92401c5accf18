#include "server/mail/delivery_report.h"

#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/mail/reports.h"

namespace lagnet::mail {
namespace {

using testing::IsEmpty;

// A report as servers of one kind write it, and what it says.
struct Sample {
  const char* name;
  std::string mail;
  std::string address;
  std::string original;
  DeliveryReport::Fate fate;
  const char* status;
};

const std::vector<Sample>& Samples() {
  using Fate = DeliveryReport::Fate;
  static const auto* const samples = new std::vector<Sample>{
      {"Postfix", PostfixReport("abc.def@example.org", "nino@example.net"),
       "nino@example.net", "nino@example.net", Fate::kAddressRefused, "5.1.1"},
      {"Exim",
       R"(From MAILER-DAEMON Fri Nov 27 04:43:00 2026
Return-path: <>
Received: from Debian-exim by mail.example.net with local (Exim 4.96)
	id 1abcde-000001-AB; Fri, 27 Nov 2026 04:43:00 +0000
X-Failed-Recipients: nino@example.net
Auto-Submitted: auto-replied
From: Mail Delivery System <Mailer-Daemon@mail.example.net>
To: network@example.org
Content-Type: multipart/report; report-type=delivery-status; boundary=1700000000-eximdsn-123
MIME-Version: 1.0
Subject: Mail delivery failed: returning message to sender
Message-Id: <E1abcde-000001-AB@mail.example.net>

--1700000000-eximdsn-123
Content-type: text/plain; charset=us-ascii

This message was created automatically by mail delivery software.
  nino@example.net
    host mx.example.net [192.0.2.1]
    SMTP error from remote mail server after RCPT TO:<nino@example.net>:
    550 5.1.1 <nino@example.net>: User unknown

--1700000000-eximdsn-123
Content-type: message/delivery-status

Reporting-MTA: dns; mail.example.net

Action: failed
Final-Recipient: rfc822;nino@example.net
Status: 5.0.0
Remote-MTA: dns; mx.example.net
Diagnostic-Code: smtp; 550 5.1.1 <nino@example.net>: User unknown

--1700000000-eximdsn-123
Content-type: message/rfc822

Return-path: <network@example.org>
Received: from lagnet.example.org ([192.0.2.7])
	by mail.example.net with esmtps; Fri, 27 Nov 2026 04:42:59 +0000
From: network@example.org
To: <nino@example.net>
Subject: =?UTF-8?B?4YOQ?=
Message-ID: <abc.def@example.org>
Content-Type: multipart/alternative; boundary="inner"

--inner
Content-Type: text/plain; charset=utf-8

Message-ID: <other@example.org>
--inner--

--1700000000-eximdsn-123--
)",
       "nino@example.net", "", Fate::kAddressRefused, "5.1.1"},
      {"Exchange",
       R"(From: Microsoft Outlook <MicrosoftExchange@example.net>
To: network@example.org
Content-Type: multipart/report; report-type=delivery-status;
	boundary="_0f3c=:1_"
X-MS-Exchange-Message-Is-Ndr:
Content-Language: en-US
Subject: Undeliverable: A seat

--_0f3c=:1_
Content-Type: multipart/alternative; differences=Content-Type;
	boundary="_0f3c=:1_alt"

--_0f3c=:1_alt
Content-Type: text/plain; charset="us-ascii"
Content-Transfer-Encoding: quoted-printable

nino@example.net wasn't found=2E
--_0f3c=:1_alt
Content-Type: text/html; charset="us-ascii"

<p>nino wasn't found</p>
--_0f3c=:1_alt--

--_0f3c=:1_
Content-Type: message/delivery-status

Reporting-MTA: dns;AB1PR0001.example.net
Received-From-MTA: dns;mail.example.org
Arrival-Date: Fri, 27 Nov 2026 04:43:00 +0000

Original-Recipient: rfc822;nino@example.net
Final-Recipient: rfc822;NINO@example.net
Action: failed
Status: 5.1.10
Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient
 not found by SMTP address lookup

--_0f3c=:1_
Content-Type: message/rfc822

Received: from mail.example.org by AB1PR0001.example.net
From: network@example.org
Message-ID:
	<abc.def@example.org>

--_0f3c=:1_--
)",
       "NINO@example.net", "nino@example.net", Fate::kAddressRefused, "5.1.10"},
      {"Exchange, at its edge",
       Report("rfc822;nino@example.net", "failed", "5.4.1",
              "smtp;550 5.4.1 Recipient address rejected: Access denied."),
       "nino@example.net", "", Fate::kAddressRefused, "5.4.1"},
      {"Gmail",
       R"(Return-Path: <>
From: Mail Delivery Subsystem <mailer-daemon@googlemail.com>
To: network@example.org
Auto-Submitted: auto-replied
Subject: Delivery Status Notification (Failure)
References: <abc.def@example.org>
In-Reply-To: <abc.def@example.org>
X-Failed-Recipients: nino@gmail.com
MIME-Version: 1.0
Content-Type: multipart/report; boundary="000000000000abc"; report-type=delivery-status

--000000000000abc
Content-Type: multipart/related; boundary="000000000000abcdef"

--000000000000abcdef
Content-Type: multipart/alternative; boundary="000000000000abcfff"

--000000000000abcfff
Content-Type: text/plain; charset="UTF-8"

** Address not found **
--000000000000abcfff--
--000000000000abcdef--
--000000000000abc
Content-Type: message/delivery-status

Reporting-MTA: dns; googlemail.com
Arrival-Date: Fri, 27 Nov 2026 04:43:00 -0800 (PST)
X-Original-Message-ID: <abc.def@example.org>

Final-Recipient: rfc822; nino@gmail.com
Action: failed
Status: 5.1.1
Remote-MTA: dns; gmail-smtp-in.l.google.com. (192.0.2.3, the server for the domain gmail.com.)
Diagnostic-Code: smtp; 550-5.1.1 The email account that you tried to reach does not exist.
 550 5.1.1 Please try double-checking
Last-Attempt-Date: Fri, 27 Nov 2026 04:43:00 -0800 (PST)

--000000000000abc
Content-Type: message/rfc822

DKIM-Signature: v=1; a=rsa-sha256; b=
From: network@example.org
Message-ID: <abc.def@example.org>

----- Message truncated -----

--000000000000abc--
)",
       "nino@gmail.com", "", Fate::kAddressRefused, "5.1.1"},
  };
  return *samples;
}

TEST(DeliveryReportTest, ReadsReportsOfEveryKindOfServer) {
  for (const Sample& sample : Samples()) {
    for (const std::string& mail :
         {sample.mail, absl::StrReplaceAll(sample.mail, {{"\n", "\r\n"}})}) {
      SCOPED_TRACE(sample.name);
      const auto report = ReadDeliveryReport(mail);
      ASSERT_TRUE(report);
      EXPECT_EQ(report->message_id, "abc.def");
      ASSERT_EQ(report->recipients.size(), 1U);
      const auto& recipient = report->recipients[0];
      EXPECT_EQ(recipient.address, sample.address);
      EXPECT_EQ(recipient.original, sample.original);
      EXPECT_EQ(recipient.fate, sample.fate);
      EXPECT_EQ(recipient.status, sample.status);
    }
  }
}

TEST(DeliveryReportTest, TellsTheFaultOfAnAddressFromOthers) {
  using Fate = DeliveryReport::Fate;
  struct Case {
    const char* action;
    const char* status;
    const char* diagnostic;
    Fate fate;
  };
  for (const Case& c : std::vector<Case>{
           {"failed", "5.1.1 (bad mailbox)", "", Fate::kAddressRefused},
           {"Failed", "5.1.2", "", Fate::kAddressRefused},
           {"failed (gone)", "5.2.1", "", Fate::kAddressRefused},
           {"failed", "5.4.4", "X-Postfix; Host not found",
            Fate::kAddressRefused},
           {"failed", "5.0.0", "smtp; 550 No such user", Fate::kAddressRefused},
           {"failed", "", "smtp; 550 #5.1.1 No such user",
            Fate::kAddressRefused},
           // Nothing that the address can be blamed for.
           {"failed", "5.0.0", "", Fate::kOtherFault},
           {"failed", "5.0.0", "smtp; 554 No", Fate::kOtherFault},
           {"failed", "5.0.0", "smtp; 550 5.7.26 Not authenticated",
            Fate::kOtherFault},
           {"failed", "5.0.0", "x-unix; 550 No such user", Fate::kOtherFault},
           {"failed", "5.1.8", "", Fate::kOtherFault},
           {"failed", "5.2.2", "", Fate::kOtherFault},
           {"failed", "5.4.1", "", Fate::kOtherFault},
           {"failed", "5.7.1", "smtp; 550 5.7.1 Blocked", Fate::kOtherFault},
           {"failed", "4.4.1", "", Fate::kOtherFault},
           {"failed", "nonsense", "", Fate::kOtherFault},
           {"failed", "5.1.11111111", "", Fate::kOtherFault},
           // Not failed.
           {"delayed", "4.4.1", "", Fate::kNotFailed},
           {"delayed", "5.1.1", "", Fate::kNotFailed},
           {"delivered", "2.0.0", "", Fate::kNotFailed},
           {"relayed", "2.0.0", "", Fate::kNotFailed},
           {"", "5.1.1", "", Fate::kNotFailed},
       }) {
    const auto report = ReadDeliveryReport(
        Report("rfc822; nino@example.net", c.action, c.status, c.diagnostic));
    ASSERT_TRUE(report);
    ASSERT_EQ(report->recipients.size(), 1U);
    EXPECT_EQ(report->recipients[0].fate, c.fate)
        << c.action << " " << c.status << " " << c.diagnostic;
  }
}

TEST(DeliveryReportTest, ReadsReportsBeyondAscii) {
  const auto report = ReadDeliveryReport(absl::StrReplaceAll(
      Report("utf-8; ნინო@example.net", "failed", "5.1.1", ""),
      {{"message/delivery-status", "message/global-delivery-status"},
       {"text/rfc822-headers", "message/global-headers"}}));
  ASSERT_TRUE(report);
  EXPECT_EQ(report->message_id, "abc.def");
  ASSERT_EQ(report->recipients.size(), 1U);
  EXPECT_EQ(report->recipients[0].address, "ნინო@example.net");
}

TEST(DeliveryReportTest, TakesNothingElseForAReport) {
  const std::string report =
      Report("rfc822; nino@example.net", "failed", "5.1.1", "");
  for (const std::string& mail : {
           std::string(),
           std::string("\n"),
           std::string("\0\xff:\n\n", 5),
           std::string("Subject: Out of office\nAuto-Submitted: "
                       "auto-replied\n\nI am away.\n"),
           // Quoted in somebody's answer.
           absl::StrCat("Subject: Re: what is this?\n\n", report),
           absl::StrReplaceAll(report,
                               {{"multipart/report", "multipart/mixed"}}),
           absl::StrReplaceAll(report, {{"; boundary=\"b\"", ""}}),
           absl::StrReplaceAll(report,
                               {{"; boundary=\"b\"", "; boundary=\"c\""}}),
           // That a mail was read.
           absl::StrReplaceAll(report, {{"message/delivery-status",
                                         "message/disposition-notification"}}),
       }) {
    EXPECT_FALSE(ReadDeliveryReport(mail)) << mail;
  }
}

TEST(DeliveryReportTest, ReadsOfADamagedReportWhatIsThere) {
  const std::string report =
      Report("rfc822; nino@example.net", "failed", "5.1.1", "");
  auto read = ReadDeliveryReport(
      absl::StrReplaceAll(report, {{"Message-ID", "X-Message-ID"}}));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->message_id, "");
  read = ReadDeliveryReport(
      absl::StrReplaceAll(report, {{"Final-Recipient", "X-Recipient"}}));
  ASSERT_TRUE(read);
  EXPECT_THAT(read->recipients, IsEmpty());
  read = ReadDeliveryReport(absl::StrReplaceAll(
      report, {{"nino@", absl::StrCat(std::string(300, 'n'), "@")},
               {"abc.def", std::string(300, 'a')}}));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->message_id, "") << "too long to be ours";
  EXPECT_THAT(read->recipients, IsEmpty());
}

// Under the sanitizers: nothing is read that is not there.
TEST(DeliveryReportTest, EndsWhereverTheMailIsCut) {
  for (const Sample& sample : Samples()) {
    for (size_t size = 0; size <= sample.mail.size(); ++size) {
      // A copy of its own, so that reading beyond it is seen.
      const std::vector<char> cut(
          sample.mail.begin(),
          sample.mail.begin() + static_cast<std::ptrdiff_t>(size));
      (void)ReadDeliveryReport({cut.data(), cut.size()});
    }
  }
}

TEST(DeliveryReportTest, TakesWhateverBytesThereAre) {
  std::mt19937 random(1);  // NOLINT(cert-msc51-cpp): the same at each run.
  static const char* const kPieces[] = {
      "\n",
      "\r\n",
      "\n\n",
      "--b",
      "--b--",
      "--",
      ":",
      ";",
      "\"",
      "\\",
      " ",
      "\t",
      "=",
      "<",
      "\xff\xfe",
      "Status",
      "5.1",
      "550-",
      "smtp;",
      "rfc822;",
      "Action: failed\n",
      "Final-Recipient: rfc822; a@b\n",
      "Diagnostic-Code: smtp;",
      "Content-Type: message/delivery-status\n\n",
      "Content-Type: message/rfc822\n\n",
      "Message-ID: <"};
  for (int i = 0; i < 2000; ++i) {
    std::string mail = "Content-Type: multipart/report; boundary=b\n\n--b\n";
    for (unsigned n = random() % 60; n > 0; --n) {
      mail += kPieces[random() % std::size(kPieces)];
    }
    (void)ReadDeliveryReport(mail);
  }
}

TEST(DeliveryReportTest, ReadsNoMoreThanItNeeds) {
  std::string many;
  for (int i = 0; i < 5000; ++i) {
    absl::StrAppend(&many, "Final-Recipient: rfc822; n", i,
                    "@example.net\nAction: failed\nStatus: 5.1.1\n\n");
  }
  auto read = ReadDeliveryReport(absl::StrReplaceAll(
      Report("rfc822; nino@example.net", "failed", "5.1.1", ""),
      {{"Final-Recipient:", absl::StrCat(many, "Final-Recipient:")}}));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->recipients.size(), 20U);
  // Parts without end, each of them the last but for the next.
  std::string parts = "Content-Type: multipart/report; boundary=b\n\n";
  for (int i = 0; i < 100'000; ++i) parts += "--b\n\n";
  EXPECT_FALSE(ReadDeliveryReport(parts));
}

}  // namespace
}  // namespace lagnet::mail
