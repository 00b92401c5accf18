#include "server/directory/double_name.h"

#include <algorithm>
#include <numeric>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "server/base/fold.h"

namespace lagnet::directory {
namespace {

// Folded. Words of the field, of legal forms and of administration in English,
// Georgian, Polish, Czech, Latvian and Lithuanian, with their usual endings.
bool IsCommon(absl::string_view word) {
  static const auto* const kCommon = new absl::flat_hash_set<absl::string_view>{
      // English
      "lag", "local", "action", "group", "development", "association",
      "partnership", "foundation", "municipality", "county", "district",
      "region", "regional", "micro", "area", "land", "rural", "community",
      "ngo", "of", "the", "and", "for", "in",
      // Georgian
      "adgilobrivi", "samokmedo", "ganvitarebis", "jgupi", "jgupis",
      "asotsiatsia", "kavshiri", "munitsipaliteti", "munitsipalitetis", "meri",
      "meria", "soplis", "da", "aip", "arasametsarmeo", "iuridiuli", "piri",
      // Polish
      "lgd", "lokalna", "lokalnej", "grupa", "grupy", "dzialania",
      "stowarzyszenie", "stowarzyszenia", "fundacja", "partnerstwo",
      "partnerstwa", "zwiazek", "gmina", "gminy", "gmin", "powiat", "powiatu",
      "miasto", "miasta", "urzad", "starostwo", "powiatowe", "ziemia", "ziemi",
      "rozwoju", "obszarow", "wiejskich", "lider", "na", "rzecz", "i", "w", "z",
      "dla", "nad", "pod",
      // Czech
      "mas", "mistni", "akcni", "skupina", "skupiny", "spolek", "zs", "ops",
      "zu", "obec", "obce", "mesto", "mesta", "mikroregion", "mikroregionu",
      "kraj", "kraje", "svazek", "obci", "spolecnost", "prospesna", "obecne",
      "zapsany", "leader", "a", "o", "v", "ve", "u", "pro", "za",
      // Latvian and Lithuanian
      "vrg", "vietejas", "vietejo", "ricibas", "partneriba", "biedriba",
      "rajona", "novada", "novads", "vvg", "vietos", "veiklos", "grupe",
      "asociacija", "rajono", "savivaldybe", "un", "ir"};
  return kCommon->contains(word);
}

bool HasDigit(absl::string_view word) {
  return std::any_of(word.begin(), word.end(),
                     [](unsigned char c) { return absl::ascii_isdigit(c); });
}

// How many letters have to be added, left out or changed.
size_t Distance(absl::string_view one, absl::string_view other) {
  std::vector<size_t> row(other.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 0; i < one.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i + 1;
    for (size_t j = 0; j < other.size(); ++j) {
      const size_t changed = diagonal + (one[i] == other[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({changed, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

double Closeness(absl::string_view one, absl::string_view other) {
  const size_t longest = std::max(one.size(), other.size());
  if (longest == 0) return 0;
  return 1 - static_cast<double>(Distance(one, other)) /
                 static_cast<double>(longest);
}

// "KAZBEG" and "KAZBEGIS": one with an ending more.
bool IsOtherEnding(absl::string_view one, absl::string_view other) {
  constexpr size_t kLeastStem = 5;
  constexpr size_t kLongestEnding = 3;
  if (one.size() > other.size()) return IsOtherEnding(other, one);
  return one.size() >= kLeastStem &&
         other.size() - one.size() <= kLongestEnding &&
         absl::StartsWith(other, one);
}

// Words that differ by more than an ending or a slip are two words.
constexpr double kLeastCloseness = 0.7;
// Words that sound alike are one, but equal ones are more surely so.
constexpr double kSoundsAlike = 0.97;
constexpr double kOnlyAnEnding = 0.9;
constexpr double kSaysMore = 0.88;

double WordLikeness(const NameWord& one, const NameWord& other) {
  if (one.folded == other.folded) return 1;
  if (HasDigit(one.folded) || HasDigit(other.folded)) return 0;
  double best = Closeness(one.folded, other.folded);
  for (const std::string& mine : one.sounds) {
    for (const std::string& theirs : other.sounds) {
      if (mine == theirs) return kSoundsAlike;
      best =
          std::max(best, IsOtherEnding(mine, theirs) ? kOnlyAnEnding
                                                     : Closeness(mine, theirs));
    }
  }
  best = std::min(best, kSoundsAlike);
  return best < kLeastCloseness ? 0 : best;
}

// Long words tell more.
double WeightOf(const NameWord& word) {
  return static_cast<double>(std::min<size_t>(word.folded.size(), 8));
}

struct WordPair {
  double likeness;
  size_t one;
  size_t other;
};

// The best partner for each word, each word once.
std::vector<WordPair> Match(const NameWords& one, const NameWords& other) {
  std::vector<WordPair> pairs;
  for (size_t i = 0; i < one.size(); ++i) {
    for (size_t j = 0; j < other.size(); ++j) {
      const double likeness = WordLikeness(one[i], other[j]);
      if (likeness > 0) pairs.push_back({likeness, i, j});
    }
  }
  std::stable_sort(
      pairs.begin(), pairs.end(),
      [](const auto& a, const auto& b) { return a.likeness > b.likeness; });
  std::vector<bool> taken_one(one.size());
  std::vector<bool> taken_other(other.size());
  std::vector<WordPair> matched;
  for (const WordPair& pair : pairs) {
    if (taken_one[pair.one] || taken_other[pair.other]) continue;
    taken_one[pair.one] = taken_other[pair.other] = true;
    matched.push_back(pair);
  }
  return matched;
}

double Total(const NameWords& words) {
  double total = 0;
  for (const NameWord& word : words) total += WeightOf(word);
  return total;
}

}  // namespace

NameWords TellingWords(absl::string_view name) {
  const std::string folded = Fold(name);
  NameWords telling;
  NameWords all;
  for (const absl::string_view part :
       absl::StrSplit(folded, ' ', absl::SkipEmpty())) {
    NameWord word{std::string(part), Skeletons(part)};
    if (!IsCommon(part)) telling.push_back(word);
    all.push_back(std::move(word));
  }
  if (telling.empty()) telling = std::move(all);
  std::sort(telling.begin(), telling.end());
  return telling;
}

double Likeness(const NameWords& one, const NameWords& other) {
  // In one order, so that it is the same either way round.
  if (other < one) return Likeness(other, one);
  if (one.empty() || other.empty()) return 0;
  double shared_one = 0;
  double shared_other = 0;
  size_t matched = 0;
  for (const WordPair& pair : Match(one, other)) {
    shared_one += pair.likeness * WeightOf(one[pair.one]);
    shared_other += pair.likeness * WeightOf(other[pair.other]);
    ++matched;
  }
  const double likeness =
      (shared_one + shared_other) / (Total(one) + Total(other));
  const double part =
      std::max(shared_one / Total(one), shared_other / Total(other));
  const bool says_much = matched >= 2 || shared_one >= 8;
  return part > 0.9 && says_much ? std::max(likeness, kSaysMore * part)
                                 : likeness;
}

}  // namespace lagnet::directory
