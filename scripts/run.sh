#!/bin/sh
# Sets a clone up where that is still missing, then runs one of the root's task: scripts with the pinned runtime.
set -eu
cd "$(dirname "$0")/.."
. scripts/setup.sh
setup_end
# Tasks run tasks.
PATH="${PNPM%/*}:$PATH"
export PATH
if [ $# -eq 0 ]; then
  "$PNPM" run --silent task:build
  echo "certlane: ready" >&2
  exit 0
fi
task="$1"
shift
exec "$PNPM" run --silent "$task" "$@"
