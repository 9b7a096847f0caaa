#!/usr/bin/env python3
"""clang-tidy over every source file that a build compiles.

    tidy.py BUILD [FILE...]

BUILD holds compile_commands.json. A file that was clean is not looked at again in the same build until
its text, that of the repository's files that it includes, its command or .clang-tidy changes.
"""

import concurrent.futures
import hashlib
import json
import os
import re
import subprocess
import sys

REPOSITORY = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
JOBS = int(os.environ.get("PCED_JOBS") or os.cpu_count() or 1)
INCLUDE = re.compile(rb'^\s*#\s*include\s*"([^"]+)"', re.M)
FINDING = re.compile(r"^.*: (?:error|warning): .*$", re.M)
# The commands are gcc's, and clang knows fewer warnings and options.
EXTRA = ["--extra-arg=-Wno-unknown-warning-option",
         "--extra-arg=-Wno-ignored-optimization-argument", "--quiet"]


def with_includes(path, seen):
    """The repository's files that a file includes, itself first; a .def counts like a header."""
    if path in seen:
        return
    seen[path] = None
    try:
        with open(os.path.join(REPOSITORY, path), "rb") as file:
            seen[path] = file.read()
    except OSError:
        return
    for name in INCLUDE.findall(seen[path]):
        with_includes(os.path.normpath(name.decode()), seen)


def key_of(path, command, common):
    digest = hashlib.sha256(common)
    digest.update(command.encode())
    texts = {}
    with_includes(path, texts)
    for name in sorted(texts):
        digest.update(name.encode() + b"\0" + (texts[name] or b"") + b"\0")
    return digest.hexdigest()


def configurations():
    """Every .clang-tidy: a change of one makes every file unknown."""
    text = b""
    for folder, folders, names in os.walk(REPOSITORY):
        folders[:] = sorted(f for f in folders if not f.startswith((".git", "build")))
        if ".clang-tidy" in names:
            with open(os.path.join(folder, ".clang-tidy"), "rb") as file:
                text += file.read()
    return text


def check(build, cache, path, key):
    marker = os.path.join(cache, key)
    if os.path.exists(marker):
        return path, "", True
    done = subprocess.run(["clang-tidy", "-p", build, *EXTRA, os.path.join(REPOSITORY, path)],
                          capture_output=True, text=True, check=False, cwd=REPOSITORY)
    if done.returncode == 0 and "warning:" not in done.stdout:
        with open(marker, "w", encoding="utf-8") as file:
            file.write(path + "\n")
        return path, "", False
    return path, done.stdout + done.stderr, False


def main(arguments):
    if not arguments:
        print(__doc__, file=sys.stderr)
        return 2
    build, only = arguments[0], {os.path.normpath(a) for a in arguments[1:]}
    version = subprocess.run(["clang-tidy", "--version"], capture_output=True, check=True).stdout
    common = version + configurations() + " ".join(EXTRA).encode()
    cache = os.path.join(build, "tidy-cache")
    os.makedirs(cache, exist_ok=True)
    with open(os.path.join(build, "compile_commands.json"), encoding="utf-8") as file:
        commands = {os.path.relpath(c["file"], REPOSITORY): c["command"] for c in json.load(file)}
    wanted = sorted(p for p in commands if not p.startswith("..") and (not only or p in only))
    cached = failed = 0
    findings = set()
    with concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
        keys = [key_of(path, commands[path], common) for path in wanted]
        for path, output, was_cached in pool.map(
                lambda pair: check(build, cache, *pair), zip(wanted, keys)):
            cached += was_cached
            if output:
                failed += 1
                findings.update(FINDING.findall(output))
                print(f"{path}:\n{output}", flush=True)
    # The short list last: what the analyzer tells about a path can be long.
    print(*sorted(findings), sep="\n")
    print(f"clang-tidy: {len(wanted)} files, {cached} unchanged since, {failed} with findings")
    return 1 if failed or not wanted else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
