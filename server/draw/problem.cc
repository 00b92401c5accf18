#include "server/draw/problem.h"

#include <set>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "server/base/status_macros.h"

namespace lagnet::draw {
namespace {

absl::Status Wrong(absl::string_view what) {
  return absl::InvalidArgumentError(what);
}

absl::Status CheckShares(const Problem& problem) {
  if (problem.shares.size() > static_cast<size_t>(kMaxShares)) {
    return Wrong(absl::StrCat("there are more than ", kMaxShares, " shares"));
  }
  std::set<std::string> names;
  for (const Share& share : problem.shares) {
    if (share.name.empty() || !names.insert(share.name).second) {
      return Wrong(absl::StrCat("two shares are called \"", share.name,
                                "\", or one has no name"));
    }
    if (share.min < 0 || share.max < share.min || share.max > problem.seats) {
      return Wrong(absl::StrCat("the share ", share.name, " asks for ",
                                share.min, " to ", share.max, " of ",
                                problem.seats, " seats"));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckType(const Problem& problem, const Type& type) {
  if (type.size < 1 || type.size > kMaxSeats) {
    return Wrong(absl::StrCat("a party has ", type.size, " people"));
  }
  if (type.weight < 1 || type.weight > kMaxWeight) {
    return Wrong(absl::StrCat("a party has the weight ", type.weight,
                              ", which is not 1 to ", kMaxWeight));
  }
  if (type.parties < 1 || type.parties > kMaxParties) {
    return Wrong(absl::StrCat("a type has ", type.parties, " parties"));
  }
  if (type.counts.size() != problem.shares.size()) {
    return Wrong("a party does not say how many count for each share");
  }
  for (const int count : type.counts) {
    if (count < 0 || count > type.size) {
      return Wrong(absl::StrCat("of a party of ", type.size, " people, ", count,
                                " belong to a share"));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status Check(const Problem& problem) {
  if (problem.seats < 1 || problem.seats > kMaxSeats) {
    return Wrong(absl::StrCat("there are ", problem.seats, " seats, and not 1 ",
                              "to ", kMaxSeats));
  }
  RETURN_IF_ERROR(CheckShares(problem));
  int64_t parties = 0;
  std::set<std::tuple<int, int, std::vector<int>>> types;
  for (const Type& type : problem.types) {
    RETURN_IF_ERROR(CheckType(problem, type));
    if (!types.insert({type.size, type.weight, type.counts}).second) {
      return Wrong("two types are the same");
    }
    parties += type.parties;
  }
  if (parties < 1 || parties > kMaxParties) {
    return Wrong(absl::StrCat("there are ", parties, " parties, and not 1 to ",
                              kMaxParties));
  }
  return absl::OkStatus();
}

int PeopleOf(const Problem& problem, const Composition& panel) {
  int people = 0;
  for (size_t t = 0; t < panel.size(); ++t) {
    people += problem.types[t].size * panel[t];
  }
  return people;
}

int PeopleOf(const Problem& problem, const Composition& panel, size_t share) {
  int people = 0;
  for (size_t t = 0; t < panel.size(); ++t) {
    people += problem.types[t].counts[share] * panel[t];
  }
  return people;
}

bool IsPanel(const Problem& problem, int people, const Composition& panel) {
  if (panel.size() != problem.types.size()) return false;
  for (size_t t = 0; t < panel.size(); ++t) {
    if (panel[t] < 0 || panel[t] > problem.types[t].parties) return false;
  }
  if (PeopleOf(problem, panel) != people) return false;
  for (size_t s = 0; s < problem.shares.size(); ++s) {
    const int mine = PeopleOf(problem, panel, s);
    if (mine < problem.shares[s].min || mine > problem.shares[s].max) {
      return false;
    }
  }
  return true;
}

}  // namespace lagnet::draw
