#include "server/search/tags.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace lagnet::search {
namespace {

// A word that sounds like one of a name may be another word altogether, so
// names of several words are met by dictionary, stem or letters only.
bool Counts(Level level, size_t words) {
  return level != Level::kSound || words == 1;
}

int Rank(Level level) {
  switch (level) {
    case Level::kExact:
      return 0;
    case Level::kLemma:
      return 1;
    case Level::kStem:
      return 2;
    case Level::kSound:
      return 3;
  }
  return 3;
}

constexpr double kLeastShare = 0.5;

}  // namespace

Tags::Tags(std::vector<Tag> tags, const Analysis* analysis)
    : tags_(std::move(tags)) {
  for (size_t i = 0; i < tags_.size(); ++i) {
    const Tag& tag = tags_[i];
    by_id_[static_cast<size_t>(tag.type)][tag.id] = i;
    for (const auto& [language, name] : tag.names) {
      Label label{.tag = i, .words = 0};
      for (const Word& word : SplitWords(name)) {
        const std::vector<std::string> terms = analysis->TermsOf(
            absl::string_view(name).substr(word.begin, word.end - word.begin),
            language);
        if (terms.empty() || IsStopWord(absl::string_view(terms[0]).substr(1)))
          continue;
        for (const std::string& term : terms) {
          by_term_[term].push_back({.label = labels_.size(),
                                    .word = label.words,
                                    .level = LevelOf(term)});
          bytes_ += sizeof(Place) + term.size();
        }
        ++label.words;
      }
      bytes_ += name.size() + sizeof(Label);
      labels_.push_back(label);
    }
  }
}

std::string Tags::TermOf(Tag::Type type, absl::string_view id) {
  static constexpr std::array<absl::string_view, 3> kTypes{"gt", "gp", "gk"};
  std::string term(kTypes[static_cast<size_t>(type)]);
  for (const char c : id) {
    if (absl::ascii_isalnum(c)) {
      term.push_back(absl::ascii_tolower(c));
    } else {
      absl::StrAppend(&term, "0", absl::Hex(c & 0xff, absl::kZeroPad2), "0");
    }
  }
  return term;
}

const Tag* Tags::Known(Tag::Type type, absl::string_view id) const {
  const auto& of_type = by_id_[static_cast<size_t>(type)];
  const auto known = of_type.find(id);
  return known == of_type.end() ? nullptr : &tags_[known->second];
}

std::string Tags::BroaderOf(Tag::Type type, const std::string& id) const {
  const Tag* const known = Known(type, id);
  if (known != nullptr && !known->broader.empty()) return known->broader;
  if (type != Tag::Type::kTerritory) return "";
  // ISO 3166-2 is country, dash, part; NUTS adds a sign on each level.
  const size_t dash = id.find('-');
  if (dash != std::string::npos) return id.substr(0, dash);
  const bool is_nuts = id.size() > 2 && id.size() <= 5 &&
                       absl::ascii_isupper(id[0]) && absl::ascii_isupper(id[1]);
  return is_nuts ? id.substr(0, id.size() - 1) : "";
}

std::vector<Tags::Ref> Tags::Of(const Document& document) const {
  std::vector<Ref> refs;
  const auto add = [&](Tag::Type type, std::string id) {
    // What is there already has brought what is broader; so no ring in the
    // data holds anybody up.
    while (!id.empty() &&
           std::find(refs.begin(), refs.end(), Ref{type, id}) == refs.end()) {
      refs.push_back({type, id});
      id = BroaderOf(type, id);
    }
  };
  for (const std::string& theme : document.themes) {
    add(Tag::Type::kTheme, theme);
  }
  for (const std::string& code : document.territories) {
    add(Tag::Type::kTerritory, code);
  }
  add(Tag::Type::kTerritory, document.country);
  add(Tag::Type::kKind, document.kind);
  return refs;
}

std::string Tags::NameOf(Tag::Type type, const std::string& id,
                         absl::string_view language) const {
  const Tag* const known = Known(type, id);
  if (known == nullptr || known->names.empty()) return id;
  const auto& names = known->names;
  for (const absl::string_view wanted : {language, absl::string_view("en")}) {
    for (const auto& [of, name] : names) {
      if (of == wanted) return name;
    }
  }
  return names.front().second;
}

std::vector<Tags::Match> Tags::Find(
    const std::vector<std::vector<std::string>>& words) const {
  // For each label, the words of it that were met, and by which of the query.
  struct Met {
    std::map<size_t, std::pair<size_t, Level>> words;
  };
  absl::flat_hash_map<size_t, Met> met;
  for (size_t w = 0; w < words.size(); ++w) {
    for (const std::string& term : words[w]) {
      const auto places = by_term_.find(term);
      if (places == by_term_.end()) continue;
      for (const Place& place : places->second) {
        if (!Counts(place.level, labels_[place.label].words)) continue;
        const auto [at, is_new] =
            met[place.label].words.try_emplace(place.word, w, place.level);
        if (!is_new && Rank(place.level) < Rank(at->second.second)) {
          at->second = {w, place.level};
        }
      }
    }
  }
  absl::flat_hash_map<size_t, Match> best;  // By tag.
  for (const auto& [label, one] : met) {
    Match match{.share = static_cast<double>(one.words.size()) /
                         static_cast<double>(labels_[label].words)};
    if (match.share < kLeastShare) continue;
    for (const auto& [word, by] : one.words) {
      if (std::find(match.words.begin(), match.words.end(), by.first) ==
          match.words.end()) {
        match.words.push_back(by.first);
      }
      if (Rank(by.second) > Rank(match.level)) match.level = by.second;
    }
    Match& so_far = best[labels_[label].tag];
    if (so_far.share > match.share ||
        (so_far.share == match.share &&
         Rank(so_far.level) <= Rank(match.level))) {
      continue;
    }
    so_far = std::move(match);
  }
  std::vector<Match> found;
  for (auto& [tag, match] : best) {
    match.tag = &tags_[tag];
    match.term = TermOf(match.tag->type, match.tag->id);
    found.push_back(std::move(match));
  }
  std::sort(found.begin(), found.end(), [](const Match& a, const Match& b) {
    return a.share != b.share ? a.share > b.share : a.term < b.term;
  });
  return found;
}

}  // namespace lagnet::search
