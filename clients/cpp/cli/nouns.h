#ifndef LAGNET_CLI_NOUNS_H_
#define LAGNET_CLI_NOUNS_H_

#include <string>

#include "CLI/App.hpp"
#include "absl/status/status.h"
#include "clients/cpp/cli/session.h"
#include "lagnet/directory/v1/organizations.pb.h"

// The subcommands, one file for each noun.
namespace lagnet::cli {

void AddAccount(CLI::App& app, Session& session);
void AddChanges(CLI::App& app, Session& session);
void AddImport(CLI::App& app, Session& session);
void AddKey(CLI::App& app, Session& session);
void AddMail(CLI::App& app, Session& session);
void AddNetwork(CLI::App& app, Session& session);
void AddOrg(CLI::App& app, Session& session);
void AddProject(CLI::App& app, Session& session);
void AddSearch(CLI::App& app, Session& session);
void AddSignUp(CLI::App& app, Session& session);
void AddTerritory(CLI::App& app, Session& session);
void AddTheme(CLI::App& app, Session& session);
void AddVisit(CLI::App& app, Session& session);
void AddWatch(CLI::App& app, Session& session);
void AddWhoAmI(CLI::App& app, Session& session);

// Verbs of `org` with files of their own.
void AddClaims(CLI::App* org, Session& session);
void AddColleagues(CLI::App* org, Session& session);
void AddDoubles(CLI::App* org, Session& session);
void AddHistory(CLI::App* org, Session& session);
void AddOrgExport(CLI::App* org, Session& session);
void AddOrgImport(CLI::App* org, Session& session);
void AddOrgNear(CLI::App* org, Session& session);

// How `org create` ends that was `refused`: where the organisation is likely in
// the directory already, says as what, why, and what to do.
absl::Status TellDoubles(
    const directory::v1::CreateOrganizationRequest& request,
    absl::Status refused, Session& session);

// Verbs of `visit` with files of their own.
void AddVisitVerify(CLI::App* visit, Session& session);
void AddDraw(CLI::App* visit, Session& session);

// `search` as a verb of a noun: only what lies in `collection`.
void AddSearchOf(const std::string& collection, CLI::App* noun,
                 Session& session);

}  // namespace lagnet::cli

#endif  // LAGNET_CLI_NOUNS_H_
