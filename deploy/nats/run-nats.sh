#!/bin/sh
# Runs nats-server, and makes it read its settings again when the hub has written the apps' accounts.
# Usage: run-nats.sh <settings> <users file>
settings=$1 users=$2
nats-server -c "$settings" &
server=$!
trap 'kill -TERM "$server"' TERM INT
(
  known=$(cksum <"$users")
  while sleep 2 && kill -0 "$server" 2>/dev/null; do
    now=$(cksum <"$users")
    [ "$now" = "$known" ] && continue
    known=$now
    # Twice: nats-server gives an account that is new its imports only the second time.
    kill -HUP "$server" && sleep 1 && kill -HUP "$server"
  done
) &
watcher=$!
wait "$server"
code=$?
# A signal ends the waiting before it ends the server.
while [ "$code" -gt 128 ] && kill -0 "$server" 2>/dev/null; do
  wait "$server"
  code=$?
done
kill "$watcher" 2>/dev/null
exit "$code"
