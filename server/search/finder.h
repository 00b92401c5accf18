#ifndef LAGNET_SERVER_SEARCH_FINDER_H_
#define LAGNET_SERVER_SEARCH_FINDER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "server/search/catalog.h"
#include "server/search/labels.h"
#include "server/search/reader.h"
#include "server/search/search.h"

namespace lagnet::search {

// Answers one search from a catalog, which must not change meanwhile.
class Finder {
 public:
  Finder(const Catalog* catalog, const Reader* reader, const Search* search,
         MaySee may_see);

  Found Find(const Place& after, size_t limit) const;
  Suggested Suggest(size_t limit) const;

 private:
  struct Candidate {
    uint32_t row = 0;
    uint32_t key = 0;  // Of its name, in `keys`.
    double score = 0;
    double number = 0;  // What it is ordered by; the smallest first.
  };
  using Candidates = std::vector<Candidate>;

  // Each thread keeps what it worked with for the next search: to ask for that
  // much memory each time costs more than the search.
  static std::vector<Candidates>& Spares();
  static Candidates TakeSpare();
  static void GiveBack(Candidates candidates);

  bool Passes(uint32_t row) const;
  Candidates All() const;
  Candidates Fitting(Found& found) const;
  // `bonus` is added to each score. Those below `near_best` of the best one may
  // be left out.
  Candidates Ask(const Pattern& pattern, const Question& question, double bonus,
                 double near_best) const;
  // The words of a question that have loose tags: a bit for each.
  struct Loose {
    std::vector<uint32_t> words_of;  // By label.
    int words = 0;

    // How many of them a document with these labels meets.
    int MetBy(const Labels::Ids& labels) const;
  };
  Loose LooseOf(const Question& question) const;
  // Adds what lacks some of the words, as far as it is near the best of it.
  void AddPartial(const Pattern& pattern, Found& found,
                  Candidates& candidates) const;
  std::vector<std::string> WrittenAs(const Question& question) const;
  void NoteCorrections(Question& question) const;
  Facets CountFacets(const Candidates& candidates) const;

  double DistanceOf(uint32_t row) const;
  // What the candidates are ordered by; `keys` if it is their names.
  void Number(Candidates& candidates, std::vector<std::string>& keys) const;
  // Puts the first `limit` that are behind `after` into `found`.
  void Show(Candidates candidates, std::vector<std::string> keys,
            const Place& after, size_t limit, Found& found) const;

  const Catalog& catalog_;
  const Reader& reader_;
  const Search& search_;
  const MaySee may_see_;
  const Labels::Wanted wanted_;
};

}  // namespace lagnet::search

#endif  // LAGNET_SERVER_SEARCH_FINDER_H_
