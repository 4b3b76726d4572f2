#!/bin/sh
# Makes a clean clone ready to run: the pinned pnpm, the dependencies (with the pinned Node 24 runtime), a nats-server.
# Everything goes below .tools and node_modules; nothing is installed on the machine, no root is needed.
# Sourced by run.sh and by the certlane launcher with the working folder at the root; sets CERTLANE_NODE and NATS_SERVER.
set -eu

PNPM_VERSION=12.21.0
PNPM="$PWD/.tools/pnpm-$PNPM_VERSION/node_modules/.bin/pnpm"

setup_fail() { printf 'certlane: %s\n' "$1" >&2; exit 1; }

setup_pnpm() {
  [ -x "$PNPM" ] && return 0
  command -v npm >/dev/null 2>&1 || setup_fail "npm is missing: install Node.js 20 or newer with npm (https://nodejs.org)"
  echo "certlane: installing pnpm $PNPM_VERSION ..." >&2
  mkdir -p ".tools/pnpm-$PNPM_VERSION"
  echo '{"private":true}' >".tools/pnpm-$PNPM_VERSION/package.json"
  npm install --prefix ".tools/pnpm-$PNPM_VERSION" --no-save --ignore-scripts --no-audit --no-fund --loglevel=error \
    "pnpm@$PNPM_VERSION" >&2 || setup_fail "pnpm $PNPM_VERSION could not be installed with npm; check the npm registry settings"
}

# The package's start script goes through Node and says so on a terminal; the native binary beside it needs no script.
use_native_pnpm() {
  for native in "$PWD/.tools/pnpm-$PNPM_VERSION"/node_modules/@pnpm/exe.*/pnpm; do
    if [ -x "$native" ] && "$native" --version >/dev/null 2>&1; then PNPM="$native"; fi
  done
}

setup_dependencies() {
  stamp="$(cat pnpm-lock.yaml pnpm-workspace.yaml package.json libs/*/package.json services/*/package.json test/package.json | cksum)"
  [ -d node_modules ] && [ "$(cat .tools/dependencies.stamp 2>/dev/null)" = "$stamp" ] && return 0
  echo "certlane: installing dependencies ..." >&2
  mkdir -p .tools
  "$PNPM" install --frozen-lockfile --prefer-offline --reporter=append-only >.tools/install.log 2>&1 ||
    { cat .tools/install.log >&2; setup_fail "the dependencies could not be installed (log: .tools/install.log)"; }
  printf '%s' "$stamp" >.tools/dependencies.stamp
}

# Node 24 comes as a dependency on Linux; elsewhere the machine's own Node must be new enough.
setup_node() {
  if [ -x node_modules/.bin/node ] && node_modules/.bin/node --version >/dev/null 2>&1; then
    CERTLANE_NODE="$PWD/node_modules/.bin/node"
  else
    CERTLANE_NODE="$(command -v node || true)"
    [ -n "$CERTLANE_NODE" ] || setup_fail "Node.js is missing: install Node.js 24 or newer"
    major="$("$CERTLANE_NODE" -p 'process.versions.node.split(".")[0]')"
    [ "$major" -ge 24 ] || setup_fail "Node.js $major is too old here and no pinned runtime exists for this platform: install Node.js 24 or newer"
  fi
  export CERTLANE_NODE
}

find_nats_server() {
  for candidate in "${NATS_SERVER:-}" "$(command -v nats-server 2>/dev/null || true)" /usr/sbin/nats-server \
    /usr/local/bin/nats-server "$PWD/.tools/nats/usr/sbin/nats-server"; do
    if [ -f "$candidate" ] && [ -x "$candidate" ]; then echo "$candidate"; return 0; fi
  done
  return 1
}

# Downloads Debian's package and unpacks it below .tools: nothing is installed, no service is started.
download_nats_server() {
  command -v apt-get >/dev/null 2>&1 && command -v dpkg-deb >/dev/null 2>&1 || return 1
  echo "certlane: fetching nats-server ..." >&2
  mkdir -p .tools/nats/lists/partial .tools/nats/cache/archives/partial
  (
    cd .tools/nats
    apt-get download -qq nats-server >/dev/null 2>&1 || {
      set -- -o Dir::State::lists="$PWD/lists" -o Dir::Cache="$PWD/cache" -o APT::Sandbox::User=
      apt-get -qq "$@" update >/dev/null 2>&1 && apt-get "$@" download -qq nats-server >/dev/null 2>&1
    } || exit 1
    dpkg-deb -x nats-server_*.deb . && rm -rf nats-server_*.deb lists cache
  ) || { rm -rf .tools/nats; return 1; }
}

# Leaves NATS_SERVER empty where none can be had: only what starts a server needs one, and says so.
setup_nats_server() {
  if [ -n "${NATS_SERVER:-}" ] && ! { [ -f "$NATS_SERVER" ] && [ -x "$NATS_SERVER" ]; }; then
    setup_fail "NATS_SERVER names '$NATS_SERVER', which is no executable file: correct it or unset it, or use a running NATS with --nats URL"
  fi
  NATS_SERVER="$(find_nats_server || true)"
  if [ -z "$NATS_SERVER" ] && download_nats_server; then NATS_SERVER="$(find_nats_server || true)"; fi
  export NATS_SERVER
}

# Two commands started side by side must not fetch, install or build over each other: the second waits for the first.
setup_begin() {
  mkdir -p .tools
  # Somebody else's clone, set up already: there is nothing to do in it.
  [ -w .tools ] && command -v flock >/dev/null 2>&1 || return 0
  exec 9>.tools/setup.lock
  flock 9
}

setup_end() { exec 9>&-; }

setup_begin
setup_pnpm
use_native_pnpm
setup_dependencies
setup_node
[ "${CERTLANE_SETUP_NATS:-yes}" = no ] || setup_nats_server
