#ifndef LAGNET_TESTS_MAIL_REPORTS_H_
#define LAGNET_TESTS_MAIL_REPORTS_H_

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

// Reports of mail servers, for tests.
namespace lagnet::mail {

// One with as little in it as there can be, about <abc.def@example.org>.
inline std::string Report(absl::string_view recipient, absl::string_view action,
                          absl::string_view status,
                          absl::string_view diagnostic) {
  return absl::StrCat(
      "Content-Type: multipart/report; boundary=\"b\"\n\n--b\n\nIt failed.\n",
      "--b\nContent-Type: message/delivery-status\n\n",
      "Reporting-MTA: dns; mail.example.net\n\nFinal-Recipient: ", recipient,
      "\nAction: ", action, "\nStatus: ", status,
      "\nDiagnostic-Code: ", diagnostic,
      "\n\n--b\nContent-Type: text/rfc822-headers\n\n",
      "Message-ID: <abc.def@example.org>\n\n--b--\n");
}

// As Postfix writes it. `id` is the Message-ID of what came back.
inline std::string PostfixReport(absl::string_view id,
                                 absl::string_view address,
                                 absl::string_view action = "failed",
                                 absl::string_view status = "5.1.1") {
  return absl::StrCat(R"(Return-Path: <>
Received: by mail.example.org (Postfix)
	id 4F0A1; Fri, 27 Nov 2026 04:43:00 +0000 (UTC)
Date: Fri, 27 Nov 2026 04:43:00 +0000 (UTC)
From: MAILER-DAEMON@mail.example.org (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: network@example.org
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
	boundary="9B1C2.1700000000/mail.example.org"
Message-Id: <20261127044300.4F0A1@mail.example.org>

This is a MIME-encapsulated message.

--9B1C2.1700000000/mail.example.org
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mail.example.org.

--9B1C2.1700000000/mail.example.org
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example.org
X-Postfix-Queue-ID: 9B1C2
X-Postfix-Sender: rfc822; network@example.org
Arrival-Date: Fri, 27 Nov 2026 04:42:59 +0000 (UTC)

Final-Recipient: rfc822; )",
                      address, "\nOriginal-Recipient: rfc822;", address,
                      "\nAction: ", action, "\nStatus: ", status, R"(
Remote-MTA: dns; mx.example.net
Diagnostic-Code: smtp; 550 )",
                      status, " <", address, R"(>: Recipient address
    rejected: User unknown in virtual mailbox table

--9B1C2.1700000000/mail.example.org
Content-Description: Undelivered Message Headers
Content-Type: text/rfc822-headers

Return-Path: <network@example.org>
Received: from lagnet (localhost [127.0.0.1])
	by mail.example.org (Postfix) with ESMTP id 9B1C2
From: network@example.org
Subject: A seat
Message-ID: <)",
                      id, R"(>
Content-Language: en

--9B1C2.1700000000/mail.example.org--
)");
}

}  // namespace lagnet::mail

#endif  // LAGNET_TESTS_MAIL_REPORTS_H_
