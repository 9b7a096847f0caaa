"""A network namespace of its own for a test program: its loopback, and prefixes that are routed to it, so that
any of their addresses is ours and the routes are nobody else's."""

import ctypes
import os
import subprocess

CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000


def _unshare(flags):
    return ctypes.CDLL(None, use_errno=True).unshare(flags) == 0


def _write(path, text):
    with open(path, "w", encoding="ascii") as file:
        file.write(text)


def _unshare_as_root():
    """As unshare -rn does: who may not make a network namespace may make a user namespace in which it may."""
    user, group = os.geteuid(), os.getegid()
    if not _unshare(CLONE_NEWUSER | CLONE_NEWNET):
        return False
    try:
        _write("/proc/self/setgroups", "deny")
        _write("/proc/self/uid_map", f"0 {user} 1")
        _write("/proc/self/gid_map", f"0 {group} 1")
    except OSError:
        return False
    return True


def enter(*prefixes):
    """Before any thread is started. False where that is not permitted."""
    if not _unshare(CLONE_NEWNET) and not _unshare_as_root():
        return False
    commands = [["link", "set", "lo", "up"]]
    commands += [["-6", "route", "add", "local", prefix, "dev", "lo"] for prefix in prefixes]
    try:
        return all(subprocess.run(["ip", *words], check=False).returncode == 0 for words in commands)
    except FileNotFoundError:
        return False
