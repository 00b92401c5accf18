#include "server/directory/double.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "server/base/fold.h"
#include "server/directory/life.h"

namespace lagnet::directory {
namespace {

// What each sign weighs when it is as strong as it can be.
constexpr double kNameWeight = 0.75;
constexpr double kMailboxWeight = 0.7;
constexpr double kDomainWeight = 0.35;
constexpr double kWebsiteWeight = 0.35;
constexpr double kRegisterWeight = 0.97;
constexpr double kMunicipalitiesWeight = 0.4;
// A region has many organisations, and so has a town.
constexpr double kRegionWeight = 0.15;
constexpr double kSeatWeight = 0.15;
// Names that are less alike than this are no sign.
constexpr double kLeastLikeness = 0.6;

// What is left of the score when something speaks against.
constexpr double kOtherKind = 0.3;
constexpr double kOtherCountry = 0.4;
constexpr double kOtherTerritory = 0.6;
constexpr double kOtherRegisterNumber = 0.15;
constexpr double kFarApart = 0.7;

constexpr double kNearKilometres = 1;
constexpr double kFarKilometres = 60;

bool IsPublicProvider(absl::string_view domain) {
  static const auto* const kProviders =
      new absl::flat_hash_set<absl::string_view>{
          "gmail.com",     "googlemail.com", "outlook.com", "hotmail.com",
          "live.com",      "yahoo.com",      "icloud.com",  "proton.me",
          "aol.com",       "mail.com",       "gmx.net",     "wp.pl",
          "o2.pl",         "onet.pl",        "onet.eu",     "op.pl",
          "poczta.fm",     "interia.pl",     "interia.eu",  "poczta.onet.pl",
          "tlen.pl",       "gazeta.pl",      "seznam.cz",   "email.cz",
          "centrum.cz",    "volny.cz",       "post.cz",     "atlas.cz",
          "inbox.lv",      "apollo.lv",      "one.lv",      "mail.ge",
          "posta.ge",      "mail.ru",        "yandex.ru",   "bk.ru",
          "protonmail.com"};
  return kProviders->contains(domain);
}

bool IsSharedHost(absl::string_view host) {
  static const auto* const kHosts = new absl::flat_hash_set<absl::string_view>{
      "facebook.com",     "instagram.com", "linkedin.com",
      "youtube.com",      "twitter.com",   "x.com",
      "sites.google.com", "gov.pl",        "samorzad.gov.pl"};
  return kHosts->contains(host);
}

std::string DomainOf(const std::string& mailbox) {
  const size_t at = mailbox.rfind('@');
  if (at == std::string::npos) return "";
  const std::string domain = mailbox.substr(at + 1);
  return IsPublicProvider(domain) ? "" : domain;
}

// "https://www.lag.example.org/en/" → "lag.example.org".
std::string SiteOf(const std::string& url) {
  const std::string lower = absl::AsciiStrToLower(url);
  absl::string_view rest = lower;
  const size_t scheme = rest.find("://");
  if (scheme != absl::string_view::npos) rest.remove_prefix(scheme + 3);
  absl::ConsumePrefix(&rest, "www.");
  const absl::string_view host = rest.substr(0, rest.find_first_of("/:?#"));
  if (!IsSharedHost(host)) return std::string(host);
  const absl::string_view page =
      absl::StripSuffix(rest.substr(0, rest.find_first_of("?#")), "/");
  return page == host ? "" : std::string(page);
}

// Registers write numbers with spaces, dashes and leading zeros, or without.
std::string NumberOf(absl::string_view number) {
  std::string plain;
  for (const char c : number) {
    if (absl::ascii_isalnum(static_cast<unsigned char>(c))) {
      plain.push_back(absl::ascii_toupper(static_cast<unsigned char>(c)));
    }
  }
  plain.erase(0, std::min(plain.find_first_not_of('0'), plain.size()));
  return plain;
}

// Public bodies are what they are; the others are taken for each other.
bool IsPublicBody(OrganizationKind kind) {
  return kind == OrganizationKind::kMunicipality ||
         kind == OrganizationKind::kCounty ||
         kind == OrganizationKind::kProtectedArea;
}

bool MayBeOneKind(OrganizationKind one, OrganizationKind other) {
  return one == other || (!IsPublicBody(one) && !IsPublicBody(other));
}

double Kilometres(const Position& one, const Position& other) {
  constexpr double kRadius = 6371;
  constexpr double kRadians = 3.14159265358979323846 / 180;
  const double north = (other.latitude - one.latitude) * kRadians;
  const double east = (other.longitude - one.longitude) * kRadians;
  const double a = std::pow(std::sin(north / 2), 2) +
                   std::cos(one.latitude * kRadians) *
                       std::cos(other.latitude * kRadians) *
                       std::pow(std::sin(east / 2), 2);
  return 2 * kRadius * std::asin(std::min(1.0, std::sqrt(a)));
}

// The evidence about two entries as it comes in.
class Evidence {
 public:
  void For(DoubleReason reason, std::string one, std::string other,
           double weight) {
    if (weight <= 0) return;
    signs_.push_back({reason, std::move(one), std::move(other), weight});
  }
  void Against(double left) { left_ *= left; }

