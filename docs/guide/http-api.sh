#!/usr/bin/env bash
# A partner's system signs somebody up over HTTP, by curl alone, and withdraws.
# docs/guide/http-api.md tells the story. Says what it does, and stops where
# something is not as it should be.
#
#   export LAGNET_API=http://127.0.0.1:7380/api LAGNET_KEY_FILE=…/partner.key
#   docs/guide/http-api.sh VISIT ORGANIZATION
set -euo pipefail

visit=studyVisits/$1
organization=organizations/$2

step() { printf '\n# %s\n' "$*"; }

# call WANTED METHOD JSON: shows the answer, and keeps it. The key comes from a
# file: others on this machine can see arguments.
call() {
  local url=$LAGNET_API/lagnet.visits.v1.SignUpService/$2
  printf "$ curl %s --json '%s'\n" "$url" "$3"
  said=$(curl -sS "$url" --json "$3" \
    --header @<(printf 'authorization: Bearer %s' "$(<"$LAGNET_KEY_FILE")"))
  printf '%s\n' "$said"
  [[ $said == *$1* ]] || { echo "expected: $1" >&2; exit 1; }
}

# The text of a field, as this needs no other program: yours has a JSON library.
field() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" <<<"$said"; }

step 'What is there? Whoever asks needs no key, and a GET may be kept for a while'
curl -sS --get "$LAGNET_API/lagnet.visits.v1.StudyVisitService/GetStudyVisit" \
  --data encoding=json --data-urlencode "message={\"name\": \"$visit\"}"
echo

step 'Signing somebody up, with an id of our own making'
request='{"parent": "'$visit'", "requestId": "'$(</proc/sys/kernel/random/uuid)'",
  "signUp": {"organization": "'$organization'", "standing": "REPRESENTATIVE",
             "sector": "CIVIC", "externalId": "case-17",
             "members": [{"fullName": "Nino Example", "email": "nino@example.org"}]}}'
call '"state"' CreateSignUp "$request"
name=$(field name)

step 'No answer came? The same again: it is done once'
call "$name" CreateSignUp "$request"

step 'What is wrong is said field by field'
call INVALID_FIELDS CreateSignUp '{"parent": "'$visit'"}'

step 'They cannot come after all'
call WITHDRAWN WithdrawSignUp \
  '{"name": "'$name'", "requestId": "'$(</proc/sys/kernel/random/uuid)'"}'
