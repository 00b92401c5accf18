#include "server/access/letter_store.h"

#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/access/claim_store.h"
#include "server/access/mailbox_store.h"
#include "server/access/message_data.h"
#include "server/access/session_store.h"
#include "server/access/store.h"
#include "server/base/localized_text.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/directory/life_store.h"
#include "server/directory/network_store.h"
#include "server/directory/store.h"
#include "server/mail/words.h"

namespace lagnet::access {

const Messages& AccessMessages() {
  static const auto* const messages = new Messages(
      {{"en", EnJson()}, {"ka", KaJson()}, {"pl", PlJson()}, {"cs", CsJson()}});
  return *messages;
}

namespace {

using privacy::TokenKind;
using Result = absl::StatusOr<std::optional<mail::Message>>;

constexpr char kSignIn[] = "access.sign_in";
constexpr char kClaim[] = "access.claim";
constexpr char kInvited[] = "access.invited";
constexpr char kStale[] = "access.stale";

// What is known from the log alone: the letter looks at the rest.
std::string KindFor(const changes::LoggedChange& change) {
  if (change.removed) return "";
  if (ParseName("signIns", change.resource)) return kSignIn;
  if (ParseName("claims", change.resource)) return kClaim;
  if (ParseName("accounts", "grants", change.resource)) return kInvited;
  return change.method == directory::kMarksStale ? kStale : "";
}

std::vector<mail::Letter> Note(
    db::Tx&, const std::vector<changes::LoggedChange>& changes) {
  std::vector<mail::Letter> letters;
  for (const changes::LoggedChange& change : changes) {
    std::string kind = KindFor(change);
    if (kind.empty()) continue;
    letters.push_back({.kind = std::move(kind),
                       .about = change.resource,
                       .version = change.version});
  }
  return letters;
}

// Writes letters in one language.
class Pen {
 public:
  Pen(const std::string& language, std::string web_url)
      : language_(AccessMessages().Spoken(language)),
        pages_(absl::StrCat(web_url, "/", language_)) {}

  const std::string& language() const { return language_; }

  std::string Say(absl::string_view key,
                  const Messages::Arguments& arguments = {}) const {
    return AccessMessages().Say(language_, key, arguments);
  }

  // The letter of `kind`; `path` begins behind the language.
  mail::Message Write(const std::string& to, absl::string_view kind,
                      const std::string& greeting, absl::string_view path,
                      absl::string_view end,
                      const Messages::Arguments& arguments) const {
    return mail::Compose(
        {.to = to,
         .language = language_,
         .subject = Say(absl::StrCat(kind, ".subject"), arguments),
         .before = {greeting, Say(kind, arguments)},
         .button = Say(absl::StrCat(kind, ".button"), arguments),
         .link = absl::StrCat(pages_, path),
         .after = {Say(absl::StrCat(kind, end), arguments)}});
  }

