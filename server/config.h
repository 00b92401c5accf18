#ifndef LAGNET_SERVER_CONFIG_H_
#define LAGNET_SERVER_CONFIG_H_

#include <string>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"

namespace lagnet {

// Every setting of lagnetd with its default. Set by flag, environment
// (LAGNET_DATA for --data, and so on) or a file (--config), in that order.
struct Config {
  // The folder for the private database and the keys. The log goes to stderr;
  // deploy/run.sh alone writes it into this folder.
  std::string data;
  // A PostgreSQL 15 or newer (URL or key=value, several hosts allowed). Empty:
  // a private one in the data folder.
  std::string database;
  // The system user to become when started as root.
  std::string user = "lagnet";
  // Where gRPC is served.
  std::string listen = "127.0.0.1:7300";
  // Where Prometheus reads; "off" for nowhere.
  std::string metrics = "127.0.0.1:7301";
  // Allows gRPC without TLS on an address that is not this machine's own.
  bool insecure = false;
  // PEM files, read again on SIGHUP, as is the deny-list. With a client CA,
  // client certificates are asked for and, if shown, must be signed by it.
  std::string tls_cert;
  std::string tls_key;
  std::string tls_client_ca;
  // Serial numbers of client certificates that open nothing any more.
  std::string tls_deny;
  // Takes no connection without a client certificate.
  bool tls_require_client = false;
  // Threads that wait for the database, and connections to it.
  int workers = 8;
  // Calls that may wait for a worker.
  int queue = 512;
  // Calls a second that one caller may make; 0: no limit.
  double rate_limit = 500;
  // The mail server that letters go to: smtp://HOST:PORT (with STARTTLS, which
  // it must have unless it is this machine) or smtps://HOST:PORT. Empty: no
  // letters are sent, and nobody has to confirm an address.
  std::string mail_server;
  std::string mail_user;           // Empty: without a password.
  std::string mail_password_file;  // Its first line.
  std::string mail_ca;             // PEM file to trust; empty: the system's.
  std::string mail_from;           // "Name <address>".
  // Where the pages are that letters link to: https://visits.example.org.
  std::string web_url;
  // debug, info, warning or error.
  std::string log_level = "info";

  std::string key_file() const { return data + "/server.key"; }
  std::string admin_key_file() const { return data + "/admin.key"; }
};

// Adds the options to a command line.
void AddOptions(CLI::App& app, Config& config);

// Whether the mail server is spoken to without TLS: one on this machine, that
// neither a password nor a certificate was given for.
bool IsPlainMail(const Config& config);

// Fills in what depends on who runs it, and checks what fits together. Fails
// with a sentence that says what to do.
absl::Status CompleteConfig(Config& config);

}  // namespace lagnet

#endif  // LAGNET_SERVER_CONFIG_H_
