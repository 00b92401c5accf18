#!/usr/bin/env bash
# From a fresh Debian machine to a running network, in one command: installs
# what is missing, builds lagnet, starts the server on a PostgreSQL of its own,
# loads the demo network the first time, serves the web pages, and runs until
# told to stop.
set -euo pipefail

usage() {
  cat <<'USAGE'
Usage: deploy/run.sh [OPTIONS]

  --data DIR          folder for the database, the keys and the log
                      (as root /var/lib/lagnet, else ./data)
  --database URL      PostgreSQL 15 or newer to use instead of a private one;
                      several hosts allowed; if it has a password, put it into
                      LAGNET_DATABASE: others here can see arguments
  --listen HOST:PORT  where gRPC is served (127.0.0.1:7300)
  --no-demo           do not load the demo network
  --no-web            do not serve the web pages
  --no-mailbox        send no mail; else, unless --mail-server says where to,
                      a page on this machine shows it
  --help              print this

Every other option goes to the server, for example --metrics off; see
build/release/bin/lagnetd --help. The web pages are at 127.0.0.1:7380, or where
LAGNET_WEB_LISTEN says. Ctrl-C drains the server and stops all.
USAGE
}

repo=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
readonly repo
readonly programs=$repo/build/release/bin
readonly demo=$repo/deploy/demo
readonly web_folder=$repo/clients/web
# How many seconds the server may take: its database may have to recover.
readonly patience=120

options=()        # Of the server.
with_demo=yes
with_web=yes
with_mailbox=yes
working=''        # The process group that works for us just now.
server=''         # The server's process.
output=''         # Where its output is read.
address=''        # Where it listens.
web=''            # The process that serves the web pages.
web_address=''    # Where it does.
mailbox=''        # The process that takes the mail.
mailbox_page=''   # Where it shows it.
stopping=''
stopped_code=130  # What a signal ends this with; 0 once all is up.

fail() {
  printf 'run.sh: %s\n' "$1" >&2
  exit 1
}

# Prints the value of a server's option, or the given default.
option() {
  local i value=$2
  for (( i = 0; i < ${#options[@]}; ++i )); do
    case ${options[i]} in
      "$1") value=${options[i + 1]:-} ;;
      "$1"=*) value=${options[i]#*=} ;;
    esac
  done
  printf '%s' "$value"
}

parse_options() {
  local word default=./data
  for word in "$@"; do
    case $word in
      --help | -h) usage && exit 0 ;;
      --no-demo) with_demo='' ;;
      --no-web) with_web='' ;;
      --no-mailbox) with_mailbox='' ;;
      *) options+=("$word") ;;
    esac
  done
  (( EUID != 0 )) || default=/var/lib/lagnet
  [[ ${*: -1} != --data ]] || fail '--data needs a folder; see --help'
  data=$(realpath -m -- "$(option --data "${LAGNET_DATA:-$default}")")
  [[ -n $(option --data '') ]] || options+=(--data "$data")
  database=$(option --database "${LAGNET_DATABASE:-}")
  [[ -z $(option --mail-server "${LAGNET_MAIL_SERVER:-}") && -z $(option --config "${LAGNET_CONFIG:-}") ]] ||
    with_mailbox=''
  owner=$(option --user "${LAGNET_USER:-lagnet}")
  tls=$(option --tls-cert "${LAGNET_TLS_CERT:-}")
  readonly data database owner tls
}

# Runs a command as the user that owns the data folder: what root writes into
# somebody else's folder could end up anywhere.
as_owner() {
  if (( EUID == 0 )); then
    setpriv --reuid="$owner" --regid="$owner" --init-groups -- "$@"
  else
    "$@"
  fi
}

# Fails if the data folder cannot work, before anything is made in it.
check_folder() {
  local above=$data needed=100 free
  while [[ ! -e $above ]]; do above=$(dirname -- "$above"); done
  # Whether the folder itself is open the server says.
  [[ $above == "$data" ]] || as_owner test -x "$above" ||
    fail "the user $owner cannot reach $data, as $above is closed to it; choose \
another folder with --data"
  [[ -z $database ]] || return 0
  [[ ! -e $data/pg ]] || needed=20
  free=$(df --output=avail -BM -- "$above" | tail -n 1 | tr -dc 0-9)
  (( free >= needed )) ||
    fail "the disk of $data is full: $free MB are free, and the database needs \
$needed; make room, or choose another folder with --data"
}

