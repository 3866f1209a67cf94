#!/usr/bin/env bash
# Writes the lock files. The oldest Python that we support decides the versions, so that every later one finds them too.
set -euo pipefail

tools=build/lock-venv
# A lock must not depend on anybody's own pip settings, nor tell them.
export PIP_CONFIG_FILE=/dev/null
unset PIP_INDEX_URL PIP_EXTRA_INDEX_URL PIP_FIND_LINKS

"$PYTHON" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null || {
    echo "make lock needs Python 3.11 (LOCK_PYTHON=/path/to/python3.11)." >&2
    exit 1
}
[ -x "$tools/bin/pip-compile" ] || {
    "$PYTHON" -m venv "$tools"
    "$tools/bin/pip" install --quiet --disable-pip-version-check pip-tools==7.6.2
}
for name in requirements requirements-dev requirements-benchmarks; do
    "$tools/bin/pip-compile" --quiet --generate-hashes --strip-extras --allow-unsafe --no-header --no-annotate \
        --no-emit-index-url --no-emit-find-links --no-emit-trusted-host "$@" -o "$name.lock" "$name.in"
done
if grep -nE '://|^-' requirements.lock requirements-dev.lock requirements-benchmarks.lock; then
    echo "A lock holds names, versions and hashes, and nothing else." >&2
    exit 1
fi
