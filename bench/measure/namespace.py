"""A network namespace of the script's own: server and client meet on its loopback, no port is taken
already, and the limits of a large ramp can be set in it."""

import os
import subprocess
import sys

MARK = "PCED_BENCH_NAMESPACE"
SETTINGS = {
    "net/core/somaxconn": 65535,
    "net/ipv4/tcp_max_syn_backlog": 65535,
}


def enter():
    """Starts this script again inside; where that is refused it goes on outside, and says so."""
    if os.environ.get(MARK):
        _prepare()
        return
    environment = dict(os.environ, **{MARK: "1"})
    options = ["--net"] if os.geteuid() == 0 else ["--user", "--map-root-user", "--net"]
    command = ["unshare", *options]
    try:
        probe = subprocess.run([*command, "true"], capture_output=True, text=True, check=False)
        refusal = probe.stderr.strip() if probe.returncode else None
    except OSError as error:
        refusal = str(error)
    if refusal:
        print(f"no network namespace of its own ({refusal}): the limits of this one hold", file=sys.stderr)
        return
    os.execvpe(command[0], [*command, sys.executable, *sys.argv], environment)


def _prepare():
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    for name, value in SETTINGS.items():
        try:
            with open(f"/proc/sys/{name}", "w", encoding="ascii") as file:
                file.write(str(value))
        except OSError as error:
            print(f"{name} stays as it is: {error}", file=sys.stderr)
