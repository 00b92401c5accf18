#include "clients/cpp/cli/explain.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "clients/cpp/cli/failure.h"
#include "clients/cpp/cli/text.h"
#include "lagnet/error.h"

namespace lagnet::cli {
namespace {

using client::Error;

// What gRPC says about a connection, without the addresses before it.
std::string WithoutAddress(absl::string_view said) {
  for (const absl::string_view before : {"ipv4:", "ipv6:", "unix:"}) {
    const size_t address = said.find(before);
    if (address == absl::string_view::npos) continue;
    const size_t end = said.find(": ", address);
    if (end != absl::string_view::npos) said.remove_prefix(end + 2);
  }
  return OneLine(absl::StripSuffix(said, "."));
}

// Says why no server was reached.
std::string WhyNotReached(const Error& error,
                          const client::ConnectOptions& connect) {
  const auto says = [said = WithoutAddress(error.message)](const char* text) {
    return absl::StrContains(said, text);
  };
  if (error.code == absl::StatusCode::kDeadlineExceeded) {
    return absl::StrCat("No answer from ", connect.server, " within ",
                        absl::FormatDuration(connect.timeout),
                        ".\nIs the address right? --timeout waits longer.");
  }
  if (says("Connection refused") || says("No such file")) {
    return absl::StrCat("Nothing listens at ", connect.server,
                        ".\nIs the server running? deploy/run.sh starts one; "
                        "--server HOST:PORT names another.");
  }
  std::string advice =
      "Is the server running, and is it --server HOST:PORT that you mean?";
  if (says("wrong version number")) {
    advice =
        "The server talks without TLS: leave --ca and --cert away if it is on "
        "this machine.";
  } else if (says("Ssl handshake") || says("peer certificate")) {
    advice =
        "Is --ca the authority that signed the server's certificate, and is "
        "the server asked by the name in it?";
  } else if (says("Socket closed") || says("Connection reset")) {
    advice =
        "Does the server want TLS (--ca FILE), or a client certificate "
        "(--cert, --cert-key)?";
  }
  return absl::StrCat("No connection to ", connect.server, ": ",
                      WithoutAddress(error.message), ".\n", advice);
}

// Whether the server itself is at fault.
bool IsFault(const Error& error) {
  return error.code == absl::StatusCode::kInternal ||
         error.code == absl::StatusCode::kUnknown ||
         error.code == absl::StatusCode::kDataLoss;
}

// What a person can do about a refusal; "" where its sentence says it all.
std::string Advice(const Error& error, const client::ConnectOptions& connect) {
  using Code = absl::StatusCode;
  if (error.reason == "CERTIFICATE_DENIED") return "";
  if (error.code == Code::kUnauthenticated) {
    return connect.key_file.empty()
               ? "No key was given: use --key-file FILE or LAGNET_KEY_FILE."
               : absl::StrCat("The key came from ", connect.key_file,
                              ". Is it this server's, and still valid?");
  }
  if (error.code == Code::kPermissionDenied) {
    return connect.key_file.empty()
               ? "No key was given: use --key-file FILE or LAGNET_KEY_FILE."
               : "`lagnet whoami` shows what your key may do.";
  }
  if (error.reason == "ETAG_MISMATCH") {
    return "Somebody changed it meanwhile: look at it again, then repeat.";
  }
  if (error.reason == "COMMIT_IN_DOUBT") {
    return "It may have been done or not: look, or repeat the command with "
           "--request-id " +
           error.request_id + ".";
  }
  if (error.reason == "RESUME_TOKEN_EXPIRED") {
    return "The database was restored or upgraded since: start again without "
           "--since.";
  }
  if (error.retry_delay) {
    return absl::StrCat(
        "Try again in ",
        absl::FormatDuration(absl::Ceil(*error.retry_delay, absl::Seconds(1))),
        ".");
  }
  if (IsFault(error)) {
    const auto id = error.metadata.find("callId");
    if (id != error.metadata.end()) {
      return absl::StrCat("The server's log has more under call ", id->second,
                          ".");
    }
  }
  if (error.code == Code::kUnimplemented) {
    return "The server is older than this program.";
  }
  return "";
}

bool NotReached(const Error& error) {
  return !error.from_server() &&
         (error.code == absl::StatusCode::kUnavailable ||
          error.code == absl::StatusCode::kDeadlineExceeded);
}

}  // namespace

ExitCode ToExitCode(const absl::Status& status) {
  if (status.ok()) return ExitCode::kOk;
  if (IsTryLater(status)) return ExitCode::kTryLater;
  if (IsUsageError(status)) return ExitCode::kUsage;
  return NotReached(client::Decode(status)) ? ExitCode::kNotReached
                                            : ExitCode::kRefused;
}

std::string Explain(const absl::Status& status,
                    const client::ConnectOptions& connect) {
  const Error error = client::Decode(status);
  if (status.ok() || IsToldFailure(status)) return "";
  if (IsUsageError(status)) return absl::StrCat(error.message, "\n");
  if (NotReached(error)) return WhyNotReached(error, connect) + "\n";
  const std::string sentence = error.message.empty()
                                   ? absl::StatusCodeToString(error.code)
                                   : OneLine(error.message);
  std::string text = absl::StrCat(
      IsFault(error) ? "The server failed: " : "The server refuses: ",
      absl::StripSuffix(sentence, "."));
  if (!error.reason.empty()) absl::StrAppend(&text, " (", error.reason, ")");
  absl::StrAppend(&text, ".\n");
  for (const Error::Field& field : error.fields) {
    absl::StrAppend(&text, "  ", OneLine(field.path), ": ",
                    OneLine(field.description), "\n");
  }
  const std::string advice = Advice(error, connect);
  if (!advice.empty()) absl::StrAppend(&text, advice, "\n");
  return text;
}

}  // namespace lagnet::cli
