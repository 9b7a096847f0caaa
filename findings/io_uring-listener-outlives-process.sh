#!/bin/bash
# A listening socket that an io_uring accept holds outlives its process, SIGKILL or not.
#
# A guess: when waitpid has returned a process, its sockets are closed, and its port is free for a
# successor (SO_REUSEADDR is set on both). So it is with poll.
# Seen, with liburing 2026.3.30 (PyPI) on Linux 6.18: with one accept submitted and nobody connecting,
# a bind of the port after waitpid fails with EADDRINUSE each time, for ten milliseconds and more,
# whether the process was killed or ended itself. Until then the socket of the dead process completes
# the handshakes of clients, who take a server to be there. The kernel takes a ring apart on a work
# queue of its own, and what was submitted holds its files until then.
#
# So a supervisor that restarts such a server at once sees "address already in use": the successor has
# to try again for a while (or to bind with SO_REUSEPORT), and a client must not take a handshake for
# a server.
#
# Exit code 0: as described. 1: something else was seen. 2: it could not be installed, or the kernel
# lets nobody have a ring.
set -u
folder=$(mktemp -d) || exit 2
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv" && "$folder/venv/bin/pip" -q install "liburing==2026.3.30" || exit 2

"$folder/venv/bin/python" - <<'PYTHON'
import errno
import importlib.metadata
import os
import platform
import select
import signal
import socket
import sys
import time

import liburing

ROUNDS = 30
print("liburing", importlib.metadata.version("liburing"), "on Linux", platform.release())


def listener(port):
    one = socket.socket()
    one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    one.bind(("127.0.0.1", port))
    one.listen(16)
    return one


def wait_in_ring(one, ready):
    ring = liburing.Ring()
    liburing.io_uring_queue_init(8, ring)
    entry = liburing.io_uring_get_sqe(ring)
    liburing.io_uring_prep_accept(entry, one.fileno())
    liburing.io_uring_submit(ring)
    os.write(ready, b"x")
    signal.pause()


def wait_in_poll(one, ready):
    os.write(ready, b"x")
    poll = select.poll()
    poll.register(one, select.POLLIN)
    poll.poll()


def end_a_server(port, wait, end):
    """A process listens on the port, waits for a client, and is gone when this returns."""
    server = listener(port)
    heard, ready = os.pipe()
    child = os.fork()
    if child == 0:
        signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
        try:
            wait(server, ready)
        finally:
            os._exit(3)
    server.close()
    os.close(ready)
    if os.read(heard, 1) != b"x":
        print("no ring")
        sys.exit(2)
    os.close(heard)
    os.kill(child, end)
    os.waitpid(child, 0)


def succeed(port):
    """How often a successor is refused the port, and for how many milliseconds."""
    refused = 0
    begin = time.monotonic()
    while time.monotonic() - begin < 10:
        try:
            listener(port).close()
            break
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            refused += 1
            time.sleep(0.0005)
    return refused, 1000 * (time.monotonic() - begin)


def connects(port):
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
        return True
    except ConnectionError:
        return False


probe = listener(0)
port = probe.getsockname()[1]
probe.close()
wrong = False
for name, wait, is_kept in (("poll", wait_in_poll, False), ("io_uring", wait_in_ring, True)):
    for end in (signal.SIGTERM, signal.SIGKILL):
        late, longest = 0, 0
        for _ in range(ROUNDS):
            end_a_server(port, wait, end)
            refused, ms = succeed(port)
            late += refused > 0
            longest = max(longest, ms)
        print(f"{name}, {end.name}: refused after waitpid {late} of {ROUNDS} times, "
              f"longest {longest:.1f} ms")
        wrong |= late < ROUNDS // 2 if is_kept else late > 0
    shaken = 0
    for _ in range(ROUNDS):
        end_a_server(port, wait, signal.SIGKILL)
        shaken += connects(port)
        succeed(port)
    print(f"{name}: a client's handshake succeeded after waitpid {shaken} of {ROUNDS} times")
    wrong |= shaken < ROUNDS // 2 if is_kept else shaken > 0
print("NOT as described" if wrong else "as described")
sys.exit(1 if wrong else 0)
PYTHON
