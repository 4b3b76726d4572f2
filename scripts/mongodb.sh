#!/bin/sh
# Builds FerretDB, a MongoDB-compatible server, below .tools where Go is present: the tests of the MongoDB store start it when
# there is neither MONGODB_URL nor Docker. Takes minutes the first time; CI runs it before the tests.
set -eu
cd "$(dirname "$0")/.."

TARGET="$PWD/.tools/ferretdb/ferretdb"
STAMP="$(cat scripts/mongodb/main.go scripts/mongodb/serial.go scripts/mongodb/go.mod scripts/mongodb/go.sum | cksum)"

skip() { printf 'mongodb: %s; the MongoDB tests need MONGODB_URL or Docker then\n' "$1" >&2; exit 0; }

[ -x "$TARGET" ] && [ "$(cat "$TARGET.stamp" 2>/dev/null)" = "$STAMP" ] && exit 0
GO="$(command -v go || true)"
[ -n "$GO" ] || GO=/usr/local/go/bin/go
[ -x "$GO" ] || skip "Go is not installed"
minor="$("$GO" env GOVERSION | sed -n 's/^go1\.\([0-9]*\).*/\1/p')"
[ "${minor:-0}" -ge 22 ] || skip "Go 1.22 or newer is needed ($("$GO" env GOVERSION) is installed)"

echo "mongodb: building FerretDB ..." >&2
mkdir -p "$(dirname "$TARGET")"
(cd scripts/mongodb && GOTOOLCHAIN=local GOFLAGS='-mod=readonly -buildvcs=false' "$GO" build -o "$TARGET" .) >.tools/ferretdb/build.log 2>&1 || {
  cat .tools/ferretdb/build.log >&2
  skip "FerretDB could not be built"
}
printf '%s' "$STAMP" >"$TARGET.stamp"