  Resemblance Sum() && {
    std::stable_sort(
        signs_.begin(), signs_.end(),
        [](const auto& a, const auto& b) { return a.weight > b.weight; });
    double unlike = 1;
    for (const DoubleSign& sign : signs_) unlike *= 1 - sign.weight;
    return {(1 - unlike) * left_, std::move(signs_)};
  }

 private:
  std::vector<DoubleSign> signs_;
  double left_ = 1;
};

void CompareNames(const Traits& one, const Traits& other, Evidence& evidence) {
  double best = 0;
  const Traits::Name* mine = nullptr;
  const Traits::Name* theirs = nullptr;
  for (const Traits::Name& a : one.names) {
    for (const Traits::Name& b : other.names) {
      const double likeness = Likeness(a.words, b.words);
      if (likeness <= best) continue;
      best = likeness;
      mine = &a;
      theirs = &b;
    }
  }
  if (best <= kLeastLikeness) return;
  evidence.For(DoubleReason::kName, mine->text, theirs->text,
               kNameWeight * (best - kLeastLikeness) / (1 - kLeastLikeness));
}

std::set<std::string> CodesOf(const Traits& traits, TerritoryScheme scheme) {
  std::set<std::string> codes;
  for (const Territory& territory : traits.territories) {
    if (territory.scheme == scheme) codes.insert(territory.code);
  }
  return codes;
}

bool Within(const std::string& one, const std::string& other) {
  return absl::StartsWith(one, other) || absl::StartsWith(other, one);
}

// By the finest list of codes that both have: municipalities before regions.
void CompareTerritories(const Traits& one, const Traits& other,
                        Evidence& evidence) {
  for (const TerritoryScheme scheme :
       {TerritoryScheme::kLau, TerritoryScheme::kNuts,
        TerritoryScheme::kIso3166}) {
    const std::set<std::string> mine = CodesOf(one, scheme);
    const std::set<std::string> theirs = CodesOf(other, scheme);
    if (mine.empty() || theirs.empty()) continue;
    size_t shared = 0;
    std::pair<std::string, std::string> met;
    for (const std::string& a : mine) {
      for (const std::string& b : theirs) {
        if (scheme == TerritoryScheme::kLau ? a != b : !Within(a, b)) continue;
        if (a == b) ++shared;
        if (met.first.empty() || (a == b && met.first != met.second)) {
          met = {a, b};
        }
      }
    }
    if (met.first.empty()) return evidence.Against(kOtherTerritory);
    const double common =
        static_cast<double>(shared) /
        static_cast<double>(mine.size() + theirs.size() - shared);
    const double most =
        scheme == TerritoryScheme::kLau ? kMunicipalitiesWeight : kRegionWeight;
    return evidence.For(DoubleReason::kTerritory, met.first, met.second,
                        most * (1 + common) / 2);
  }
}

void CompareAddresses(const Traits& one, const Traits& other,
                      Evidence& evidence) {
  const bool one_mailbox = !one.mailbox.empty() && one.mailbox == other.mailbox;
  const bool one_domain =
      !one.mailbox_domain.empty() && one.mailbox_domain == other.mailbox_domain;
  const bool one_site = !one.website.empty() && one.website == other.website;
  if (one_mailbox) {
    evidence.For(DoubleReason::kMailbox, one.mailbox, other.mailbox,
                 kMailboxWeight);
  } else if (one_domain) {
    evidence.For(DoubleReason::kMailboxDomain, one.mailbox_domain,
                 other.mailbox_domain, kDomainWeight);
  }
  // A site on the mailbox's own domain says little more.
  if (one_site) {
    const bool said = (one_mailbox || one_domain) &&
                      absl::EndsWith(one.website, one.mailbox_domain) &&
                      !one.mailbox_domain.empty();
    evidence.For(DoubleReason::kWebsite, one.website, other.website,
                 said ? kWebsiteWeight / 3 : kWebsiteWeight);
  }
}

bool OneRegisterNumber(const Traits& one, const Traits& other) {
  return !one.register_number.empty() &&
         one.register_number == other.register_number &&
         one.register_name == other.register_name &&
         one.country == other.country;
}

void CompareRegisters(const Traits& one, const Traits& other,
                      Evidence& evidence) {
  if (OneRegisterNumber(one, other)) {
    return evidence.For(DoubleReason::kRegisterNumber, one.register_number,
                        other.register_number, kRegisterWeight);
  }
  if (!one.register_number.empty() && !other.register_number.empty() &&
      one.register_name == other.register_name) {
    evidence.Against(kOtherRegisterNumber);
  }
}

void CompareSeats(const Traits& one, const Traits& other, Evidence& evidence) {
  if (!one.position || !other.position) return;
  const double kilometres = Kilometres(*one.position, *other.position);
  const auto text = [](const Position& position) {
    return absl::StrCat(position.latitude, ", ", position.longitude);
  };
  if (kilometres <= kNearKilometres) {
    evidence.For(DoubleReason::kSeat, text(*one.position),
                 text(*other.position), kSeatWeight);
  } else if (kilometres > kFarKilometres) {
    evidence.Against(kFarApart);
  }
}

bool IsInUse(OrganizationState state) {
  return IsInDirectory(state) || IsUnpublished(state);
}

}  // namespace

Traits::Traits(const Organization& organization)
    : id(organization.id),
      kind(organization.kind),
      state(organization.life.state),
      successor(organization.life.successor),
      country(organization.country),
      territories(organization.territories),
      mailbox(absl::AsciiStrToLower(organization.email)),
      mailbox_domain(DomainOf(mailbox)),
      website(SiteOf(organization.website)),
      position(organization.position) {
  AddNames(organization.display_name);
  if (organization.profile.register_entry) {
    register_name = Fold(organization.profile.register_entry->register_name);
    register_number = NumberOf(organization.profile.register_entry->number);
  }
}

void Traits::AddNames(const LocalizedText& texts) {
  for (const auto& [language, translation] : texts) {
    names.push_back({translation.text, TellingWords(translation.text)});
  }
}

Resemblance Resemble(const Traits& one, const Traits& other) {
  Evidence evidence;
  CompareNames(one, other, evidence);
  CompareTerritories(one, other, evidence);
  CompareAddresses(one, other, evidence);
  CompareRegisters(one, other, evidence);
  CompareSeats(one, other, evidence);
  // A number in one register is stronger than what somebody ticked.
  if (!MayBeOneKind(one.kind, other.kind) && !OneRegisterNumber(one, other)) {
    evidence.Against(kOtherKind);
  }
  if (one.country != other.country) evidence.Against(kOtherCountry);
  return std::move(evidence).Sum();
}

bool MayBeDoubles(const Traits& one, const Traits& other) {
  if (one.id == other.id) return false;
  if (one.state == OrganizationState::kMerged ||
      other.state == OrganizationState::kMerged) {
    return false;
  }
  if (!IsInUse(one.state) && !IsInUse(other.state)) return false;
  return (one.successor.empty() || one.successor != other.id) &&
         (other.successor.empty() || other.successor != one.id);
}

}  // namespace lagnet::directory
