"""What the kernel tells of a process and of its own memory."""

import os
import platform
import time

TICK = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


def _read(path):
    with open(path, encoding="ascii", errors="replace") as file:
        return file.read()


def cpu_seconds(pid):
    """User and system time of all threads; exact where the scheduler keeps it (nanoseconds), else in
    ticks."""
    total = 0
    try:
        for thread in os.listdir(f"/proc/{pid}/task"):
            total += int(_read(f"/proc/{pid}/task/{thread}/schedstat").split()[0])
        if total > 0:
            return total / 1e9
    except (OSError, IndexError):
        pass
    fields = _read(f"/proc/{pid}/stat").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def rss_octets(pid):
    """Resident memory, exact: the sums of /proc/PID/status may lag behind by some pages of each thread."""
    for line in _read(f"/proc/{pid}/smaps_rollup").splitlines():
        if line.startswith("Rss:"):
            return int(line.split()[1]) * 1024
    raise LookupError("no Rss in smaps_rollup")


def peak_octets(pid):
    """The most that was resident since its start; may lag behind by some pages of each thread."""
    for line in _read(f"/proc/{pid}/status").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    raise LookupError("no VmHWM in status")


def _meminfo():
    return {line.split(":")[0]: int(line.split()[1]) * 1024 for line in _read("/proc/meminfo").splitlines()}


def kernel_octets():
    """Memory that the kernel has taken for itself: its objects, TCP's pages, stacks, per-CPU data."""
    memory = _meminfo()
    tcp = 0
    for line in _read("/proc/net/sockstat").splitlines():
        if line.startswith("TCP:"):
            tcp = int(line.split("mem")[1].split()[0]) * PAGE
    return {"slab": memory["Slab"], "tcp": tcp, "available": memory["MemAvailable"]}


def sockets():
    """TCP sockets of this namespace."""
    for line in _read("/proc/net/sockstat").splitlines():
        if line.startswith("TCP:"):
            return int(line.split()[2])
    return 0


def wait_sockets(most, seconds=60):
    """Waits until no more than so many sockets are left: the sessions of the run before are gone."""
    end = time.monotonic() + seconds
    while sockets() > most and time.monotonic() < end:
        time.sleep(0.05)


def machine():
    """What the figures were measured on."""
    model = next((line.split(":", 1)[1].strip() for line in _read("/proc/cpuinfo").splitlines()
                  if line.startswith("model name")), platform.machine())
    return {"cores": os.cpu_count(), "processor": model, "memory_octets": _meminfo()["MemTotal"],
            "kernel": platform.release(), "load_before": os.getloadavg()[0]}