# Runs a command in a process group of its own, so that a signal to this script
# ends all of it and at once.
work() {
  local code=0
  "$@" </dev/null &
  working=$!
  wait "$working" || code=$?
  working=''
  return "$code"
}

# Ends what this script has started, and waits for it.
# shellcheck disable=SC2317  # The traps call it.
stop() {
  [[ -z $stopping ]] || return 0
  stopping=yes
  trap '' INT TERM HUP
  set +m  # No word about jobs that end.
  [[ -z $working ]] || kill -TERM -- "-$working" 2>/dev/null || true
  stop_web
  [[ -z $mailbox ]] || kill -TERM "$mailbox" 2>/dev/null || true
  [[ -z $server ]] || kill -TERM "$server" 2>/dev/null || true
  wait
}

# Before the server: forms that are being sent are answered.
# shellcheck disable=SC2317  # The traps call it.
stop_web() {
  [[ -n $web ]] || return 0
  kill -TERM "$web" 2>/dev/null || true
  wait "$web" 2>/dev/null || true
  web=''
}

# The private database outlives a server that was killed.
stop_database() {
  local postgres
  [[ -z $database ]] && as_owner test -e "$data/pg/postmaster.pid" || return 0
  postgres=/usr/lib/postgresql/$(as_owner cat "$data/pg/PG_VERSION")/bin
  as_owner "$postgres/pg_ctl" -D "$data/pg" -m fast -s stop || true
}

# Starts the server and waits until it is ready, or says why it is not.
start_server() {
  local line code=0 said='' log=''
  coproc LAGNETD { exec "$programs/lagnetd" serve "${options[@]}" </dev/null 2>&1; }
  server=$LAGNETD_PID
  exec {output}<&"${LAGNETD[0]}"
  while [[ -z $address ]]; do
    IFS= read -r -t "$patience" -u "$output" line || { code=$? && break; }
    case $line in
      'lagnet is ready: grpc '*) address=${line##* } ;;
      '{'* | [DIEW][0-9][0-9][0-9][0-9]\ *) log+=$line$'\n' ;;  # Or gRPC's.
      *) said+=$line$'\n' ;;
    esac
  done
  if [[ -n $address ]]; then
    keep_log "$log"
    return
  fi
  (( code <= 128 )) ||
    said+="lagnetd is not ready after $patience seconds"$'\n'
  printf '%s' "${said:-lagnetd ended without a word$'\n'$log}" >&2
  exit 1
}

# Writes what the server has said, and all that it will say, into its log.
keep_log() {
  { printf '%s' "$1" && cat <&"$output"; } |
    as_owner tee -a "$data/lagnetd.log" >/dev/null &
  exec {output}<&-
}

# Where this machine reaches the server, which may listen everywhere.
reached_at() {
  local host=${address%:*}
  case $host in
    0.0.0.0) host=127.0.0.1 ;;
    '[::]') host='[::1]' ;;
  esac
  printf '%s' "$host:${address##*:}"
}

# Prints the command line as somebody here has to call it.
lagnet_command() {
  local -a words=("$programs/lagnet" --key-file "$data/admin.key")
  local at
  at=$(reached_at)
  [[ -z ${SUDO_USER:-} ]] || words=(sudo "${words[@]}")
  [[ $at == 127.0.0.1:7300 ]] || words+=(--server "$at")
  [[ " ${options[*]} " != *' --insecure '* ]] || words+=(--insecure)
  [[ -z $tls ]] || words+=(--ca "$(realpath -m -- "$tls")")
  printf '%s\n' "${words[@]}"
}

