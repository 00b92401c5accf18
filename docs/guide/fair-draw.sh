#!/usr/bin/env bash
# A draw of seats from the hosts' seeds to the observer's check, by lagnet
# commands alone. docs/guide/fair-draw.md tells the story. Needs a server with
# the demo network and `lagnet` in the PATH; says what it does, and stops where
# something is not as it should be.
#
#   export LAGNET_SERVER=127.0.0.1:7300 LAGNET_KEY_FILE=…/admin.key
#   PATH=build/release/bin:$PATH docs/guide/fair-draw.sh
# shellcheck source=steps.sh
source "$(dirname "$0")/steps.sh"

visit=ksow-draw-$(date +%s)
observer=$folder/observer
mkdir "$observer"

# Changes a document as sed is told, into another file.
tamper() {
  sed -E "$1" "$folder/$2" >"$observer/$3"
  ! cmp -s "$folder/$2" "$observer/$3" || { echo "$2 is as it was" >&2; exit 1; }
}

# Checks documents in the observer's folder, without server and key. It must
# end so and say this.
verify() {
  local code=0 wanted_code=$1 wanted=$2 said
  shift 2
  printf '$ lagnet visit verify %s\n' "$*"
  said=$(cd "$observer" && env -i PATH="$PATH" lagnet visit verify "$@" 2>&1) ||
    code=$?
  printf '%s\n' "$said"
  [[ $code == "$wanted_code" && $said == *$wanted* ]] ||
    { echo "expected: $wanted, and exit code $wanted_code" >&2; exit 1; }
}

step 'The rules: six seats, drawn; two at least for civil society, one at least for business'
cat >"$folder/visit.json" <<JSON
{"studyVisits": [{
  "name": "studyVisits/$visit", "network": "networks/ksow",
  "hosts": ["organizations/powiat-myszkowski",
            "organizations/lgd-ziemi-krasnickiej"],
  "title": {"texts": {"pl": {"text": "Wizyta studyjna, losowana"},
                      "en": {"text": "A study visit that is drawn"}}},
  "timeZone": "Europe/Warsaw", "start": "@+60dT12:00", "end": "@+63dT16:00",
  "signUpEnd": "@+46dT23:59", "seats": 6,
  "contactEmail": "visits@lgd-krasnik.example.org", "languages": ["pl"],
  "seatRules": {
    "policy": "DRAW",
    "shares": [{"group": {"sector": "CIVIC"}, "min": 2},
               {"group": {"sector": "PRIVATE"}, "min": 1}]}}]}
JSON
try '' import "$folder/visit.json"

step 'Each host makes a seed that it keeps, and publishes its hash'
for host in powiat-myszkowski lgd-ziemi-krasnickiej; do
  try "$host" visit draw commit "$visit" --host "$host" \
    --seed-file "$folder/$host.seed"
  [[ $(stat -c %a "$folder/$host.seed") == 600 ]]  # The host's alone.
done
try '' visit publish "$visit"

step 'Fourteen people sign up; all wait for the draw'
for n in {1..14}; do
  sector=PUBLIC
  (( n > 9 )) && sector=CIVIC
  (( n > 12 )) && sector=PRIVATE
  try NOT_YET_ALLOCATED signup create "$visit" \
    --organization lgd-puszcza-kozienicka --sector "$sector" \
    --name "Osoba $n" --email "osoba-$n@example.org"
  applicant=$last
done

step 'Sign-up ends, the list is closed, and the lottery is published'
try '' visit update "$visit" --reason 'All partners have named their people' \
  --sign-up-start "$(TZ=Europe/Warsaw date -d '-1 hour' +%FT%H:%M)" \
  --sign-up-end "$(TZ=Europe/Warsaw date -d '-1 minute' +%FT%H:%M)"
try CLOSED visit draw close "$visit"
lagnet visit draw published "$visit" 2>"$folder/early" && exit 1
grep -o 'Nothing can be checked before.*' "$folder/early"

step 'One host has lost its seed: the network begins anew, and all commit again'
try CLOSED visit draw open "$visit" --host powiat-myszkowski \
  --seed-file "$folder/powiat-myszkowski.seed"
rm "$folder/lgd-ziemi-krasnickiej.seed"
try 'begun anew: The disk with the seed failed' visit draw restart "$visit" \
  --reason 'The disk with the seed failed'
for host in powiat-myszkowski lgd-ziemi-krasnickiej; do
  try "$host" visit draw commit "$visit" --host "$host" \
    --seed-file "$folder/$host-2.seed"
done

step 'The hosts open their seeds; with the last one the seats are drawn'
try CLOSED visit draw open "$visit" --host powiat-myszkowski \
  --seed-file "$folder/powiat-myszkowski-2.seed"
try HELD visit draw open "$visit" --host lgd-ziemi-krasnickiej \
  --seed-file "$folder/lgd-ziemi-krasnickiej-2.seed"

step 'An applicant checks, on a machine of their own, to have been in the draw'
lagnet visit draw published "$visit" >"$folder/public.json"
lagnet visit draw opening "$applicant" >"$folder/mine.json"
cp "$folder/public.json" "$folder/mine.json" "$observer"
verify 0 'is in the closed list, as applied' public.json --opening mine.json
tamper 's/"sector":2/"sector":1/' mine.json other.json
verify 1 'WRONG entry' public.json --opening other.json

step 'An observer whom the hosts chose checks everything, from the whole list'
lagnet visit draw dossier "$visit" >"$folder/dossier.json"
cp "$folder/dossier.json" "$observer"
verify 0 'All that these documents can show is right.' dossier.json \
  --published public.json
verify 0 'With 1 of 2 seeds opened, because: The disk with the seed failed.' \
  dossier.json

step 'Another list, seed, panel or winner is found out'
tamper 's/"sector":1/"sector":2/' dossier.json list.json
verify 1 'WRONG list' list.json
tamper 's/"seed":"(.)([^"]*)/"seed":"\2\1/' dossier.json seed.json
verify 1 'WRONG seeds' seed.json
tamper 's/("panels":\[\{"take":\[\[[0-9]+,)[0-9]+/\17/' dossier.json panel.json
verify 1 'WRONG' panel.json
tamper 's/("selected":\[")([^"]*)("[^]]*\],"waiting":\[")([^"]*)/\1\4\3\2/' \
  dossier.json winner.json
verify 1 'WRONG draw' winner.json
tamper 's/The disk with the seed failed/Nobody knows why/' dossier.json why.json
verify 1 'WRONG draw' why.json

step 'Who comes'
try CONFIRMED signup list "$visit"
