#include "absl/strings/str_cat.h"
#include "clients/cpp/cli/names.h"
#include "clients/cpp/cli/nouns.h"
#include "clients/cpp/cli/text.h"
#include "clients/cpp/cli/verbs.h"

namespace lagnet::cli {
namespace {

using client::Projects;
using projects::v1::ListProjectsResponse;
using projects::v1::Project;

Table ToTable(const ListProjectsResponse& found, const std::string& language) {
  Table table({"ID", "STATE", "FROM", "TO", "BUDGET", "TITLE"});
  for (const Project& project : found.projects()) {
    table.Add({ShortName(project.name()), Project::State_Name(project.state()),
               project.start_date(), project.end_date(),
               project.has_budget_total() ? Show(project.budget_total()) : "",
               Pick(project.title(), language)});
  }
  return table;
}

// Partners have a role, which no flag of their field could say.
struct PartnerFlags {
  std::string lead;
  std::vector<std::string> others;

  absl::Status AddTo(Project& project) const {
    if (!lead.empty()) {
      RETURN_IF_ERROR(Add(lead, Project::Partner::LEAD, project));
    }
    for (const std::string& other : others) {
      RETURN_IF_ERROR(Add(other, Project::Partner::PARTNER, project));
    }
    return absl::OkStatus();
  }

 private:
  static absl::Status Add(const std::string& id, Project::Partner::Role role,
                          Project& project) {
    ASSIGN_OR_RETURN(const std::string name,
                     FullName("lagnet/Organization", id));
    auto* partner = project.add_partners();
    partner->set_organization(name);
    partner->set_role(role);
    return absl::OkStatus();
  }
};

}  // namespace

void AddProject(CLI::App& app, Session& session) {
  CLI::App* noun = app.add_subcommand("project", "what funders pay for");
  noun->require_subcommand(1);
  AddList<Projects>(
      noun, session, &Projects::ListProjects, "Lists projects",
      {{"network", "of this network only"},
       {"organization", "with this partner"},
       {"state", "at this stage only"}},
      std::function([&session](const ListProjectsResponse& found) {
        return ToTable(found, session.language);
      }));
  AddVerb(noun, session, "get", &Projects::GetProject, "Shows a project");
  const std::vector<FieldFlag> common = {
      {"title", "the title"},
      {"description", "what it is for"},
      {"programme", "the programme that funds it"},
      {"priority", "the programme's priority"},
      {"goal", "the programme's goal"},
      {"action", "the programme's action"},
      {"agreement_number", "the number of the agreement with the funder"},
      {"start_date", "the first day"},
      {"end_date", "the last day"},
      {"credit_line", "the sentence that the funder wants to see"},
      {"logo_urls", "the address of a logo", "logo-url"},
      {"predecessor", "the project that this one continues"}};
  std::vector<FieldFlag> all = common;
  all.insert(all.begin(), {"network", "the network that keeps it"});
  const auto partners = std::make_shared<PartnerFlags>();
  CLI::App* create =
      AddCreate(noun, session, &Projects::CreateProject,
                "Adds a project; its budget and indicators come with --from",
                all, std::function([partners](Project& project) {
                  return partners->AddTo(project);
                }));
  create->add_option("--lead", partners->lead, "who leads it")->type_name("ID");
  create->add_option("--partner", partners->others, "who takes part")
      ->type_name("ID")
      ->delimiter(',')
      ->allow_extra_args(false);
  AddUpdate(noun, session, &Projects::GetProject, &Projects::UpdateProject,
            "Changes a project", common);
  AddVerb(noun, session, "advance", &Projects::AdvanceProject,
          "Moves a project to its next stage", "Advanced",
          {{"state", "the next stage"}, EtagFlag()})
      ->get_option("--state")
      ->required();
}

}  // namespace lagnet::cli
