# Shell functions that the scripts of the repository share; sourced by bash, from any directory.
#
#     . deploy/lib.sh
#     install_packages build test

PCED_PACKAGES=$(dirname -- "${BASH_SOURCE[0]}")/packages.txt

# The packages of the named sections of packages.txt, one a line.
list_packages() {
    local section
    for section in "$@"; do
        awk -v section="$section" '$1 == section { print $2 }' "$PCED_PACKAGES"
    done
}

# Those of the given packages that dpkg does not have, one a line.
missing_packages() {
    local package
    for package in "$@"; do
        case $(dpkg-query -W -f='${db:Status-Abbrev}' "$package" 2>/dev/null) in
            ii*) ;;
            *) echo "$package" ;;
        esac
    done
}

# Some packages of the test section bring daemons (FRR, Prometheus): they are installed and not started,
# unless the machine has a policy of its own for that.
readonly PCED_INSTALL='
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    trap "rm -f $policy" EXIT
    trap "exit 130" INT TERM
    printf "#!/bin/sh\nexit 101\n" >"$policy" && chmod 755 "$policy"
fi
# Another apt-get or unattended-upgrades may be at work: wait for its locks, half an hour at most. The option of
# apt covers the lock of dpkg; that of the lists is taken in turns by asking again.
patience=1800
begun=$(date +%s)
while ! out=$(LC_ALL=C apt-get -q -o DPkg::Lock::Timeout=$patience update 2>&1); do
    printf "%s\n" "$out"
    case $out in *"Could not get lock"*|*"Unable to lock"*) ;; *) exit 1 ;; esac
    [ $(($(date +%s) - begun)) -lt $patience ] || exit 1
    echo "another package manager holds a lock: waiting for it, $patience s at most"
    sleep 5
done
printf "%s\n" "$out"
apt-get install -y -q --no-install-recommends -o DPkg::Lock::Timeout=$patience "$@"'

# Installs what is missing of the named sections; touches nothing, and needs no root, when nothing is.
install_packages() {
    local wanted missing as_root=()
    mapfile -t wanted < <(list_packages "$@")
    if [ ${#wanted[@]} -eq 0 ]; then
        echo "install_packages: no package in: $*" >&2
        return 1
    fi
    mapfile -t missing < <(missing_packages "${wanted[@]}")
    if [ ${#missing[@]} -eq 0 ]; then
        echo "all ${#wanted[@]} packages are installed"
        return 0
    fi
    echo "missing: ${missing[*]}"
    if [ "$(id -u)" -ne 0 ]; then
        if ! command -v sudo >/dev/null; then
            echo "install_packages: run it as root, or install sudo" >&2
            return 1
        fi
        as_root=(sudo)
    fi
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        sh -c "$PCED_INSTALL" install_packages "${missing[@]}" </dev/null
}
