#!/usr/bin/env bash
# Two visits of one project that give their seats out together, by lagnet
# commands alone. docs/guide/two-visits.md tells the story. Needs a server with
# the demo network and `lagnet` in the PATH; says what it does, and stops where
# something is not as it should be.
#
#   export LAGNET_SERVER=127.0.0.1:7300 LAGNET_KEY_FILE=…/admin.key
#   PATH=build/release/bin:$PATH docs/guide/two-visits.sh
# shellcheck source=steps.sh
source "$(dirname "$0")/steps.sh"

now=$(date +%s)
forest=ksow-forest-$now
orchard=ksow-orchard-$now

step 'Two visits of one project, a seat each; first seats go first'
visit() {
  cat <<JSON
{"name": "studyVisits/$1", "network": "networks/ksow",
 "project": "projects/wspolpraca-laczy-regiony",
 "hosts": ["organizations/powiat-myszkowski"],
 "title": {"texts": {"en": {"text": "$2"}, "pl": {"text": "$3"}}},
 "timeZone": "Europe/Warsaw", "start": "@+60dT12:00", "end": "@+63dT16:00",
 "signUpEnd": "@+46dT23:59", "seats": 1, "languages": ["pl"],
 "contactEmail": "visits@lgd-krasnik.example.org", "state": "PUBLISHED",
 "seatRules": {"firstSeatsFirst": true}}
JSON
}
cat >"$folder/visits.json" <<JSON
{"studyVisits": [$(visit "$forest" 'The forest' 'Las'),
                 $(visit "$orchard" 'The orchard' 'Sad')]}
JSON
try '' import "$folder/visits.json"
try 'Nobody loses by telling what they really want' visit rules "$forest"
try 'wspólnie' --language pl visit rules "$orchard"

step 'Ewa is quick; the second seat is not hers as long as others may come'
sign_up CONFIRMED "$forest" powiat-myszkowski PUBLIC 'Ewa Mazur'
ewa=$last
sign_up WAITLISTED "$orchard" powiat-myszkowski PUBLIC 'Ewa Mazur'
ewas_second=$last
for language in ka pl cs; do
  try '' --language "$language" signup why "$ewas_second"
done
try 'first to those who have none' signup why "$ewas_second"

step 'Jan would like the forest most, and has the orchard meanwhile'
sign_up WAITLISTED "$forest" powiat-myszkowski PUBLIC 'Jan Lis' --choice 1
jan=$last
sign_up CONFIRMED "$orchard" powiat-myszkowski PUBLIC 'Jan Lis' --choice 2
jans_second=$last

step 'Ola, who has no seat, stands before Ewa, who has one'
sign_up WAITLISTED "$orchard" powiat-myszkowski PUBLIC 'Ola Bak'
ola=$last
try 'number 2 in the queue' signup why "$ewas_second"

step 'Ewa cannot come: Jan has the forest, and Ola the orchard'
try '' signup withdraw "$ewas_second"
try '' signup withdraw "$ewa"
try CONFIRMED signup get "$jan"
try WITHDRAWN signup get "$jans_second"
try CONFIRMED signup get "$ola"

step 'Who comes'
try 'Jan Lis' signup list "$forest"
try 'Ola Bak' signup list "$orchard"
