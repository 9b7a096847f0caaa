"""GoBGP's gobgpd and its command line, built once from their module and started for one test."""

import os
import shutil
import subprocess

import frr
from netns import Unavailable

VERSION = "v4.8.0"
MODULE = "github.com/osrg/gobgp/v4"
PROGRAMS = ("gobgpd", "gobgp")
BUILD_S = 900
AS = 65001


def find_programs(folder):
    """The folder of both programs: named by PCED_GOBGP, or built in that folder by Go, once."""
    given = os.environ.get("PCED_GOBGP")
    if given:
        return given
    place = os.path.join(folder, f"gobgp-{VERSION}")
    if all(os.access(os.path.join(place, name), os.X_OK) for name in PROGRAMS):
        return place
    if not shutil.which("go"):
        raise Unavailable("go is not installed, and PCED_GOBGP does not name a folder with gobgpd and gobgp")
    command = ["go", "install", *(f"{MODULE}/cmd/{name}@{VERSION}" for name in PROGRAMS)]
    try:
        done = subprocess.run(command, env={**os.environ, "GOBIN": place}, capture_output=True, text=True,
                              timeout=BUILD_S, check=False)
    except subprocess.TimeoutExpired:
        raise Unavailable(f"Go did not build {MODULE} within {BUILD_S} s") from None
    if done.returncode != 0:
        raise Unavailable(f"Go did not build {MODULE}: {done.stderr[-300:].strip()}")
    return place


class Gobgp:
    """gobgpd at an address, a route reflector of link state for its neighbours: {address: port, or None where the
    neighbour connects}."""

    def __init__(self, programs, folder, address, port, api_port, neighbours, restart_s=0):
        self.programs, self.folder, self.api_port = programs, folder, api_port
        self.log = os.path.join(folder, "gobgpd.log")
        self.path = os.path.join(folder, "gobgpd.toml")
        self.process = None
        blocks = [f"""[global.config]
  as = {AS}
  router-id = "{address}"
  port = {port}
  local-address-list = ["{address}"]
"""]
        for neighbour, to_port in neighbours.items():
            blocks.append(self._neighbour(address, neighbour, to_port, restart_s))
        with open(self.path, "w", encoding="ascii") as file:
            file.write("\n".join(blocks))

    @staticmethod
    def _neighbour(address, neighbour, port, restart_s):
        text = f"""[[neighbors]]
  [neighbors.config]
    neighbor-address = "{neighbour}"
    peer-as = {AS}
  [neighbors.timers.config]
    connect-retry = 1
    idle-hold-time-after-reset = 1
  [neighbors.transport.config]
    local-address = "{address}"
    passive-mode = {"true" if port is None else "false"}
    remote-port = {port or 179}
  [neighbors.route-reflector.config]
    route-reflector-client = true
    route-reflector-cluster-id = "{address}"
"""
        if restart_s:
            text += f"""  [neighbors.graceful-restart.config]
    enabled = true
    restart-time = {restart_s}
"""
        text += """  [[neighbors.afi-safis]]
    [neighbors.afi-safis.config]
      afi-safi-name = "ls"
"""
        if restart_s:
            text += """    [neighbors.afi-safis.mp-graceful-restart.config]
      enabled = true
"""
        return text

    def start(self, *more):
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(  # pylint: disable=consider-using-with
                [os.path.join(self.programs, "gobgpd"), "-f", self.path, "--api-hosts",
                 f"127.0.0.1:{self.api_port}", "--log-plain", *more],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        frr.wait_until(lambda: self._run("neighbor").returncode == 0, "gobgpd answers", describe=self.text)
        return self

    def _run(self, *words):
        return subprocess.run([os.path.join(self.programs, "gobgp"), "-p", str(self.api_port), *words],
                              capture_output=True, text=True, timeout=60, check=False)

    def tell(self, *words):
        """A line of its command line; its output."""
        done = self._run(*words)
        if done.returncode != 0 or "rror" in done.stdout + done.stderr:
            raise AssertionError(f"gobgp {' '.join(words)}: {done.stdout}{done.stderr}\n{self.text()}")
        return done.stdout

    def text(self):
        with open(self.log, encoding="utf-8", errors="replace") as file:
            return file.read()[-4000:]

    def stop(self, is_crash=False):
        """As a crash: it says nothing to its neighbours."""
        if self.process is None:
            return
        if is_crash:
            self.process.kill()
        else:
            self.process.terminate()
        self.process.wait(30)
        self.process = None
