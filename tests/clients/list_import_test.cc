#include "clients/cpp/exchange/list_import.h"

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/clients/peer.h"

namespace lagnet::exchange {
namespace {

using directory::v1::ImportOrganizationsRequest;
using directory::v1::ImportOrganizationsResponse;
using directory::v1::ImportRow;
using testing::Each;
using testing::ElementsAre;
using testing::Le;
using testing::SizeIs;

// A gRPC server in this process that imports as the API's contract says, of
// the name and the website only.
class ImportPeer : public directory::v1::ImportService::Service {
 public:
  ImportPeer() {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(),
                             &port_);
    builder.RegisterService(this);
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
  };
  std::map<std::string, Entry> entries;
  std::set<std::string> archived;  // These cannot be changed.
  std::vector<int> sizes;          // Of the calls that were to import.
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
      result.add_problems()->set_error(true);
    } else if (is_new) {
      result.set_outcome(ImportRowResult::CREATED);
      entry = {.website = wanted.website()};
    } else if (entry.website == wanted.website()) {
      result.set_outcome(ImportRowResult::UNCHANGED);
    } else {
      result.set_outcome(ImportRowResult::UPDATED);
      entry.website = wanted.website();
      ++entry.version;
    }
    return result;
  }

  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

class ListImportTest : public testing::Test {
 protected:
  ListImportTest() {
    auto client = client::Client::Connect({.server = peer_.address()});
    EXPECT_TRUE(client.ok()) << client.status();
    client_ = *std::move(client);
  }

  static Records ListOf(int count, const std::string& website = "") {
    Records records;
    for (int i = 0; i < count; ++i) {
      Record record{.row = i + 2, .mask = {"website"}};
      record.organization.set_name(absl::StrCat("organizations/lag-", i));
      record.organization.set_website(website);
      records.records.push_back(record);
    }
    return records;
  }

  ListImport Planned(const Records& records, bool skip_errors = false) {
    ListImport import(*client_, records,
                      {.network = "networks/a", .skip_errors = skip_errors});
    const absl::Status planned = import.Plan([](int, int) {});
    EXPECT_TRUE(planned.ok()) << planned;
    return import;
  }
  static absl::Status Run(ListImport& import) {
    return import.Import([](int, int) {});
  }

  ImportPeer peer_;
  std::unique_ptr<client::Client> client_;
};

TEST_F(ListImportTest, PlansAllAndThenImportsByTheHundred) {
  const Records records = ListOf(250);
  ListImport import = Planned(records);
  EXPECT_EQ(import.Count(ImportRowResult::CREATED), 250);
  EXPECT_THAT(peer_.entries, SizeIs(0));
  EXPECT_TRUE(Run(import).ok());
  EXPECT_THAT(peer_.sizes, ElementsAre(100, 100, 50));
  EXPECT_THAT(peer_.entries, SizeIs(250));
  ListImport again = Planned(records);
  EXPECT_EQ(again.Count(ImportRowResult::UNCHANGED), 250);
  EXPECT_TRUE(Run(again).ok());
  EXPECT_THAT(peer_.sizes, SizeIs(3));
}

TEST_F(ListImportTest, KeepsCallsBelowTheLimitOfAMessage) {
  const Records records = ListOf(100, std::string(50'000, 'x'));
  ListImport import = Planned(records);
  EXPECT_TRUE(Run(import).ok());
  EXPECT_THAT(peer_.sizes, Each(Le(18)));
  EXPECT_THAT(peer_.entries, SizeIs(100));
}

TEST_F(ListImportTest, GoesOnWhereItWasCutOff) {
  const Records records = ListOf(300);
  peer_.fail_after = 1;
  ListImport cut = Planned(records);
  EXPECT_FALSE(Run(cut).ok());
  EXPECT_TRUE(cut.IsImported(99));
  EXPECT_FALSE(cut.IsImported(100));
  const std::string id = peer_.request_ids.back();
  ListImport rest = Planned(records);
  EXPECT_EQ(rest.Count(ImportRowResult::CREATED), 200);
  EXPECT_TRUE(Run(rest).ok());
  // The call that got no answer is known again.
  EXPECT_EQ(peer_.request_ids[2], id);
  EXPECT_THAT(peer_.entries, SizeIs(300));
}

TEST_F(ListImportTest, IsAnotherCallAfterSomebodysEdit) {
  const Records records = ListOf(1, "https://a.example.org");
  for (int round = 0; round < 2; ++round) {
    peer_.entries["organizations/lag-0"].website = "https://b.example.org";
    ++peer_.entries["organizations/lag-0"].version;
    ListImport import = Planned(records);
    EXPECT_TRUE(Run(import).ok());
  }
  EXPECT_NE(peer_.request_ids[0], peer_.request_ids[1]);
}

TEST_F(ListImportTest, PlansAgainWhatSomebodyChangedMeanwhile) {
  const Records records = ListOf(3, "https://a.example.org");
  peer_.entries["organizations/lag-1"] = {};
  ListImport import = Planned(records);
  bool first = true;
  peer_.before_import = [&] {
    if (first) peer_.entries["organizations/lag-1"].version = 7;
    first = false;
  };
  EXPECT_TRUE(Run(import).ok());
  EXPECT_EQ(peer_.entries["organizations/lag-1"].version, 8);
  EXPECT_EQ(import.Count(ImportRowResult::UPDATED), 1);
}

TEST_F(ListImportTest, StopsAtAnErrorThatCameMeanwhileUnlessItIsSkipped) {
  for (const bool skip : {false, true}) {
    peer_.entries = {{"organizations/lag-1", {}}};
    peer_.archived.clear();
    const Records records = ListOf(3, "https://a.example.org");
    ListImport import = Planned(records, skip);
    peer_.before_import = [&] { peer_.archived = {"organizations/lag-1"}; };
    EXPECT_EQ(Run(import).ok(), skip);
    EXPECT_EQ(import.Count(ImportRowResult::REFUSED), 1);
    EXPECT_THAT(peer_.entries, SizeIs(skip ? 3 : 1));
  }
}

TEST_F(ListImportTest, TellsRowsThatAreOneEntryAcrossCalls) {
  Records records = ListOf(150);
  records.records[149].organization.set_name("organizations/lag-0");
  ListImport import = Planned(records);
  EXPECT_EQ(import.Count(ImportRowResult::REFUSED), 1);
  EXPECT_EQ(import.results()[149].problems(0).message(),
            "is organizations/lag-0, as row 2 is");
  EXPECT_THAT(ToTable(import.results()).rows, SizeIs(150));
}

}  // namespace
}  // namespace lagnet::exchange