 private:
  const std::string language_;
  const std::string pages_;
};

struct Desk {
  const privacy::Vault& vault;
  const std::string& web_url;
};

Result WriteSignIn(db::Tx& tx, const Desk& desk, const std::string& name) {
  const std::optional<SignIn> sign_in = LoadSignIn(tx, name);
  if (!sign_in || sign_in->expire_time <= tx.now()) return std::nullopt;
  std::vector<Account> accounts = LoadAccountsOf(tx, sign_in->address_hash);
  if (accounts.empty()) return std::nullopt;
  RETURN_IF_ERROR(LoadEmails(tx, desk.vault, {&accounts[0]}));
  const Pen pen(
      sign_in->language.empty() ? accounts[0].language : sign_in->language,
      desk.web_url);
  // Of several who share the mailbox, whoever reads it is greeted.
  const std::string greeting =
      accounts.size() == 1
          ? pen.Say("greeting", {{"name", accounts[0].display_name}})
          : pen.Say("hello");
  const std::string digits = desk.vault.Code(name);
  const std::string code =
      absl::StrCat(digits.substr(0, 3), " ", digits.substr(3));
  return pen.Write(
      accounts[0].email, "sign_in", greeting,
      absl::StrCat("/sign-in/", desk.vault.Token(TokenKind::kSignIn, name)),
      ".unasked",
      {{"code", code}, {"minutes", absl::ToInt64Minutes(kSignInLasts)}});
}

// An organisation's entry, and what its network is called.
struct Entry {
  directory::Organization organization;
  directory::Network network;
};
absl::StatusOr<Entry> LoadEntry(db::Tx& tx, const std::string& id) {
  ASSIGN_OR_RETURN(directory::Organization organization,
                   directory::LoadOrganization(tx, id));
  ASSIGN_OR_RETURN(directory::Network network,
                   directory::LoadNetwork(tx, organization.network));
  return Entry{std::move(organization), std::move(network)};
}

std::string FirstLanguage(const directory::Network& network) {
  return network.languages.empty() ? "" : network.languages[0];
}

Result WriteClaim(db::Tx& tx, const Desk& desk, const std::string& name) {
  const std::optional<Claim> claim = LoadClaimByName(tx, name);
  if (!claim || claim->expire_time <= tx.now()) return std::nullopt;
  ASSIGN_OR_RETURN(const Entry entry, LoadEntry(tx, claim->organization));
  if (entry.organization.email != claim->email) return std::nullopt;
  const Pen pen(
      claim->language.empty() ? FirstLanguage(entry.network) : claim->language,
      desk.web_url);
  return pen.Write(
      claim->email, "claim", pen.Say("hello"),
      absl::StrCat("/claim/", desk.vault.Token(TokenKind::kClaim, name)),
      ".unasked",
      {{"organization",
        TextFor(entry.organization.display_name, pen.language())},
       {"network", TextFor(entry.network.display_name, pen.language())},
       {"until",
        AccessMessages().SayTimeThere(pen.language(), claim->expire_time,
                                      entry.network.time_zone)}});
}

// What a role is held over, as people call it.
absl::StatusOr<std::string> PlaceOf(db::Tx& tx, const RoleGrant& grant,
                                    const std::string& language) {
  if (!grant.organization.empty()) {
    ASSIGN_OR_RETURN(const directory::Organization organization,
                     directory::LoadOrganization(tx, grant.organization));
    return TextFor(organization.display_name, language);
  }
  if (!grant.network.empty()) {
    ASSIGN_OR_RETURN(const directory::Network network,
                     directory::LoadNetwork(tx, grant.network));
    return TextFor(network.display_name, language);
  }
  return std::string("lagnet");
}

Result WriteInvited(db::Tx& tx, const Desk& desk, const std::string& account_id,
                    const std::string& grant_id) {
  ASSIGN_OR_RETURN(Account account, LoadAccount(tx, account_id));
  ASSIGN_OR_RETURN(const RoleGrant grant, LoadGrant(tx, account_id, grant_id));
  RETURN_IF_ERROR(LoadEmails(tx, desk.vault, {&account}));
  if (account.email.empty() || account.state != AccountState::kActive) {
    return std::nullopt;  // A system; or somebody who was written to before.
  }
  const Pen pen(account.language, desk.web_url);
  ASSIGN_OR_RETURN(const std::string place, PlaceOf(tx, grant, pen.language()));
  return pen.Write(
      account.email, "invited",
      pen.Say("greeting", {{"name", account.display_name}}), "/sign-in",
      ".unasked",
      {{"place", place},
       {"role", pen.Say(absl::StrCat("role.", static_cast<int>(grant.role)))}});
}

Result WriteStale(db::Tx& tx, const Desk& desk, const std::string& id) {
  ASSIGN_OR_RETURN(const Entry entry, LoadEntry(tx, id));
  if (entry.organization.life.state != directory::OrganizationState::kStale ||
      entry.organization.email.empty()) {
    return std::nullopt;
  }
  const Pen pen(FirstLanguage(entry.network), desk.web_url);
  return pen.Write(
      entry.organization.email, "stale", pen.Say("hello"),
      absl::StrCat("/organizations/", id), ".why",
      {{"organization",
        TextFor(entry.organization.display_name, pen.language())},
       {"network", TextFor(entry.network.display_name, pen.language())}});
}

Result Write(db::Tx& tx, const Desk& desk, const mail::Letter& letter) {
  if (const auto name = ParseName("signIns", letter.about)) {
    return WriteSignIn(tx, desk, *name);
  }
  if (const auto name = ParseName("claims", letter.about)) {
    return WriteClaim(tx, desk, *name);
  }
  if (const auto ids = ParseName("accounts", "grants", letter.about)) {
    return WriteInvited(tx, desk, ids->first, ids->second);
  }
  if (const auto id = ParseName("organizations", letter.about)) {
    return WriteStale(tx, desk, *id);
  }
  return std::nullopt;
}

}  // namespace

mail::Writer AccessLetters(const privacy::Vault* vault,
                           const std::string& web_url) {
  return {.slice = "access",
          .note = Note,
          .write = [vault, web_url](db::Tx& tx, const mail::Letter& letter) {
            return Write(tx, {*vault, web_url}, letter);
          }};
}

}  // namespace lagnet::access
