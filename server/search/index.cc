#include "server/search/index.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <tuple>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace lagnet::search {
namespace {

// Types of labels.
constexpr char kCollection = 'c';
constexpr char kKind = 'k';
constexpr char kNetwork = 'n';
constexpr char kTerritory = 'p';
constexpr char kTheme = 't';

// With fewer documents that have all words, those that lack some follow.
constexpr size_t kFew = 5;
// Of the best one's score; what is further below is not meant.
constexpr double kNearBest = 0.4;
// Documents written under one lock: some milliseconds.
constexpr size_t kAtOnce = 16;

constexpr size_t kMostFacetValues = 50;

char TypeOf(Tag::Type type) {
  switch (type) {
    case Tag::Type::kTheme:
      return kTheme;
    case Tag::Type::kTerritory:
      return kTerritory;
    case Tag::Type::kKind:
      return kKind;
  }
  return kKind;
}

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

bool HasAny(const std::vector<uint32_t>& labels,
            const std::vector<uint32_t>& any) {
  return std::any_of(any.begin(), any.end(), [&](uint32_t label) {
    return std::find(labels.begin(), labels.end(), label) != labels.end();
  });
}

// Strings on the heap, as an estimate.
size_t BytesOf(const LocalizedText& text) {
  size_t bytes = 0;
  for (const auto& [language, translation] : text) {
    bytes += 80 + language.size() + translation.text.capacity();
  }
  return bytes;
}

size_t BytesOf(const Document& document) {
  size_t bytes =
      sizeof(document) + 2 * document.name.size() + BytesOf(document.title);
  for (const auto& text : document.other_names) bytes += BytesOf(text);
  for (const auto& text : document.texts) bytes += BytesOf(text);
  for (const auto& theme : document.themes) bytes += 32 + theme.size();
  for (const auto& code : document.territories) bytes += 32 + code.size();
  return bytes;
}

}  // namespace

std::pair<std::string, std::string> TextIn(const LocalizedText& text,
                                           absl::string_view language) {
  const absl::string_view main = language.substr(0, language.find('-'));
  for (const absl::string_view wanted :
       {language, main, absl::string_view("en")}) {
    const auto found = text.find(std::string(wanted));
    if (found != text.end()) return {found->second.text, found->first};
  }
  if (text.empty()) return {};
  return {text.begin()->second.text, text.begin()->first};
}

Index::Index(const Analysis* analysis, const Tags* tags,
             const Thesaurus* thesaurus)
    : analysis_(analysis), tags_(tags), reader_(analysis, tags, thesaurus) {}

Index::Analysed Index::Analyse(const Document& document) const {
  std::array<std::vector<std::string>, kFields> fields;
  Analysed analysed;
  const auto add = [&](Field field, const LocalizedText& localized) {
    std::vector<std::string>& of = fields[static_cast<size_t>(field)];
    for (const auto& [language, translation] : localized) {
      const absl::string_view text = translation.text;
      for (const Word& at : SplitWords(text)) {
        std::string word(text.substr(at.begin, at.end - at.begin));
        std::vector<std::string> terms = analysis_->TermsOf(word, language);
        of.insert(of.end(), terms.begin(), terms.end());
        analysed.words.emplace_back(std::move(word), std::move(terms));
      }
    }
  };
  add(Field::kTitle, document.title);
  for (const auto& name : document.other_names) add(Field::kName, name);
  for (const auto& text : document.texts) add(Field::kText, text);
  for (const Tags::Ref& ref : tags_->Of(document)) {
    fields[static_cast<size_t>(Field::kTag)].push_back(
        Tags::TermOf(ref.type, ref.id));
  }
  absl::flat_hash_set<std::string> seen;
  for (size_t i = 0; i < kFields; ++i) {
    std::sort(fields[i].begin(), fields[i].end());
    fields[i].erase(std::unique(fields[i].begin(), fields[i].end()),
                    fields[i].end());
    const bool is_title = i <= static_cast<size_t>(Field::kName);
    for (const std::string& term : fields[i]) {
      absl::StrAppend(&analysed.fields[i], term, " ");
      if (seen.insert(term).second) analysed.terms.emplace_back(term, is_title);
    }
  }
  return analysed;
}

void Index::Count(const Analysed& analysed, bool is_public, int sign) {
  for (const auto& [term, is_title] : analysed.terms) {
    vocabulary_.Add(term, is_public, is_title, sign);
  }
}

uint32_t Index::LabelOf(LabelKey key) {
  const auto [place, is_new] =
      by_label_.try_emplace(key, static_cast<uint32_t>(labels_.size()));
  if (is_new) labels_.push_back(std::move(key));
  return place->second;
}

