#include "server/app.h"

#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "server/access/colleague_service.h"
#include "server/access/letter_store.h"
#include "server/access/merge_store.h"
#include "server/access/operator_key.h"
#include "server/access/roster.h"
#include "server/access/service.h"
#include "server/access/session_service.h"
#include "server/access/session_store.h"
#include "server/base/error.h"
#include "server/base/log.h"
#include "server/base/status_macros.h"
#include "server/changes/service.h"
#include "server/changes/tailer.h"
#include "server/db/embedded.h"
#include "server/db/migrate.h"
#include "server/db/pool.h"
#include "server/db/requests.h"
#include "server/db/transact.h"
#include "server/directory/double_service.h"
#include "server/directory/import_service.h"
#include "server/directory/life_store.h"
#include "server/directory/owners.h"
#include "server/directory/searchable.h"
#include "server/directory/service.h"
#include "server/directory/territory_service.h"
#include "server/jobs/runner.h"
#include "server/mail/asked_store.h"
#include "server/mail/bounce_service.h"
#include "server/mail/post.h"
#include "server/mail/store.h"
#include "server/privacy/store.h"
#include "server/privacy/vault.h"
#include "server/projects/merge_store.h"
#include "server/projects/service.h"
#include "server/rpc/gate.h"
#include "server/rpc/metrics.h"
#include "server/rpc/server.h"
#include "server/rpc/tls.h"
#include "server/rpc/workers.h"
#include "server/search/follower.h"
#include "server/search/service.h"
#include "server/solver/run.h"
#include "server/visits/desk.h"
#include "server/visits/draw_service.h"
#include "server/visits/draw_store.h"
#include "server/visits/letter_store.h"
#include "server/visits/merge_store.h"
#include "server/visits/place_service.h"
#include "server/visits/searchable.h"
#include "server/visits/seat_history_store.h"
#include "server/visits/seat_store.h"
#include "server/visits/service.h"
#include "server/visits/sign_up_store.h"
#include "server/visits/snapshot.h"
#include "server/visits/watches.h"

namespace lagnet {
namespace {

constexpr absl::Duration kDrain = absl::Seconds(8);
constexpr absl::Duration kPoll = absl::Milliseconds(40);
constexpr int kDeskThreads = 2;
constexpr int kSettleAtOnce = 20;
constexpr int kBackgroundConnections = 4;  // Tailer, roster, jobs, post.
constexpr int kPurgeAtOnce = 1000;
constexpr int kStaleAtOnce = 100;
// A watch goes on for at most so long after a role has come to its end; less
// if the role or the key is taken away.
constexpr absl::Duration kBetweenRechecks = absl::Seconds(3);

absl::Status LoadRoster(db::Pool& pool, access::Roster& roster) {
  const auto load =
      [](db::Tx& tx) -> absl::StatusOr<std::vector<access::AccountFacts>> {
    return access::LoadAllFacts(tx);
  };
  return roster.Reload([&] {
    return db::Transact(pool, absl::Now() + changes::kReadTime, load);
  });
}

absl::StatusOr<std::unique_ptr<rpc::Tls>> LoadTls(const Config& config) {
  if (config.tls_cert.empty()) return nullptr;
  return rpc::Tls::Load({.cert = config.tls_cert,
                         .key = config.tls_key,
                         .client_ca = config.tls_client_ca,
                         .deny = config.tls_deny,
                         .require_client = config.tls_require_client},
                        absl::Now());
}

// The first line of a file that holds a secret.
absl::StatusOr<std::string> ReadPassword(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  if (!std::getline(file, line)) {
    return absl::FailedPreconditionError(
        absl::StrCat("cannot read the password of the mail server in ", path));
  }
  return line;
}

// Two servers must not use one data folder: stopping one would stop the
// other's database.
absl::StatusOr<int> LockFolder(const std::string& folder) {
  const std::string path = folder + "/lock";
  const int fd = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) {
    return absl::FailedPreconditionError(absl::StrCat(
        "cannot write to the data folder ", folder, ": ", strerror(errno)));
  }
  if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
    close(fd);
    return absl::FailedPreconditionError(
        absl::StrCat("another lagnetd uses the data folder ", folder,
                     "; stop it, or choose another with --data"));
  }
  return fd;
}

}  // namespace

