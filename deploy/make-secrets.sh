#!/bin/sh
# Makes the secrets that docker-compose.yml uses, in deploy/secrets (never in the repository): run once.
# Usage: deploy/make-secrets.sh [public origin, https://localhost by default]
# Files that are there stay as they are. Put your own certificate in tls.crt and tls.key.
set -eu
origin=${1:-https://localhost}
umask 077
mkdir -p "$(dirname "$0")/secrets"
cd "$(dirname "$0")/secrets"
new() { openssl rand -hex 32; }

if [ ! -e app.env ]; then
  postgres=$(new) client=$(new) route=$(new)
  printf '%s' "$postgres" >postgres-password
  cat >nats-secrets.conf <<END
CLIENT_PASSWORD: "$client"
ROUTE_PASSWORD: "$route"
ROUTES: [
  "nats-route://route:$route@nats-1:6222"
  "nats-route://route:$route@nats-2:6222"
  "nats-route://route:$route@nats-3:6222"
]
END
  nats() { printf 'nats://lienthong:%s@nats-%s:4222' "$client" "$1"; }
  cat >app.env <<END
LIENTHONG_ORIGIN=$origin
LIENTHONG_SECRET_KEY=$(new)
DATABASE_URL=postgres://lienthong:$postgres@postgres:5432/lienthong
NATS_URL=$(nats 1),$(nats 2),$(nats 3)
END
fi

if [ ! -e tls.key ]; then
  host=${origin#https://}
  host=${host%%[:/]*}
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 90 \
    -subj "/CN=$host" -addext "subjectAltName=DNS:$host" -keyout tls.key -out tls.crt 2>/dev/null
  echo "tls.crt is self-signed, for trying out: replace tls.crt and tls.key with a real certificate."
fi
echo "Back up deploy/secrets/app.env in a safe place: without LIENTHONG_SECRET_KEY the kept data cannot be read."
