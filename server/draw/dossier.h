#ifndef LAGNET_SERVER_DRAW_DOSSIER_H_
#define LAGNET_SERVER_DRAW_DOSSIER_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "nlohmann/json.hpp"
#include "server/draw/digest.h"
#include "server/draw/draw.h"
#include "server/draw/lottery.h"
#include "server/draw/problem.h"

// What stays of a draw. Three documents, described in docs/api/draw.md: all of
// it for auditors, what the public sees, and for each applicant the opening of
// the own entry.
namespace lagnet::draw {

// A party as it applied.
struct Party {
  std::string id;
  int size = 1;
  std::vector<int> counts;  // How many of its people belong to each share.
  int weight = 1;
  // What it said of itself, from which the numbers above follow. Personal.
  nlohmann::json application = nlohmann::json::object();
  Digest salt{};  // Random, of this draw only; never shown to others.
  // Of a party that was erased, which has no application and no salt any more:
  // its leaf, by which the tree still has the root that was published.
  std::optional<Digest> leaf;

  bool operator==(const Party&) const = default;
};

// Its leaf in the tree over the list.
Digest LeafOf(const Party& party);

// What stays of a party whose people were erased: nothing that they said, and
// the numbers without which the draw could not be checked.
Party Erased(const Party& party);

// The closed list, in the order of the leaves, which says nothing of who came
// first or who they are.
class ClosedList {
 public:
  ClosedList(int seats, std::vector<Share> shares, std::vector<Party> parties);

  const std::vector<Party>& parties() const { return parties_; }
  const std::vector<Digest>& leaves() const { return leaves_; }
  const Digest& root() const { return root_; }

  // Parties that are alike have one type. Types are in ascending order of
  // size, weight and counts. It has not passed Check() yet.
  const Problem& problem() const { return problem_; }
  const std::vector<int>& type_of() const { return type_of_; }

 private:
  void FindTypes();

  std::vector<Party> parties_;
  std::vector<Digest> leaves_;
  Digest root_{};
  Problem problem_;
  std::vector<int> type_of_;
};

// A host with its part of the randomness.
struct Host {
  std::string name;
  Digest commitment{};  // Published before sign-up opened.
  Digest seed{};        // Opened after the lottery was published.

  bool operator==(const Host&) const = default;
};

// An attempt that ended when a host could not open its seed, and the draw was
// begun anew with other seeds.
struct Restart {
  struct PastHost {
    std::string name;
    Digest commitment{};
    std::optional<Digest> seed;  // None if it was not opened.

    bool operator==(const PastHost&) const = default;
  };

  std::string reason;
  std::vector<PastHost> hosts;

  bool operator==(const Restart&) const = default;
};

struct Dossier {
  std::string draw;  // Such as "studyVisits/kazbegi-latvia".
  ClosedList list;
  std::vector<Host> hosts;
  std::vector<Restart> restarts;  // The first one first.
  Digest root{};                  // As published.
  Digest lottery_digest{};
  Lottery lottery;
  Result result;
};

// The bytes that are hashed for a leaf: what the party applied as, canonical.
std::string LeafData(const Party& party);

// What is published before any seed is opened, so that nobody can try
// lotteries until one suits.
Digest DigestOf(const Problem& problem, const Lottery& lottery);

// Draws from a closed list with hosts' seeds.
Dossier MakeDossier(std::string draw, ClosedList list, std::vector<Host> hosts,
                    Lottery lottery, std::vector<Restart> restarts = {});

// KeyOf() with what hosts opened and what was begun anew before.
Digest KeyFor(const std::string& draw, const Digest& root,
              const Digest& lottery, const std::vector<Host>& hosts,
              const std::vector<Restart>& restarts);

// What the public sees, in the form of the document.
struct Group {
  std::string share;  // "" for all applicants.
  int applied = 0;    // People.
  int selected = 0;
  Chance lowest;  // Of the parties with anybody of the group.
  Chance highest;
  bool hidden = false;  // Too few people: no numbers.

  bool operator==(const Group&) const = default;
};

struct PublicDossier {
  std::string draw;
  int seats = 0;
  std::vector<Share> shares;
  std::vector<Host> hosts;
  std::vector<Restart> restarts;
  std::vector<Digest> leaves;
  Digest root{};
  Digest lottery_digest{};
  Digest key{};
  int64_t loss = 0;  // See ProvenLoss().
  std::vector<Group> groups;

  bool operator==(const PublicDossier&) const = default;
};

// Groups of fewer than five people, or that leave fewer than five others, have
// no numbers; nor have others from which these could be had by subtraction
// (HiddenShares()). Hidden shares of organisations are called organization-1
// and so on, and come last. Fails if the lottery of the dossier is not proven
// fair at all.
absl::StatusOr<PublicDossier> PublicPartOf(const Dossier& dossier);

// What one applicant gets.
struct Opening {
  std::string draw;
  Party party;
  size_t index = 0;  // In the closed list.
  std::vector<Digest> path;
  Chance chance;  // That the party had.
  bool selected = false;
  int waiting_position = 0;  // From 1 on; 0 if selected.

  bool operator==(const Opening&) const = default;
};

// `index` is in the closed list.
Opening OpeningOf(const Dossier& dossier, size_t index);

}  // namespace lagnet::draw

#endif  // LAGNET_SERVER_DRAW_DOSSIER_H_
