#include "server/draw/verify.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "server/draw/document.h"
#include "server/draw/fairness.h"
#include "server/draw/tree.h"

namespace lagnet::draw {
namespace {

Finding Passed(std::string check, std::string words) {
  return {std::move(check), true, std::move(words)};
}
Finding Failed(std::string check, std::string words) {
  return {std::move(check), false, std::move(words)};
}

// What a party counts more than once by the rules of the visit.
std::string Counted(const Party& party) {
  return party.weight == 1
             ? ""
             : absl::StrCat(" It counted ", party.weight, " times.");
}

Finding CheckList(const std::vector<Digest>& leaves, const Digest& root) {
  if (RootOf(leaves) != root) {
    return Failed("list",
                  "The closed list is not the one whose root was published.");
  }
  return Passed("list", absl::StrCat("The closed list has ", leaves.size(),
                                     " parties and the published root."));
}

// With how many of its parties were erased since.
Finding CheckList(const Dossier& dossier) {
  Finding finding = CheckList(dossier.list.leaves(), dossier.root);
  const auto& parties = dossier.list.parties();
  const auto erased =
      std::count_if(parties.begin(), parties.end(),
                    [](const Party& party) { return party.leaf.has_value(); });
  if (finding.passed && erased > 0) {
    absl::StrAppend(&finding.words, " Of ", erased,
                    " that erased what they had said, it is not proven any "
                    "more what they counted as.");
  }
  return finding;
}

Finding CheckSeeds(const std::string& draw, const std::vector<Host>& hosts) {
  std::set<std::string> names;
  for (const Host& host : hosts) {
    if (!names.insert(host.name).second) {
      return Failed("seeds", absl::StrCat(host.name, " has two seeds."));
    }
    if (CommitmentTo(draw, host.name, host.seed) != host.commitment) {
      return Failed("seeds",
                    absl::StrCat("The seed of ", host.name,
                                 " is not the one that it committed itself "
                                 "to."));
    }
  }
  if (hosts.empty()) {
    return Failed("seeds", "No host has committed itself to a seed.");
  }
  return Passed("seeds", absl::StrCat("Every seed is the one committed to: ",
                                      absl::StrJoin(names, ", "), "."));
}

// What was given up must have been given up before anybody could know all of
// it, and with none of its seeds kept for the next attempt.
Finding CheckRestarts(const std::string& draw, const std::vector<Host>& hosts,
                      const std::vector<Restart>& restarts) {
  std::set<Digest> commitments;
  bool is_used_again = false;
  const auto use = [&](const Digest& commitment) {
    is_used_again |= !commitments.insert(commitment).second;
  };
  std::string words;
  for (const Restart& restart : restarts) {
    size_t opened = 0;
    for (const Restart::PastHost& host : restart.hosts) {
      use(host.commitment);
      if (!host.seed) continue;
      ++opened;
      if (CommitmentTo(draw, host.name, *host.seed) != host.commitment) {
        return Failed(
            "restarts",
            absl::StrCat("Before the draw was begun anew, ", host.name,
                         " opened a seed that it had not committed "
                         "itself to."));
      }
    }
    if (opened > 0 && opened == restart.hosts.size()) {
      return Failed("restarts",
                    "The draw was begun anew after all seeds had been opened, "
                    "and so with its outcome known to all.");
    }
    absl::StrAppend(&words, " With ", opened, " of ", restart.hosts.size(),
                    " seeds opened, because: ", restart.reason, ".");
  }
  for (const Host& host : hosts) use(host.commitment);
  if (is_used_again) {
    return Failed("restarts",
                  "A seed was committed to again after the draw had been "
                  "begun anew.");
  }
  const std::string times =
      restarts.size() == 1 ? "once" : absl::StrCat(restarts.size(), " times");
  return Passed("restarts",
                absl::StrCat("The draw was begun anew ", times, ".", words));
}

// What shares mean is not in the documents, but that it is the same for all.
Finding CheckAlike(const ClosedList& list) {
  std::map<std::string, const Party*> known;
  for (const Party& party : list.parties()) {
    if (party.leaf) continue;  // Erased: what it had said is not known.
    const auto [like, is_new] =
        known.emplace(Canonical(party.application), &party);
    const Party& other = *like->second;
    if (party.counts == other.counts && party.size == other.size) continue;
    return Failed("alike",
                  absl::StrCat(other.id, " and ", party.id,
                               " said the same of themselves, and count for "
                               "other shares."));
  }
  return Passed("alike",
                "Whoever said the same counts for the same shares; whether for "
                "the right ones, the rules of the visit tell.");
}

Finding CheckLottery(const Dossier& dossier) {
  if (DigestOf(dossier.list.problem(), dossier.lottery) !=
      dossier.lottery_digest) {
    return Failed("lottery",
                  "The lottery is not the one that was published before the "
                  "seeds were opened.");
  }
  return Passed("lottery", "The lottery has the published digest.");
}

Finding CheckAllPanels(const Dossier& dossier) {
  const absl::Status status =
      CheckPanels(dossier.list.problem(), dossier.lottery);
  if (!status.ok()) {
    return Failed(
        "panels",
        absl::StrCat("The lottery is not valid: ", status.message(), "."));
  }
  return Passed("panels",
                absl::StrCat("Each of the ", dossier.lottery.panels.size(),
                             " panels keeps to every share."));
}

Finding CheckAllSeats(const Dossier& dossier) {
  const absl::Status status =
      CheckPeople(dossier.list.problem(), dossier.lottery);
  if (!status.ok()) {
    return Failed(
        "people",
        absl::StrCat("Seats may be free for nothing: ", status.message(), "."));
  }
  return Passed("people",
                absl::StrCat("Every panel has ", dossier.lottery.people,
                             " people, and the shares allow no more for the ",
                             dossier.list.problem().seats, " seats."));
}

// Tells how far chances are from the fairest ones at most.
std::string Points(int64_t loss) {
  return absl::StrFormat(
      "%.7f percentage points",
      100.0 * static_cast<double>(loss) / static_cast<double>(kTotalWeight));
}

Finding CheckFairness(const Dossier& dossier) {
  const absl::StatusOr<int64_t> loss =
      ProvenLoss(dossier.list.problem(), dossier.lottery);
  if (!loss.ok()) {
    return Failed("fairness",
                  absl::StrCat("It is not proven that the chances are as equal "
                               "as the shares allow: ",
                               loss.status().message(), "."));
  }
  const int64_t tolerance =
      ToleranceOf(dossier.list.problem(), dossier.lottery);
  if (*loss > tolerance) {
    return Failed(
        "fairness",
        absl::StrCat("Chances might be more equal by up to ", Points(*loss),
                     "; ", Points(tolerance), " are allowed."));
  }
  return Passed("fairness",
                absl::StrCat("The chances are as equal as the shares allow, to "
                             "within ",
                             Points(*loss), "."));
}

Finding CheckResult(const Dossier& dossier) {
  const Digest key = KeyFor(dossier.draw, dossier.root, dossier.lottery_digest,
                            dossier.hosts, dossier.restarts);
  if (Draw(key, dossier.list.type_of(), dossier.lottery) != dossier.result) {
    return Failed("draw",
                  "The seeds draw others than those who got the seats, or "
                  "another waiting list.");
  }
  return Passed("draw",
                absl::StrCat("The seeds draw panel ", dossier.result.panel,
                             ", these ", dossier.result.selected.size(),
                             " parties, and this waiting list."));
}

}  // namespace

bool AllPassed(const std::vector<Finding>& findings) {
  return std::all_of(findings.begin(), findings.end(),
                     [](const Finding& finding) { return finding.passed; });
}

std::vector<Finding> Verify(const Dossier& dossier) {
  std::vector<Finding> findings = {
      CheckList(dossier), CheckSeeds(dossier.draw, dossier.hosts),
      CheckLottery(dossier), CheckAllPanels(dossier), CheckAllSeats(dossier)};
  if (findings[3].passed) {
    findings.push_back(CheckFairness(dossier));
    findings.push_back(CheckResult(dossier));
  } else {
    findings.push_back(Failed("fairness", "There are no chances to look at."));
    findings.push_back(Failed("draw", "There is nothing to draw from."));
  }
  findings.push_back(CheckAlike(dossier.list));
  if (!dossier.restarts.empty()) {
    findings.push_back(
        CheckRestarts(dossier.draw, dossier.hosts, dossier.restarts));
  }
  return findings;
}

std::vector<Finding> Verify(const PublicDossier& dossier) {
  std::vector<Finding> findings = {CheckList(dossier.leaves, dossier.root),
                                   CheckSeeds(dossier.draw, dossier.hosts)};
  if (KeyFor(dossier.draw, dossier.root, dossier.lottery_digest, dossier.hosts,
             dossier.restarts) == dossier.key) {
    findings.push_back(Passed(
        "key",
        "What decides follows from the list, the lottery and all seeds."));
  } else {
    findings.push_back(Failed("key",
                              "What decides does not follow from the list, the "
                              "lottery and the seeds."));
  }
  if (!dossier.restarts.empty()) {
    findings.push_back(
        CheckRestarts(dossier.draw, dossier.hosts, dossier.restarts));
  }
  return findings;
}

Finding VerifyPublished(const Dossier& dossier, const PublicDossier& shown) {
  const absl::StatusOr<PublicDossier> expected = PublicPartOf(dossier);
  if (!expected.ok() || *expected != shown) {
    return Failed("published",
                  "What was published is not of this dossier, or its numbers "
                  "are others.");
  }
  return Passed("published", "What was published is of this dossier.");
}

Finding VerifyOpening(const PublicDossier& dossier, const Opening& opening) {
  const Digest leaf = LeafOf(opening.party.salt, LeafData(opening.party));
  const std::optional<Digest> root =
      RootBy(leaf, opening.index, dossier.leaves.size(), opening.path);
  if (opening.draw != dossier.draw || root != dossier.root ||
      dossier.leaves[opening.index] != leaf) {
    return Failed(
        "entry", absl::StrCat("The closed list of ", dossier.draw,
                              " has no such entry of ", opening.party.id, "."));
  }
  return Passed("entry", absl::StrCat(opening.party.id,
                                      " is in the closed list, as applied.",
                                      Counted(opening.party)));
}

std::vector<Finding> VerifyOpening(const Dossier& dossier,
                                   const Opening& opening) {
  if (opening.index >= dossier.list.parties().size() ||
      opening.draw != dossier.draw) {
    return {Failed("entry", "The closed list has no such entry.")};
  }
  const Opening expected = OpeningOf(dossier, opening.index);
  std::vector<Finding> findings;
  // Whose entry was erased may still have its opening.
  const bool is_entry = !opening.party.leaf && expected.path == opening.path &&
                        (expected.party == opening.party ||
                         expected.party == Erased(opening.party));
  findings.push_back(
      is_entry ? Passed("entry", absl::StrCat(opening.party.id,
                                              " is in the closed list, as "
                                              "applied."))
               : Failed("entry", "The closed list has no such entry."));
  findings.push_back(
      expected.chance == opening.chance
          ? Passed("chance",
                   absl::StrCat("The chance was ", ToFraction(opening.chance),
                                ", ", ToPercent(opening.chance), ".",
                                Counted(opening.party)))
          : Failed("chance",
                   absl::StrCat("The chance was ", ToFraction(expected.chance),
                                ", not ", ToFraction(opening.chance), ".")));
  const bool outcome = expected.selected == opening.selected &&
                       expected.waiting_position == opening.waiting_position;
  findings.push_back(
      outcome ? Passed("outcome", opening.selected
                                      ? "The party was drawn."
                                      : absl::StrCat("The party has place ",
                                                     opening.waiting_position,
                                                     " on the waiting list."))
              : Failed("outcome", "The draw had another outcome."));
  return findings;
}

}  // namespace lagnet::draw
