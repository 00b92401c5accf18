#include "server/directory/external_id.h"

#include <algorithm>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "server/base/id.h"

namespace lagnet::directory {
namespace {

bool IsOfSource(unsigned char c) {
  return absl::ascii_isalnum(c) || c == '-' || c == '_' || c == '.';
}

}  // namespace

Errors CheckExternalIds(const std::vector<ExternalId>& ids) {
  Errors errors;
  std::set<ExternalId> seen;
  for (size_t i = 0; i < ids.size(); ++i) {
    const std::string path = absl::StrCat("organization.external_ids[", i, "]");
    if (!std::all_of(ids[i].source.begin(), ids[i].source.end(), IsOfSource)) {
      errors.Add(InvalidField(
          path + ".source", "may have letters, digits, '-', '_' and '.' only"));
    }
    if (!seen.insert(ids[i]).second) {
      errors.Add(InvalidField(path + ".id", "is named twice"));
    }
  }
  return errors;
}

Error ExternalIdTaken(size_t position, const ExternalId& id) {
  const std::string why = absl::StrCat(
      "another organisation of the network has ", id.source, ":", id.id);
  return Error(absl::StatusCode::kAlreadyExists, "EXTERNAL_ID_TAKEN", why)
      .With("source", id.source)
      .With("id", id.id)
      .Field(absl::StrCat("organization.external_ids[", position, "]"), why);
}

std::string SlugOf(const ExternalId& id) {
  std::string slug;
  for (const char c : absl::StrCat(id.source, "-", id.id)) {
    if (absl::ascii_isalnum(static_cast<unsigned char>(c))) {
      slug.push_back(absl::ascii_tolower(static_cast<unsigned char>(c)));
    } else if (static_cast<unsigned char>(c) >= 0x80) {
      return "";  // Two ids of letters left out would have the same name.
    } else if (!slug.empty() && slug.back() != '-') {
      slug.push_back('-');
    }
  }
  while (!slug.empty() && slug.back() == '-') slug.pop_back();
  return IsSlug(slug) ? slug : "";
}

}  // namespace lagnet::directory
