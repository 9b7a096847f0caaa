"""ExaBGP, installed once from PyPI and started for one test as a peer of link state that says what it hears."""

import json
import os
import shutil
import subprocess
import sys
import threading
import time

from netns import Unavailable

VERSION = "5.0.15"
INSTALL_S = 300
WAIT_S = 30
AS = 65001
READER = """import sys
with open({path!r}, "w", encoding="utf-8") as file:
    for line in sys.stdin:
        file.write(line)
        file.flush()
"""


def find_program(folder):
    """The program: named by PCED_EXABGP, or brought to that folder by pip, once."""
    given = os.environ.get("PCED_EXABGP")
    if given:
        return given
    place = os.path.join(folder, f"exabgp-{VERSION}")
    program = os.path.join(place, "bin", "exabgp")
    if os.access(program, os.X_OK):
        return program
    shutil.rmtree(place, ignore_errors=True)
    for command in ([sys.executable, "-m", "venv", place],
                    [os.path.join(place, "bin", "pip"), "-q", "install", f"exabgp=={VERSION}"]):
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=INSTALL_S, check=False)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise Unavailable(f"ExaBGP was not installed: {error}") from None
        if done.returncode != 0:
            raise Unavailable(f"ExaBGP was not installed: {(done.stdout + done.stderr)[-300:].strip()}")
    return program


class Exabgp:
    """It awaits its neighbour at an address and port."""

    def __init__(self, program, folder, address, port, neighbour="127.0.0.1"):
        self.path = os.path.join(folder, "heard.json")
        reader, configuration = os.path.join(folder, "reader.py"), os.path.join(folder, "exabgp.conf")
        with open(reader, "w", encoding="ascii") as file:
            file.write(READER.format(path=self.path))
        with open(configuration, "w", encoding="ascii") as file:
            file.write(f"""process reader {{ run {sys.executable} {reader}; encoder json; }}
neighbor {neighbour} {{
  router-id 192.0.2.8; local-address {address}; local-as {AS}; peer-as {AS};
  passive true; listen {port}; hold-time 90;
  capability {{ route-refresh enable; extended-message enable; asn4 enable; }}
  family {{ bgp-ls bgp-ls; }}
  api {{
    processes [ reader ]; neighbor-changes;
    receive {{ parsed; open; update; notification; }}
  }}
}}
""")
        self.log = os.path.join(folder, "exabgp.log")
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(  # pylint: disable=consider-using-with
                [program, "server", configuration], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                env={**os.environ, "exabgp_daemon_user": "root", "exabgp_api_cli": "false"})

    def heard(self, kind):
        """What it has heard of that type, so far: the members of `neighbor`."""
        if not os.path.exists(self.path):
            return []
        with open(self.path, encoding="utf-8") as file:
            lines = file.read().split("\n")[:-1]  # behind the last end of line there may be half a one
        said = [json.loads(line) for line in lines]
        return [one["neighbor"] for one in said if one["type"] == kind]

    def wait(self, kind, is_there=bool):
        """All of that type, when they are as wanted; without more, when there is one."""
        end = time.monotonic() + WAIT_S
        while not is_there(found := self.heard(kind)):
            if time.monotonic() > end or self.process.poll() is not None:
                with open(self.log, encoding="utf-8", errors="replace") as log:
                    raise AssertionError(f"no {kind}: {found[-2:]}\n{log.read()[-3000:]}")
            threading.Event().wait(0.1)  # its reader has no other event
        return found

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
