"""What pced asks of its allocator, counted by bench/preload/allocations.c."""

import collections
import mmap
import os
import re
import struct
import subprocess

NAMES = ("is_armed", "of_shards", "of_others", "taken", "given", "mapped", "octets", "shown")
LIBRARY = "libcount_allocations.so"


class Counter:
    """Loads the library before the programs that are started inside `with counter.loaded():`."""

    def __init__(self, options):
        self.path = options.file("allocations.count")
        self.preloaded = os.path.join(options.build, "bench", LIBRARY)
        if not os.path.exists(self.preloaded):
            raise FileNotFoundError(f"no {self.preloaded}: build the target count_allocations")
        with open(self.path, "wb") as file:
            file.write(bytes(8 * len(NAMES)))
        self._file = open(self.path, "r+b")  # pylint: disable=consider-using-with
        self._counts = mmap.mmap(self._file.fileno(), 8 * len(NAMES))

    def loaded(self):
        return _Environment({"LD_PRELOAD": self.preloaded, "PCED_ALLOCATIONS": self.path})

    def read(self):
        return dict(zip(NAMES, struct.unpack_from("=8Q", self._counts)))

    def arm(self, is_armed=True):
        struct.pack_into("=Q", self._counts, 0, is_armed)

    def counted(self, work):
        """What was counted while work() ran: {"shards": …, "others": …}."""
        before = self.read()
        self.arm()
        work()
        self.arm(False)
        after = self.read()
        return {"shards": after["of_shards"] - before["of_shards"],
                "others": after["of_others"] - before["of_others"]}


class _Environment:
    def __init__(self, values):
        self.values, self.before = values, {}

    def __enter__(self):
        self.before = {name: os.environ.get(name) for name in self.values}
        os.environ.update(self.values)

    def __exit__(self, *_):
        for name, value in self.before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def callers(log, program):
    """The traces in a log, each once with how often it was seen: "malloc < f < g" from the inside out."""
    found = collections.Counter()
    for trace in re.split(r"^(?=\w+:$)", log, flags=re.M):
        frames = re.findall(re.escape(program) + r"\(\+(0x[0-9a-f]+)\)", trace)
        if frames:
            found[(trace.split(":")[0], *frames[:8])] += 1
    return [f"{count:3} times {call} < " + " < ".join(_names(program, frames))
            for (call, *frames), count in found.most_common()]


def _names(program, offsets):
    command = ["addr2line", "-f", "-e", program, *offsets]
    try:
        lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    except (OSError, subprocess.CalledProcessError):
        return offsets
    return lines[::2]
