#!/usr/bin/env bash
# Puts casework on a Debian server that does nothing else: docs/install.md.
# Doing it twice changes nothing; what is there already is said to be there. --dry-run says what would be done.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
home=/srv/casework
data=/var/lib/casework
settings=/etc/casework/config.py
credential=/etc/credstore.encrypted/casework-host-key
packages=(ca-certificates caddy make nftables openssh-client procps python3 python3-venv rsync unattended-upgrades)
dry=
domain=

main() {
    read_arguments "$@"
    check_machine
    step "Packages of Debian"; install_packages
    step "Memory that reaches no disk"; keep_memory_off_disks
    step "The clock"; keep_time
    step "The account and its folders"; make_account
    step "The code"; install_code
    step "Settings"; write_settings
    step "The host key"; make_host_key
    step "The services"; install_units
    step "TLS"; install_caddy
    step "The firewall"; install_firewall
    tell_what_next
}

usage() {
    echo "usage: deploy/install.sh [--dry-run] casework.example.org" >&2
    exit 2
}

read_arguments() {
    for argument in "$@"; do
        case $argument in
            --dry-run) dry=yes ;;
            -*) usage ;;
            *) [ -z "$domain" ] || usage; domain=$argument ;;
        esac
    done
    [[ $domain =~ ^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$ ]] || usage
}

check_machine() {
    [ -n "$dry" ] && return
    [ "$(id -u)" = 0 ] || stop "this has to be done as root: sudo -i, then again"
    [ -d /run/systemd/system ] || stop "this machine was not started by systemd"
    # shellcheck disable=SC1091
    . /etc/os-release
    if [ "${ID:-}" != debian ] || [ "${VERSION_ID:-0}" -lt 12 ]; then stop "this needs Debian 12 or later"; fi
    (( $(awk '/^MemTotal/ {print $2}' /proc/meminfo) > 900000 )) || stop "casework needs 1 GB of memory"
    (( $(df --output=avail -k /srv | tail -n 1) > 2000000 )) || stop "casework needs 2 GB of free disk"
}

stop() { echo "install.sh: $*" >&2; exit 1; }
step() { printf '\n== %s\n' "$*"; }
told() { printf '   %s\n' "$*"; }

# Does a command, and says it; or only says it.
run() {
    told "+ $*"
    [ -n "$dry" ] || "$@"
}

# put FILE PLACE MODE: copies where it differs; succeeds where it changed something.
put() {
    if cmp -s "$1" "$2"; then
        told "$2 is as it should be"
        return 1
    fi
    run install -D -m "$3" "$1" "$2"
}

