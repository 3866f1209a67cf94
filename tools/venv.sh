#!/usr/bin/env bash
# Makes .venv with PYTHON, or else with the first Python of at least 3.11, or says what is missing.
set -euo pipefail

candidates=("${PYTHON:-}")
[ -n "${PYTHON:-}" ] || candidates=(python3 python3.13 python3.12 python3.11 python3.14)
chosen=
for candidate in "${candidates[@]}"; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        chosen=$candidate
        break
    fi
done
if [ -z "$chosen" ]; then
    echo "casework needs Python 3.11 or later, and there is none here called ${candidates[*]}." >&2
    echo "Debian: apt-get install python3 python3-venv. macOS: brew install python@3.13." >&2
    echo "Another one: make run PYTHON=/path/to/python3.12" >&2
    exit 1
fi

if ! "$chosen" -c 'import ensurepip' 2>/dev/null; then # Debian packs it apart
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        export DEBIAN_FRONTEND=noninteractive
        apt-get update -qq
        apt-get install -y -qq --no-install-recommends python3-venv >/dev/null
    else
        echo "This Python cannot make a .venv. Debian: sudo apt-get install python3-venv" >&2
        exit 1
    fi
fi

"$chosen" -m venv --clear .venv
