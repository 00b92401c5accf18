#include "server/directory/searchable.h"

#include <array>
#include <string>
#include <utility>

#include "absl/strings/str_split.h"
#include "server/base/resource_name.h"
#include "server/directory/store.h"
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

}  // namespace

bool CanBeFound(const Organization& organization) {
  return organization.state == OrganizationState::kActive;
}

search::Document DocumentOf(const Organization& organization) {
  search::Document document{
      .name = MakeName("organizations", organization.id),
      .version = organization.version,
      .kind = KindId(organization.kind),
      .network = organization.network,
      .country = organization.country,
      .title = organization.display_name,
      .texts = {organization.description},
      .themes = organization.themes,
      // Who types a place's name in a network of LAGs means its LAG.
      .prominence = organization.kind == OrganizationKind::kLag ? 1.0 : 0.95,
  };
  for (const Territory& territory : organization.territories) {
    document.territories.push_back(territory.code);
  }
  if (organization.position) {
    document.position = search::Point{organization.position->latitude,
                                      organization.position->longitude};
  }
  return document;
}

std::vector<Tag> TerritoryTags() {
  struct Names {
    const char* code;
    const char* en;
    const char* ka;
    const char* pl;
    const char* cs;
  };
  // Until there is a catalogue of territories: those of the demo.
  static constexpr std::array kNames{
      Names{"GE", "Georgia", "საქართველო", "Gruzja", "Gruzie"},
      Names{"PL", "Poland", "პოლონეთი", "Polska", "Polsko"},
      Names{"CZ", "Czechia", "ჩეხეთი", "Czechy", "Česko"},
      Names{"LV", "Latvia", "ლატვია", "Łotwa", "Lotyšsko"},
      Names{"LT", "Lithuania", "ლიეტუვა", "Litwa", "Litva"},
      Names{"GE-AJ", "Adjara", "აჭარა", "Adżaria", "Adžarsko"},
      Names{"GE-GU", "Guria", "გურია", "Guria", "Gurie"},
      Names{"GE-IM", "Imereti", "იმერეთი", "Imeretia", "Imeretie"},
      Names{"GE-KA", "Kakheti", "კახეთი", "Kachetia", "Kachetie"},
      Names{"GE-KK", "Kvemo Kartli", "ქვემო ქართლი", "Dolna Kartlia",
            "Dolní Kartli"},
      Names{"GE-MM", "Mtskheta-Mtianeti", "მცხეთა-მთიანეთი",
            "Mccheta-Mtianetia", "Mccheta-Mtianetie"},
      Names{"GE-RL", "Racha-Lechkhumi and Kvemo Svaneti",
            "რაჭა-ლეჩხუმი და ქვემო სვანეთი", "Racza-Leczchumi i Dolna Swanetia",
            "Rača-Lečchumi a Dolní Svanetie"},
      Names{"GE-SJ", "Samtskhe-Javakheti", "სამცხე-ჯავახეთი",
            "Samcche-Dżawachetia", "Samcche-Džavachetie"},
      Names{"GE-SK", "Shida Kartli", "შიდა ქართლი", "Wewnętrzna Kartlia",
            "Vnitřní Kartli"},
      Names{"GE-SZ", "Samegrelo-Zemo Svaneti", "სამეგრელო-ზემო სვანეთი",
            "Megrelia i Górna Swanetia", "Samegrelo-Horní Svanetie"},
      Names{"GE-TB", "Tbilisi", "თბილისი", "Tbilisi", "Tbilisi"},
      Names{"PL22", "Silesia", "სილეზიის სავოევოდო", "śląskie",
            "Slezské vojvodství"},
      Names{"PL43", "Lubusz", "ლუბუშის სავოევოდო", "lubuskie",
            "Lubušské vojvodství"},
      Names{"PL51", "Lower Silesia", "ქვემო სილეზიის სავოევოდო", "dolnośląskie",
            "Dolnoslezské vojvodství"},
      Names{"PL81", "Lublin", "ლუბლინის სავოევოდო", "lubelskie",
            "Lublinské vojvodství"},
      Names{"PL9", "Masovia", "მაზოვიის სავოევოდო", "mazowieckie",
            "Mazovské vojvodství"},
      Names{"CZ042", "Ústí nad Labem Region", "უსტის მხარე", "kraj ustecki",
            "Ústecký kraj"},
      Names{"CZ051", "Liberec Region", "ლიბერეცის მხარე", "kraj liberecki",
            "Liberecký kraj"},
      Names{"CZ052", "Hradec Králové Region", "ჰრადეც-კრალოვეს მხარე",
            "kraj hradecki", "Královéhradecký kraj"},
      Names{"CZ063", "Vysočina Region", "ვისოჩინის მხარე", "kraj Wysoczyna",
            "Kraj Vysočina"},
      Names{"LV003", "Kurzeme", "კურზემე", "Kurlandia", "Kuronsko"},
      Names{"LV007", "Pieriga", "პიერიგა", "Pieriga", "Pieriga"},
  };
  std::vector<Tag> tags;
  for (const Names& names : kNames) {
    tags.push_back({.type = Tag::Type::kTerritory,
                    .id = names.code,
                    .names = {{"en", names.en},
                              {"ka", names.ka},
                              {"pl", names.pl},
                              {"cs", names.cs}}});
  }
  return tags;
}

search::Source SearchableOrganizations() {
  const auto documents_of = [](const std::vector<Organization>& found) {
    std::vector<search::Document> documents;
    for (const Organization& organization : found) {
      if (CanBeFound(organization)) {
        documents.push_back(DocumentOf(organization));
      }
    }
    return documents;
  };
  return {
      .collection = "organizations",
      .load_page =
          [documents_of](db::Tx& tx, const std::string& after, int limit) {
            const auto found = LoadOrganizations(tx, {}, after, limit);
            search::Source::Page page{.documents = documents_of(found)};
            if (static_cast<int>(found.size()) == limit) {
              page.last = found.back().id;
            }
            return page;
          },
      .load =
          [documents_of](db::Tx& tx, const std::vector<std::string>& ids) {
            return documents_of(LoadOrganizationsByIds(tx, ids));
          },
      .load_tags =
          [](db::Tx& tx) {
            std::vector<Tag> tags = ThemeTags(tx);
            for (Tag& tag : KindTags()) tags.push_back(std::move(tag));
            for (Tag& tag : TerritoryTags()) tags.push_back(std::move(tag));
            return tags;
          },
  };
}

}  // namespace lagnet::directory
