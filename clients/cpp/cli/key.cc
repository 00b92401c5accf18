#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "clients/cpp/cli/failure.h"
#include "clients/cpp/cli/names.h"
#include "clients/cpp/cli/nouns.h"
#include "clients/cpp/cli/text.h"
#include "clients/cpp/cli/verbs.h"

namespace lagnet::cli {
namespace {

using access::v1::ApiKey;
using access::v1::CreateApiKeyRequest;
using access::v1::ListApiKeysRequest;
using access::v1::ListApiKeysResponse;
using client::ApiKeys;

// A new file that only its owner reads. Removed again unless it was filled.
class SecretFile {
 public:
  static absl::StatusOr<SecretFile> Create(const std::string& path) {
    const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL, 0600);
    if (fd < 0) {
      return UsageError(
          absl::StrCat("cannot create ", path, ": ", std::strerror(errno)));
    }
    return SecretFile(path, fd);
  }
  SecretFile(SecretFile&& other) noexcept
      : path_(std::move(other.path_)), fd_(std::exchange(other.fd_, -1)) {}
  SecretFile& operator=(SecretFile&&) = delete;
  ~SecretFile() {
    if (fd_ < 0) return;
    close(fd_);
    unlink(path_.c_str());
  }

  absl::Status Fill(const std::string& secret) {
    const std::string line = secret + "\n";
    if (write(fd_, line.data(), line.size()) !=
            static_cast<ssize_t>(line.size()) ||
        fsync(fd_) != 0 || close(std::exchange(fd_, -1)) != 0) {
      return UsageError(
          absl::StrCat("cannot write ", path_, ": ", std::strerror(errno)));
    }
    return absl::OkStatus();
  }

 private:
  SecretFile(std::string path, int fd) : path_(std::move(path)), fd_(fd) {}

  std::string path_;
  int fd_;
};

struct CreateInput {
  std::string account;
  std::string out;
  CreateApiKeyRequest request;
  std::unique_ptr<FieldFlags> flags;
};

absl::Status Create(Session& session, CreateInput& input) {
  ASSIGN_OR_RETURN(*input.request.mutable_parent(),
                   FullName("lagnet/Account", input.account));
  RETURN_IF_ERROR(
      input.flags->Apply(session.language, *input.request.mutable_api_key()));
  // Before the call: a secret that cannot be kept must not be made.
  std::unique_ptr<SecretFile> file;
  if (!input.out.empty()) {
    ASSIGN_OR_RETURN(SecretFile created, SecretFile::Create(input.out));
    file = std::make_unique<SecretFile>(std::move(created));
  }
  ASSIGN_OR_RETURN(ApiKey key,
                   session.Call(&ApiKeys::CreateApiKey, input.request));
  if (key.secret().empty()) {
    std::cerr << "The key was made, but its secret got lost on the way.\n"
              << "Revoke it with `lagnet key revoke " << ShortName(key.name())
              << "` and create another.\n";
    return ToldFailure();
  }
  if (file == nullptr) {
    session.json ? session.Print(key) : void(std::cout << key.secret() << '\n');
    return absl::OkStatus();
  }
  RETURN_IF_ERROR(file->Fill(key.secret()));
  key.clear_secret();
  session.json ? session.Print(key)
               : void(std::cout << "Wrote " << key.name() << " to " << input.out
                                << '\n');
  return absl::OkStatus();
}

Table ToTable(const ListApiKeysResponse& found) {
  Table table({"ID", "STARTS WITH", "CREATED", "EXPIRES", "REVOKED"});
  for (const ApiKey& key : found.api_keys()) {
    table.Add({ShortName(key.name()), key.prefix(), Show(key.create_time()),
               Show(key.expire_time()), Show(key.revoke_time())});
  }
  return table;
}

}  // namespace

void AddKey(CLI::App& app, Session& session) {
  CLI::App* noun = app.add_subcommand("key", "API keys of accounts");
  noun->require_subcommand(1);
  CLI::App* list = noun->add_subcommand("list", "Lists an account's keys");
  const auto account = std::make_shared<std::string>();
  list->add_option("account", *account, "id or full name")->required();
  session.OnRun(list, [&session, account]() -> absl::Status {
    ListApiKeysRequest request;
    ASSIGN_OR_RETURN(*request.mutable_parent(),
                     FullName("lagnet/Account", *account));
    ASSIGN_OR_RETURN(const ListApiKeysResponse found,
                     session.ListAll(&ApiKeys::ListApiKeys, request));
    session.json ? session.Print(found)
                 : session.Print(ToTable(found), "No keys.");
    return absl::OkStatus();
  });

  CLI::App* create = noun->add_subcommand(
      "create", "Makes a key; its secret is shown this once");
  const auto input = std::make_shared<CreateInput>();
  create->add_option("account", input->account, "id or full name")->required();
  create
      ->add_option("--out", input->out,
                   "a new file for the secret, readable by you only")
      ->type_name("FILE");
  AddRequestId(create, input->request.mutable_request_id());
  input->flags = std::make_unique<FieldFlags>(
      create, ApiKey(),
      std::vector<FieldFlag>{
          {"expire_time", "when it stops working by itself", "expires"}});
  session.OnRun(create, [&session, input] { return Create(session, *input); });

  AddVerb(noun, session, "revoke", &ApiKeys::RevokeApiKey,
          "Ends a key, named ACCOUNT/ID", "Revoked");
}

}  // namespace lagnet::cli
