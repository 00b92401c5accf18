#include "server/mail/words.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"

namespace lagnet::mail {
namespace {

std::string EscapeHtml(absl::string_view text) {
  return absl::StrReplaceAll(text, {{"&", "&amp;"},
                                    {"<", "&lt;"},
                                    {">", "&gt;"},
                                    {"\"", "&quot;"},
                                    {"'", "&#39;"}});
}

std::string Paragraphs(const std::vector<std::string>& texts) {
  std::string html;
  for (const std::string& text : texts) {
    absl::StrAppend(&html, "<p>", EscapeHtml(text), "</p>\n");
  }
  return html;
}

std::string ButtonHtml(const Words& words) {
  return absl::StrCat("<p><a href=\"", EscapeHtml(words.link),
                      "\" style=\"display:inline-block;padding:.7em 1.2em;"
                      "background:#1d5c3a;color:#fff;text-decoration:none;"
                      "border-radius:.3em\">",
                      EscapeHtml(words.button),
                      "</a></p>\n<p style=\"word-break:break-all\">",
                      EscapeHtml(words.link), "</p>\n");
}

}  // namespace

Message Compose(const Words& words) {
  Message message{
      .to = words.to, .language = words.language, .subject = words.subject};
  const bool is_linked = !words.link.empty();
  message.text = absl::StrCat(
      absl::StrJoin(words.before, "\n\n"), "\n\n",
      is_linked ? absl::StrCat(words.button, ":\n", words.link, "\n\n") : "",
      absl::StrJoin(words.after, "\n\n"), "\n");
  message.html = absl::StrCat(
      "<!doctype html>\n<html lang=\"", EscapeHtml(words.language),
      "\">\n<head><meta charset=\"utf-8\"><title>", EscapeHtml(words.subject),
      "</title></head>\n<body style=\"font:16px/1.5 sans-serif;max-width:36em;"
      "margin:1em auto;padding:0 1em\">\n",
      Paragraphs(words.before), is_linked ? ButtonHtml(words) : "",
      Paragraphs(words.after), "</body>\n</html>\n");
  return message;
}

}  // namespace lagnet::mail
