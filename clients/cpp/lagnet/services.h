#ifndef LAGNET_CLIENT_SERVICES_H_
#define LAGNET_CLIENT_SERVICES_H_

#include <memory>
#include <tuple>

#include "lagnet/access/v1/accounts.grpc.pb.h"
#include "lagnet/access/v1/api_keys.grpc.pb.h"
#include "lagnet/access/v1/claims.grpc.pb.h"
#include "lagnet/access/v1/colleagues.grpc.pb.h"
#include "lagnet/access/v1/sessions.grpc.pb.h"
#include "lagnet/changes/v1/changes.grpc.pb.h"
#include "lagnet/directory/v1/doubles.grpc.pb.h"
#include "lagnet/directory/v1/field_changes.grpc.pb.h"
#include "lagnet/directory/v1/imports.grpc.pb.h"
#include "lagnet/directory/v1/networks.grpc.pb.h"
#include "lagnet/directory/v1/organizations.grpc.pb.h"
#include "lagnet/directory/v1/territories.grpc.pb.h"
#include "lagnet/directory/v1/themes.grpc.pb.h"
#include "lagnet/mail/v1/bounces.grpc.pb.h"
#include "lagnet/projects/v1/projects.grpc.pb.h"
#include "lagnet/search/v1/search.grpc.pb.h"
#include "lagnet/visits/v1/draws.grpc.pb.h"
#include "lagnet/visits/v1/sign_ups.grpc.pb.h"
#include "lagnet/visits/v1/study_visits.grpc.pb.h"

// Short names for the services' stubs, to name methods by:
// `&Visits::GetStudyVisit`.
namespace lagnet::client {

using Accounts = access::v1::AccountService::Stub;
using ApiKeys = access::v1::ApiKeyService::Stub;
using Bounces = mail::v1::BounceService::Stub;
using Changes = changes::v1::ChangeService::Stub;
using Claims = access::v1::ClaimService::Stub;
using Colleagues = access::v1::ColleagueService::Stub;
using Draws = visits::v1::DrawService::Stub;
using Doubles = directory::v1::DoubleService::Stub;
using FieldChanges = directory::v1::FieldChangeService::Stub;
using Imports = directory::v1::ImportService::Stub;
using Networks = directory::v1::NetworkService::Stub;
using Organizations = directory::v1::OrganizationService::Stub;
using Projects = projects::v1::ProjectService::Stub;
using Searches = search::v1::SearchService::Stub;
using Sessions = access::v1::SessionService::Stub;
using SignUps = visits::v1::SignUpService::Stub;
using Territories = directory::v1::TerritoryService::Stub;
using Themes = directory::v1::ThemeService::Stub;
using Visits = visits::v1::StudyVisitService::Stub;

// One stub of each. A new service is added here and nowhere else.
template <typename... Stub>
using StubSet = std::tuple<std::unique_ptr<Stub>...>;
using Stubs =
    StubSet<Accounts, ApiKeys, Bounces, Changes, Claims, Colleagues, Doubles,
            Draws, FieldChanges, Imports, Networks, Organizations, Projects,
            Searches, Sessions, SignUps, Territories, Themes, Visits>;

// Pointers to a stub's method that answers once, and to one that streams.
template <typename Stub, typename Request, typename Response>
using UnaryMethod = grpc::Status (Stub::*)(grpc::ClientContext*, const Request&,
                                           Response*);
template <typename Stub, typename Request, typename Response>
using StreamMethod = std::unique_ptr<grpc::ClientReader<Response>> (Stub::*)(
    grpc::ClientContext*, const Request&);

}  // namespace lagnet::client

#endif  // LAGNET_CLIENT_SERVICES_H_
