#include "server/search/labels.h"

#include <algorithm>

namespace lagnet::search {
namespace {

// Types of labels.
constexpr char kCollection = 'c';
constexpr char kKind = 'k';
constexpr char kNetwork = 'n';
constexpr char kTerritory = 'p';
constexpr char kTheme = 't';

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

}  // namespace

bool HasAny(const Labels::Ids& labels, const std::vector<Labels::Id>& any) {
  return std::any_of(any.begin(), any.end(), [&](Labels::Id label) {
    return std::find(labels.begin(), labels.end(), label) != labels.end();
  });
}

bool Labels::Wanted::LetsPass(const Ids& labels) const {
  return std::all_of(
      all_of_any.begin(), all_of_any.end(),
      [&](const std::vector<Id>& any) { return HasAny(labels, any); });
}

Labels::Id Labels::IdOf(Value value) {
  const auto [place, is_new] =
      by_value_.try_emplace(value, static_cast<Id>(values_.size()));
  if (is_new) values_.push_back(std::move(value));
  return place->second;
}

Labels::Ids Labels::Of(const Document& document,
                       const std::vector<Tags::Ref>& tags) {
  Ids labels;
  for (const Tags::Ref& ref : tags) {
    labels.push_back(IdOf({TypeOf(ref.type), ref.id}));
  }
  labels.push_back(IdOf({kNetwork, document.network}));
  for (const std::string& network : document.other_networks) {
    labels.push_back(IdOf({kNetwork, network}));
  }
  labels.push_back(
      IdOf({kCollection, document.name.substr(0, document.name.find('/'))}));
  return labels;
}

std::optional<Labels::Id> Labels::Find(const Tag& tag) const {
  const auto known = by_value_.find(Value(TypeOf(tag.type), tag.id));
  if (known == by_value_.end()) return std::nullopt;
  return known->second;
}

Labels::Wanted Labels::WantedBy(const Search& search) const {
  Wanted wanted;
  const auto add = [&](char type, const std::vector<std::string>& ids) {
    if (ids.empty()) return;
    std::vector<Id>& any = wanted.all_of_any.emplace_back();
    for (const std::string& id : ids) {
      const auto known = by_value_.find(Value(type, id));
      if (known != by_value_.end()) any.push_back(known->second);
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

Facets Labels::ToFacets(std::vector<Count> counts) const {
  std::sort(counts.begin(), counts.end(), [&](const Count& a, const Count& b) {
    return a.documents != b.documents
               ? a.documents > b.documents
               : values_[a.label].second < values_[b.label].second;
  });
  Facets facets;
  for (const Count& count : counts) {
    const auto& [type, id] = values_[count.label];
    Facets::Counts* const of = type == kTheme       ? &facets.themes
                               : type == kTerritory ? &facets.territories
                               : type == kKind      ? &facets.kinds
                               : type == kNetwork   ? &facets.networks
                                                    : nullptr;
    if (of == nullptr || of->size() == kMostFacetValues) continue;
    of->emplace_back(id, count.documents);
  }
  return facets;
}

}  // namespace lagnet::search