// In the order in which they are made; they go in the opposite order.
struct App::Parts {
  Config config;
  int lock = -1;
  std::unique_ptr<db::Embedded> embedded;
  std::unique_ptr<db::Pool> pool;
  std::unique_ptr<db::Pool> background;
  std::unique_ptr<privacy::Vault> vault;
  std::unique_ptr<access::Roster> roster;
  std::unique_ptr<rpc::Tls> tls;  // Null: plaintext.
  std::unique_ptr<rpc::Metrics> metrics;
  std::unique_ptr<rpc::Workers> workers;
  std::unique_ptr<rpc::Gate> gate;
  std::unique_ptr<changes::Tailer> tailer;
  std::unique_ptr<directory::Owners> owners;
  std::unique_ptr<visits::Snapshot> snapshot;
  std::unique_ptr<search::Follower> search;
  std::unique_ptr<visits::Watches> watches;
  std::unique_ptr<visits::Desk> desk;
  std::vector<std::unique_ptr<grpc::Service>> services;
  std::unique_ptr<jobs::Runner> jobs;
  std::unique_ptr<mail::Post> post;  // Null: no mail server.
  std::unique_ptr<rpc::Server> server;
  absl::Time rechecked_at = absl::InfinitePast();  // The tailer's thread only.

  absl::Status OpenDatabase();
  absl::Status CheckServerKey();
  void MakeGate();
  absl::Status HearOfAccounts(const changes::Stretch& stretch);
  absl::Status FollowChanges();
  void MakeServices();
  void MakeGauges();
  absl::Status StartPost();
  absl::Status Serve();

  ~Parts() {
    if (server != nullptr) server->SayNotServing();
    if (gate != nullptr) {
      gate->EndStreams(Error(absl::StatusCode::kUnavailable, "STOPPING",
                             "the server is stopping; go on with the last "
                             "resume_token")
                           .RetryAfter(absl::Milliseconds(200)));
    }
    const absl::Time deadline = absl::Now() + kDrain;
    if (pool != nullptr) pool->StopAt(deadline);
    if (background != nullptr) background->StopAt(deadline);
    if (server != nullptr) server->Stop(deadline);
    if (metrics != nullptr) metrics->StopServing();  // It asks what goes now.
    post.reset();
    jobs.reset();
    workers.reset();
    desk.reset();
    tailer.reset();
    pool.reset();
    background.reset();
    if (embedded != nullptr) {
      if (const absl::Status status = embedded->Stop(); !status.ok()) {
        Log(Severity::kError, "database_stop_failed")
            .With("error", std::string(status.message()));
      }
    }
    if (lock >= 0) close(lock);
  }
};

absl::Status App::Parts::OpenDatabase() {
  std::string dsn = config.database;
  if (dsn.empty()) {
    ASSIGN_OR_RETURN(embedded,
                     db::Embedded::Start({.folder = config.data + "/pg"}));
    dsn = embedded->Dsn();
  }
  ASSIGN_OR_RETURN(dsn, db::CompleteDsn(dsn));
  // A server whose role may not change the schema starts on one that is right.
  if (!db::CheckSchema(dsn).ok()) RETURN_IF_ERROR(db::Migrate(dsn));
  pool = std::make_unique<db::Pool>(dsn, config.workers + kDeskThreads);
  background = std::make_unique<db::Pool>(dsn, kBackgroundConnections);
  return absl::OkStatus();
}

absl::Status App::Parts::CheckServerKey() {
  const auto check = [&](db::Tx& tx) {
    return privacy::CheckServerKey(tx, *vault);
  };
  return db::Transact(*pool, absl::Now() + changes::kReadTime,
                      absl::FunctionRef<absl::Status(db::Tx&)>(check));
}

void App::Parts::MakeGate() {
  workers = std::make_unique<rpc::Workers>(config.workers, config.queue);
  gate = std::make_unique<rpc::Gate>(
      rpc::Gate::Options{.calls_per_second = config.rate_limit,
                         .burst = 2 * config.rate_limit,
                         .fingerprint_key = vault->fingerprint_key()},
      workers.get(), metrics.get(),
      [this](const rpc::Credentials& credentials,
             absl::Time now) -> absl::StatusOr<rpc::Caller> {
        if (tls != nullptr) RETURN_IF_ERROR(tls->Check(credentials, now));
        return roster->Identify(credentials, now);
      },
      [this](const RequestKey& request,
             absl::Time deadline) -> absl::StatusOr<bool> {
        const auto find = [&](db::Tx& tx) {
          return db::FindRequest(tx, request);
        };
        ASSIGN_OR_RETURN(const db::EarlierCall earlier,
                         db::Transact(*pool, deadline, find));
        return earlier.found;
      });
}

