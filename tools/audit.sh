#!/usr/bin/env bash
# Asks pip-audit whether a published fault is known in what the lock pins; says plainly where it cannot tell.
# --strict: otherwise a package that it could not ask about counts as sound.
set -euo pipefail

tools=build/audit-venv
said=build/audit.txt
[ -x "$tools/bin/pip-audit" ] || {
    "$BIN/python" -m venv "$tools"
    "$tools/bin/pip" install --quiet --disable-pip-version-check pip-audit==2.10.0
}
# The lock names every package there is, so that nothing has to be resolved or installed.
if "$tools/bin/pip-audit" --requirement requirements.lock --require-hashes --disable-pip --no-deps \
    --strict --progress-spinner off --timeout 20 > "$said" 2>&1; then
    echo "No fault is known in any of the $(grep -c '==' requirements.lock) packages of requirements.lock."
elif grep -qE '^Found [0-9]+ known vulnerabilit' "$said"; then
    cat "$said"
    exit 1
else
    tail -n 1 "$said" >&2
    echo "pip-audit could not reach its data: whether a fault is known was NOT found out." >&2
    exit 3
fi
