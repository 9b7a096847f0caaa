#!/bin/bash
# libcurl does not wait for a place in the backlog of a UNIX socket.
#
# A guess: a client of a busy local service waits for its turn, up to its timeout, as it does over TCP.
# Seen, with libcurl 8.23.0 (the wheel of PycURL 7.49.0): while the listener's backlog is full, a
# transfer with CURLOPT_UNIX_SOCKET_PATH ends at once with CURLE_COULDNT_CONNECT (7), whatever its
# timeouts say, and CURLINFO_OS_ERRNO is 0. A socket that nobody listens on any more gives the same
# code, but ECONNREFUSED there. The kernel answers EAGAIN to a connect that does not block; one that
# blocks waits until there is a place, and succeeds. A TCP listener with a full backlog keeps the same
# transfer waiting until its timeout (28).
#
# So a program that asks a service over its UNIX socket has to begin again itself, and can tell
# "busy" from "not there" by the errno alone.
#
# Exit code 0: as described. 1: something else was seen. 2: it could not be installed.
set -u
folder=$(mktemp -d) || exit 2
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv" && "$folder/venv/bin/pip" -q install "pycurl==7.49.0" || exit 2

"$folder/venv/bin/python" - "$folder" <<'PYTHON'
import errno
import socket
import sys
import threading
import time

import pycurl

print(pycurl.version)
path = sys.argv[1] + "/socket"


def transfer(port=None):
    """Code of the library, errno of the system, and how long it took."""
    curl = pycurl.Curl()
    if port is None:
        curl.setopt(pycurl.UNIX_SOCKET_PATH, path)
    curl.setopt(pycurl.URL, f"http://127.0.0.1:{port or 80}/")
    curl.setopt(pycurl.TIMEOUT_MS, 2000)
    curl.setopt(pycurl.WRITEFUNCTION, lambda octets: None)
    begin = time.monotonic()
    try:
        curl.perform()
        code = 0
    except pycurl.error as error:
        code = error.args[0]
        print("   ", error.args[1])
    found = code, curl.getinfo(pycurl.OS_ERRNO), time.monotonic() - begin
    curl.close()
    return found


def filled(listener, address):
    """Connections that nobody accepts, until the backlog takes no more."""
    held = []
    while True:
        one = socket.socket(listener.family)
        one.settimeout(0.5)
        try:
            one.connect(address)
        except (BlockingIOError, TimeoutError):
            one.close()
            return held
        held.append(one)


wrong = []


def expect(what, is_so):
    print(("as described: " if is_so else "NOT as described: ") + what)
    if not is_so:
        wrong.append(what)


print("a UNIX socket whose backlog is full:")
listener = socket.socket(socket.AF_UNIX)
listener.bind(path)
listener.listen(1)
held = filled(listener, path)
code, number, seconds = transfer()
print(f"    code {code}, errno {number}, {seconds:.3f} s")
expect("it gives up at once, without an errno", code == 7 and number == 0 and seconds < 1)

print("the same socket, by a connect that blocks:")
threading.Timer(1, listener.accept).start()
patient = socket.socket(socket.AF_UNIX)
begin = time.monotonic()
patient.connect(path)
print(f"    connected after {time.monotonic() - begin:.1f} s")
expect("it waits for its place", time.monotonic() - begin > 0.5)

print("a UNIX socket that nobody listens on:")
patient.close()
listener.close()
code, number, seconds = transfer()
print(f"    code {code}, errno {errno.errorcode.get(number, number)}, {seconds:.3f} s")
expect("the same code, with an errno", code == 7 and number == errno.ECONNREFUSED)

print("a TCP socket whose backlog is full:")
listener = socket.socket()
listener.bind(("127.0.0.1", 0))
listener.listen(1)
held += filled(listener, listener.getsockname())
code, number, seconds = transfer(listener.getsockname()[1])
print(f"    code {code}, errno {number}, {seconds:.1f} s")
expect("it waits until its timeout", code == 28 and seconds > 1.5)
sys.exit(1 if wrong else 0)
PYTHON
