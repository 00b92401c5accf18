#include "server/db/embedded.h"

#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <pqxx/pqxx>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "server/base/log.h"
#include "server/base/process.h"
#include "server/base/status_macros.h"

namespace lagnet::db {
namespace {

namespace fs = std::filesystem;

constexpr int kOldestMajor = 15;

absl::Status Refuse(absl::string_view text) {
  return absl::FailedPreconditionError(text);
}

std::string ReadFile(const std::string& path) {
  std::ifstream file(path);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

bool WriteFile(const std::string& path, const std::string& text,
               std::ios::openmode mode = std::ios::trunc) {
  std::ofstream file(path, std::ios::out | mode);
  file << text;
  file.close();
  return file.good();
}

// The last lines of what a program said, which is where the reason stands.
std::string Tail(const std::string& output) {
  constexpr size_t kKeep = 600;
  const absl::string_view text = absl::StripAsciiWhitespace(output);
  return std::string(text.size() <= kKeep ? text
                                          : text.substr(text.size() - kKeep));
}

// The major version that a folder was made with, or 0 for a new one.
int MajorOf(const std::string& folder) {
  int major = 0;
  const std::string text = ReadFile(folder + "/PG_VERSION");
  if (!absl::SimpleAtoi(absl::StripAsciiWhitespace(text), &major)) return 0;
  return major;
}

std::string ProgramsOf(int major) {
  return absl::StrCat("/usr/lib/postgresql/", major, "/bin");
}

// Debian keeps each major version in a folder of its own.
absl::StatusOr<std::string> FindPrograms(const std::string& folder) {
  if (const int wanted = MajorOf(folder); wanted > 0) {
    if (fs::exists(ProgramsOf(wanted) + "/pg_ctl")) return ProgramsOf(wanted);
    return Refuse(
        absl::StrCat("the data in ", folder, " is of PostgreSQL ", wanted,
                     ", which is not installed here; install postgresql-",
                     wanted, ", or move the data over with pg_upgrade"));
  }
  for (int major = 40; major >= kOldestMajor; --major) {
    if (fs::exists(ProgramsOf(major) + "/initdb")) return ProgramsOf(major);
  }
  return Refuse(absl::StrCat(
      "no PostgreSQL ", kOldestMajor,
      " or newer is installed; run deploy/packages.sh, or give a database with "
      "--database"));
}

// A socket's path has at most 107 bytes: long folders get a short place.
std::string SocketFolder(const std::string& folder) {
  constexpr size_t kLongest = 107 - sizeof("/.s.PGSQL.5432");
  std::string inside = folder + ".socket";
  if (inside.size() <= kLongest) return inside;
  return absl::StrCat("/tmp/lagnet-", getuid(), "-",
                      absl::Hex(std::hash<std::string>{}(folder)));
}

absl::Status MakeSocketFolder(const std::string& path) {
  if (mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) {
    return Refuse(absl::StrCat("cannot create ", path, ": ", strerror(errno)));
  }
  // In /tmp somebody else may have been there first.
  struct stat info {};
  if (lstat(path.c_str(), &info) != 0 || !S_ISDIR(info.st_mode) ||
      info.st_uid != getuid() || (info.st_mode & 0077) != 0) {
    return Refuse(absl::StrCat(path,
                               " exists and is not a closed folder of "
                               "this user; remove it"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<Embedded>> Embedded::Start(Options options) {
  if (geteuid() == 0) {
    return Refuse(
        "PostgreSQL does not run as root; start lagnetd as root to "
        "have it change to the system user lagnet");
  }
  ASSIGN_OR_RETURN(const std::string programs, FindPrograms(options.folder));
  std::string sockets = SocketFolder(options.folder);
  std::unique_ptr<Embedded> embedded(
      new Embedded(std::move(options), programs, std::move(sockets)));
  if (MajorOf(embedded->options_.folder) == 0) {
    RETURN_IF_ERROR(embedded->MakeCluster());
  }
  RETURN_IF_ERROR(MakeSocketFolder(embedded->sockets_));
  RETURN_IF_ERROR(embedded->StartOrAdopt());
  RETURN_IF_ERROR(embedded->MakeDatabase());
  return embedded;
}

absl::Status Embedded::MakeCluster() {
  // Built beside and renamed: a crash never leaves half a cluster.
  const std::string& folder = options_.folder;
  const std::string building = folder + ".new";
  std::error_code error;
  if (fs::exists(folder, error) && !fs::is_empty(folder, error)) {
    return Refuse(absl::StrCat(folder,
                               " is not empty and holds no PostgreSQL "
                               "data; choose another folder"));
  }
  fs::remove_all(building, error);
  ASSIGN_OR_RETURN(
      const CommandResult made,
      RunCommand({programs_ + "/initdb", "-D", building, "-E", "UTF8",
                  // Letters of all languages, in the order of their bytes.
                  "--locale=C.UTF-8", "--lc-collate=C", "--data-checksums",
                  "--no-instructions", "-U", "lagnet", "--auth-local=peer",
                  "--auth-host=reject"}));
  if (made.exit_code != 0) {
    fs::remove_all(building, error);
    return Refuse(absl::StrCat("cannot create the database in ", folder, ": ",
                               Tail(made.output)));
  }
  const passwd* const user = getpwuid(geteuid());
  if (user == nullptr) return Refuse("this user has no name on this system");
  std::string settings =
      "\nlisten_addresses = ''\n"
      "unix_socket_permissions = 0777  # The folder (0700) protects it.\n"
      "max_connections = 60\n"
      "shared_buffers = 128MB\n"
      "timezone = 'UTC'\n"
      "log_timezone = 'UTC'\n"
      "log_min_messages = warning\n"
      "log_min_error_statement = panic  # Statements may hold personal data.\n"
      "log_error_verbosity = terse\n";
  for (const std::string& line : options_.settings) {
    absl::StrAppend(&settings, line, "\n");
  }
  // The folder's owner is the system user that this process runs as; root may
  // reach it for backups.
  const bool written =
      WriteFile(building + "/pg_hba.conf", "local all all peer map=own\n") &&
      WriteFile(
          building + "/pg_ident.conf",
          absl::StrCat("own ", user->pw_name, " lagnet\nown root lagnet\n")) &&
      WriteFile(building + "/postgresql.conf", settings, std::ios::app);
  fs::remove(folder, error);
  if (written) fs::rename(building, folder, error);
  if (!written || error) {
    fs::remove_all(building, error);
    return Refuse(absl::StrCat("cannot write the database's settings to ",
                               folder, "; is the disk full?"));
  }
  return absl::OkStatus();
}

bool Embedded::Answers() {
  const auto ready =
      RunCommand({programs_ + "/pg_isready", "-q", "-h", sockets_});
  return ready.ok() && ready->exit_code == 0;
}

absl::Status Embedded::StartOrAdopt() {
  // Ask the socket, not the pid file: right after a kill the process is a
  // zombie that still has its pid, and left-over backends hold the shared
  // memory for a moment. So: ask, start, and again.
  std::string output;
  const absl::Time give_up = absl::Now() + absl::Seconds(20);
  do {
    if (Answers()) return absl::OkStatus();
    ASSIGN_OR_RETURN(
        const CommandResult started,
        RunCommand({programs_ + "/pg_ctl", "-D", options_.folder, "-w", "-t",
                    "60", "-l", options_.folder + ".log", "-o",
                    absl::StrCat("-k ", sockets_), "-s", "start"}));
    if (started.exit_code == 0) return absl::OkStatus();
    output = started.output;
    absl::SleepFor(absl::Milliseconds(200));
  } while (absl::Now() < give_up);
  return Refuse(absl::StrCat("the database in ", options_.folder,
                             " does not start: ", Tail(output), "\n",
                             Tail(ReadFile(options_.folder + ".log"))));
}

absl::Status Embedded::MakeDatabase() {
  try {
    pqxx::connection connection(Dsn("postgres"));
    pqxx::nontransaction session(connection);
    if (session.exec("SELECT FROM pg_database WHERE datname = 'lagnet'")
            .empty()) {
      session.exec("CREATE DATABASE lagnet");
    }
    return absl::OkStatus();
  } catch (const std::exception& e) {
    return Refuse(absl::StrCat("cannot create the database: ", e.what()));
  }
}

absl::Status Embedded::Stop() {
  ASSIGN_OR_RETURN(const CommandResult stopped,
                   RunCommand({programs_ + "/pg_ctl", "-D", options_.folder,
                               "-m", "fast", "-w", "-t", "30", "-s", "stop"}));
  if (stopped.exit_code != 0) {
    return absl::InternalError(
        absl::StrCat("PostgreSQL does not stop: ", Tail(stopped.output)));
  }
  return absl::OkStatus();
}

std::string Embedded::Dsn(const std::string& database) const {
  return absl::StrCat("host='", sockets_, "' user=lagnet dbname=", database);
}

}  // namespace lagnet::db
