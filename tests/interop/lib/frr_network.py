"""Routers of FRR 10.7 or later, each in a network namespace of its own: what isisd knows bgpd tells by BGP-LS.

FRR lies under the folder that PCED_FRR10 names, as `./configure --prefix` has it. Nothing of the machine's own FRR is
used: sockets and files lie in a folder of the test's."""

import json
import os
import re
import shutil
import signal
import subprocess

import frr
from netns import Unavailable

LEAST = (10, 7)
DAEMONS = ("mgmtd", "zebra", "isisd", "bgpd")


def prefix():
    """Raises Unavailable where there is no FRR that makes BGP-LS of an IGP."""
    folder = os.environ.get("PCED_FRR10", "")
    if not folder:
        raise Unavailable("PCED_FRR10 does not name the folder of an FRR 10.7 or later")
    if os.geteuid() != 0:
        raise Unavailable("FRR's daemons are started as root")
    for name in DAEMONS:
        if not os.access(os.path.join(folder, "sbin", name), os.X_OK):
            raise Unavailable(f"there is no sbin/{name} in {folder}")
    text = subprocess.run([os.path.join(folder, "sbin", "bgpd"), "--version"], capture_output=True, text=True,
                          check=False).stdout
    found = re.search(r"version (\d+)\.(\d+)", text)
    if not found or tuple(map(int, found.groups())) < LEAST:
        raise Unavailable(f"{folder} has no FRR 10.7 or later: {text[:80]}")
    return folder


class Router:
    """One namespace, and the daemons in it."""

    def __init__(self, folder, name):
        self.prefix, self.name = prefix(), name
        self.folder = os.path.join(folder, name)
        os.mkdir(self.folder)
        # isisd tells the machine's name as the node's: each router has one of its own.
        self.holder = subprocess.Popen(
            ["unshare", "--net", "--uts", "sh", "-c", f"hostname {name} && ip link set lo up && echo && exec cat"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.inside = ["nsenter", "--target", str(self.holder.pid), "--net", "--uts"]
        self.processes = []
        if not self.holder.stdout.readline():
            raise Unavailable("no right to make a network namespace")

    def run(self, *command):
        return subprocess.run([*self.inside, *command], check=True, capture_output=True, text=True)

    def take(self, interface, *addresses):
        """An interface of this process's namespace becomes the router's."""
        subprocess.run(["ip", "link", "set", interface, "netns", str(self.holder.pid)], check=True)
        for address in addresses:
            self.run("ip", "address", "add", address, "dev", interface, *(["nodad"] if ":" in address else []))
        self.run("ip", "link", "set", interface, "up")

    def start(self, configuration):
        path = os.path.join(self.folder, "all.conf")
        with open(path, "w", encoding="ascii") as file:
            file.write(configuration)
        for name in DAEMONS:
            self._start(name)
        self.vtysh("-f", path)

    def _start(self, name):
        command = [*self.inside, os.path.join(self.prefix, "sbin", name), "-N", self.name, "--vty_socket", self.folder,
                   "-i", f"{self.folder}/{name}.pid", "-A", "127.0.0.1"]
        with open(os.path.join(self.folder, f"{name}.out"), "wb") as output:
            process = subprocess.Popen([*command, *([] if name == "mgmtd" else ["-f", "/dev/null"])],
                                       stdin=subprocess.DEVNULL, stdout=output, stderr=output)
        self.processes.append((name, process))
        frr.wait_until(lambda: os.path.exists(f"{self.folder}/{name}.vty") or process.poll() is not None,
                       f"{name} opens its vty", describe=lambda: self.output(name))
        if process.poll() is not None:
            raise RuntimeError(f"{self.name}: {name} ended at once: {self.output(name)}")

    def output(self, name):
        with open(os.path.join(self.folder, f"{name}.out"), encoding="utf-8", errors="replace") as file:
            return file.read()[-4000:]

    def ask(self, command):
        return json.loads(self.vtysh("-c", command + " json"))

    def configure(self, *lines):
        self.vtysh(*[part for line in ("configure terminal", *lines) for part in ("-c", line)])

    def vtysh(self, *arguments):
        done = subprocess.run([os.path.join(self.prefix, "bin", "vtysh"), "--vty_socket", self.folder, *arguments],
                              capture_output=True, text=True, timeout=frr.WAIT_S, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"{self.name}: vtysh {arguments}: {done.stdout}{done.stderr}")
        return done.stdout

    def stop(self):
        for _, process in reversed(self.processes):
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for _, process in self.processes:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.processes = []
        self.holder.communicate()
        shutil.rmtree(self.folder, ignore_errors=True)


def join(one, other, number):
    """A link between two routers; returns its interfaces, which have addresses by their order."""
    names = (f"{one.name}-{number}", f"{other.name}-{number}")
    subprocess.run(["ip", "link", "add", names[0], "type", "veth", "peer", "name", names[1]], check=True)
    for end, router in enumerate((one, other)):
        router.take(names[end], f"10.0.{number}.{end}/31", f"2001:db8:{number}::{end + 1}/64")
    return names
