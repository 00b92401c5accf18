#include "server/directory/searchable.h"

#include <array>
#include <string>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "server/base/resource_name.h"
#include "server/directory/life.h"
#include "server/directory/nearby_store.h"
#include "server/directory/network_store.h"
#include "server/directory/store.h"
#include "server/directory/territory_catalog.h"
#include "server/directory/theme_store.h"

namespace lagnet::directory {
namespace {

using search::Tag;

// The names that people use for kinds of organisations, in English, Georgian,
// Polish and Czech; several of one language are parted by commas.
struct KindNames {
  OrganizationKind kind;
  const char* id;  // The name of the value in organizations.proto.
  const char* en;
  const char* ka;
  const char* pl;
  const char* cs;
};
constexpr std::array kKinds{
    KindNames{OrganizationKind::kLag, "LAG", "Local Action Group,LAG",
              "ადგილობრივი განვითარების ჯგუფი,ჯგუფი,ადგ",
              "Lokalna Grupa Działania,LGD", "Místní akční skupina,MAS"},
    KindNames{OrganizationKind::kMunicipality, "MUNICIPALITY", "municipality",
              "მუნიციპალიტეტი", "gmina", "obec"},
    KindNames{OrganizationKind::kCounty, "COUNTY", "county", "", "powiat",
              "okres"},
    KindNames{OrganizationKind::kProtectedArea, "PROTECTED_AREA",
              "national park,protected area,nature park",
              "ეროვნული პარკი,დაცული ტერიტორია",
              "park narodowy,park krajobrazowy,obszar chroniony",
              "národní park,chráněná krajinná oblast"},
    KindNames{OrganizationKind::kCso, "CSO",
              "civil society organisation,non-governmental organisation,NGO",
              "არასამთავრობო ორგანიზაცია,სამოქალაქო ორგანიზაცია",
              "organizacja pozarządowa,organizacja społeczna",
              "nezisková organizace,neziskovka"},
    KindNames{OrganizationKind::kSocialEnterprise, "SOCIAL_ENTERPRISE",
              "social enterprise", "სოციალური საწარმო",
              "przedsiębiorstwo społeczne", "sociální podnik"},
    KindNames{OrganizationKind::kBusiness, "BUSINESS", "business", "ბიზნესი",
              "przedsiębiorstwo", "podnik"},
    KindNames{OrganizationKind::kResearch, "RESEARCH", "research institute",
              "კვლევითი ინსტიტუტი", "instytut badawczy", "výzkumný ústav"},
    KindNames{OrganizationKind::kNetworkUnit, "NETWORK_UNIT", "network unit",
              "ქსელის ერთეული", "jednostka regionalna", "krajská síť"},
};

void AddNames(const char* language, absl::string_view names, Tag& tag) {
  for (const absl::string_view name :
       absl::StrSplit(names, ',', absl::SkipEmpty())) {
    tag.names.emplace_back(language, name);
  }
}

std::string KindId(OrganizationKind kind) {
  for (const KindNames& names : kKinds) {
    if (names.kind == kind) return names.id;
  }
  return "";
}

std::vector<Tag> KindTags() {
  std::vector<Tag> tags;
  for (const KindNames& names : kKinds) {
    Tag tag{.type = Tag::Type::kKind, .id = names.id};
    AddNames("en", names.en, tag);
    AddNames("ka", names.ka, tag);
    AddNames("pl", names.pl, tag);
    AddNames("cs", names.cs, tag);
    tags.push_back(std::move(tag));
  }
  return tags;
}

std::vector<Tag> ThemeTags(db::Tx& tx) {
  constexpr int kAll = 10'000;
  std::vector<Tag> tags;
  for (const Theme& theme : LoadThemes(tx, "", kAll)) {
    Tag tag{
        .type = Tag::Type::kTheme, .id = theme.id, .broader = theme.broader};
    for (const auto& [language, label] : theme.label) {
      tag.names.emplace_back(language, label.text);
    }
    tags.push_back(std::move(tag));
  }
  return tags;
}

search::NetworkNames NetworkNames(db::Tx& tx) {
  constexpr int kAll = 10'000;
  search::NetworkNames names;
  for (Network& network : LoadNetworks(tx, "", kAll)) {
    names[network.id] = std::move(network.display_name);
  }
  return names;
}

// What people copy from other lists: the number in a register, with its name,
// and ids of other lists. These without their list, as `ksow-lgd` would find
// every one.
void AddNumbers(const Organization& organization, search::Document& document) {
  constexpr char kNoLanguage[] = "und";
  // Shorter ones are in many lists, and in many texts.
  constexpr size_t kLeastOfId = 3;
  const auto& entry = organization.profile.register_entry;
  if (entry && !entry->number.empty()) {
    document.other_names.push_back(
        {{kNoLanguage,
          {.text = absl::StrCat(entry->register_name, " ", entry->number)}}});
  }
  for (const ExternalId& id : organization.external_ids) {
    if (id.id.size() < kLeastOfId) continue;
    document.other_names.push_back({{kNoLanguage, {.text = id.id}}});
  }
}

// Whether people may type a code, and mean nothing else by it: PL921, 140705.
// Shorter ones are words or years, and those with a dash are two words.
bool IsWord(absl::string_view code) {
  const auto is_digit = [](unsigned char c) { return absl::ascii_isdigit(c); };
  if (!absl::c_all_of(code,
                      [](unsigned char c) { return absl::ascii_isalnum(c); })) {
    return false;
  }
  return absl::c_any_of(code, is_digit) &&
         code.size() >= (absl::c_all_of(code, is_digit) ? 5 : 3);
}

// All states that CanBeFound() lets pass.
OrganizationFilter Findable() {
  return {.states = {OrganizationState::kDraft, OrganizationState::kSubmitted,
                     OrganizationState::kVerified, OrganizationState::kStale}};
}

}  // namespace

bool CanBeFound(const Organization& organization) {
  return IsInDirectory(organization.life.state) ||
         IsUnpublished(organization.life.state);
}

search::Document DocumentOf(const Organization& organization,
                            std::vector<LocalizedText> old_names,
                            absl::CivilDay today) {
  search::Document document{
      .name = MakeName("organizations", organization.id),
      .version = organization.version,
      .kind = KindId(organization.kind),
      .network = organization.network,
      .country = organization.country,
      .title = organization.display_name,
      .other_names = std::move(old_names),
      .texts = {organization.description},
      .themes = organization.themes,
      // Who types a place's name in a network of LAGs means its LAG.
      .prominence = organization.kind == OrganizationKind::kLag ? 1.0 : 0.95,
  };
  const Profile& profile = organization.profile;
  for (const Membership& membership : profile.memberships) {
    if (IsMemberOn(membership, today)) {
      document.other_networks.push_back(membership.network);
    }
  }
  if (profile.strategy) {
    document.texts.push_back(profile.strategy->title);
    for (const std::string& theme : profile.strategy->themes) {
      document.themes.push_back(theme);
    }
  }
  for (const Territory& territory : organization.territories) {
    document.territories.push_back(territory.code);
    // A gmina's code may have a digit more than the tag.
    const Place* place = Territories().Find(territory, organization.country);
    const PlaceCode* tag =
        place == nullptr ? nullptr : place->CodeIn(territory.scheme);
    if (tag != nullptr && tag->code != territory.code) {
      document.territories.push_back(tag->code);
    }
  }
  AddNumbers(organization, document);
  if (const auto where = WhereaboutsOf(organization)) {
    document.position =
        search::Point{where->position.latitude, where->position.longitude};
  }
  if (IsUnpublished(organization.life.state)) {
    // As MayRead() in reader.h.
    document.audience = {
        .is_public = false,
        .identity = organization.life.creator,
        .roles = {rpc::Role::NETWORK_ADMIN, rpc::Role::NETWORK_EDITOR,
                  rpc::Role::LAG_MANAGER},
        .scope = {.network = organization.network,
                  .organizations = {organization.id}}};
    document.audience.scope.regions = document.territories;
  }
  return document;
}

std::vector<Tag> TerritoryTags() {
  std::vector<Tag> tags;
  for (const auto& place : Territories().places()) {
    for (const PlaceCode& code : place->codes) {
      Tag tag{.type = Tag::Type::kTerritory,
              .id = code.code,
              .names = place->names};
      // Whoever looks for a province leaves the word out, or says "region".
      for (const auto& [language, name] : place->names) {
        absl::string_view land = name;
        if (absl::ConsumeSuffix(&land, " Province")) {
          tag.names.emplace_back(language, land);
        }
      }
      if (IsWord(code.code)) tag.names.emplace_back("und", code.code);
      if (place->parent != nullptr) tag.broader = place->parent->code();
      tags.push_back(std::move(tag));
    }
  }
  return tags;
}

search::Source SearchableOrganizations() {
  const auto documents_of = [](db::Tx& tx,
                               const std::vector<Organization>& found) {
    std::vector<std::string> ids;
    for (const Organization& organization : found) {
      ids.push_back(organization.id);
    }
    auto old_names = LoadOldNames(tx, ids);
    const absl::CivilDay today =
        absl::ToCivilDay(tx.now(), absl::UTCTimeZone());
    std::vector<search::Document> documents;
    for (const Organization& organization : found) {
      if (!CanBeFound(organization)) continue;
      documents.push_back(DocumentOf(
          organization, std::move(old_names[organization.id]), today));
    }
    return documents;
  };
  return {
      .collection = "organizations",
      .load_page =
          [documents_of](db::Tx& tx, const std::string& after, int limit) {
            const auto found = LoadOrganizations(
                tx, Findable(), {.runs_everything = true}, after, limit);
            search::Source::Page page{.documents = documents_of(tx, found)};
            if (static_cast<int>(found.size()) == limit) {
              page.last = found.back().id;
            }
            return page;
          },
      .load =
          [documents_of](db::Tx& tx, const std::vector<std::string>& ids) {
            std::vector<Organization> found;
            for (auto& [id, organization] : LoadOrganizations(tx, ids)) {
              found.push_back(std::move(organization));
            }
            return documents_of(tx, found);
          },
      .load_tags =
          [](db::Tx& tx) {
            std::vector<Tag> tags = ThemeTags(tx);
            for (Tag& tag : KindTags()) tags.push_back(std::move(tag));
            for (Tag& tag : TerritoryTags()) tags.push_back(std::move(tag));
            return tags;
          },
      .load_network_names = NetworkNames,
  };
}

}  // namespace lagnet::directory