// Who may no longer see what they watch stops to see it.
absl::Status App::Parts::HearOfAccounts(const changes::Stretch& stretch) {
  const bool changed = std::any_of(
      stretch.changes.begin(), stretch.changes.end(), [](const auto& change) {
        return absl::StartsWith(change.resource, "accounts/");
      });
  // Also without word of a change: the log may be held up for long by whoever
  // else uses the database.
  const absl::Time now = absl::Now();
  if (!changed && now - rechecked_at < kBetweenRechecks) {
    return absl::OkStatus();
  }
  RETURN_IF_ERROR(LoadRoster(*background, *roster));
  rechecked_at = now;
  gate->RecheckStreams();
  return absl::OkStatus();
}

absl::Status App::Parts::FollowChanges() {
  tailer = std::make_unique<changes::Tailer>(background.get(), kPoll);
  RETURN_IF_ERROR(tailer->Prepare());
  watches = std::make_unique<visits::Watches>(background.get(), tailer.get());
  RETURN_IF_ERROR(LoadRoster(*background, *roster));
  if (tls != nullptr) {
    tailer->Listen([this](const changes::Stretch&) -> absl::Status {
      tls->WarnBeforeTheEnd(absl::Now());
      return absl::OkStatus();
    });
  }
  owners = std::make_unique<directory::Owners>(background.get());
  RETURN_IF_ERROR(owners->Load());
  gate->RegisterOldNames({.resource = "lagnet/Organization",
                          .any = [this] { return owners->knows_old_names(); },
                          .staying =
                              [this](absl::string_view name) {
                                return owners->StayingName(name);
                              }});
  tailer->Listen([this](const changes::Stretch& stretch) {
    return owners->Hear(stretch);
  });
  snapshot = std::make_unique<visits::Snapshot>(background.get());
  RETURN_IF_ERROR(snapshot->Load(tailer->position()));
  tailer->Listen([this](const changes::Stretch& stretch) {
    return snapshot->Hear(stretch);
  });
  // What can be found: a line for each collection.
  search = std::make_unique<search::Follower>(
      background.get(),
      std::vector<search::Source>{directory::SearchableOrganizations(),
                                  visits::SearchableVisits()});
  RETURN_IF_ERROR(search->Load(tailer->position()));
  tailer->Listen([this](const changes::Stretch& stretch) {
    return search->Hear(stretch);
  });
  // Roles may have moved with the organisation that they are held over: who
  // may still see what is asked when that is known, too.
  tailer->Listen([this](const changes::Stretch& stretch) {
    return HearOfAccounts(stretch);
  });
  tailer->Listen([this](const changes::Stretch& stretch) {
    return watches->Hear(stretch);
  });
  tailer->Start();
  return absl::OkStatus();
}

void App::Parts::MakeServices() {
  const auto reload = [this] {
    (void)LoadRoster(*background, *roster);
    tailer->Wake();
  };
  rpc::Gate* const g = gate.get();
  db::Pool* const p = pool.get();
  const privacy::Vault* const v = vault.get();
  const bool sends_mail = !config.mail_server.empty();
  services.push_back(std::make_unique<access::AccountService>(g, p, v, reload));
  services.push_back(std::make_unique<access::ApiKeyService>(g, p, reload));
  services.push_back(
      std::make_unique<access::ClaimService>(g, p, v, sends_mail, reload));
  services.push_back(
      std::make_unique<access::ColleagueService>(g, p, v, reload));
  services.push_back(
      std::make_unique<access::SessionService>(g, p, v, sends_mail, reload));
  services.push_back(
      std::make_unique<directory::NetworkService>(g, p, owners.get()));
  services.push_back(
      std::make_unique<directory::OrganizationService>(g, p, owners.get()));
  services.push_back(std::make_unique<directory::DoubleService>(
      g, p, OrganizationMovers(),
      [this, reload](const std::string& goes, const std::string& stays) {
        owners->NoteMerge(goes, stays);
        reload();
      }));
  services.push_back(std::make_unique<directory::FieldChangeService>(g, p));
  services.push_back(std::make_unique<directory::ImportService>(g, p));
  services.push_back(std::make_unique<directory::ThemeService>(g, p));
  services.push_back(std::make_unique<directory::TerritoryService>(g));
  services.push_back(std::make_unique<mail::BounceService>(g, p, v));
  services.push_back(std::make_unique<projects::ProjectService>(g, p));
  services.push_back(std::make_unique<visits::StudyVisitService>(
      g, p, watches.get(), snapshot.get()));
  services.push_back(std::make_unique<visits::SignUpService>(
      g, p, desk.get(), watches.get(), v, /*mails_links=*/sends_mail));
  services.push_back(
      std::make_unique<visits::PlaceService>(g, p, v, sends_mail));
  services.push_back(std::make_unique<visits::DrawService>(
      g, p, v, solver::SolverBesideThis()));
  services.push_back(std::make_unique<search::SearchService>(g, search.get()));
  services.push_back(
      std::make_unique<changes::ChangeService>(g, p, tailer.get()));
}

