#include "server/directory/unknown_territory.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <tuple>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/base/error.h"

namespace lagnet::directory {
namespace {

constexpr size_t kMostNear = 3;
// Shorter beginnings of names would fit nearly everything.
constexpr size_t kLeastOfName = 3;

bool IsNumber(absl::string_view text, size_t digits) {
  return text.size() == digits && absl::c_all_of(text, [](unsigned char c) {
           return absl::ascii_isdigit(c);
         });
}

// Whether a code that is not in the catalogue could be in the list all the
// same: new gminas and Latvia's towns and parishes are not there.
bool MayExist(const Territory& territory, const std::string& country) {
  return Territories().Enclosing(territory, country) != nullptr;
}

bool IsKnownCountry(const std::string& country) {
  const Place* place = Territories().FindCode(country);
  return place != nullptr && place->level == PlaceLevel::kCountry;
}

// How many letters must be put in, left out or replaced (Levenshtein).
size_t EditDistance(absl::string_view a, absl::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), 0);
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
    }
  }
  return row[b.size()];
}

void AddNear(const Place* place, std::vector<const Place*>& near) {
  if (near.size() < kMostNear &&
      std::find(near.begin(), near.end(), place) == near.end()) {
    near.push_back(place);
  }
}

void AddByName(const Territory& territory, const std::string& country,
               std::vector<const Place*>& near) {
  absl::string_view text = territory.code;
  if (text.rfind('-') != absl::string_view::npos) {
    text.remove_prefix(text.rfind('-') + 1);
  }
  const std::string plain = PlainName(text);
  if (plain.size() < kLeastOfName || IsNumber(plain, plain.size())) return;
  for (const auto& place : Territories().places()) {
    if (IsKnownCountry(country) && place->country != country) continue;
    const bool is_like =
        absl::c_any_of(place->names, [&](const auto& language_and_name) {
          return absl::StartsWith(PlainName(language_and_name.second), plain);
        });
    if (is_like) AddNear(place.get(), near);
  }
}

void AddByCode(const Territory& territory, const std::string& country,
               std::vector<const Place*>& near) {
  // Each country numbers its local units by itself, so a like number of another
  // one says nothing.
  const bool is_national =
      territory.scheme == TerritoryScheme::kLau && !country.empty();
  const size_t most = territory.code.size() < 6 ? 1 : 2;
  // By distance; then those of the same length, and those that begin alike.
  std::multimap<std::tuple<size_t, bool, ptrdiff_t, std::string>, const Place*>
      like;
  for (const auto& place : Territories().places()) {
    if (is_national && place->country != country) continue;
    const PlaceCode* code = place->CodeIn(territory.scheme);
    if (code == nullptr || !code->IsIn(territory.version)) continue;
    const size_t distance = EditDistance(code->code, territory.code);
    if (distance > most) continue;
    const ptrdiff_t alike =
        std::mismatch(code->code.begin(), code->code.end(),
                      territory.code.begin(), territory.code.end())
            .first -
        code->code.begin();
    like.insert({{distance, code->code.size() != territory.code.size(), -alike,
                  code->code},
                 place.get()});
  }
  for (const auto& [order, place] : like) AddNear(place, near);
}

std::string ListName(const Territory& territory, const std::string& country) {
  switch (territory.scheme) {
    case TerritoryScheme::kNuts:
      return absl::StrCat("NUTS ", territory.version);
    case TerritoryScheme::kIso3166:
      return "ISO 3166-2";
    default:
      return absl::StrCat("the list of ", country, "'s local units");
  }
}

}  // namespace

std::string PlainName(absl::string_view name) {
  // Each letter and what it is written as; all take two bytes.
  static const auto* const letters = [] {
    auto* map = new std::map<absl::string_view, char>;
    for (const absl::string_view row :
         {"aąáāäĄÁĀÄ", "cćčĆČ", "dďĎ", "eęéěēėĘÉĚĒĖ", "gģĢ", "iíīįÍĪĮ", "kķĶ",
          "lłļŁĻ", "nńňņŃŇŅ", "oóöÓÖ", "rřŘ", "sśšŚŠ", "tťŤ", "uúůūųÚŮŪŲ",
          "yýÝ", "zźżžŹŻŽ"}) {
      for (size_t at = 1; at + 1 < row.size(); at += 2) {
        (*map)[row.substr(at, 2)] = row[0];
      }
    }
    return map;
  }();
  std::string plain;
  for (size_t at = 0; at < name.size();) {
    const auto letter = letters->find(name.substr(at, 2));
    if (letter != letters->end()) {
      plain += letter->second;
      at += 2;
    } else {
      plain += absl::ascii_tolower(static_cast<unsigned char>(name[at++]));
    }
  }
  return plain;
}

std::vector<const Place*> NearTerritories(const Territory& territory,
                                          const std::string& country) {
  std::vector<const Place*> near;
  for (const Place* place : Territories().Moved(territory)) {
    AddNear(place, near);
  }
  AddByName(territory, country, near);
  AddByCode(territory, country, near);
  return near;
}

std::string Describe(const std::vector<const Place*>& places,
                     TerritoryScheme scheme) {
  return absl::StrJoin(places, ", ", [&](std::string* out, const Place* place) {
    const PlaceCode* code = place->CodeIn(scheme);
    absl::StrAppend(out, code != nullptr ? code->code : place->code(), " (",
                    place->NameIn("en"), ")");
  });
}

absl::Status CheckTerritoryExists(absl::string_view field,
                                  const Territory& territory,
                                  const std::string& country) {
  const bool is_ours = territory.scheme == TerritoryScheme::kLau
                           ? IsKnownCountry(country)
                           : Territories().IsComplete(territory, country);
  if (!is_ours || Territories().Find(territory, country) != nullptr ||
      MayExist(territory, country)) {
    return absl::OkStatus();
  }
  const std::vector<const Place*> near = NearTerritories(territory, country);
  const std::string wrong = absl::StrCat(
      "\"", territory.code, "\" is not in ", ListName(territory, country),
      near.empty() ? "; `lagnet territory list` shows what is" : "; near it: ",
      Describe(near, territory.scheme));
  return Error(absl::StatusCode::kInvalidArgument, "UNKNOWN_TERRITORY", wrong)
      .Field(field, wrong)
      .With("field", field)
      .With("code", territory.code)
      .With("near",
            absl::StrJoin(near, ",", [&](std::string* out, const Place* place) {
              const PlaceCode* code = place->CodeIn(territory.scheme);
              *out += code != nullptr ? code->code : place->code();
            }));
}

}  // namespace lagnet::directory
