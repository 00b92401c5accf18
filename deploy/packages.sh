#!/usr/bin/env bash
# Installs what this machine lacks to build, run and test lagnet.
#   deploy/packages.sh run     to build and run it
#   deploy/packages.sh web     to build and serve the web pages
#   deploy/packages.sh test    to run its tests, too
#   deploy/packages.sh bench   to measure it
#
# Says what is missing, installs only that, asks nothing. As root it also
# makes the system user that the server becomes. It never creates, changes or
# starts a system PostgreSQL cluster: lagnet only needs the programs.
set -euo pipefail

readonly service_user=lagnet
# Oldest PostgreSQL whose programs will do.
readonly oldest_postgresql=15

fail() {
  printf 'packages.sh: %s\n' "$1" >&2
  exit 1
}

# Sets `release` to 12 or 13: the two that lagnet is tried on.
find_release() {
  local id='' version=''
  if [[ -r /etc/os-release ]]; then
    id=$(sed -n 's/^ID=//p' /etc/os-release | tr -d '"')
    version=$(sed -n 's/^VERSION_ID=//p' /etc/os-release | tr -d '"')
  fi
  case "$id $version" in
    'debian 12' | 'debian 13') release=$version ;;
    *) fail "lagnet is tried on Debian 12 and 13 only, and this is \
'${id:-unknown} ${version}': install what this script names by hand, and build \
with cmake --preset release" ;;
  esac
}

packages_to_run() {
  printf '%s\n' g++ cmake ninja-build ccache pkgconf \
    protobuf-compiler protobuf-compiler-grpc \
    libprotobuf-dev libgrpc++-dev libabsl-dev libssl-dev \
    libpqxx-dev libpq-dev libsodium-dev libicu-dev \
    libhunspell-dev hunspell-pl hunspell-cs hunspell-en-us \
    libspdlog-dev libcli11-dev nlohmann-json3-dev prometheus-cpp-dev \
    libcurl4-openssl-dev libzip-dev libexpat1-dev coinor-libcbc-dev libjemalloc-dev \
    tzdata
  if ! has_postgresql; then
    if [[ $release == 12 ]]; then echo postgresql-15; else echo postgresql-17; fi
  fi
}

packages_to_serve_pages() {
  # A Node.js that is not Debian's is as good.
  if ! command -v npm >/dev/null; then echo npm; fi
  printf '%s\n' protobuf-compiler python3-aiosmtpd
}

packages_to_test() {
  printf '%s\n' libgtest-dev libgmock-dev python3 python3-grpcio python3-protobuf \
    python3-aiosmtpd \
    nghttp2-client openssl git
  # The style is that of one version, as each formats in its own way. Debian 13
  # does not have that one, so the style is checked on Debian 12.
  if [[ $release == 12 ]]; then
    printf '%s\n' clang-format-14 clang-tidy-14
  fi
  # buf and what the TypeScript client needs come by npm. A Node.js that is not
  # Debian's is as good.
  if ! command -v npm >/dev/null; then echo npm; fi
  # The pages are looked at in the one, and their markup checked with the other.
  printf '%s\n' chromium default-jre-headless
}

packages_to_bench() {
  printf '%s\n' libnghttp2-dev python3
  # The Node peer.
  if ! command -v npm >/dev/null; then echo npm; fi
}

has_postgresql() {
  local programs
  for programs in /usr/lib/postgresql/*/bin/initdb; do
    [[ -x $programs ]] || continue
    programs=${programs#/usr/lib/postgresql/}
    (( ${programs%%/*} >= oldest_postgresql )) && return 0
  done
  return 1
}

# Prints those of the given packages that are not installed.
missing_of() {
  printf '%s\n' "$@" | grep -vxFf <(
    dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null |
      sed -n 's/^installed //p'
  ) || true
}

# Runs a command as root, through sudo if need be. sudo may ask for a password
# only where somebody sits in front.
as_root() {
  if (( EUID == 0 )); then
    "$@"
  elif [[ -t 0 && -t 2 ]]; then
    sudo "$@"
  else
    sudo -n "$@"
  fi
}

may_be_root() {
  (( EUID == 0 )) || { command -v sudo >/dev/null &&
    { [[ -t 0 && -t 2 ]] || sudo -n true 2>/dev/null; }; }
}

# Debian's PostgreSQL package makes and starts a cluster unless told not to
# before it comes. Only where no PostgreSQL server was there: what the
# administrator of this machine has set up is left alone.
forbid_cluster() {
  local settings=/etc/postgresql-common/createcluster.d/lagnet.conf
  as_root mkdir -p "${settings%/*}"
  as_root tee "$settings" >/dev/null <<'SETTINGS'
# Written by lagnet, which runs a PostgreSQL of its own and needs no cluster of
# the system. Remove this file if new PostgreSQL packages should make one.
create_main_cluster = false
SETTINGS
}

apt_get() {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -y \
    -o DPkg::Lock::Timeout=590 -o Dpkg::Use-Pty=0 \
    -o Dpkg::Options::=--force-confold "$@" </dev/null
}

install() {
  local log
  log=$(mktemp)
  # shellcheck disable=SC2064  # The name as it is now.
  trap "rm -f '$log'" EXIT
  if ! { apt_get update && apt_get install --no-install-recommends --no-remove "$@"; } \
    >"$log" 2>&1; then
    tail -n 15 "$log" >&2
    fail "apt-get could not install: $*"
  fi
}

# Takes the names of all packages that there should be.
install_missing() {
  local -a missing
  mapfile -t missing < <(missing_of "$@")
  (( ${#missing[@]} > 0 )) || return 0
  may_be_root || fail "these packages are missing, and this user is neither \
root nor allowed to use sudo; have somebody run: apt-get install \
--no-install-recommends ${missing[*]}"
  printf 'Installing %s\n' "${missing[*]}"
  [[ " ${missing[*]} " != *' postgresql-'* ]] || forbid_cluster
  install "${missing[@]}"
}

make_user() {
  (( EUID == 0 )) || return 0
  getent passwd "$service_user" >/dev/null && return 0
  printf 'Making the system user %s\n' "$service_user"
  useradd --system --user-group --no-create-home --home-dir /nonexistent \
    --shell /usr/sbin/nologin "$service_user"
}

main() {
  local -a wanted
  find_release
  case "${1:-}" in
    run) mapfile -t wanted < <(packages_to_run) ;;
    web) mapfile -t wanted < <(packages_to_serve_pages) ;;
    test) mapfile -t wanted < <(packages_to_run && packages_to_test) ;;
    bench) mapfile -t wanted < <(packages_to_run && packages_to_bench) ;;
    *) fail 'say what for: deploy/packages.sh run, web, test or bench' ;;
  esac
  install_missing "${wanted[@]}"
  make_user
}

main "$@"
