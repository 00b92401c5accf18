#include "clients/cpp/exchange/xml.h"

#include <expat.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace lagnet::exchange {
namespace {

constexpr int kMostDepth = 64;

// "row" of "x:row".
absl::string_view LocalName(absl::string_view name) {
  const size_t colon = name.rfind(':');
  return colon == absl::string_view::npos ? name : name.substr(colon + 1);
}

}  // namespace

absl::string_view XmlAttributes::Get(absl::string_view name) const {
  for (const char** pair = pairs_; *pair != nullptr; pair += 2) {
    if (LocalName(pair[0]) == name) return pair[1];
  }
  return "";
}

void XmlReader::Free::operator()(XML_ParserStruct* parser) const {
  XML_ParserFree(parser);
}

XmlReader::XmlReader(Handler handler)
    : handler_(std::move(handler)), parser_(XML_ParserCreate("UTF-8")) {
  XML_SetUserData(parser_.get(), this);
  XML_SetElementHandler(parser_.get(), &Begin, &End);
  XML_SetStartDoctypeDeclHandler(parser_.get(), &DocumentType);
  if (handler_.text) XML_SetCharacterDataHandler(parser_.get(), &Text);
}

void XmlReader::Note(absl::Status status) {
  if (status.ok() || !status_.ok()) return;
  status_ = std::move(status);
  XML_StopParser(parser_.get(), XML_FALSE);
}

void XmlReader::Begin(void* self, const char* name, const char** attributes) {
  auto& reader = *static_cast<XmlReader*>(self);
  if (!reader.status_.ok()) return;
  if (++reader.depth_ > kMostDepth) {
    return reader.Note(
        absl::InvalidArgumentError("is damaged: its XML is too deep"));
  }
  reader.Note(
      reader.handler_.begin(LocalName(name), XmlAttributes(attributes)));
}

void XmlReader::End(void* self, const char* name) {
  auto& reader = *static_cast<XmlReader*>(self);
  if (!reader.status_.ok()) return;
  --reader.depth_;
  reader.Note(reader.handler_.end(LocalName(name)));
}

void XmlReader::Text(void* self, const char* text, int size) {
  auto& reader = *static_cast<XmlReader*>(self);
  if (!reader.status_.ok()) return;
  reader.Note(
      reader.handler_.text(absl::string_view(text, static_cast<size_t>(size))));
}

void XmlReader::DocumentType(void* self, const char*, const char*, const char*,
                             int) {
  static_cast<XmlReader*>(self)->Note(absl::InvalidArgumentError(
      "is refused: its XML declares a document type"));
}

absl::Status XmlReader::Parse(absl::string_view piece, bool last) {
  if (!status_.ok()) return status_;
  const XML_Status parsed =
      XML_Parse(parser_.get(), piece.data(), static_cast<int>(piece.size()),
                last ? XML_TRUE : XML_FALSE);
  if (!status_.ok()) return status_;
  if (parsed == XML_STATUS_OK) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("is damaged: its XML is wrong (",
                   XML_ErrorString(XML_GetErrorCode(parser_.get())), ")"));
}

absl::Status XmlReader::Take(absl::string_view piece) {
  return Parse(piece, false);
}

absl::Status XmlReader::Finish() { return Parse("", true); }

std::string XmlEscape(absl::string_view text) {
  return absl::StrReplaceAll(text, {{"&", "&amp;"},
                                    {"<", "&lt;"},
                                    {">", "&gt;"},
                                    {"\"", "&quot;"},
                                    {"\t", "&#9;"},
                                    {"\n", "&#10;"}});
}

}  // namespace lagnet::exchange
