#include "server/directory/double_finder.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"

namespace lagnet::directory {
namespace {

// What likely doubles share at least one of.
std::set<std::string> KeysOf(const Traits& traits) {
  constexpr size_t kBeginning = 4;
  std::set<std::string> keys;
  for (const Traits::Name& name : traits.names) {
    for (const NameWord& word : name.words) {
      for (const std::string& sound : word.sounds) {
        keys.insert(absl::StrCat("name ", sound.substr(0, kBeginning)));
      }
      // Other scripts than Latin and Georgian have no sounds.
      if (word.sounds.empty()) keys.insert(absl::StrCat("word ", word.folded));
    }
  }
  if (!traits.mailbox.empty()) keys.insert("mailbox " + traits.mailbox);
  if (!traits.mailbox_domain.empty()) {
    keys.insert("domain " + traits.mailbox_domain);
  }
  if (!traits.website.empty()) keys.insert("site " + traits.website);
  if (!traits.register_number.empty()) {
    keys.insert("number " + traits.register_number);
  }
  return keys;
}

}  // namespace

DoubleFinder::DoubleFinder(const std::vector<Organization>& organizations) {
  std::vector<const Organization*> by_id;
  std::multimap<std::string, const LocalizedText*> old_names;
  for (const Organization& organization : organizations) {
    if (organization.life.state == OrganizationState::kMerged) {
      old_names.emplace(organization.life.merged_into,
                        &organization.display_name);
    } else {
      by_id.push_back(&organization);
    }
  }
  std::sort(by_id.begin(), by_id.end(),
            [](const auto* a, const auto* b) { return a->id < b->id; });
  for (const Organization* organization : by_id) {
    Traits traits(*organization);
    const auto [begin, end] = old_names.equal_range(organization->id);
    for (auto name = begin; name != end; ++name) traits.AddNames(*name->second);
    Add(std::move(traits));
  }
}

void DoubleFinder::Add(const Organization& organization) {
  Add(Traits(organization));
}

void DoubleFinder::Add(Traits traits) {
  for (const std::string& key : KeysOf(traits)) {
    by_key_[key].push_back(entries_.size());
  }
  entries_.push_back(std::move(traits));
}

std::vector<DoubleFinder::Match> DoubleFinder::Find(
    const Traits& wanted) const {
  std::set<size_t> candidates;
  for (const std::string& key : KeysOf(wanted)) {
    const auto found = by_key_.find(key);
    if (found == by_key_.end() || found->second.size() > kMostSharers) continue;
    candidates.insert(found->second.begin(), found->second.end());
  }
  std::vector<Match> matches;
  for (const size_t i : candidates) {
    if (!MayBeDoubles(wanted, entries_[i])) continue;
    Resemblance resemblance = Resemble(wanted, entries_[i]);
    if (resemblance.score < kLikelyDouble) continue;
    matches.push_back({&entries_[i], std::move(resemblance)});
  }
  std::stable_sort(matches.begin(), matches.end(),
                   [](const Match& a, const Match& b) {
                     return a.resemblance.score > b.resemblance.score;
                   });
  return matches;
}

std::vector<DoubleFinder::Pair> DoubleFinder::Pairs() const {
  std::vector<Pair> pairs;
  for (const Traits& one : entries_) {
    for (Match& match : Find(one)) {
      if (match.other->id < one.id) continue;  // Found from the other side.
      pairs.push_back({&one, match.other, std::move(match.resemblance)});
    }
  }
  std::stable_sort(pairs.begin(), pairs.end(),
                   [](const Pair& a, const Pair& b) {
                     return a.resemblance.score > b.resemblance.score;
                   });
  return pairs;
}

}  // namespace lagnet::directory
