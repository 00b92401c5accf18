#ifndef LAGNET_SERVER_DRAW_VERIFY_H_
#define LAGNET_SERVER_DRAW_VERIFY_H_

#include <string>
#include <vector>

#include "server/draw/dossier.h"

// Checks what a draw left behind, from the documents alone.
namespace lagnet::draw {

// One thing that was looked at.
struct Finding {
  std::string check;  // A word for programs, such as "seeds".
  bool passed = false;
  std::string words;  // What was found, as an English sentence.

  bool operator==(const Finding&) const = default;
};

bool AllPassed(const std::vector<Finding>& findings);

// Of all of it: "list", "seeds", "lottery", "panels", "people", "fairness",
// "draw", "alike"; here and below "restarts", too, if the draw was begun anew.
std::vector<Finding> Verify(const Dossier& dossier);

// Of what is public: "list", "seeds", "key".
std::vector<Finding> Verify(const PublicDossier& dossier);

// Whether what the public sees is of this dossier: "published".
Finding VerifyPublished(const Dossier& dossier, const PublicDossier& shown);

// Whether an applicant is in the closed list as they applied: "entry".
Finding VerifyOpening(const PublicDossier& dossier, const Opening& opening);

// The same with the full dossier, in which also the chance and the outcome
// are: "entry", "chance", "outcome".
std::vector<Finding> VerifyOpening(const Dossier& dossier,
                                   const Opening& opening);

}  // namespace lagnet::draw

#endif  // LAGNET_SERVER_DRAW_VERIFY_H_