void App::Parts::MakeGauges() {
  metrics->Gauge("lagnet_worker_queue", "Calls that wait for a worker.",
                 [this] { return workers->queued(); });
  metrics->Gauge("lagnet_desk_queue", "Sign-ups that wait for a decision.",
                 [this] { return desk->queued(); });
  metrics->Gauge("lagnet_pool_in_use", "Connections in use.",
                 [this] { return pool->in_use(); });
  metrics->Gauge("lagnet_pool_size", "Connections there can be.",
                 [this] { return pool->size(); });
  metrics->Gauge("lagnet_open_streams", "Open watches.",
                 [this] { return gate->open_streams(); });
  metrics->Gauge("lagnet_search_documents", "What can be found.", [this] {
    return static_cast<double>(search->index().size());
  });
  metrics->Gauge("lagnet_tailer_lag_seconds",
                 "Since the change log was last read to its end.",
                 [this] { return absl::ToDoubleSeconds(tailer->lag()); });
  if (tls == nullptr) return;
  metrics->Gauge(
      "lagnet_certificate_seconds", "Until the server's certificate ends.",
      [this] {
        return absl::ToDoubleSeconds(tls->material()->end - absl::Now());
      });
}

absl::Status App::Parts::StartPost() {
  if (config.mail_server.empty()) return absl::OkStatus();
  mail::Smtp::Options smtp{.server = config.mail_server,
                           .plaintext = IsPlainMail(config),
                           .user = config.mail_user,
                           .ca = config.mail_ca,
                           .from = config.mail_from};
  if (!smtp.user.empty()) {
    ASSIGN_OR_RETURN(smtp.password, ReadPassword(config.mail_password_file));
  }
  // Who writes letters: a line for each slice.
  std::vector<mail::Writer> writers = {
      access::AccessLetters(vault.get(), config.web_url),
      visits::VisitLetters(vault.get(), config.web_url)};
  post = std::make_unique<mail::Post>(background.get(), std::move(smtp),
                                      std::move(writers), vault.get());
  metrics->Gauge("lagnet_letters_due", "Letters that wait to be sent.",
                 [this] { return post->waiting(); });
  return post->Start();
}

