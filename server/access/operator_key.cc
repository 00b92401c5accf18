#include "server/access/operator_key.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "server/access/account.h"
#include "server/access/store.h"
#include "server/base/status_macros.h"
#include "server/db/transact.h"

namespace lagnet::access {
namespace {

constexpr char kOperator[] = "operator";
constexpr int kAll = 1000;

const RequestKey& By() {
  static const auto* const by =
      new RequestKey{.caller = "local", .method = "lagnetd/admin-key"};
  return *by;
}

absl::Time Soon() { return absl::Now() + absl::Seconds(20); }

bool RunsEverything(const std::vector<RoleGrant>& grants) {
  return std::any_of(grants.begin(), grants.end(), [](const RoleGrant& grant) {
    return grant.role == RoleKind::kNetworkAdmin && grant.network.empty();
  });
}

// Also mends what was taken from it over the network, so that nobody can lock
// out who may write to the data folder.
absl::StatusOr<Account> OperatorAccount(db::Tx& tx) {
  absl::StatusOr<Account> account = LockAccount(tx, kOperator);
  if (absl::IsNotFound(account.status())) {
    RETURN_IF_ERROR(InsertAccount(tx, By(),
                                  {.id = kOperator,
                                   .kind = AccountKind::kSystem,
                                   .display_name = "Operator"}));
    account = LockAccount(tx, kOperator);
  }
  RETURN_IF_ERROR(account.status());
  if (account->state != AccountState::kActive) {
    EnableAccount(tx, By(), *account);
  }
  if (!RunsEverything(LoadGrants(tx, kOperator, 0, kAll))) {
    InsertGrant(tx, By(), *account, {.role = RoleKind::kNetworkAdmin});
  }
  return account;
}

absl::StatusOr<bool> Works(db::Pool& pool, const std::string& secret) {
  if (secret.empty()) return false;
  const auto look = [&](db::Tx& tx) -> absl::StatusOr<bool> {
    const std::string hash = HashOf(secret);
    for (const AccountFacts& facts : LoadAllFacts(tx)) {
      if (facts.account.id != kOperator || !RunsEverything(facts.grants)) {
        continue;
      }
      for (const AccountFacts::Key& key : facts.keys) {
        if (key.hash == hash) return true;
      }
    }
    return false;
  };
  return db::Transact(pool, Soon(), look);
}

absl::Status WriteSecret(const std::string& path, const std::string& secret) {
  const std::string building = path + ".new";
  const int fd =
      open(building.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0) return absl::ErrnoToStatus(errno, absl::StrCat("create ", path));
  const std::string line = secret + "\n";
  const bool written = write(fd, line.data(), line.size()) ==
                           static_cast<ssize_t>(line.size()) &&
                       fsync(fd) == 0;
  close(fd);
  if (!written || std::rename(building.c_str(), path.c_str()) != 0) {
    return absl::ErrnoToStatus(errno, absl::StrCat("write ", path));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::string> MakeOperatorKey(db::Pool& pool,
                                            const std::string& path) {
  const std::string secret = NewSecret();
  const auto make = [&](db::Tx& tx) -> absl::Status {
    ASSIGN_OR_RETURN(const Account account, OperatorAccount(tx));
    for (const ApiKey& key : LoadApiKeys(tx, kOperator, 0, kAll)) {
      if (key.revoke_time == absl::InfiniteFuture()) {
        RETURN_IF_ERROR(RevokeApiKey(tx, By(), account, key));
      }
    }
    return InsertApiKey(tx, By(), account, secret, absl::InfiniteFuture())
        .status();
  };
  RETURN_IF_ERROR(db::Transact(pool, Soon(),
                               absl::FunctionRef<absl::Status(db::Tx&)>(make)));
  RETURN_IF_ERROR(WriteSecret(path, secret));
  return secret;
}

absl::Status EnsureOperatorKey(db::Pool& pool, const std::string& path) {
  std::ifstream file(path);
  const std::string kept(std::istreambuf_iterator<char>(file), {});
  ASSIGN_OR_RETURN(const bool works,
                   Works(pool, std::string(absl::StripAsciiWhitespace(kept))));
  if (works) return absl::OkStatus();
  return MakeOperatorKey(pool, path).status();
}

}  // namespace lagnet::access
