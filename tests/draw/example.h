#ifndef LAGNET_TESTS_DRAW_EXAMPLE_H_
#define LAGNET_TESTS_DRAW_EXAMPLE_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/draw/dossier.h"

namespace lagnet::draw {

inline Digest Filled(uint8_t byte) {
  Digest digest;
  digest.fill(byte);
  return digest;
}

// Six applicants and two from Kotla, who get one of three seats.
inline ClosedList ExampleList() {
  std::vector<Party> parties;
  for (int i = 0; i < 8; ++i) {
    const bool is_kotla = i >= 6;
    parties.push_back(
        {.id = absl::StrCat("party-", i),
         .counts = {is_kotla ? 1 : 0},
         .application = {{"territory", is_kotla ? "kotla" : "gori"}},
         .salt = Filled(static_cast<uint8_t>(i + 1))});
  }
  return ClosedList(3, {{"territory/kotla", 1, 1}}, std::move(parties));
}

// The only panel there is: two of the six, one of the two. Nobody of the six
// can have more than 2/6, as at least one seat is Kotla's, and nobody of the
// two more than 1/2, as at most one is.
inline Lottery ExampleLottery() {
  return {.people = 3,
          .people_prices = {{0}, 1'000'000},
          .panels = {{kTotalWeight, {2, 1}}},
          .levels = {{{0}, kTotalWeight / 3, {1, 0}, 2, {{-1}, 1}},
                     {{1}, kTotalWeight / 2, {0, 1}, 1, {{1}, 0}}}};
}

inline std::vector<Host> ExampleHosts(const std::string& draw) {
  std::vector<Host> hosts = {{"organizations/lag-a", {}, Filled(0x11)},
                             {"organizations/lag-b", {}, Filled(0x22)}};
  for (Host& host : hosts) {
    host.commitment = CommitmentTo(draw, host.name, host.seed);
  }
  return hosts;
}

inline Dossier ExampleDossier() {
  const std::string draw = "studyVisits/example";
  return MakeDossier(draw, ExampleList(), ExampleHosts(draw), ExampleLottery());
}

// The same, begun anew once: the second host had lost its seed.
inline Dossier RestartedDossier() {
  const std::string draw = "studyVisits/example";
  const std::string a = "organizations/lag-a";
  const std::string b = "organizations/lag-b";
  const Restart restart{
      "lag-b lost its seed",
      {{a, CommitmentTo(draw, a, Filled(0x33)), Filled(0x33)},
       {b, CommitmentTo(draw, b, Filled(0x44)), std::nullopt}}};
  return MakeDossier(draw, ExampleList(), ExampleHosts(draw), ExampleLottery(),
                     {restart});
}

}  // namespace lagnet::draw

#endif  // LAGNET_TESTS_DRAW_EXAMPLE_H_