std::vector<uint32_t> Index::LabelsOf(const Document& document) {
  std::vector<uint32_t> labels;
  for (Tags::Ref& ref : tags_->Of(document)) {
    labels.push_back(LabelOf({TypeOf(ref.type), std::move(ref.id)}));
  }
  labels.push_back(LabelOf({kNetwork, document.network}));
  for (const std::string& network : document.other_networks) {
    labels.push_back(LabelOf({kNetwork, network}));
  }
  labels.push_back(
      LabelOf({kCollection, document.name.substr(0, document.name.find('/'))}));
  return labels;
}

void Index::Insert(Document document, const Analysed& analysed) {
  int64_t row = static_cast<int64_t>(entries_.size());
  if (free_.empty()) {
    entries_.emplace_back();
  } else {
    row = free_.back();
    free_.pop_back();
  }
  Entry& entry = entries_[static_cast<size_t>(row)];
  entry.labels = LabelsOf(document);
  by_name_[document.name] = row;
  Count(analysed, document.audience.is_public, 1);
  for (const auto& [word, terms] : analysed.words) {
    vocabulary_.Note(word, terms);
  }
  entry.document = std::make_shared<const Document>(std::move(document));
  engine_.Insert(row, analysed.fields);
  names_.Forget(row);
}

void Index::Drop(const std::string& name, const Analysed& analysed) {
  const auto known = by_name_.find(name);
  if (known == by_name_.end()) return;
  const int64_t row = known->second;
  Entry& entry = entries_[static_cast<size_t>(row)];
  engine_.Remove(row, analysed.fields);
  Count(analysed, entry.document->audience.is_public, -1);
  entry = {};
  free_.push_back(row);
  by_name_.erase(known);
}

std::shared_ptr<const Document> Index::Known(const std::string& name) const {
  absl::ReaderMutexLock lock(&mutex_);
  const auto known = by_name_.find(name);
  return known == by_name_.end()
             ? nullptr
             : entries_[static_cast<size_t>(known->second)].document;
}

void Index::Replace(std::vector<Document> documents) {
  struct Change {
    bool is_late = false;
    std::optional<Analysed> old;
    Analysed analysed;
  };
  // Readers go on meanwhile. An old document gives the same terms as when it
  // came: dictionaries and tags do not change.
  std::vector<Change> changes;
  for (const Document& document : documents) {
    Change& change = changes.emplace_back();
    const std::shared_ptr<const Document> known = Known(document.name);
    if (known != nullptr) change.old = Analyse(*known);
    change.is_late = known != nullptr && known->version > document.version;
    if (!change.is_late) change.analysed = Analyse(document);
  }
  absl::MutexLock lock(&mutex_);
  engine_.Begin();
  for (size_t i = 0; i < documents.size(); ++i) {
    if (changes[i].is_late) continue;
    if (changes[i].old) Drop(documents[i].name, *changes[i].old);
    Insert(std::move(documents[i]), changes[i].analysed);
  }
  engine_.Commit();
}

void Index::Put(std::vector<Document> documents) {
  absl::MutexLock lock(&writing_);
  for (size_t begin = 0; begin < documents.size(); begin += kAtOnce) {
    const auto from = documents.begin() + static_cast<ptrdiff_t>(begin);
    const auto to = from + static_cast<ptrdiff_t>(
                               std::min(kAtOnce, documents.size() - begin));
    Replace({std::make_move_iterator(from), std::make_move_iterator(to)});
  }
}

void Index::Remove(const std::vector<std::string>& names) {
  absl::MutexLock writing(&writing_);
  for (const std::string& name : names) {
    const std::shared_ptr<const Document> known = Known(name);
    if (known == nullptr) continue;
    const Analysed analysed = Analyse(*known);
    absl::MutexLock lock(&mutex_);
    engine_.Begin();
    Drop(name, analysed);
    engine_.Commit();
  }
}

void Index::Optimize() {
  absl::MutexLock lock(&mutex_);
  engine_.Optimize();
}

Index::Wanted Index::WantedBy(const Search& search) const {
  Wanted wanted;
  const auto add = [&](char type, const std::vector<std::string>& ids) {
    if (ids.empty()) return;
    std::vector<uint32_t>& any = wanted.all_of_any.emplace_back();
    for (const std::string& id : ids) {
      const auto known = by_label_.find(LabelKey(type, id));
      if (known != by_label_.end()) any.push_back(known->second);
    }
    if (any.empty()) wanted.nothing = true;
  };
  add(kCollection, search.collections);
  add(kKind, search.kinds);
  add(kNetwork, search.networks);
  add(kTheme, search.themes);
  add(kTerritory, search.territories);
  return wanted;
}

bool Index::Passes(const Entry& entry, const Wanted& wanted,
                   MaySee may_see) const {
  for (const std::vector<uint32_t>& any : wanted.all_of_any) {
    if (!HasAny(entry.labels, any)) return false;
  }
  return entry.document->audience.is_public || may_see(*entry.document);
}

