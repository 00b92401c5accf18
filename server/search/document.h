#ifndef LAGNET_SERVER_SEARCH_DOCUMENT_H_
#define LAGNET_SERVER_SEARCH_DOCUMENT_H_

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "server/base/localized_text.h"
#include "server/db/tx.h"
#include "server/rpc/caller.h"

namespace lagnet::search {

// A point on the earth, WGS 84, in degrees.
struct Point {
  double latitude = 0;
  double longitude = 0;
};

// Who may find a document: everybody, or who holds one of `roles` over `scope`,
// and the caller `identity`.
struct Audience {
  bool is_public = true;
  std::string identity;
  std::vector<rpc::Role> roles;
  rpc::Scope scope;
};

// What can be found, as the slice that keeps it hands it over. Nothing in it is
// about a person.
struct Document {
  std::string name;     // "organizations/lag-kazbegi".
  int64_t version = 0;  // An older one never replaces a newer one.
  std::string kind;     // "LAG": what it is filtered and counted by.
  std::string network;  // Its id, without the collection.
  std::vector<std::string> other_networks;  // It is found in these as well.
  std::string country;                      // ISO 3166-1.
  LocalizedText title;
  std::vector<LocalizedText> other_names;  // Found as the title is, not shown.
  std::vector<LocalizedText> texts;        // What it says; the first is shown.
  std::vector<std::string> themes;         // Ids.
  std::vector<std::string> territories;    // Codes of public lists.
  std::optional<Point> position;
  // How likely it is what people look for, against others that fit as well:
  // from 0.5 to 1.
  double prominence = 1;
  Audience audience;
};

// The text in `language`, else in its main language, else in English, else in
// whichever comes first; and in which language that is.
std::pair<std::string, std::string> TextIn(const LocalizedText& text,
                                           absl::string_view language);

// Something that documents are tagged with and that has names, which a query
// may use instead: a theme, a territory, a kind.
struct Tag {
  enum class Type { kTheme, kTerritory, kKind };
  Type type = Type::kTheme;
  std::string id;       // The theme's id, the code, or the kind.
  std::string broader;  // What it is part of, of the same type, or "".
  std::vector<std::pair<std::string, std::string>> names;  // Language, name.
};

// The names of networks, by id.
using NetworkNames = std::map<std::string, LocalizedText>;

// What a slice registers so that its resources are found; one for each
// collection. The functions run in a transaction of the caller's and read the
// slice's store.
struct Source {
  std::string collection;  // "organizations", as in names and the change log.
  // The documents among the `limit` resources behind the id `after`, by id.
  struct Page {
    std::vector<Document> documents;
    std::string last;  // The id to go on behind; "" if that is all.
  };
  std::function<Page(db::Tx& tx, const std::string& after, int limit)>
      load_page;
  // Those of `ids` that can be found; the others are taken out of the index.
  std::function<std::vector<Document>(db::Tx& tx,
                                      const std::vector<std::string>& ids)>
      load;
  // How the names of methods begin that change nothing of what can be found.
  std::vector<std::string> passed_over;
  // The tags of its documents. Read once, at start. May be empty.
  std::function<std::vector<Tag>(db::Tx& tx)> load_tags;
  // How the networks of documents are called. Read at start, and again when a
  // network changes. May be empty.
  std::function<NetworkNames(db::Tx& tx)> load_network_names;
};

}  // namespace lagnet::search

#endif  // LAGNET_SERVER_SEARCH_DOCUMENT_H_
