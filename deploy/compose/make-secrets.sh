#!/bin/sh
# Makes the secrets of compose.yaml once: a password for each NATS user and the key that seals private keys.
# Files that exist stay as they are. Keep a copy of sealing-key in a safe place: without it the stored keys cannot be opened.
set -eu
umask 077
cd "$(dirname "$0")"
mkdir -p secrets
random() { head -c 32 /dev/urandom | base64 | tr -d '\n'; }

[ -s secrets/sealing-key ] || random >secrets/sealing-key
: >secrets/nats.env
for user in session-gateway partner-registry cert-exchange ca-store provisioner operator subscriber; do
  # A letter first: nats-server would read a value that begins like a number as one.
  [ -s "secrets/$user-password" ] || printf 'p%s' "$(random | tr -d '/+=')" >"secrets/$user-password"
  name="$(echo "$user" | tr 'a-z-' 'A-Z_')_PASSWORD"
  echo "$name=$(cat "secrets/$user-password")" >>secrets/nats.env
done
# The containers run as user 1000 and must be able to read what is mounted into them.
if [ "$(id -u)" = 0 ]; then chown -R 1000:1000 secrets; fi
echo "secrets are in $(pwd)/secrets"