# Loads the demo, once for each database and each state of its files. The note
# of it may be older than the database, so the database is asked as well.
load_demo() {
  local -a lagnet
  local note hash
  note=$data/demo.loaded
  [[ -z $database ]] ||
    note=$data/demo-$(sha256sum <<<"$database" | cut -c1-12).loaded
  hash=$(cat "$demo"/*.json | sha256sum | cut -d' ' -f1)
  mapfile -t lagnet < <(SUDO_USER='' lagnet_command)
  # Who asks by this address may not find it in the certificate, or not know
  # who signed it.
  if [[ -n $tls ]] && ! work "${lagnet[@]}" whoami >/dev/null 2>&1; then
    printf '%s\n' \
      "The demo is not loaded, as the certificate proves nothing at $(reached_at);" \
      'lagnet --server NAME:PORT --ca FILE import deploy/demo does it.'
    return
  fi
  if [[ $(cat "$note" 2>/dev/null) == "$hash" ]] &&
    work "${lagnet[@]}" visit get placement-kazbegi-park >/dev/null 2>&1; then
    return
  fi
  printf 'Loading the demo network\n'
  work "${lagnet[@]}" import "$demo" \
    --source 'the demo network; its sources stand in deploy/demo/README.md' ||
    fail 'the demo could not be loaded; the reason stands above. --no-demo starts without it'
  as_owner tee "$note" >/dev/null <<<"$hash"
}

# The web pages are built from what lies in the checkout, again when it changed.
build_web() {
  local built=$web_folder/dist/src/main.js
  [[ ! -e $built || -n $(find "$web_folder"/{src,messages,package-lock.json} \
    "$repo"/clients/typescript/{src,package-lock.json} "$repo/protos" \
    -newer "$built" -not -path '*/src/generated*' -print -quit) ]] || return 0
  printf 'Building the web pages\n'
  work bash -euc '
    for folder in "$@"; do
      cd "$folder"
      npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null
      npm run --silent build
    done
  ' build_web "$repo/clients/typescript" "$web_folder" ||
    fail 'the web pages do not build; the reason stands above. --no-web starts without them'
}

# Makes the account with which the web pages call the server, its key the first
# time, and its rights over each network that there is. Prints the key's file;
# nothing while there is no network.
web_key() {
  local file=$data/web.key network secret
  local -a lagnet networks
  mapfile -t lagnet < <(SUDO_USER='' lagnet_command)
  mapfile -t networks < <("${lagnet[@]}" --json network list |
    sed -n 's|.*"name": *"networks/\([a-z0-9-]*\)".*|\1|p')
  (( ${#networks[@]} > 0 )) || return 0
  "${lagnet[@]}" account get web-gateway >/dev/null 2>&1 ||
    "${lagnet[@]}" account create web-gateway --network "${networks[0]}" \
      --kind system --display-name 'Web gateway' >/dev/null || return 1
  for network in "${networks[@]}"; do
    "${lagnet[@]}" account grants web-gateway 2>/dev/null | grep -qE "networks/$network( |$)" ||
      "${lagnet[@]}" account grant web-gateway --role gateway \
        --network "$network" >/dev/null || return 1
  done
  if ! "${lagnet[@]/#"$data/admin.key"/$file}" whoami >/dev/null 2>&1; then
    secret=$("${lagnet[@]}" --json key create web-gateway |
      sed -n 's/.*"secret": *"\([^"]*\)".*/\1/p')
    [[ -n $secret ]] || return 1
    as_owner sh -c 'umask 077 && cat >"$1"' sh "$file" <<<"$secret"
  fi
  printf '%s' "$file"
}

# With a mailbox that only this machine reads, somebody of each network to sign
# in as on the web pages; and of one LAG.
make_demo_people() {
  local network
  local -a lagnet
  mapfile -t lagnet < <(SUDO_USER='' lagnet_command)
  for network in ksow grdn; do
    make_person "staff-$network" "Anna Example" "$network" "staff@$network.example.org" \
      --role network_admin --network "$network"
  done
  make_person lag-kazbegi-office 'Nino Example' grdn office@kazbegi.example.org \
    --role lag_manager --organization lag-kazbegi
}

# make_person ID NAME NETWORK EMAIL ROLE...: an account with a role, if there is none.
make_person() {
  "${lagnet[@]}" account get "$1" >/dev/null 2>&1 || {
    "${lagnet[@]}" account create "$1" --network "$3" --kind person \
      --display-name "$2" --email "$4" >/dev/null &&
      "${lagnet[@]}" account grant "$1" "${@:5}" >/dev/null
  } || fail "the demo's $1 could not be made; the reason stands above. --no-demo starts without"
}

# Starts the web pages and waits until they are there, or says why not.
start_web() {
  local line key said='' output=''
  local -a settings
  key=$(web_key) ||
    fail 'the web pages have no key; the reason stands above. --no-web starts without them'
  settings=("LAGNET_SERVER=$(reached_at)" "LAGNET_KEY_FILE=$key")
  (( EUID != 0 )) || settings+=("LAGNET_WEB_USER=$owner")
  [[ " ${options[*]} " != *' --insecure '* ]] || settings+=(LAGNET_INSECURE=1)
  [[ -z $tls ]] || settings+=("LAGNET_TLS_CA=$(realpath -m -- "$tls")")
  exec {output}< <(exec env "${settings[@]}" NODE_ENV=production \
    node "$web_folder/dist/src/main.js" </dev/null 2>&1)
  web=$!
  while IFS= read -r -t "$patience" -u "$output" line; do
    case $line in
      'lagnet web is ready: '*) web_address=${line##* } && break ;;
      *) said+=$line$'\n' ;;
    esac
  done
  [[ -n $web_address ]] || fail "the web pages are not served; LAGNET_WEB_LISTEN \
says where else they could be, --no-web starts without them. ${said:-No reason is known.}"
  as_owner tee -a "$data/web.log" >/dev/null <&"$output" &
  exec {output}<&-
}

# Takes the mail where nobody said where else it should go. Its links lead to
# the pages, so without these there is none.
start_mailbox() {
  local line output=''
  local -a as=()
  (( EUID != 0 )) ||
    as=(setpriv "--reuid=$owner" "--regid=$owner" --clear-groups --)
  # It may be closed to that user where the checkout lies: the file is given.
  exec {output}< <(exec ${as[@]+"${as[@]}"} /usr/bin/python3 -I - \
    <"$repo/deploy/mailbox.py")
  mailbox=$!
  IFS= read -r -t "$patience" -u "$output" line ||
    fail 'there is no mailbox; the reason stands above. --no-mailbox starts without it'
  exec {output}<&-
  line=${line#ready }
  mailbox_page=http://127.0.0.1:${line#* }
  options+=(--mail-server "smtp://127.0.0.1:${line% *}"
    --mail-from 'lagnet <lagnet@example.org>')
  [[ -n $(option --web-url "${LAGNET_WEB_URL:-}") ]] ||
    options+=(--web-url "http://${LAGNET_WEB_LISTEN:-127.0.0.1:7380}")
}

greet() {
  local -a command
  mapfile -t command < <(lagnet_command)
  printf '\ngRPC is served on %s until Ctrl-C.\n' "$address"
  printf 'The admin key is in %s, the log in %s.\n' \
    "$data/admin.key" "$data/lagnetd.log"
  [[ -z $web_address ]] || printf 'The web pages are at %s\n' "$web_address"
  [[ -z $mailbox_page ]] ||
    printf 'What people are written is shown at %s, and sent nowhere.\n' "$mailbox_page"
  [[ -z $with_demo || -z $mailbox_page || -z $web_address ]] ||
    printf 'Sign in there as %s or %s.\n' staff@ksow.example.org office@kazbegi.example.org
  printf 'To try it, in another terminal:\n\n '
  printf ' %q' "${command[@]}" visit list
  printf '\n\nlagnet is ready: grpc %s\n' "$address"
}

main() {
  local code=0
  parse_options "$@"
  trap 'stop; exit "$stopped_code"' INT TERM HUP
  trap stop EXIT
  # In the foreground, and never broken off in the middle.
  # Without its folder, as in a package of the programs alone, there are none.
  [[ -e $web_folder/package.json ]] || with_web=''
  "$repo/deploy/packages.sh" run
  [[ -z $with_web ]] || "$repo/deploy/packages.sh" web
  set -m
  work "$repo/deploy/build.sh" release ||
    fail 'lagnet does not build; the reason stands above'
  [[ -z $with_web ]] || build_web
  check_folder
  [[ -z $with_mailbox || -z $with_web ]] || start_mailbox
  start_server
  [[ -z $with_demo ]] || load_demo
  [[ -z $with_demo || -z $mailbox_page ]] || make_demo_people
  [[ -z $with_web ]] || start_web
  stopped_code=0
  greet
  wait "$server" || code=$?
  server=''
  stop_database
  tail -n 5 "$data/lagnetd.log" >&2 || true
  fail "lagnetd ended by itself (exit code $code); its last words stand above"
}

main "$@"