absl::Status App::Parts::Serve() {
  std::vector<grpc::Service*> raw;
  for (const auto& service : services) raw.push_back(service.get());
  ASSIGN_OR_RETURN(
      server, rpc::Server::Start({.address = config.listen, .tls = tls.get()},
                                 raw, gate->service_names()));
  if (config.metrics == "off") return absl::OkStatus();
  try {
    metrics->Serve(config.metrics);
  } catch (const std::exception&) {
    return absl::FailedPreconditionError(
        absl::StrCat("cannot serve metrics on ", config.metrics,
                     ": is the port taken? choose another with --metrics, or "
                     "--metrics off"));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<App>> App::Start(const Config& config) {
  auto parts = std::make_unique<Parts>();
  parts->config = config;
  ASSIGN_OR_RETURN(parts->tls, LoadTls(config));
  ASSIGN_OR_RETURN(parts->lock, LockFolder(config.data));
  ASSIGN_OR_RETURN(const std::string key,
                   privacy::Vault::ReadOrMakeKeyFile(config.key_file()));
  parts->vault = std::make_unique<privacy::Vault>(key);
  parts->roster = std::make_unique<access::Roster>(parts->vault.get());
  parts->metrics = std::make_unique<rpc::Metrics>();
  RETURN_IF_ERROR(parts->OpenDatabase());
  RETURN_IF_ERROR(parts->CheckServerKey());
  RETURN_IF_ERROR(
      access::EnsureOperatorKey(*parts->pool, config.admin_key_file()));
  parts->MakeGate();
  RETURN_IF_ERROR(parts->FollowChanges());
  parts->desk = std::make_unique<visits::Desk>(
      visits::Desk::Options{
          .threads = kDeskThreads,
          .sends_mail = !config.mail_server.empty(),
          .on_commit = [tailer = parts->tailer.get()] { tailer->Wake(); }},
      parts->pool.get(), parts->vault.get());
  parts->MakeServices();
  parts->MakeGauges();
  parts->jobs = std::make_unique<jobs::Runner>(
      parts->background.get(),
      std::vector<jobs::Runner::Job>{
          {.name = "purge_request_ids",
           .every = absl::Hours(1),
           .run =
               [](db::Tx& tx) { return db::PurgeRequests(tx, kPurgeAtOnce); }},
          // Long before people are erased.
          {.name = "note_seats",
           .every = absl::Minutes(10),
           .run =
               [vault = parts->vault.get()](db::Tx& tx) {
                 return visits::NoteSeats(tx, *vault, kSettleAtOnce);
               }},
          {.name = "erase_people",
           .every = absl::Hours(1),
           .run =
               [](db::Tx& tx) {
                 return visits::ErasePeople(tx, kPurgeAtOnce) +
                        visits::EraseDrawLists(tx, kPurgeAtOnce) +
                        visits::PurgeSeatHistory(tx, kPurgeAtOnce);
               }},
          {.name = "purge_letters",
           .every = absl::Hours(1),
           .run =
               [](db::Tx& tx) {
                 return mail::PurgeLetters(tx, kPurgeAtOnce) +
                        mail::PurgeAsked(tx, kPurgeAtOnce);
               }},
          {.name = "remind",
           .every = absl::Minutes(10),
           .run =
               [sends_mail = !config.mail_server.empty()](db::Tx& tx) {
                 return sends_mail ? visits::NoteReminders(tx, kSettleAtOnce)
                                   : 0;
               }},
          {.name = "purge_sessions",
           .every = absl::Hours(1),
           .run =
               [](db::Tx& tx) {
                 return access::PurgeSessions(tx, kPurgeAtOnce);
               }},
          {.name = "settle_visits",
           .every = absl::Seconds(10),
           .run =
               [](db::Tx& tx) {
                 return visits::SettleVisits(tx, kSettleAtOnce);
               }},
          {.name = "forget_left_out",
           .every = absl::Minutes(1),
           .run =
               [vault = parts->vault.get()](db::Tx& tx) {
                 return visits::ForgetLeftOut(tx, *vault, kSettleAtOnce);
               }},
          {.name = "mark_stale",
           .every = absl::Hours(1),
           .run = [](db::Tx& tx) {
             return directory::MarkStale(tx, kStaleAtOnce);
           }}});
  RETURN_IF_ERROR(parts->StartPost());
  RETURN_IF_ERROR(parts->Serve());
  return std::unique_ptr<App>(new App(std::move(parts)));
}

App::App(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

App::~App() = default;

absl::Status App::CheckFiles(const Config& config) {
  return LoadTls(config).status();
}

void App::Reload() {
  if (parts_->tls == nullptr) {
    Log(Severity::kInfo, "nothing_to_reload");
    return;
  }
  const absl::Status status = parts_->tls->Reload(absl::Now());
  if (!status.ok()) {
    Log(Severity::kError, "certificates_not_reloaded")
        .With("error", std::string(status.message()));
    return;
  }
  const auto material = parts_->tls->material();
  Log(Severity::kInfo, "certificates_reloaded")
      .With("end", absl::FormatTime(material->end, absl::UTCTimeZone()))
      .With("denied", material->denied.size());
  parts_->gate->RecheckStreams();
}

std::vector<directory::Mover> App::OrganizationMovers() {
  return {visits::OrganizationMover(), projects::OrganizationMover(),
          access::OrganizationMover(), directory::DirectoryMover()};
}

std::string App::address() const {
  const std::string& listen = parts_->config.listen;
  return absl::StrCat(listen.substr(0, listen.rfind(':')), ":",
                      parts_->server->port());
}

}  // namespace lagnet
