#include "tests/access/certificates.h"

#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace lagnet::access {
namespace {

// What `openssl ca` wants to know before it dates a certificate as told.
constexpr char kSettings[] = R"(
[ca]
default_ca = this
[this]
dir = $DIR
database = $DIR/index
new_certs_dir = $DIR
rand_serial = yes
policy = any
unique_subject = no
[any]
commonName = supplied
)";

}  // namespace

Certificates::Certificates() {
  Write("settings", absl::StrReplaceAll(kSettings, {{"$DIR", folder_.path()}}));
  Write("index", "");
  MakeAuthority("ca");
  MakeAuthority("other-ca");
}

void Certificates::MakeAuthority(const std::string& name) {
  Run(
      absl::StrCat("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256"
                   " -nodes -days 30 -subj /CN=",
                   name, " -keyout ", name, ".key -out ", name, ".pem"));
}

void Certificates::Make(const std::string& name, const Kind& kind) {
  std::string extensions = absl::StrCat(
      "basicConstraints = CA:FALSE\nextendedKeyUsage = ", kind.usage, "\n");
  if (!kind.san.empty()) {
    absl::StrAppend(&extensions, "subjectAltName = ", kind.san, "\n");
  }
  Write(name + ".ext", extensions);
  Run(absl::StrCat("req -newkey ", kind.key, " -nodes -subj /CN=", name,
                   " -keyout ", name, ".key -out ", name, ".csr"));
  const std::string signer =
      kind.ca.empty()
          ? absl::StrCat("-selfsign -keyfile ", name, ".key")
          : absl::StrCat("-cert ", kind.ca, ".pem -keyfile ", kind.ca, ".key");
  Run(absl::StrCat("ca -batch -notext -config settings -md ", kind.digest, " ",
                   signer, " -startdate ", kind.start, " -enddate ", kind.end,
                   " -extfile ", name, ".ext -in ", name, ".csr -out ", name,
                   ".pem"));
}

std::string Certificates::CertPath(const std::string& name) const {
  return absl::StrCat(folder_.path(), "/", name, ".pem");
}

std::string Certificates::KeyPath(const std::string& name) const {
  return absl::StrCat(folder_.path(), "/", name, ".key");
}

void Certificates::Write(const std::string& file,
                         const std::string& text) const {
  std::ofstream(absl::StrCat(folder_.path(), "/", file)) << text;
}

void Certificates::Run(const std::string& command) const {
  const std::string line = absl::StrCat("cd ", folder_.path(), " && openssl ",
                                        command, " >log 2>&1 </dev/null");
  if (std::system(line.c_str()) == 0) return;
  std::fprintf(stderr, "openssl fails: %s\n%s\n", command.c_str(),
               ReadFile(absl::StrCat(folder_.path(), "/log")).c_str());
  std::abort();
}

}  // namespace lagnet::access
