#include "server/draw/document.h"

#include <utility>

namespace lagnet::draw {
namespace {

using nlohmann::json;

// Of numbers: those that are not 0, with their places.
template <typename T>
json Sparse(const std::vector<T>& numbers) {
  json pairs = json::array();
  for (size_t i = 0; i < numbers.size(); ++i) {
    if (numbers[i] != 0) pairs.push_back({i, numbers[i]});
  }
  return pairs;
}

json Hexes(const std::vector<Digest>& digests) {
  json hexes = json::array();
  for (const Digest& digest : digests) hexes.push_back(ToHex(digest));
  return hexes;
}

json ToJson(const std::vector<Share>& shares) {
  json all = json::array();
  for (const Share& share : shares) {
    all.push_back(
        {{"name", share.name}, {"min", share.min}, {"max", share.max}});
  }
  return all;
}

json ToJson(const Prices& prices) {
  return {{"shares", prices.shares}, {"people", prices.people}};
}

json ToJson(const Party& party) {
  json document = {{"party", party.id},
                   {"size", party.size},
                   {"counts", party.counts},
                   {"weight", party.weight}};
  if (party.leaf) {
    document["leaf"] = ToHex(*party.leaf);
  } else {
    document["application"] = party.application;
    document["salt"] = ToHex(party.salt);
  }
  return document;
}

json ToJson(const std::vector<Host>& hosts) {
  json all = json::array();
  for (const Host& host : hosts) {
    all.push_back({{"name", host.name},
                   {"commitment", ToHex(host.commitment)},
                   {"seed", ToHex(host.seed)}});
  }
  return all;
}

json ToJson(const Chance& chance) {
  return {{"numerator", chance.numerator}, {"denominator", chance.denominator}};
}

json ToJson(const Group& group) {
  if (group.hidden) return {{"share", group.share}, {"hidden", true}};
  return {{"share", group.share},
          {"applied", group.applied},
          {"selected", group.selected},
          {"lowest", ToJson(group.lowest)},
          {"highest", ToJson(group.highest)}};
}

// A draw that was never begun anew says nothing of it.
json WithRestarts(const std::vector<Restart>& restarts, json document) {
  if (!restarts.empty()) document["restarts"] = draw::ToJson(restarts);
  return document;
}

}  // namespace

std::string Canonical(const json& document) {
  // Texts of what was parsed are UTF-8; of others, nothing else is said.
  return document.dump(-1, ' ', false, json::error_handler_t::replace);
}

json ToJson(const Problem& problem) {
  json types = json::array();
  for (const Type& type : problem.types) {
    types.push_back({{"size", type.size},
                     {"counts", type.counts},
                     {"weight", type.weight},
                     {"parties", type.parties}});
  }
  return {{"seats", problem.seats},
          {"shares", ToJson(problem.shares)},
          {"types", std::move(types)}};
}

json ToJson(const std::vector<Restart>& restarts) {
  json all = json::array();
  for (const Restart& restart : restarts) {
    json hosts = json::array();
    for (const Restart::PastHost& host : restart.hosts) {
      hosts.push_back(
          {{"name", host.name}, {"commitment", ToHex(host.commitment)}});
      if (host.seed) hosts.back()["seed"] = ToHex(*host.seed);
    }
    all.push_back({{"reason", restart.reason}, {"hosts", std::move(hosts)}});
  }
  return all;
}

json ToJson(const Lottery& lottery) {
  json panels = json::array();
  for (const Panel& panel : lottery.panels) {
    panels.push_back({{"weight", panel.weight}, {"take", Sparse(panel.take)}});
  }
  json levels = json::array();
  for (const Level& level : lottery.levels) {
    levels.push_back({{"types", level.types},
                      {"chance", level.chance},
                      {"gains", Sparse(level.gains)},
                      {"bound", level.bound},
                      {"prices", ToJson(level.prices)}});
  }
  return {{"people", lottery.people},
          {"people_prices", ToJson(lottery.people_prices)},
          {"panels", std::move(panels)},
          {"levels", std::move(levels)}};
}

json ToJson(const Dossier& dossier) {
  json parties = json::array();
  for (const Party& party : dossier.list.parties()) {
    parties.push_back(ToJson(party));
  }
  const auto names = [&](const std::vector<int>& indexes) {
    json ids = json::array();
    for (const int i : indexes) {
      ids.push_back(dossier.list.parties()[static_cast<size_t>(i)].id);
    }
    return ids;
  };
  return WithRestarts(dossier.restarts,
                      {{"format", kDossierFormat},
                       {"draw", dossier.draw},
                       {"seats", dossier.list.problem().seats},
                       {"shares", ToJson(dossier.list.problem().shares)},
                       {"hosts", ToJson(dossier.hosts)},
                       {"parties", std::move(parties)},
                       {"root", ToHex(dossier.root)},
                       {"lottery", ToJson(dossier.lottery)},
                       {"lottery_digest", ToHex(dossier.lottery_digest)},
                       {"result",
                        {{"panel", dossier.result.panel},
                         {"selected", names(dossier.result.selected)},
                         {"waiting", names(dossier.result.waiting)}}}});
}

json ToJson(const PublicDossier& dossier) {
  json groups = json::array();
  for (const Group& group : dossier.groups) groups.push_back(ToJson(group));
  return WithRestarts(dossier.restarts,
                      {{"format", kPublicFormat},
                       {"draw", dossier.draw},
                       {"seats", dossier.seats},
                       {"shares", ToJson(dossier.shares)},
                       {"hosts", ToJson(dossier.hosts)},
                       {"leaves", Hexes(dossier.leaves)},
                       {"root", ToHex(dossier.root)},
                       {"lottery_digest", ToHex(dossier.lottery_digest)},
                       {"key", ToHex(dossier.key)},
                       {"loss", dossier.loss},
                       {"groups", std::move(groups)}});
}

json ToJson(const Opening& opening) {
  return {{"format", kOpeningFormat},
          {"draw", opening.draw},
          {"applied", ToJson(opening.party)},
          {"index", opening.index},
          {"path", Hexes(opening.path)},
          {"chance", ToJson(opening.chance)},
          {"selected", opening.selected},
          {"waiting_position", opening.waiting_position}};
}

}  // namespace lagnet::draw
