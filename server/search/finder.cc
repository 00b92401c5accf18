#include "server/search/finder.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_set.h"

namespace lagnet::search {
namespace {

// With fewer documents that have all words, those that lack some follow.
constexpr size_t kFew = 5;
// Of the best one's score; what is further below is not meant.
constexpr double kNearBest = 0.4;

// The great-circle distance in metres on a sphere (haversine): within half a
// per cent of the earth's.
double MetresBetween(const Point& a, const Point& b) {
  constexpr double kRadius = 6'371'009;
  constexpr double kDegree = M_PI / 180;
  const double north = std::sin((b.latitude - a.latitude) * kDegree / 2);
  const double east = std::sin((b.longitude - a.longitude) * kDegree / 2);
  const double h = north * north + std::cos(a.latitude * kDegree) *
                                       std::cos(b.latitude * kDegree) * east *
                                       east;
  return 2 * kRadius * std::asin(std::sqrt(std::min(1.0, h)));
}

}  // namespace

Finder::Finder(const Catalog* catalog, const Reader* reader,
               const Search* search, MaySee may_see)
    : catalog_(*catalog),
      reader_(*reader),
      search_(*search),
      may_see_(may_see),
      wanted_(catalog->labels().WantedBy(*search)) {}

bool Finder::Passes(uint32_t row) const {
  return wanted_.LetsPass(catalog_.LabelsAt(row)) &&
         (catalog_.BriefOf(row).is_public ||
          may_see_(*catalog_.DocumentAt(row)));
}

Finder::Loose Finder::LooseOf(const Question& question) const {
  Loose loose{.words_of = std::vector<uint32_t>(catalog_.labels().size())};
  for (const AskedWord& word : question.words) {
    if (word.loose.empty()) continue;
    for (const Tag* const tag : word.loose) {
      const std::optional<Labels::Id> known = catalog_.labels().Find(*tag);
      if (known) loose.words_of[*known] |= 1U << loose.words;
    }
    ++loose.words;
  }
  return loose;
}

int Finder::Loose::MetBy(const Labels::Ids& labels) const {
  if (words == 0) return 0;
  uint32_t met = 0;
  for (const Labels::Id label : labels) met |= words_of[label];
  int count = 0;
  for (; met != 0; met &= met - 1) ++count;
  return count;
}

Finder::Candidates Finder::TakeSpare() {
  std::vector<Candidates>& spares = Spares();
  if (spares.empty()) return {};
  Candidates spare = std::move(spares.back());
  spares.pop_back();
  spare.clear();
  return spare;
}

void Finder::GiveBack(Candidates candidates) {
  constexpr size_t kMostSpares = 2;
  constexpr size_t kMostKept = 20'000;
  std::vector<Candidates>& spares = Spares();
  if (spares.size() < kMostSpares && candidates.capacity() <= kMostKept) {
    spares.push_back(std::move(candidates));
  }
}

std::vector<Finder::Candidates>& Finder::Spares() {
  static thread_local std::vector<Candidates> spares;
  return spares;
}

Finder::Candidates Finder::Ask(const Pattern& pattern, const Question& question,
                               double bonus, double near_best) const {
  constexpr double kRightTag = 0.15;
  const Loose loose = LooseOf(question);
  const double most = 1 + kRightTag * loose.words;
  Candidates candidates = TakeSpare();
  double best = 0;
  catalog_.engine().Match(pattern, [&](uint32_t row, double score) {
    // With all tags and the prominence of 1 it would still be too far away.
    if (score + kRightTag * loose.words < near_best * best * most) return;
    if (!Passes(row)) return;
    score += kRightTag * loose.MetBy(catalog_.LabelsAt(row));
    score *= catalog_.BriefOf(row).prominence / most;
    best = std::max(best, score);
    candidates.push_back({.row = row, .score = bonus + score});
  });
  return candidates;
}

Finder::Candidates Finder::All() const {
  Candidates candidates;
  for (uint32_t row = 0; row < catalog_.rows(); ++row) {
    if (!catalog_.BriefOf(row).is_there || !Passes(row)) continue;
    candidates.push_back({.row = row, .score = 1});
  }
  return candidates;
}

void Finder::AddPartial(const Pattern& pattern, Found& found,
                        Candidates& candidates) const {
  absl::flat_hash_set<uint32_t> there;
  for (const Candidate& candidate : candidates) there.insert(candidate.row);
  Candidates more = Ask(pattern, found.question, 0, kNearBest);
  double best = 0;
  for (const Candidate& candidate : more) {
    best = std::max(best, candidate.score);
  }
  for (const Candidate& candidate : more) {
    if (candidate.score < kNearBest * best || there.contains(candidate.row)) {
      continue;
    }
    candidates.push_back(candidate);
    found.is_relaxed = true;
  }
  GiveBack(std::move(more));
}

Finder::Candidates Finder::Fitting(Found& found) const {
  if (wanted_.nothing) return {};
  if (found.question.words.empty()) return All();
  Pattern pattern = found.question.ToPattern();
  if (pattern.words.empty()) return {};
  const bool lacks_one =
      std::any_of(found.question.words.begin(), found.question.words.end(),
                  [](const AskedWord& word) { return word.forms.empty(); });
  Candidates candidates = Ask(pattern, found.question, lacks_one ? 0 : 1, 0);
  found.is_relaxed = lacks_one && !candidates.empty();
  if (candidates.size() >= kFew || pattern.words.size() < 2) return candidates;
  pattern.any = true;
  AddPartial(pattern, found, candidates);
  return candidates;
}

std::vector<std::string> Finder::WrittenAs(const Question& question) const {
  constexpr size_t kMost = 64;
  absl::flat_hash_set<absl::string_view> seen;
  std::vector<std::string> all;
  for (const AskedWord& word : question.words) {
    for (const AskedWord::Form& form : word.forms) {
      for (const absl::string_view as :
           catalog_.vocabulary().WrittenAs(form.id)) {
        if (all.size() == kMost) return all;
        if (seen.insert(as).second) all.emplace_back(as);
      }
    }
  }
  return all;
}

void Finder::NoteCorrections(Question& question) const {
  for (AskedWord& word : question.words) {
    if (!word.is_corrected()) continue;
    for (const AskedWord::Form& form : word.forms) {
      for (const absl::string_view as :
           catalog_.vocabulary().WrittenAs(form.id)) {
        word.written.emplace_back(as);
      }
    }
  }
}

Facets Finder::CountFacets(const Candidates& candidates) const {
  // All 0 but while it counts: of thousands of labels a search meets some.
  thread_local std::vector<uint32_t> counts;
  counts.resize(std::max(counts.size(), catalog_.labels().size()));
  std::vector<Labels::Count> met;
  for (const Candidate& candidate : candidates) {
    for (const Labels::Id label : catalog_.LabelsAt(candidate.row)) {
      if (counts[label]++ == 0) met.push_back({.label = label});
    }
  }
  for (Labels::Count& count : met) {
    count.documents = std::exchange(counts[count.label], 0);
  }
  return catalog_.labels().ToFacets(std::move(met));
}

double Finder::DistanceOf(uint32_t row) const {
  if (!search_.near) return std::numeric_limits<double>::infinity();
  const Document& document = *catalog_.DocumentAt(row);
  return document.position ? MetresBetween(*search_.near, *document.position)
                           : std::numeric_limits<double>::infinity();
}

void Finder::Number(Candidates& candidates,
                    std::vector<std::string>& keys) const {
  keys = {""};
  for (Candidate& candidate : candidates) {
    if (search_.order == Order::kRelevance) {
      candidate.number = -candidate.score;
    } else if (search_.order == Order::kDistance) {
      candidate.number = DistanceOf(candidate.row);
    }
  }
  if (search_.order != Order::kName) return;
  NameOrder::Keys names = catalog_.names().In(search_.language);
  for (Candidate& candidate : candidates) {
    candidate.key = static_cast<uint32_t>(keys.size());
    keys.push_back(names.Of(candidate.row, [&] {
      return TextIn(catalog_.DocumentAt(candidate.row)->title, search_.language)
          .first;
    }));
  }
}

void Finder::Show(Candidates candidates, std::vector<std::string> keys,
                  const Place& after, size_t limit, Found& found) const {
  if (!after.name.empty()) {
    const auto is_shown = [&](const Candidate& candidate) {
      return std::make_tuple(candidate.number,
                             absl::string_view(keys[candidate.key]),
                             catalog_.NameAt(candidate.row)) <=
             std::make_tuple(after.number, absl::string_view(after.key),
                             absl::string_view(after.name));
    };
    candidates.erase(
        std::remove_if(candidates.begin(), candidates.end(), is_shown),
        candidates.end());
  }
  const size_t kept = std::min(limit, candidates.size());
  const auto end = candidates.begin() + static_cast<ptrdiff_t>(kept);
  std::partial_sort(candidates.begin(), end, candidates.end(),
                    [&](const Candidate& a, const Candidate& b) {
                      if (a.number != b.number) return a.number < b.number;
                      if (a.key != b.key && keys[a.key] != keys[b.key]) {
                        return keys[a.key] < keys[b.key];
                      }
                      return catalog_.NameAt(a.row) < catalog_.NameAt(b.row);
                    });
  found.has_more = kept < candidates.size();
  for (auto candidate = candidates.begin(); candidate != end; ++candidate) {
    const auto& document = catalog_.DocumentAt(candidate->row);
    found.hits.push_back({.document = document,
                          .score = candidate->score,
                          .distance = DistanceOf(candidate->row),
                          .place = {.number = candidate->number,
                                    .key = std::move(keys[candidate->key]),
                                    .name = document->name}});
  }
  GiveBack(std::move(candidates));
}

Found Finder::Find(const Place& after, size_t limit) const {
  Found found;
  found.question =
      reader_.Read(search_.text, catalog_.vocabulary(), catalog_.size());
  Candidates candidates = Fitting(found);
  found.total = candidates.size();
  if (!candidates.empty()) {
    found.written = WrittenAs(found.question);
    NoteCorrections(found.question);
  }
  if (search_.with_facets) found.facets = CountFacets(candidates);
  std::vector<std::string> keys;
  Number(candidates, keys);
  Show(std::move(candidates), std::move(keys), after, limit, found);
  return found;
}

Suggested Finder::Suggest(size_t limit) const {
  const Question question = reader_.ReadBeginning(
      search_.text, catalog_.vocabulary(), catalog_.size());
  Pattern pattern = question.ToPattern();
  pattern.titles_only = true;
  if (pattern.words.empty() || wanted_.nothing) return {};
  Candidates candidates = Ask(pattern, question, 0, 0);
  for (Candidate& candidate : candidates) candidate.number = -candidate.score;
  Found found;
  Show(std::move(candidates), {""}, {}, limit, found);
  Suggested suggested{.written = WrittenAs(question)};
  for (Hit& hit : found.hits) {
    suggested.documents.push_back(std::move(hit.document));
  }
  return suggested;
}

}  // namespace lagnet::search
