#include "server/rpc/tls.h"

#include <fstream>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/log.h"
#include "server/base/status_macros.h"

namespace lagnet::rpc {
namespace {

constexpr size_t kMostKnown = 1000;
constexpr absl::Duration kWarnBefore = absl::Hours(14 * 24);
constexpr absl::Duration kBetweenWarnings = absl::Hours(24);

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  std::ifstream file(path);
  if (!file.good()) {
    return absl::FailedPreconditionError(absl::StrCat("cannot read ", path));
  }
  return std::string(std::istreambuf_iterator<char>(file), {});
}

absl::Status WrongFile(const std::string& path, absl::string_view why) {
  return absl::FailedPreconditionError(absl::StrCat(path, ": ", why));
}

absl::Status CheckTime(const std::string& path, const Certificate& certificate,
                       absl::Time now) {
  if (now < certificate.start()) {
    return WrongFile(path, absl::StrCat("the certificate is not valid before ",
                                        absl::FormatTime(certificate.start(),
                                                         absl::UTCTimeZone())));
  }
  if (now >= certificate.end()) {
    return WrongFile(path, absl::StrCat("the certificate ended on ",
                                        absl::FormatTime(certificate.end(),
                                                         absl::UTCTimeZone()),
                                        "; renew it"));
  }
  return absl::OkStatus();
}

absl::Status ReadServer(const Tls::Files& files, absl::Time now,
                        Tls::Material& material) {
  ASSIGN_OR_RETURN(material.cert, ReadFile(files.cert));
  ASSIGN_OR_RETURN(material.key, ReadFile(files.key));
  const absl::Status fits = CheckKeyPair(material.cert, material.key);
  if (!fits.ok()) {
    return WrongFile(absl::StrCat(files.cert, " and ", files.key),
                     fits.message());
  }
  ASSIGN_OR_RETURN(const std::vector<Certificate> chain,
                   Certificate::ReadAll(material.cert));
  material.end = chain[0].end();
  return CheckTime(files.cert, chain[0], now);
}

absl::Status ReadClients(const Tls::Files& files, Tls::Material& material) {
  if (files.client_ca.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(material.client_ca, ReadFile(files.client_ca));
  auto authorities = Authorities::Read(material.client_ca);
  if (!authorities.ok()) {
    return WrongFile(files.client_ca, authorities.status().message());
  }
  material.authorities = *std::move(authorities);
  if (files.deny.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::string text, ReadFile(files.deny));
  auto denied = DenyList::Parse(text);
  if (!denied.ok()) return WrongFile(files.deny, denied.status().message());
  material.denied = *std::move(denied);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<Tls>> Tls::Load(Files files, absl::Time now) {
  std::unique_ptr<Tls> tls(new Tls(std::move(files)));
  RETURN_IF_ERROR(tls->Reload(now));
  return tls;
}

absl::Status Tls::Reload(absl::Time now) {
  absl::MutexLock reload_lock(&reload_mutex_);
  auto material = std::make_shared<Material>();
  RETURN_IF_ERROR(ReadServer(files_, now, *material));
  RETURN_IF_ERROR(ReadClients(files_, *material));
  absl::MutexLock lock(&mutex_);
  material->version = material_ == nullptr ? 1 : material_->version + 1;
  material_ = std::move(material);
  warned_at_ = absl::InfinitePast();
  return absl::OkStatus();
}

std::shared_ptr<const Tls::Material> Tls::material() const {
  absl::ReaderMutexLock lock(&mutex_);
  return material_;
}

absl::Status Tls::Check(const Credentials& credentials, absl::Time now) const {
  if (credentials.certificate.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const absl::Time end, EndOf(credentials, now));
  if (now < end) return absl::OkStatus();
  return Error(
      absl::StatusCode::kUnauthenticated, "BAD_CREDENTIALS",
      "the client certificate has ended since the connection was made; "
      "connect with a new one");
}

absl::StatusOr<absl::Time> Tls::EndOf(const Credentials& credentials,
                                      absl::Time now) const {
  std::shared_ptr<const Material> material;
  Known known;
  {
    absl::ReaderMutexLock lock(&mutex_);
    material = material_;
    const auto found = known_.find(credentials.certificate);
    if (found != known_.end()) {
      if (found->second.version == material->version) return found->second.end;
      known = found->second;
    }
  }
  auto shown = Certificate::ReadAll(
      absl::StrCat(credentials.certificate, "\n", credentials.chain));
  // A session that was resumed does not tell again what lies between.
  if (shown.ok() && shown->size() > known.certificates.size()) {
    known.certificates = *std::move(shown);
  }
  if (known.certificates.empty() || !material->authorities) {
    return Error(absl::StatusCode::kUnauthenticated, "BAD_CREDENTIALS",
                 "the client certificate cannot be read");
  }
  known.version = material->version;
  known.end =
      material->authorities->Verify(known.certificates, material->denied, now);
  absl::MutexLock lock(&mutex_);
  if (known_.size() >= kMostKnown) known_.clear();
  known_[credentials.certificate] = known;
  return known.end;
}

bool Tls::WarnBeforeTheEnd(absl::Time now) {
  absl::MutexLock lock(&mutex_);
  if (now < material_->end - kWarnBefore ||
      now - warned_at_ < kBetweenWarnings) {
    return false;
  }
  warned_at_ = now;
  Log(Severity::kWarning, "certificate_ends_soon")
      .With("file", files_.cert)
      .With("end", absl::FormatTime(material_->end, absl::UTCTimeZone()));
  return true;
}

}  // namespace lagnet::rpc
