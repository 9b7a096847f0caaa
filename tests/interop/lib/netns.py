"""A network namespace of the test's own: this process moves into a new one, and all that it starts
goes with it. It ends with the process."""

import ctypes
import os
import socket
import subprocess

CLONE_NEWNET = 0x40000000


class Unavailable(Exception):
    """The machine does not give what the test needs; the text says what."""


def enter():
    """Moves this process into a new network namespace with its loopback up."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNET) != 0:
        reason = os.strerror(ctypes.get_errno())
        raise Unavailable(f"no right to make a network namespace: {reason}")
    _ip("link", "set", "lo", "up")


def add_address(address):
    """Adds an address with its prefix length to the loopback."""
    _ip("address", "add", address, "dev", "lo", *(["nodad"] if ":" in address else []))


def set_receive_buffers(octets):
    """Of each TCP socket that is made in this namespace from now on."""
    try:
        with open("/proc/sys/net/ipv4/tcp_rmem", "w", encoding="ascii") as file:
            file.write(f"{octets} {octets} {octets}")
    except OSError as error:
        raise Unavailable(f"net.ipv4.tcp_rmem cannot be set: {error.strerror}") from None


def interfaces():
    return [name for _, name in socket.if_nameindex()]


def _ip(*arguments):
    try:
        subprocess.run(["ip", *arguments], check=True, capture_output=True, text=True)
    except FileNotFoundError:
        raise Unavailable("the program ip is not installed (package iproute2)") from None
    except subprocess.CalledProcessError as error:
        raise Unavailable(f"ip {' '.join(arguments)}: {error.stderr.strip()}") from None
