// The reading half of document.h.

#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/base/status_macros.h"
#include "server/draw/bound.h"
#include "server/draw/document.h"
#include "server/draw/reader.h"

namespace lagnet::draw {
namespace {

using nlohmann::json;

std::vector<int> Narrow(const std::vector<int64_t>& numbers) {
  return {numbers.begin(), numbers.end()};
}

absl::StatusOr<std::vector<Share>> ReadShares(Reader& from) {
  std::vector<Share> shares;
  for (Reader& part : from.Parts("shares")) {
    Share share{part.Text("name")};
    share.min = static_cast<int>(part.Int("min", 0, kMaxSeats));
    share.max = static_cast<int>(part.Int("max", 0, kMaxSeats));
    RETURN_IF_ERROR(part.status());
    shares.push_back(std::move(share));
  }
  return shares;
}

absl::StatusOr<Party> ReadParty(Reader part) {
  Party party;
  party.id = part.Text("party");
  party.size = static_cast<int>(part.Int("size", 1, kMaxSeats));
  party.counts = Narrow(part.Ints("counts", 0, kMaxSeats));
  party.weight = static_cast<int>(part.Int("weight", 1, kMaxWeight));
  if (part.Has("leaf")) {
    party.leaf = part.Hash("leaf");
  } else {
    party.application = part.Object("application");
    party.salt = part.Hash("salt");
  }
  RETURN_IF_ERROR(part.status());
  return party;
}

absl::StatusOr<std::vector<Host>> ReadHosts(Reader& from) {
  std::vector<Host> hosts;
  for (Reader& part : from.Parts("hosts")) {
    hosts.push_back(
        {part.Text("name"), part.Hash("commitment"), part.Hash("seed")});
    RETURN_IF_ERROR(part.status());
  }
  return hosts;
}

absl::StatusOr<std::vector<Restart>> ReadRestarts(Reader& from) {
  std::vector<Restart> restarts;
  if (!from.Has("restarts")) return restarts;
  for (Reader& part : from.Parts("restarts")) {
    Restart restart{part.Text("reason")};
    for (Reader& host : part.Parts("hosts")) {
      restart.hosts.push_back({host.Text("name"), host.Hash("commitment")});
      if (host.Has("seed")) restart.hosts.back().seed = host.Hash("seed");
      RETURN_IF_ERROR(host.status());
    }
    RETURN_IF_ERROR(part.status());
    restarts.push_back(std::move(restart));
  }
  return restarts;
}

absl::StatusOr<Prices> ReadPrices(Reader part) {
  Prices prices;
  prices.shares = part.Ints("shares", -kMaxGain, kMaxGain);
  prices.people = part.Int("people", -kMaxGain, kMaxGain);
  RETURN_IF_ERROR(part.status());
  return prices;
}

absl::StatusOr<Chance> ReadChance(Reader part) {
  constexpr int64_t kMost = kTotalWeight * kMaxParties;
  const Chance chance{part.Int("numerator", 0, kMost),
                      part.Int("denominator", 1, kMost)};
  RETURN_IF_ERROR(part.status());
  return chance;
}

absl::StatusOr<Level> ReadLevel(Reader part, size_t types) {
  Level level;
  level.types = Narrow(part.Ints("types", 0, static_cast<int64_t>(types) - 1));
  level.chance = part.Int("chance", 0, kTotalWeight);
  level.gains = part.Sparse("gains", types, 0, kMaxGain);
  level.bound = part.Int("bound", -kMaxBound, kMaxBound);
  ASSIGN_OR_RETURN(level.prices, ReadPrices(part.Part("prices")));
  RETURN_IF_ERROR(part.status());
  return level;
}

absl::Status CheckFormat(Reader& reader, absl::string_view format) {
  if (const std::string is = reader.Text("format"); is != format) {
    return absl::InvalidArgumentError(absl::StrCat(
        "this document is of the format \"", is, "\", not \"", format, "\""));
  }
  return absl::OkStatus();
}

// The result of a dossier, which names parties.
absl::StatusOr<Result> ReadResult(Reader part, const ClosedList& list) {
  std::map<std::string, int> index;
  for (const Party& party : list.parties()) {
    const auto number = static_cast<int>(index.size());
    if (!index.emplace(party.id, number).second) {
      return absl::InvalidArgumentError(
          absl::StrCat("the party ", party.id, " is in the list twice"));
    }
  }
  Result result;
  result.panel = static_cast<size_t>(part.Int("panel", 0, kMaxBound));
  for (const auto& [key, to] : {std::pair{"selected", &result.selected},
                                std::pair{"waiting", &result.waiting}}) {
    for (const std::string& id : part.Texts(key)) {
      const auto found = index.find(id);
      if (found == index.end()) {
        return absl::InvalidArgumentError(absl::StrCat(
            "the result names ", id, ", who is not in the closed list"));
      }
      to->push_back(found->second);
    }
  }
  RETURN_IF_ERROR(part.status());
  return result;
}

absl::StatusOr<Group> ReadGroup(Reader part) {
  Group group{part.Text("share")};
  group.hidden = part.Has("hidden") && part.Bool("hidden");
  if (!group.hidden) {
    constexpr int kMost = kMaxParties * kMaxSeats;
    group.applied = static_cast<int>(part.Int("applied", 0, kMost));
    group.selected = static_cast<int>(part.Int("selected", 0, kMaxSeats));
    ASSIGN_OR_RETURN(group.lowest, ReadChance(part.Part("lowest")));
    ASSIGN_OR_RETURN(group.highest, ReadChance(part.Part("highest")));
  }
  RETURN_IF_ERROR(part.status());
  return group;
}

}  // namespace

absl::StatusOr<json> ParseJson(absl::string_view text) {
  constexpr int kDeepest = 50;
  bool is_too_deep = false;
  const auto keep = [&is_too_deep](int depth, json::parse_event_t, json&) {
    is_too_deep |= depth > kDeepest;
    return depth <= kDeepest;
  };
  json document = json::parse(text.begin(), text.end(), keep,
                              /*allow_exceptions=*/false);
  if (document.is_discarded() || is_too_deep) {
    return absl::InvalidArgumentError(
        is_too_deep ? "this JSON has too many levels" : "this is not JSON");
  }
  return document;
}

std::string FormatOf(const json& document) {
  if (!document.is_object()) return "";
  const auto format = document.find("format");
  return format != document.end() && format->is_string()
             ? format->get<std::string>()
             : "";
}

absl::StatusOr<Problem> ReadProblem(const json& document) {
  Reader reader(document, "the problem");
  Problem problem;
  problem.seats = static_cast<int>(reader.Int("seats", 1, kMaxSeats));
  ASSIGN_OR_RETURN(problem.shares, ReadShares(reader));
  for (Reader& part : reader.Parts("types")) {
    Type type;
    type.size = static_cast<int>(part.Int("size", 1, kMaxSeats));
    type.counts = Narrow(part.Ints("counts", 0, kMaxSeats));
    type.weight = static_cast<int>(part.Int("weight", 1, kMaxWeight));
    type.parties = static_cast<int>(part.Int("parties", 1, kMaxParties));
    RETURN_IF_ERROR(part.status());
    problem.types.push_back(std::move(type));
  }
  RETURN_IF_ERROR(reader.status());
  RETURN_IF_ERROR(Check(problem));
  return problem;
}

absl::StatusOr<Lottery> ReadLottery(const Problem& problem,
                                    const json& document) {
  const size_t types = problem.types.size();
  Reader reader(document, "the lottery");
  Lottery lottery;
  lottery.people = static_cast<int>(reader.Int("people", 0, kMaxSeats));
  ASSIGN_OR_RETURN(lottery.people_prices,
                   ReadPrices(reader.Part("people_prices")));
  for (Reader& part : reader.Parts("panels")) {
    Panel panel{part.Int("weight", 1, kTotalWeight)};
    panel.take = Narrow(part.Sparse("take", types, 1, kMaxSeats));
    RETURN_IF_ERROR(part.status());
    lottery.panels.push_back(std::move(panel));
  }
  for (Reader& part : reader.Parts("levels")) {
    ASSIGN_OR_RETURN(Level level, ReadLevel(std::move(part), types));
    lottery.levels.push_back(std::move(level));
  }
  RETURN_IF_ERROR(reader.status());
  return lottery;
}

absl::StatusOr<Dossier> ReadDossier(const json& document) {
  Reader reader(document, "the dossier");
  RETURN_IF_ERROR(CheckFormat(reader, kDossierFormat));
  std::string draw = reader.Text("draw");
  const auto seats = static_cast<int>(reader.Int("seats", 1, kMaxSeats));
  ASSIGN_OR_RETURN(std::vector<Share> shares, ReadShares(reader));
  std::vector<Party> parties;
  for (Reader& part : reader.Parts("parties")) {
    ASSIGN_OR_RETURN(Party party, ReadParty(std::move(part)));
    parties.push_back(std::move(party));
  }
  ASSIGN_OR_RETURN(std::vector<Host> hosts, ReadHosts(reader));
  ASSIGN_OR_RETURN(std::vector<Restart> restarts, ReadRestarts(reader));
  const Digest root = reader.Hash("root");
  const Digest digest = reader.Hash("lottery_digest");
  const json lottery_json = reader.Object("lottery");
  Reader result_reader = reader.Part("result");
  RETURN_IF_ERROR(reader.status());
  ClosedList list(seats, std::move(shares), std::move(parties));
  RETURN_IF_ERROR(Check(list.problem()));
  ASSIGN_OR_RETURN(Lottery lottery, ReadLottery(list.problem(), lottery_json));
  ASSIGN_OR_RETURN(Result result, ReadResult(std::move(result_reader), list));
  return Dossier{.draw = std::move(draw),
                 .list = std::move(list),
                 .hosts = std::move(hosts),
                 .restarts = std::move(restarts),
                 .root = root,
                 .lottery_digest = digest,
                 .lottery = std::move(lottery),
                 .result = std::move(result)};
}

absl::StatusOr<PublicDossier> ReadPublicDossier(const json& document) {
  Reader reader(document, "the dossier");
  RETURN_IF_ERROR(CheckFormat(reader, kPublicFormat));
  PublicDossier dossier;
  dossier.draw = reader.Text("draw");
  dossier.seats = static_cast<int>(reader.Int("seats", 1, kMaxSeats));
  ASSIGN_OR_RETURN(dossier.shares, ReadShares(reader));
  ASSIGN_OR_RETURN(dossier.hosts, ReadHosts(reader));
  ASSIGN_OR_RETURN(dossier.restarts, ReadRestarts(reader));
  dossier.leaves = reader.Hashes("leaves");
  dossier.root = reader.Hash("root");
  dossier.lottery_digest = reader.Hash("lottery_digest");
  dossier.key = reader.Hash("key");
  dossier.loss = reader.Int("loss", 0, kTotalWeight);
  for (Reader& part : reader.Parts("groups")) {
    ASSIGN_OR_RETURN(Group group, ReadGroup(std::move(part)));
    dossier.groups.push_back(std::move(group));
  }
  RETURN_IF_ERROR(reader.status());
  return dossier;
}

absl::StatusOr<Opening> ReadOpening(const json& document) {
  Reader reader(document, "the opening");
  RETURN_IF_ERROR(CheckFormat(reader, kOpeningFormat));
  Opening opening;
  opening.draw = reader.Text("draw");
  ASSIGN_OR_RETURN(opening.party, ReadParty(reader.Part("applied")));
  if (opening.party.leaf) {
    return absl::InvalidArgumentError(
        "the opening has no application: it opens nothing");
  }
  opening.index = static_cast<size_t>(reader.Int("index", 0, kMaxParties));
  opening.path = reader.Hashes("path");
  ASSIGN_OR_RETURN(opening.chance, ReadChance(reader.Part("chance")));
  opening.selected = reader.Bool("selected");
  opening.waiting_position =
      static_cast<int>(reader.Int("waiting_position", 0, kMaxParties));
  RETURN_IF_ERROR(reader.status());
  return opening;
}

}  // namespace lagnet::draw