std::vector<std::vector<uint32_t>> Index::LooseOf(
    const Question& question) const {
  std::vector<std::vector<uint32_t>> loose;
  for (const AskedWord& word : question.words) {
    if (word.loose.empty()) continue;
    std::vector<uint32_t>& any = loose.emplace_back();
    for (const Tag* const tag : word.loose) {
      const auto known = by_label_.find(LabelKey(TypeOf(tag->type), tag->id));
      if (known != by_label_.end()) any.push_back(known->second);
    }
  }
  return loose;
}

void Index::Ask(const Pattern& pattern, const Question& question, double bonus,
                const Wanted& wanted, MaySee may_see,
                std::vector<Candidate>& candidates) const {
  constexpr double kRightTag = 0.15;
  const std::vector<std::vector<uint32_t>> loose = LooseOf(question);
  const double most = 1 + kRightTag * static_cast<double>(loose.size());
  engine_.Match(pattern, [&](int64_t row,
                             double score) ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    const Entry& entry = entries_[static_cast<size_t>(row)];
    if (!Passes(entry, wanted, may_see)) return;
    for (const std::vector<uint32_t>& any : loose) {
      if (HasAny(entry.labels, any)) score += kRightTag;
    }
    candidates.push_back(
        {.row = row,
         .score = bonus + score / most * entry.document->prominence});
  });
}

std::vector<Index::Candidate> Index::Candidates(const Search& search,
                                                MaySee may_see,
                                                Found& found) const {
  std::vector<Candidate> candidates;
  const Wanted wanted = WantedBy(search);
  if (wanted.nothing) return candidates;
  if (found.question.words.empty()) {
    for (size_t row = 0; row < entries_.size(); ++row) {
      if (entries_[row].document == nullptr) continue;
      if (Passes(entries_[row], wanted, may_see)) {
        candidates.push_back({.row = static_cast<int64_t>(row), .score = 1});
      }
    }
    return candidates;
  }
  Pattern pattern = found.question.ToPattern();
  if (pattern.words.empty()) return candidates;
  const bool lacks_one =
      std::any_of(found.question.words.begin(), found.question.words.end(),
                  [](const AskedWord& word) { return word.forms.empty(); });
  Ask(pattern, found.question, lacks_one ? 0 : 1, wanted, may_see, candidates);
  found.is_relaxed = lacks_one && !candidates.empty();
  if (candidates.size() >= kFew || pattern.words.size() < 2) return candidates;
  pattern.any = true;
  absl::flat_hash_set<int64_t> there;
  for (const Candidate& candidate : candidates) there.insert(candidate.row);
  std::vector<Candidate> more;
  Ask(pattern, found.question, 0, wanted, may_see, more);
  double best = 0;
  for (const Candidate& candidate : more) {
    best = std::max(best, candidate.score);
  }
  for (Candidate& candidate : more) {
    if (candidate.score < kNearBest * best || there.contains(candidate.row)) {
      continue;
    }
    candidates.push_back(std::move(candidate));
    found.is_relaxed = true;
  }
  return candidates;
}

void Index::Arrange(const Search& search,
                    std::vector<Candidate>& candidates) const {
  std::optional<NameOrder::Keys> keys;
  if (search.order == Order::kName) keys = names_.In(search.language);
  for (Candidate& candidate : candidates) {
    const Document& document =
        *entries_[static_cast<size_t>(candidate.row)].document;
    candidate.distance = std::numeric_limits<double>::infinity();
    if (search.near && document.position) {
      candidate.distance = MetresBetween(*search.near, *document.position);
    }
    switch (search.order) {
      case Order::kRelevance:
        candidate.number = -candidate.score;
        break;
      case Order::kDistance:
        candidate.number = candidate.distance;
        break;
      case Order::kName:
        candidate.key = keys->Of(candidate.row, [&] {
          return TextIn(document.title, search.language).first;
        });
        break;
    }
  }
}

std::vector<std::string> Index::WrittenAs(const Question& question) const {
  constexpr size_t kMost = 64;
  absl::flat_hash_set<absl::string_view> seen;
  std::vector<std::string> written;
  for (const AskedWord& word : question.words) {
    for (const AskedWord::Form& form : word.forms) {
      for (const std::string* as : vocabulary_.WrittenAs(form.term)) {
        if (written.size() == kMost) return written;
        if (seen.insert(*as).second) written.push_back(*as);
      }
    }
  }
  return written;
}