install_packages() {
    local wanted=() package
    [ ! -e /dev/tpmrm0 ] || packages+=(libtss2-esys-3.0.2-0 libtss2-mu0 libtss2-rc0 libtss2-tcti-device0)
    for package in "${packages[@]}"; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || wanted+=("$package")
    done
    if [ ${#wanted[@]} = 0 ]; then
        told "all there"
    else
        run apt-get update -qq
        # Another apt may hold the lock, most of all in the first minutes of a new server: wait for it.
        run env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=900 install -y -qq \
            --no-install-recommends "${wanted[@]}"
    fi
    put "$here/deploy/auto-upgrades" /etc/apt/apt.conf.d/20auto-upgrades 644 || true
}

keep_memory_off_disks() {
    if [ -n "$(swapon --show --noheadings 2>/dev/null)" ]; then
        run swapoff -a
    else
        told "no swap is in use"
    fi
    if grep -qE '^[^#]\S*\s+\S+\s+swap\s' /etc/fstab 2>/dev/null; then
        run sed -i.before-casework -E 's/^([^#]\S*\s+\S+\s+swap\s.*)/# \1/' /etc/fstab
    fi
    run systemctl -q mask swap.target hibernate.target hybrid-sleep.target suspend-then-hibernate.target
    put "$here/deploy/limits.conf" /etc/security/limits.d/casework.conf 644 || true
    put "$here/deploy/sysctl.conf" /etc/sysctl.d/60-casework.conf 644 || true
    run sysctl -q --load=/etc/sysctl.d/60-casework.conf || told "the kernel took not all of it: is this a container?"
}

keep_time() {
    local other
    for other in chrony ntpsec openntpd; do
        if systemctl -q is-enabled "$other" 2>/dev/null; then
            told "$other keeps it"
            return
        fi
    done
    [ -e /lib/systemd/systemd-timesyncd ] || run apt-get -o DPkg::Lock::Timeout=900 install -y -qq \
        --no-install-recommends systemd-timesyncd
    run systemctl -q enable --now systemd-timesyncd
}

make_account() {
    if id casework >/dev/null 2>&1; then
        told "the account casework is there"
    else
        run useradd --system --home-dir "$data" --no-create-home --shell /usr/sbin/nologin casework
    fi
    run install -d -m 755 "$home" "$home/releases" /etc/casework
    run install -d -m 700 -o casework -g casework "$data" "$data/instance" "$data/backups"
}

install_code() {
    local version target
    version=$(sed -n 's/^version = "\(.*\)"/\1/p' "$here/pyproject.toml")
    target=$home/releases/$version
    if [ -L "$home/current" ]; then
        told "$(readlink "$home/current") is there; newer ones come by: make -C $home/current upgrade"
        return
    fi
    told "+ copying $here to $target"
    [ -n "$dry" ] || copy_code "$target"
    run make -s -C "$target" install
    run "$target/.venv/bin/python" -m compileall -q "$target/casework" "$target/migrations"
    # A power cut from here on leaves none of them empty: once the link is there, they are not made again.
    run sync
    run ln -sfn "releases/$version" "$home/current"
}

# Root's alone to change: casework reads its own code, and never writes it.
copy_code() {
    rm -rf "$1.unfinished"
    mkdir "$1.unfinished"
    tar -C "$here" --exclude=./.git --exclude=./.venv --exclude='./instance*' --exclude=./build \
        --exclude=__pycache__ --exclude='*.mo' -cf - . | tar -C "$1.unfinished" --no-same-owner -xf -
    chmod -R u=rwX,go=rX "$1.unfinished"
    rm -rf "$1"
    mv "$1.unfinished" "$1"
}

write_settings() {
    if [ -e "$settings" ]; then
        told "$settings is yours, and stays"
        return
    fi
    told "+ writing $settings"
    [ -z "$dry" ] || return 0
    sed "s/casework\.example\.org/$domain/" "$here/deploy/config.py" > "$settings.unfinished"
    chown root:casework "$settings.unfinished"
    chmod 640 "$settings.unfinished"
    mv "$settings.unfinished" "$settings"
}

# The outside half, encrypted to this machine: with its security chip where it has one.
make_host_key() {
    if [ -e "$credential" ]; then
        told "$credential is there"
        return
    fi
    told "+ 32 random bytes, encrypted to this machine: $credential"
    [ -z "$dry" ] || return 0
    install -d -m 700 "$(dirname "$credential")"
    head -c 32 /dev/urandom | systemd-creds encrypt --with-key=auto --tpm2-pcrs= --name=casework-host-key - \
        "$credential.unfinished"
    mv "$credential.unfinished" "$credential"
}

install_units() {
    local unit
    for unit in casework.service casework-backup.service casework-backup.timer; do
        put "$here/deploy/$unit" "/etc/systemd/system/$unit" 644 || true
    done
    put "$here/deploy/command" /usr/local/sbin/casework 755 || true
    put "$here/deploy/greeting" /etc/update-motd.d/50-casework 755 || true
    run systemctl daemon-reload
    run systemctl -q enable casework.service
    run systemctl restart casework.service
    run systemctl -q enable --now casework-backup.timer
}

install_caddy() {
    local made
    made=$(mktemp)
    sed "s/^casework\.example\.org/$domain/" "$here/deploy/Caddyfile" > "$made"
    if ! grep -q 'reverse_proxy 127.0.0.1:8000' /etc/caddy/Caddyfile 2>/dev/null; then
        close_gate
    fi
    put "$made" /etc/caddy/Caddyfile 644 || true
    rm -f "$made"
    run systemctl -q enable caddy
    run systemctl restart caddy
}

# Whoever opens casework first founds it: until that is done, a password stands in front.
close_gate() {
    local password
    told "+ a password in front of first run: /etc/caddy/casework-gate"
    [ -z "$dry" ] || return 0
    password=$(head -c 12 /dev/urandom | base64 | tr -d '+/=' | head -c 14)
    printf 'basicauth {\n\tsetup %s\n}\n' "$(printf '%s\n' "$password" | caddy hash-password)" > /etc/caddy/casework-gate
    printf '%s\n' "$password" > /root/casework-setup-password
    chmod 600 /root/casework-setup-password
}

install_firewall() {
    local made ports
    # SSH stays reachable where it listens now.
    ports=$({ sshd -T 2>/dev/null || true; } | awk '$1 == "port" {printf "%s, ", $2}')
    made=$(mktemp)
    sed "s/dport { 22, /dport { ${ports:-22, }/" "$here/deploy/nftables.conf" > "$made"
    if [ -e /etc/nftables.conf ] && ! cmp -s "$made" /etc/nftables.conf; then
        run cp --no-clobber /etc/nftables.conf /etc/nftables.conf.before-casework
    fi
    put "$made" /etc/nftables.conf 755 || true
    rm -f "$made"
    run nft --check --file /etc/nftables.conf
    run systemctl -q enable nftables
    run systemctl restart nftables
}

tell_what_next() {
    [ -z "$dry" ] || { printf '\nNothing was changed.\n'; return; }
    wait_for_it
    printf '\ncasework is running. Open https://%s\n' "$domain"
    if [ -e /root/casework-setup-password ]; then
        printf 'It asks for a name and a password once: setup, %s\n' "$(cat /root/casework-setup-password)"
        printf 'After first run: %s/current/deploy/open-gate\n' "$home"
    fi
}

wait_for_it() {
    local seconds
    for (( seconds = 0; seconds < 60; seconds++ )); do
        if python3 - <<'PYTHON'; then return; fi
import http.client, sys
try:
    asked = http.client.HTTPConnection("127.0.0.1", 8000, timeout=10)
    asked.request("GET", "/readyz")
    sys.exit(asked.getresponse().status != 200)
except OSError:
    sys.exit(1)
PYTHON
        sleep 1
    done
    journalctl -u casework --no-pager -n 20 >&2
    stop "casework did not start; its last words are above"
}

main "$@"
