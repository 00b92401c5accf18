#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "clients/cpp/cli/failure.h"
#include "clients/cpp/cli/json.h"
#include "clients/cpp/cli/nouns.h"
#include "clients/cpp/cli/text.h"
#include "lagnet/status_macros.h"
#include "nlohmann/json.hpp"
#include "server/draw/document.h"
#include "server/draw/verify.h"

namespace lagnet::cli {
namespace {

using draw::Finding;
using Findings = std::vector<Finding>;

struct VerifyInput {
  std::string file;
  std::string opening;
  std::string published;
};

absl::StatusOr<nlohmann::json> ReadDocument(const std::string& file) {
  ASSIGN_OR_RETURN(const std::string text, ReadInput(file));
  absl::StatusOr<nlohmann::json> json = draw::ParseJson(text);
  if (json.ok()) return json;
  return UsageError(absl::StrCat(file, ": ", json.status().message()));
}

// A document that cannot be read proves nothing: that is told as a finding.
template <typename T>
void AddUnless(const absl::StatusOr<T>& document, const std::string& file,
               Findings& findings) {
  if (document.ok()) return;
  findings.push_back({"document", false,
                      absl::StrCat("The document ", file, " is not valid: ",
                                   document.status().message(), ".")});
}

absl::Status VerifyFull(const VerifyInput& input, const nlohmann::json& json,
                        Findings& findings) {
  const auto dossier = draw::ReadDossier(json);
  AddUnless(dossier, input.file, findings);
  if (!dossier.ok()) return absl::OkStatus();
  findings = draw::Verify(*dossier);
  if (!input.published.empty()) {
    ASSIGN_OR_RETURN(const nlohmann::json other, ReadDocument(input.published));
    const auto published = draw::ReadPublicDossier(other);
    AddUnless(published, input.published, findings);
    if (published.ok()) {
      findings.push_back(draw::VerifyPublished(*dossier, *published));
    }
  }
  if (input.opening.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const nlohmann::json other, ReadDocument(input.opening));
  const auto opening = draw::ReadOpening(other);
  AddUnless(opening, input.opening, findings);
  if (!opening.ok()) return absl::OkStatus();
  for (Finding& finding : draw::VerifyOpening(*dossier, *opening)) {
    findings.push_back(std::move(finding));
  }
  return absl::OkStatus();
}

absl::Status VerifyPublic(const VerifyInput& input, const nlohmann::json& json,
                          Findings& findings) {
  if (!input.published.empty()) {
    return UsageError("--published goes with the full dossier");
  }
  const auto dossier = draw::ReadPublicDossier(json);
  AddUnless(dossier, input.file, findings);
  if (!dossier.ok()) return absl::OkStatus();
  findings = draw::Verify(*dossier);
  if (input.opening.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const nlohmann::json other, ReadDocument(input.opening));
  const auto opening = draw::ReadOpening(other);
  AddUnless(opening, input.opening, findings);
  if (opening.ok()) {
    findings.push_back(draw::VerifyOpening(*dossier, *opening));
  }
  return absl::OkStatus();
}

void PrintFindings(const Session& session, const Findings& findings) {
  if (session.json) {
    nlohmann::json all = nlohmann::json::array();
    for (const Finding& finding : findings) {
      all.push_back({{"check", finding.check},
                     {"passed", finding.passed},
                     {"words", finding.words}});
    }
    const nlohmann::json printed = {{"passed", draw::AllPassed(findings)},
                                    {"findings", std::move(all)}};
    std::cout << printed.dump(2) << '\n';
    return;
  }
  for (const Finding& finding : findings) {
    std::cout << (finding.passed ? "ok    " : "WRONG ") << finding.check << ": "
              << OneLine(finding.words) << '\n';
  }
  std::cout << (draw::AllPassed(findings)
                    ? "All that these documents can show is right.\n"
                    : "This draw is not what it should be. Ask the hosts of "
                      "the visit, with these lines.\n");
}

absl::Status VerifyDraw(const Session& session, const VerifyInput& input) {
  ASSIGN_OR_RETURN(const nlohmann::json json, ReadDocument(input.file));
  const std::string format = draw::FormatOf(json);
  Findings findings;
  if (format == draw::kDossierFormat) {
    RETURN_IF_ERROR(VerifyFull(input, json, findings));
  } else if (format == draw::kPublicFormat) {
    RETURN_IF_ERROR(VerifyPublic(input, json, findings));
  } else {
    return UsageError(absl::StrCat(
        input.file, " is no dossier of a draw: its format is \"", format,
        "\", and not ", draw::kDossierFormat, " or ", draw::kPublicFormat));
  }
  PrintFindings(session, findings);
  return draw::AllPassed(findings) ? absl::OkStatus() : ToldFailure();
}

}  // namespace

void AddVisitVerify(CLI::App* visit, Session& session) {
  CLI::App* command = visit->add_subcommand(
      "verify",
      "Checks a draw of seats from its dossier, without a server: the list, "
      "the seeds, every panel, how equal the chances were, and who was drawn");
  const auto input = std::make_shared<VerifyInput>();
  command
      ->add_option("file", input->file,
                   "the dossier, as published or in full; - for standard "
                   "input")
      ->type_name("FILE")
      ->required();
  command
      ->add_option("--opening", input->opening,
                   "what one applicant got: checks that they were in the draw "
                   "as they applied")
      ->type_name("FILE");
  command
      ->add_option("--published", input->published,
                   "what the public saw: checks that it is of this dossier")
      ->type_name("FILE");
  session.OnRun(command,
                [&session, input] { return VerifyDraw(session, *input); });
}

}  // namespace lagnet::cli
