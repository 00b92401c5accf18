#include "server/directory/external_id.h"

#include <algorithm>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/id.h"

namespace lagnet::directory {
namespace {

bool IsOfSource(unsigned char c) {
  return absl::ascii_isalnum(c) || c == '-' || c == '_' || c == '.';
}

}  // namespace

absl::Status CheckExternalIds(const std::vector<ExternalId>& ids) {
  std::set<ExternalId> seen;
  for (size_t i = 0; i < ids.size(); ++i) {
    const std::string path = absl::StrCat("organization.external_ids[", i, "]");
    if (!std::all_of(ids[i].source.begin(), ids[i].source.end(), IsOfSource)) {
      return InvalidField(path + ".source",
                          "may have letters, digits, '-', '_' and '.' only");
    }
    if (!seen.insert(ids[i]).second) {
      return InvalidField(path + ".id", "is named twice");
    }
  }
  return absl::OkStatus();
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
