#!/bin/sh
# Calls a workflow as Parlor does: PARLOR_WEBHOOK_SECRET=whsec_... sh call.sh URL '{"order":"1001"}' [KEY]
# It wants curl and openssl.
set -eu
: "${PARLOR_WEBHOOK_SECRET:?is the secret that parlor told, whsec_...}"
url=$1 arguments=$2 key=${3:-try.$(date +%s).0.0}

body="{\"tool\":\"${url##*/}\",\"arguments\":$arguments,\"config\":{},\"visitor\":{\"user_id\":null,\"verified\":false},\"client_id\":\"try\",\"conversation_id\":\"try\",\"session_id\":\"try\",\"idempotency_key\":\"$key\"}"
id=$(printf %s "$key" | tr . _)
seconds=$(date +%s)
secret=$(printf %s "${PARLOR_WEBHOOK_SECRET#whsec_}" | openssl base64 -d -A | od -An -v -tx1 | tr -d ' \n')
signature=$(printf %s "$id.$seconds.$body" | openssl dgst -sha256 -mac HMAC -macopt "hexkey:$secret" -binary | openssl base64 -A)

curl --silent --show-error --include --request POST "$url" \
  --header 'content-type: application/json' \
  --header "idempotency-key: $key" \
  --header "webhook-id: $id" \
  --header "webhook-timestamp: $seconds" \
  --header "webhook-signature: v1,$signature" \
  --data-raw "$body"
