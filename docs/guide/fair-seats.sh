#!/usr/bin/env bash
# A study visit from its rules to the last promotion, by lagnet commands alone.
# docs/guide/fair-seats.md tells the story. Needs a server with the demo network
# and `lagnet` in the PATH; says what it does, and stops where something is not
# as it should be.
#
#   export LAGNET_SERVER=127.0.0.1:7300 LAGNET_KEY_FILE=…/admin.key
#   PATH=build/release/bin:$PATH docs/guide/fair-seats.sh
# shellcheck source=steps.sh
source "$(dirname "$0")/steps.sh"

visit=ksow-fair-$(date +%s)

step 'The rules: two seats kept for each partner, a quarter of all for civil society'
cat >"$folder/visit.json" <<JSON
{"studyVisits": [{
  "name": "studyVisits/$visit", "network": "networks/ksow",
  "project": "projects/wspolpraca-laczy-regiony",
  "hosts": ["organizations/powiat-myszkowski"],
  "title": {"texts": {"pl": {"text": "Wizyta studyjna na równych zasadach"},
                      "en": {"text": "A study visit with fair seats"}}},
  "timeZone": "Europe/Warsaw", "start": "@+60dT12:00", "end": "@+63dT16:00",
  "signUpStart": "@-3dT08:00", "signUpEnd": "@+46dT23:59", "seats": 17,
  "contactEmail": "visits@lgd-krasnik.example.org", "languages": ["pl"],
  "state": "PUBLISHED",
  "seatRules": {
    "confirmHours": 72, "offerHours": 48, "holdHours": 24, "largestHeldGroup": 5,
    "shares": [
      {"group": {"organization": "organizations/lgd-ziemi-krasnickiej"}, "min": 2, "minUntil": "@+40dT12:00"},
      {"group": {"organization": "organizations/lgd-puszcza-kozienicka"}, "min": 2, "minUntil": "@+40dT12:00"},
      {"group": {"organization": "organizations/kraina-lasow-i-jezior"}, "min": 2, "minUntil": "@+40dT12:00"},
      {"group": {"organization": "organizations/powiat-myszkowski"}, "min": 2, "minUntil": "@+40dT12:00"},
      {"group": {"sector": "CIVIC"}, "minPercent": 25},
      {"group": {"territory": "PL81"}, "max": 6}]}}]}
JSON
try '' import "$folder/visit.json"
try 'Regulamin rekrutacji' --language pl visit rules "$visit"
try '(published)' visit rules "$visit" --history

step 'A delegation of five, all or nothing; its LAG confirms it'
sign_up HELD "$visit" lgd-ziemi-krasnickiej CIVIC 'Anna Kowalska' \
  --member 'Jan Lis <jan.lis@example.org>' \
  --member 'Ewa Mazur <ewa.mazur@example.org>' --places 2
delegation=$last
try CONFIRMED signup confirm "$delegation" \
  --organization lgd-ziemi-krasnickiej
try CONFIRMED signup substitute "$delegation" --member 4 \
  --name 'Piotr Wilk' --email piotr.wilk@example.org

step 'Single people of the other partners'
for name in 'Maria Dudek' 'Adam Krol' 'Zofia Sowa'; do
  sign_up HELD "$visit" lgd-puszcza-kozienicka PUBLIC "$name"
  try CONFIRMED signup confirm "$last" --organization lgd-puszcza-kozienicka
done

step 'Five of a LAG that is no partner: seats that are kept for nobody'
sign_up HELD "$visit" partnerstwo-sowiogorskie PRIVATE 'Kamil Rys' \
  --member 'Lena Rys <lena.rys@example.org>' \
  --member 'Igor Rys <igor.rys@example.org>' \
  --member 'Nina Rys <nina.rys@example.org>' \
  --member 'Emil Rys <emil.rys@example.org>'
guests=$last
try CONFIRMED signup confirm "$guests" --organization partnerstwo-sowiogorskie

step 'The seats that are left are kept for two partners'
sign_up PENDING_CONFIRMATION "$visit" lgd-puszcza-kozienicka PRIVATE 'Tomasz Gaj'
waiting=$last
try WAITLISTED signup confirm "$waiting" --organization lgd-puszcza-kozienicka
for language in ka pl cs; do
  try '' --language "$language" signup why "$waiting"
done
try 'kept for several groups' signup why "$waiting"

step 'A group of three fits only when seats become free'
sign_up PENDING_CONFIRMATION "$visit" kraina-lasow-i-jezior CIVIC 'Ola Bak' \
  --member 'Iga Bak <iga.bak@example.org>' \
  --member 'Leon Bak <leon.bak@example.org>'
group=$last
try WAITLISTED signup confirm "$group" --organization kraina-lasow-i-jezior
for name in 'Rafal Wrona' 'Hanna Zieba'; do
  sign_up HELD "$visit" kraina-lasow-i-jezior PRIVATE "$name"
  try CONFIRMED signup confirm "$last" --organization kraina-lasow-i-jezior
done
sign_up HELD "$visit" powiat-myszkowski PUBLIC 'Olga Czyz'
try CONFIRMED signup confirm "$last" --organization powiat-myszkowski

step 'The host promotes somebody, and says why'
sign_up PENDING_CONFIRMATION "$visit" lgd-puszcza-kozienicka PRIVATE 'Kinga Buk'
try WAITLISTED signup confirm "$last" --organization lgd-puszcza-kozienicka
try OFFERED signup promote "$last" \
  --reason 'Interprets for the hosts; agreed with all partners'
try CONFIRMED signup accept "$last"
try 'Interprets for the hosts' signup why "$group"

step 'The LAG ranks those of its own who wait; the one put behind is told so'
sign_up PENDING_CONFIRMATION "$visit" lgd-puszcza-kozienicka PRIVATE 'Jacek Las'
ranked=$last
try WAITLISTED signup confirm "$ranked" --organization lgd-puszcza-kozienicka
try "$ranked" signup rank "$visit" "$ranked" \
  --organization lgd-puszcza-kozienicka
try 'Your organisation put some people' signup why "$waiting"
try 'number 1 in the queue' signup rank "$visit" "$waiting" \
  --organization lgd-puszcza-kozienicka
lagnet signup why "$waiting" >"$folder/why"
! grep 'Your organisation put' "$folder/why" || exit 1

step 'The five give up: who waits is asked in turn, and has 48 hours to accept'
try '' signup withdraw "$guests"
try OFFERED signup get "$waiting"
try CONFIRMED signup accept "$waiting"
try CONFIRMED signup accept "$group"

step 'Who comes'
try 'Ola Bak' signup list "$visit"