Facets Index::CountFacets(const std::vector<Candidate>& candidates) const {
  std::vector<uint32_t> counts(labels_.size());
  for (const Candidate& candidate : candidates) {
    for (const uint32_t label :
         entries_[static_cast<size_t>(candidate.row)].labels) {
      ++counts[label];
    }
  }
  Facets facets;
  for (size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] == 0) continue;
    const auto& [type, id] = labels_[i];
    Facets::Counts* const of = type == kTheme       ? &facets.themes
                               : type == kTerritory ? &facets.territories
                               : type == kKind      ? &facets.kinds
                               : type == kNetwork   ? &facets.networks
                                                    : nullptr;
    if (of != nullptr) of->emplace_back(id, counts[i]);
  }
  for (Facets::Counts* const of :
       {&facets.themes, &facets.territories, &facets.kinds, &facets.networks}) {
    std::sort(of->begin(), of->end(), [](const auto& a, const auto& b) {
      return a.second != b.second ? a.second > b.second : a.first < b.first;
    });
    if (of->size() > kMostFacetValues) of->resize(kMostFacetValues);
  }
  return facets;
}

Found Index::Find(const Search& search, const Place& after, size_t limit,
                  MaySee may_see) const {
  Found found;
  absl::ReaderMutexLock lock(&mutex_);
  found.question = reader_.Read(search.text, vocabulary_, by_name_.size());
  found.written = WrittenAs(found.question);
  std::vector<Candidate> candidates = Candidates(search, may_see, found);
  found.total = candidates.size();
  if (search.with_facets) found.facets = CountFacets(candidates);
  Arrange(search, candidates);
  const auto name_of =
      [&](const Candidate& candidate) ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
        return absl::string_view(
            entries_[static_cast<size_t>(candidate.row)].document->name);
      };
  if (!after.name.empty()) {
    const auto is_before =
        [&](const Candidate& candidate) ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
          return std::make_tuple(candidate.number,
                                 absl::string_view(candidate.key),
                                 name_of(candidate)) <=
                 std::make_tuple(after.number, absl::string_view(after.key),
                                 absl::string_view(after.name));
        };
    candidates.erase(
        std::remove_if(candidates.begin(), candidates.end(), is_before),
        candidates.end());
  }
  const size_t kept = std::min(limit, candidates.size());
  std::partial_sort(candidates.begin(),
                    candidates.begin() + static_cast<ptrdiff_t>(kept),
                    candidates.end(),
                    [&](const Candidate& a, const Candidate& b)
                        ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
                          if (a.number != b.number) return a.number < b.number;
                          if (a.key != b.key) return a.key < b.key;
                          return name_of(a) < name_of(b);
                        });
  found.has_more = kept < candidates.size();
  for (size_t i = 0; i < kept; ++i) {
    Candidate& candidate = candidates[i];
    const Entry& entry = entries_[static_cast<size_t>(candidate.row)];
    found.hits.push_back({.document = entry.document,
                          .score = candidate.score,
                          .distance = candidate.distance,
                          .place = {.number = candidate.number,
                                    .key = std::move(candidate.key),
                                    .name = entry.document->name}});
  }
  return found;
}

Suggested Index::Suggest(const Search& search, size_t limit,
                         MaySee may_see) const {
  Suggested suggested;
  absl::ReaderMutexLock lock(&mutex_);
  const Question question =
      reader_.ReadBeginning(search.text, vocabulary_, by_name_.size());
  suggested.written = WrittenAs(question);
  Pattern pattern = question.ToPattern();
  pattern.titles_only = true;
  std::vector<Candidate> candidates;
  const Wanted wanted = WantedBy(search);
  if (pattern.words.empty() || wanted.nothing) return suggested;
  Ask(pattern, question, 0, wanted, may_see, candidates);
  const size_t kept = std::min(limit, candidates.size());
  std::partial_sort(
      candidates.begin(), candidates.begin() + static_cast<ptrdiff_t>(kept),
      candidates.end(),
      [&](const Candidate& a, const Candidate& b)
          ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
            if (a.score != b.score) return a.score > b.score;
            return entries_[static_cast<size_t>(a.row)].document->name <
                   entries_[static_cast<size_t>(b.row)].document->name;
          });
  for (size_t i = 0; i < kept; ++i) {
    suggested.documents.push_back(
        entries_[static_cast<size_t>(candidates[i].row)].document);
  }
  return suggested;
}

size_t Index::size() const {
  absl::ReaderMutexLock lock(&mutex_);
  return by_name_.size();
}

size_t Index::bytes() const {
  absl::MutexLock lock(&mutex_);  // The engine's writer is asked.
  size_t bytes = static_cast<size_t>(engine_.bytes()) + vocabulary_.bytes() +
                 tags_->bytes() + names_.bytes() +
                 entries_.capacity() * sizeof(Entry);
  for (const Entry& entry : entries_) {
    if (entry.document == nullptr) continue;
    bytes +=
        BytesOf(*entry.document) + entry.labels.capacity() * sizeof(uint32_t);
  }
  return bytes;
}

}  // namespace lagnet::search
