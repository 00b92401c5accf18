#ifndef LAGNET_SERVER_DIRECTORY_TERRITORY_CATALOG_H_
#define LAGNET_SERVER_DIRECTORY_TERRITORY_CATALOG_H_

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"
#include "server/directory/place.h"

namespace lagnet::directory {

// Where a list that lagnet has comes from.
struct TerritorySource {
  std::string title;
  std::string version;
  std::string licence;
};

// The territories that lagnet knows, with their names, tree and borders. They
// are part of the program and change with it only, so pointers to places stay
// good for its life. Thread-safe: nothing changes after it was read.
class TerritoryCatalog {
 public:
  // Reads the files of server/directory/territories.
  TerritoryCatalog();
  TerritoryCatalog(const TerritoryCatalog&) = delete;
  TerritoryCatalog& operator=(const TerritoryCatalog&) = delete;

  // Countries first, municipalities last.
  const std::vector<std::unique_ptr<Place>>& places() const { return places_; }

  // The place that has exactly this code. An empty version stands for the
  // newest list. LAU codes are national: `country` (ISO 3166-1) says whose, or
  // empty for any. A gmina may be given with the seventh digit of TERYT, which
  // tells its kind. Null if there is none.
  const Place* Find(const Territory& territory,
                    const std::string& country = "") const;

  // The same for the last part of a name in the API, in every version of the
  // list: "nuts-2021-pl22" and "iso-3166-2-pl-24" are one place.
  const Place* FindId(absl::string_view id) const;

  // By code alone, whatever the list; no two places have the same.
  const Place* FindCode(absl::string_view code) const;

  // The smallest place that is known to hold a territory: itself, or the
  // powiat of a gmina that the catalogue lacks, or the municipality of a town
  // or parish of Latvia. Null if unknown.
  const Place* Enclosing(const Territory& territory,
                         const std::string& country = "") const;

  // Whether the list of a scheme, version and country is here in full, so that
  // a code that is not found does not exist.
  bool IsComplete(const Territory& territory, const std::string& country) const;

  // What became of a code of an older list: the places that cover it now.
  std::vector<const Place*> Moved(const Territory& territory) const;

  // Places that share a border, by code: of the same level; regions that ISO
  // 3166-2 lists also with those of another level or country. Known where
  // there are outlines, and of NUTS 3 in Poland: empty for districts and
  // municipalities.
  const std::vector<const Place*>& Neighbours(const Place& place) const;

  // The smallest place whose outline encloses the point; null if none.
  const Place* At(const Position& point) const;

  // The places with the nearest centres, of which `wanted` says so, with the
  // distance in kilometres; at most `limit`.
  std::vector<std::pair<double, const Place*>> Nearest(
      const Position& point, size_t limit,
      absl::FunctionRef<bool(const Place&)> wanted) const;

  // Whether the children of a place cover all of it.
  bool HasAllChildren(const Place& place) const;

  // The names of a place by language. Empty if there is no such code.
  std::map<std::string, std::string> NamesOf(TerritoryScheme scheme,
                                             const std::string& code) const;

  const TerritorySource& SourceOf(const Place& place) const;

 private:
  void ReadPlaces();
  void ReadOutlines();
  void ReadMoves();
  void ReadSources();
  void FindNeighbours();
  bool AreComparable(const Place& a, const Place& b) const;

  std::vector<std::unique_ptr<Place>> places_;
  absl::flat_hash_map<std::string, Place*> by_code_;
  absl::flat_hash_map<std::string, std::vector<std::string>> moves_;
  absl::flat_hash_map<const Place*, std::vector<const Place*>> neighbours_;
  std::map<std::string, TerritorySource> sources_;
  // Countries whose regions have codes of ISO 3166-2 and outlines.
  absl::flat_hash_set<std::string> iso_countries_;
};

// The catalogue of this program; read at the first call.
const TerritoryCatalog& Territories();

}  // namespace lagnet::directory

#endif  // LAGNET_SERVER_DIRECTORY_TERRITORY_CATALOG_H_
