"""FRR's zebra and pathd, started for one test in a directory of their own and ended by their pid."""

import contextlib
import ctypes
import grp
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import time

from netns import Unavailable

DAEMONS = "/usr/lib/frr"
USER = "frr"
WAIT_S = 30
NR_PIDFD_GETFD = 438  # the same on every architecture


def find_module():
    """Where pathd's PCEP module lies: the folder names the machine's architecture."""
    for folder, _, files in os.walk("/usr/lib"):
        if "pathd_pcep.so" in files:
            return os.path.join(folder, "pathd_pcep.so")
    raise Unavailable("FRR's pathd_pcep.so is not installed (package frr)")


def check():
    """Raises Unavailable where FRR cannot be run here."""
    if os.geteuid() != 0:
        raise Unavailable("FRR's daemons are started as root")
    for name in ("zebra", "pathd"):
        if not os.access(f"{DAEMONS}/{name}", os.X_OK):
            raise Unavailable(f"{DAEMONS}/{name} is not installed (package frr)")
    if not shutil.which("vtysh"):
        raise Unavailable("vtysh is not installed (package frr)")
    try:
        pwd.getpwnam(USER)
        grp.getgrnam("frrvty")
    except KeyError:
        raise Unavailable("the user frr or the group frrvty does not exist") from None
    return find_module()


def wait_until(question, what, wait_s=WAIT_S, describe=lambda: ""):
    """Asks until the answer is true. The daemons give no other event than their answer to vtysh."""
    deadline = time.monotonic() + wait_s
    while True:
        answer = question()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what}: not within {wait_s} s\n{describe()}")
        time.sleep(0.1)  # between two questions, never instead of one


def established_inodes(port):
    """{"socket:[N]"} of the connections to that port."""
    found = set()
    with open("/proc/net/tcp", encoding="ascii") as file:
        for line in list(file)[1:]:
            fields = line.split()
            if fields[3] == "01" and int(fields[2].split(":")[1], 16) == port:
                found.add(f"socket:[{fields[9]}]")
    return found


def copy_socket(pid, number):
    """pidfd_getfd: a descriptor of another process's socket."""
    libc = ctypes.CDLL(None, use_errno=True)
    pidfd = os.pidfd_open(pid)
    try:
        copy = libc.syscall(NR_PIDFD_GETFD, pidfd, number, 0)
    finally:
        os.close(pidfd)
    if copy < 0:
        raise Unavailable(f"pidfd_getfd: {os.strerror(ctypes.get_errno())}")
    return socket.socket(fileno=copy)


class Frr:
    """zebra and pathd with one configuration."""

    def __init__(self, folder, configuration):
        self.folder = folder
        self.module = check()
        self.log = os.path.join(folder, "pathd.log")
        self.processes = []
        with open(os.path.join(folder, "pathd.conf"), "w", encoding="ascii") as file:
            file.write(f"hostname pcc\nlog file {self.log} debugging\n{configuration}")
        user = pwd.getpwnam(USER)
        for path in (folder, os.path.join(folder, "pathd.conf")):
            os.chown(path, user.pw_uid, user.pw_gid)
        # FRR 8 opens its vty socket for this group; Debian's package leaves the user out of it.
        self.groups = sorted({grp.getgrnam("frrvty").gr_gid, user.pw_gid})

    def _start(self, name, *arguments):
        output = open(os.path.join(self.folder, f"{name}.out"), "wb")
        command = [f"{DAEMONS}/{name}", "-u", USER, "-g", USER, "-z", f"{self.folder}/z.sock",
                   "-i", f"{self.folder}/{name}.pid", "--vty_socket", self.folder, *arguments]
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                                   extra_groups=self.groups)
        output.close()
        self.processes.append((name, process))
        wait_until(lambda: os.path.exists(f"{self.folder}/{name}.vty") or process.poll() is not None,
                   f"{name} opens its vty", describe=lambda: self._output(name))
        if process.poll() is not None:
            raise RuntimeError(f"{name} ended at once: {self._output(name)}")

    def start(self):
        self._start("zebra", "-f", "/dev/null")
        self.start_pathd()

    def start_pathd(self):
        """Also again, after end_pathd."""
        self._start("pathd", "-f", f"{self.folder}/pathd.conf", "-M", self.module)

    def _output(self, name):
        with open(os.path.join(self.folder, f"{name}.out"), encoding="utf-8",
                  errors="replace") as file:
            return file.read()[-4000:]

    def is_alive(self):
        return all(process.poll() is None for _, process in self.processes)

    def stop(self):
        """Ends pathd, then zebra (without which pathd would not end)."""
        for name, process in reversed(self.processes):
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.processes = []

    def end_pathd(self, number=signal.SIGTERM):
        """Ends pathd by a signal, and leaves zebra alone."""
        process = dict(self.processes)["pathd"]
        process.send_signal(number)
        process.wait(WAIT_S)
        self.processes = [row for row in self.processes if row[0] != "pathd"]
        for name in ("pathd.vty", "pathd.pid"):  # a killed one leaves them
            with contextlib.suppress(FileNotFoundError):
                os.unlink(os.path.join(self.folder, name))

    def signal(self, name, number):
        """Sends a signal to one of the daemons."""
        dict(self.processes)[name].send_signal(number)

    def connection(self, name, port):
        """A second descriptor of the daemon's TCP connection to that port."""
        pid = dict(self.processes)[name].pid
        inodes = established_inodes(port)
        for number in os.listdir(f"/proc/{pid}/fd"):
            try:
                target = os.readlink(f"/proc/{pid}/fd/{number}")
            except OSError:
                continue  # closed meanwhile
            if target in inodes:
                return copy_socket(pid, int(number))
        raise RuntimeError(f"{name} has no connection to port {port}")

    def vtysh(self, *commands):
        arguments = [part for command in commands for part in ("-c", command)]
        done = subprocess.run(["vtysh", "--vty_socket", self.folder, "-d", "pathd", *arguments],
                              capture_output=True, text=True, timeout=WAIT_S, check=False)
        if done.returncode != 0 or not self.is_alive():
            raise RuntimeError(f"vtysh {commands}: {done.stdout}{done.stderr}\n"
                               f"{self._output('pathd')}")
        return done.stdout

    def read_log(self):
        with open(self.log, encoding="utf-8", errors="replace") as file:
            return file.read()

    def policies(self):
        """{policy name: [candidate path]} of `show sr-te policy detail`."""
        return parse_policies(self.vtysh("show sr-te policy detail"))


def parse_policies(text):
    policies, paths = {}, None
    for line in text.splitlines():
        head = re.match(r"Endpoint: (\S+)\s+Color: (\d+)\s+Name: (\S+)", line)
        if head:
            paths = policies.setdefault(head.group(3), [])
            continue
        path = re.match(r"\s+(\*?)\s*Preference: (\d+)\s+Name: (\S+)\s+Type: (\S+)\s+"
                        r"Segment-List: (.*?)\s+Protocol-Origin", line)
        if path and paths is not None:
            paths.append({"chosen": path.group(1) == "*", "preference": int(path.group(2)),
                          "name": path.group(3), "type": path.group(4),
                          "segment_list": path.group(5)})
    return policies
