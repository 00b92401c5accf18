#ifndef LAGNET_TESTS_CLIENTS_IMPORT_PEER_H_
#define LAGNET_TESTS_CLIENTS_IMPORT_PEER_H_

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "lagnet/directory/v1/imports.grpc.pb.h"
#include "lagnet/directory/v1/organizations.grpc.pb.h"
#include "tests/clients/peer.h"

namespace lagnet::exchange {

using directory::v1::ImportOrganizationsRequest;
using directory::v1::ImportOrganizationsResponse;
using directory::v1::ImportRow;
using directory::v1::ImportRowResult;
using directory::v1::Organization;

// A gRPC server in this process that imports as the API's contract says, of
// the name and the website only, and ends entries.
class ImportPeer : public directory::v1::ImportService::Service {
 public:
  ImportPeer() : organizations_(*this) {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(),
                             &port_);
    builder.RegisterService(this);
    builder.RegisterService(&organizations_);
    server_ = builder.BuildAndStart();
  }
  ~ImportPeer() override { server_->Shutdown(absl::ToChronoTime(absl::Now())); }

  std::string address() const { return absl::StrCat("127.0.0.1:", port_); }

  grpc::Status ImportOrganizations(
      grpc::ServerContext*, const ImportOrganizationsRequest* request,
      ImportOrganizationsResponse* response) override {
    if (!request->validate_only()) {
      sizes.push_back(request->rows_size());
      request_ids.push_back(request->request_id());
      if (fail_after-- == 0) {
        return client::Refusal(grpc::StatusCode::PERMISSION_DENIED,
                               "PERMISSION_DENIED");
      }
      if (before_import) before_import();
    }
    const std::map<std::string, Entry> before = entries;
    bool refused = false;
    for (const ImportRow& row : request->rows()) {
      *response->add_results() = Import(row);
      refused = refused || response->results().rbegin()->outcome() ==
                               ImportRowResult::REFUSED;
    }
    if (request->validate_only() || refused) entries = before;
    if (refused && !request->validate_only()) {
      return client::Refusal(grpc::StatusCode::FAILED_PRECONDITION,
                             "ROWS_REFUSED");
    }
    return grpc::Status::OK;
  }

  struct Entry {
    std::string website;
    int version = 1;
    Organization end = {};  // State, successor and day.
  };
  std::map<std::string, Entry> entries;
  std::set<std::string> archived;   // These cannot be changed.
  std::set<std::string> unwilling;  // These cannot be ended.
  std::vector<std::string> steps;   // `archive NAME`, `dissolve NAME`.
  std::vector<int> sizes;           // Of the calls that were to import.
  std::vector<std::string> request_ids;
  int fail_after = -1;                  // So many calls go well.
  std::function<void()> before_import;  // What others do meanwhile.

 private:
  ImportRowResult Import(const ImportRow& row) {
    ImportRowResult result;
    const Organization& wanted = row.organization();
    result.set_row(row.row());
    result.set_name(wanted.name());
    const bool is_new = entries.count(wanted.name()) == 0;
    Entry& entry = entries[wanted.name()];
    if (!is_new) result.set_etag(absl::StrCat(entry.version));
    if (archived.count(wanted.name()) > 0 ||
        (!wanted.etag().empty() && wanted.etag() != result.etag())) {
      result.set_outcome(ImportRowResult::REFUSED);
      ImportRowResult::Problem* problem = result.add_problems();
      problem->set_error(true);
      problem->set_field("website");
      problem->set_message("is archived");
    } else if (is_new) {
      result.set_outcome(ImportRowResult::CREATED);
      entry = {.website = wanted.website()};
      entry.end.set_state(Organization::VERIFIED);
    } else if (entry.website == wanted.website()) {
      result.set_outcome(ImportRowResult::UNCHANGED);
    } else {
      result.set_outcome(ImportRowResult::UPDATED);
      entry.website = wanted.website();
      ++entry.version;
    }
    return result;
  }

  struct Organizations : directory::v1::OrganizationService::Service {
    explicit Organizations(ImportPeer& peer) : p(peer) {}
    grpc::Status GetOrganization(
        grpc::ServerContext*,
        const directory::v1::GetOrganizationRequest* request,
        Organization* answer) override {
      return Answer(request->name(), answer);
    }
    grpc::Status ArchiveOrganization(
        grpc::ServerContext*,
        const directory::v1::ArchiveOrganizationRequest* request,
        Organization* answer) override {
      Organization end;
      end.set_state(Organization::ARCHIVED);
      return End("archive ", request->name(), end, answer);
    }
    grpc::Status DissolveOrganization(
        grpc::ServerContext*,
        const directory::v1::DissolveOrganizationRequest* request,
        Organization* answer) override {
      const auto successor = p.entries.find(request->successor());
      if (successor != p.entries.end() &&
          successor->second.end.state() != Organization::VERIFIED) {
        return client::Refusal(grpc::StatusCode::FAILED_PRECONDITION,
                               "WRONG_STATE");
      }
      Organization end;
      end.set_state(Organization::DISSOLVED);
      end.set_successor(request->successor());
      end.set_dissolved_on(request->dissolved_on());
      return End("dissolve ", request->name(), end, answer);
    }

   private:
    grpc::Status End(const char* step, const std::string& name,
                     const Organization& end, Organization* answer) {
      p.steps.push_back(step + name);
      Entry& entry = p.entries[name];
      if (p.unwilling.count(name) > 0) {
        return client::Refusal(grpc::StatusCode::FAILED_PRECONDITION,
                               "WRONG_STATE");
      }
      entry.end = end;
      ++entry.version;
      return Answer(name, answer);
    }
    grpc::Status Answer(const std::string& name, Organization* answer) {
      const auto entry = p.entries.find(name);
      if (entry == p.entries.end()) {
        return client::Refusal(grpc::StatusCode::NOT_FOUND, "NOT_FOUND");
      }
      *answer = entry->second.end;
      answer->set_name(name);
      return grpc::Status::OK;
    }

    ImportPeer& p;
  };

  Organizations organizations_;
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace lagnet::exchange

#endif  // LAGNET_TESTS_CLIENTS_IMPORT_PEER_H_
