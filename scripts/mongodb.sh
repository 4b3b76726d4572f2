#!/bin/sh
# Builds FerretDB, a MongoDB-compatible server, below .tools where Go is present: the tests of the MongoDB store start it when
# there is neither MONGODB_URL nor Docker. Takes a while the first time; CI runs it before the tests.
set -eu
cd "$(dirname "$0")/.."

MODULE=github.com/FerretDB/FerretDB
VERSION=v1.24.0
FOLDER="$PWD/.tools/ferretdb"
TARGET="$FOLDER/ferretdb-$VERSION"

skip() { printf 'mongodb: %s; the MongoDB tests need MONGODB_URL or Docker then\n' "$1" >&2; exit 0; }

[ -x "$TARGET" ] && exit 0
GO="$(command -v go || true)"
[ -n "$GO" ] || GO=/usr/local/go/bin/go
[ -x "$GO" ] || skip "Go is not installed"
minor="$("$GO" env GOVERSION | sed -n 's/^go1\.\([0-9]*\).*/\1/p')"
[ "${minor:-0}" -ge 22 ] || skip "Go 1.22 or newer is needed ($("$GO" env GOVERSION) is installed)"

echo "mongodb: building FerretDB ..." >&2
mkdir -p "$FOLDER"
build() {
  source="$("$GO" mod download -json "$MODULE@$VERSION" | sed -n 's/.*"Dir": "\(.*\)".*/\1/p')"
  rm -rf "$FOLDER/source"
  cp -r "$source" "$FOLDER/source"
  chmod -R u+w "$FOLDER/source"
  # The module leaves out the file that tells the program its own version; without it the program does not start.
  echo "$VERSION" >"$FOLDER/source/build/version/version.txt"
  (cd "$FOLDER/source" && GOTOOLCHAIN=local GOFLAGS='-mod=mod -buildvcs=false' "$GO" build -o "$TARGET" ./cmd/ferretdb)
  rm -rf "$FOLDER/source"
}
build >"$FOLDER/build.log" 2>&1 || { cat "$FOLDER/build.log" >&2; skip "FerretDB could not be built"; }
