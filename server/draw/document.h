#ifndef LAGNET_SERVER_DRAW_DOCUMENT_H_
#define LAGNET_SERVER_DRAW_DOCUMENT_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "nlohmann/json.hpp"
#include "server/draw/dossier.h"
#include "server/draw/lottery.h"
#include "server/draw/problem.h"

// The documents of a draw as JSON (docs/api/draw.md). Reading fails with
// INVALID_ARGUMENT, in words for whoever has the file; unknown members are
// refused, as they would look as if they had been checked.
namespace lagnet::draw {

// `format` of each document.
inline constexpr char kDossierFormat[] = "lagnet-draw/1";
inline constexpr char kPublicFormat[] = "lagnet-draw-public/1";
inline constexpr char kOpeningFormat[] = "lagnet-draw-opening/1";

// JSON in one form only (RFC 8785): sorted keys, no spaces, no fractions.
std::string Canonical(const nlohmann::json& json);

nlohmann::json ToJson(const Problem& problem);
nlohmann::json ToJson(const std::vector<Restart>& restarts);
nlohmann::json ToJson(const Lottery& lottery);
nlohmann::json ToJson(const Dossier& dossier);
nlohmann::json ToJson(const PublicDossier& dossier);
nlohmann::json ToJson(const Opening& opening);

// Any text as JSON; what is not text or not JSON is an error.
absl::StatusOr<nlohmann::json> ParseJson(absl::string_view text);

// The `format` of a document; "" if it has none.
std::string FormatOf(const nlohmann::json& json);

absl::StatusOr<Problem> ReadProblem(const nlohmann::json& json);
absl::StatusOr<Lottery> ReadLottery(const Problem& problem,
                                    const nlohmann::json& json);
absl::StatusOr<Dossier> ReadDossier(const nlohmann::json& json);
absl::StatusOr<PublicDossier> ReadPublicDossier(const nlohmann::json& json);
absl::StatusOr<Opening> ReadOpening(const nlohmann::json& json);

}  // namespace lagnet::draw

#endif  // LAGNET_SERVER_DRAW_DOCUMENT_H_
