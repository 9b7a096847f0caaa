#!/usr/bin/env python3
"""The rules of the house that a compiler does not check.

    lint.py arrows | headers | words | sizes | names | checks | format    one check over the repository
    lint.py selftest    plants a mistake for each rule and wants it found
    lint.py list        the names of the checks

Prints a line for each mistake, "file:line: what", and exits with 1 when there is one.
"""

import os
import re
import subprocess
import sys
import tempfile

# Which rooms a room may include, beside itself and core/base; what ends in .h is that file alone. Every
# file of core/, io/ and server/ stands in a room of this table. tests/ and bench/ are free, but for the
# rooms of bench/ that are here.
CORE = ("core/wire", "core/ted", "core/pcep", "core/path", "core/session", "core/lsp",
        "core/requests", "core/intent", "core/reopt", "core/handlers")
IO = ("io/os", "io/ring", "io/net", "io/share")
SHARD = ("server/config", "server/log", "server/settings", *IO, *CORE)
ARROWS = {
    "core/base": (),
    "core/wire": (),
    "core/ted": (),
    "core/import": ("core/ted",),
    "core/pcep": ("core/wire",),
    "core/bgp": ("core/wire", "core/ted"),
    "core/path": ("core/ted",),
    "core/plan": ("core/ted",),
    "core/session": ("core/pcep", "core/wire"),
    "core/lsp": ("core/pcep", "core/wire"),
    "core/requests": ("core/session", "core/pcep", "core/wire", "core/path", "core/ted"),
    "core/reopt": ("core/lsp", "core/requests", "core/session", "core/pcep", "core/wire", "core/path",
                   "core/ted"),
    "core/intent": ("core/reopt", "core/lsp", "core/requests", "core/session", "core/pcep", "core/wire", "core/path",
                    "core/ted"),
    "core/handlers": CORE,
    "io/os": (),
    "io/ring": ("io/os",),
    "io/net": ("io/ring", "io/os"),
    "io/share": ("io/ring", "io/os"),
    "io/store": ("io/share", "io/os"),
    "server/config": ("io/os", "io/net/tcp_key.h", "core/pcep", "core/lsp/delegation_policy.h"),
    "server/log": ("server/config", "io/os"),
    "server/settings": ("server/config", "core/session", "core/lsp/delegation_policy.h", "io/net", "io/os"),
    "server/topology": ("server/log", "server/config", "server/settings", "server/store", "io/store", *IO, "core/ted", "core/path", "core/bgp", "core/wire"),
    "server/shard": SHARD,
    "server/peer": ("server/shard", *SHARD),
    "server/store": ("server/log", "server/config", "io/store", "io/os"),
    "server/intent": ("server/peer", "server/store", "server/shard", *SHARD),
    "server/deletion": ("server/store", "server/shard", *SHARD),
    "server/northbound": ("server/intent", "server/deletion", "server/peer", "server/shard", *SHARD),
    "server/control": ("server/topology/ask.h", "core/bgp", "server/northbound", "server/intent", "server/deletion", "server/store", "server/shard", "server/settings", "server/config", "server/log",
                       *IO, *CORE),
    "server/pcectl": ("server/topology/load.h", "server/config/socket_place.h", "core/bgp", "core/import", "core/plan", *CORE, *IO),
    "server": ("server/config", "server/log", "server/settings", "server/topology", "server/shard",
               "server/peer", "server/store", "server/intent", "server/deletion", "server/northbound", "server/control", *IO, *CORE),
    "bench/pceload/ring": IO,
    "bench/pceload/protocol": ("bench/pceload/options.h", "core/pcep", "core/wire"),
    "bench/pceload/results": ("bench/pceload/options.h", "io/os"),
    "bench/pceload/load": ("bench/pceload/protocol", "bench/pceload/results", "bench/pceload/options.h",
                           "bench/pceload/now.h", "bench/path_bench/mix.h", "io/os", "core/ted"),
    "bench/pceload/lsps": ("bench/pceload/load", "bench/pceload/protocol", "bench/pceload/results",
                           "bench/pceload/options.h", "bench/pceload/now.h", "core/pcep", "core/ted"),
    "bench/pceload/session": ("bench/pceload/lsps", "bench/pceload/load", "bench/pceload/protocol",
                              "bench/pceload/ring", "bench/pceload/results"),
}
# These may also name a file beside them.
FREE_FOLDERS = ("tests/", "bench/")

# core/ is free of the machine: the headers of the language, and libraries that only transform data.
CORE_SYSTEM_HEADERS = {
    "ctype.h", "errno.h", "float.h", "inttypes.h", "limits.h", "math.h", "stdalign.h", "stdarg.h",
    "stdatomic.h", "stdbool.h", "stddef.h", "stdint.h", "stdio.h", "stdlib.h", "string.h",
    "sanitizer/asan_interface.h", "expat.h", "jansson.h", "xxhash.h", "yaml.h",
}
# What those headers have of the machine all the same.
CORE_CALLS = re.compile(
    r"(?<![\w.>])(fopen|freopen|fdopen|fread|fgets|tmpfile|remove|rename|getenv|system|exit|rand|srand"
    r"|printf|puts|putchar|perror|json_load_file|json_dump_file|json_loadf|json_dumpf)\s*\(")

FUNCTION_LINES_MAX = 70
FILE_LINES_MAX = 600
SIZED_FOLDERS = ("core/", "io/", "server/", "bench/")

# A profile shows a file-local function by its bare name: one that several files have says nothing there.
# Exempt are the callbacks, which are called what the member of their table of operations is called.
STATIC_FUNCTION = re.compile(
    r"^(?:\w+ |__attribute__\(\(.*\)\) )*static\s[^;={}()]*?(\w+)\([^;{}]*\)\s*\{", re.M)
EXEMPT_NAMES = re.compile(r"on_\w+$")

# Put together here, so that this file does not name them itself. Paths of one machine mean nothing on
# another one.
WORDS = re.compile("|".join((r"(?<![\w.-])/" + "work/", r"\." + "library", r"(?<![\w.-])/" + "root/",
                             "<<<<" + "<<<", ">>>>" + ">>>")))

# What load, time, short memory, the machine or another thread decides: to refuse and to count, and not
# for a CHECK, which ends all sessions. Allocations, posts to other threads, system calls, and libraries
# that make them; beside these every function of ours that is PCE_MUST_CHECK.
DECIDED_ELSEWHERE = (
    "malloc", "calloc", "realloc", "reallocarray", "aligned_alloc", "posix_memalign", "strdup",
    "strndup", "v?asprintf", r"\w+_alloc", r"\w+_create", r"\w+_reserve", r"\w+_grow", r"\w+_borrow",
    r"\w+_post(?:_\w+)?", r"\w+_queue_put", r"\w+_ring_put", r"io_uring_\w+", r"sem_\w+", r"pthread_\w+",
    "open(?:at)?", "close", "read", "write", "send(?:to|msg)?", "recv(?:from|msg)?", "socket(?:pair)?",
    "bind", "listen", "accept4?", "connect", "shutdown", "fcntl", "ioctl", "mmap", "munmap", "mprotect",
    "madvise", "poll", "ppoll", r"epoll_\w+", "eventfd", "signalfd", "pipe2?", "dup[23]?", r"f?l?stat",
    "mkdir", "unlink", "rename", "chmod", r"ftruncate", "fsync", r"[gs]etsockopt", r"getsockname",
    r"[gs]etrlimit", r"[gs]etpriority", r"sched_\w+", r"sig(?:action|altstack|procmask|wait\w*|timedwait)",
    r"clock_\w+", r"nanosleep", "getrandom", "fopen", "fread", "fwrite", "fclose", r"MHD_\w+", r"json_\w+",
    r"curl_\w+", r"c?yaml_\w+", r"ck_\w+")
# On the line of a CHECK that may stand all the same, with the reason.
CHECK_EXCUSE = re.compile(r"/\* cannot fail: \w.*?\*/", re.S)
CHECKED_FOLDERS = ("core/", "io/", "server/")
MUST_CHECK = re.compile(r"PCE_MUST_CHECK[^;{]*?(\w+)\(", re.S)
OPERAND = re.compile(r"[A-Za-z_]\w*(?:(?:->|\.)\w+)*")

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def files(root, suffixes=None):
    """The files of the repository, as paths from its root: what is built or hidden is not of it."""
    found = []
    for folder, folders, names in os.walk(root):
        inner = os.path.relpath(folder, root)
        folders[:] = sorted(f for f in folders if f not in (".git", ".cache", "__pycache__")
                            and not (inner == "." and f.startswith("build")))
        found += [os.path.normpath(os.path.join(inner, name)) for name in sorted(names)
                  if name != ".git" and (suffixes is None or name.endswith(suffixes))]
    return found


def read(root, path):
    with open(os.path.join(root, path), encoding="utf-8", errors="replace") as file:
        return file.read()


def without_comments(text):
    """Comments and string literals blanked, line numbers kept."""
    pattern = r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\''
    return re.sub(pattern, lambda m: re.sub(r"[^\n]", " ", m[0]), text, flags=re.S)


def room_of(path):
    """The room that a file stands in, None: it is free, or its folder is in no room."""
    folder = os.path.dirname(path)
    while folder and folder not in ARROWS:
        folder = os.path.dirname(folder)
    # The files of server/ itself join the rooms; a folder of server/ is a room or part of one.
    return None if folder == "server" and os.path.dirname(path) != "server" else folder or None


def may_include(room, name):
    given = (room, "core/base", *ARROWS[room])
    return name in given or room_of(name) in given


def check_include(root, path, room, kind, name):
    if kind == "<":
        if path.startswith("core/") and name not in CORE_SYSTEM_HEADERS:
            return f"core/ must not include <{name}>"
        return None
    if path.startswith(FREE_FOLDERS) and os.path.exists(
            os.path.join(root, os.path.dirname(path), name)):
        return None
    if not os.path.exists(os.path.join(root, name)):
        return f'"{name}" is not a path from the root of the repository'
    if room and not may_include(room, name):
        return f"{room}/ must not include {name}"
    return None


def check_arrows(root):
    for path in files(root, (".c", ".h", ".def")):
        room = room_of(path)
        if room is None and path.startswith(("core/", "io/", "server/")):
            yield f"{path}:1: a folder that no arrow of tests/lint/lint.py knows"
        text = read(root, path)
        for number, line in enumerate(text.splitlines(), 1):
            match = INCLUDE.match(line)
            mistake = check_include(root, path, room, match[1], match[2]) if match else None
            if mistake:
                yield f"{path}:{number}: {mistake}"
        if not path.startswith("core/"):
            continue
        for number, line in enumerate(without_comments(text).splitlines(), 1):
            match = CORE_CALLS.search(line)
            if match:
                yield f"{path}:{number}: core/ must not call {match[1]}()"


def check_headers(root):
    for path in files(root, (".h",)):
        text = read(root, path)
        guard = "PCED_" + re.sub(r"[^A-Za-z0-9]", "_", path).upper()
        if not re.search(rf"^#ifndef {guard}\n#define {guard}\n", text, re.M):
            yield f"{path}:1: no include guard {guard}"
        opening = re.match(r"/\*(.*?)\*/", text, re.S)
        if not opening:
            yield f"{path}:1: does not open with a comment that says what it is"
        elif "Thread" not in opening[1] and not path.startswith("tests/"):
            yield f"{path}:1: the opening comment does not say Thread"


def check_words(root):
    for path in files(root):
        for number, line in enumerate(read(root, path).splitlines(), 1):
            match = WORDS.search(line)
            if match:
                yield f"{path}:{number}: '{match[0]}' has no place in the repository"


def functions(lines):
    """First line, last line and name of each function; the form is clang-format's, brace on column 0."""
    for begin, line in enumerate(lines):
        if line != "{" or begin == 0:
            continue
        first = begin - 1
        while first > 0 and lines[first - 1].strip() and lines[first - 1][0] not in "}#/ *":
            first -= 1
        while lines[first].startswith(" ") and first > 0:
            first -= 1
        last = next((i for i in range(begin, len(lines)) if lines[i] == "}"), len(lines) - 1)
        name = re.search(r"(\w+)\(", lines[first])
        yield first + 1, last + 1, name[1] if name else "?"


def check_sizes(root):
    for path in files(root, (".c", ".h")):
        if not path.startswith(SIZED_FOLDERS):
            continue
        lines = read(root, path).splitlines()
        if len(lines) > FILE_LINES_MAX:
            yield f"{path}:{len(lines)}: a file has {FILE_LINES_MAX} lines at most"
        for first, last, name in functions(lines):
            if last - first + 1 > FUNCTION_LINES_MAX:
                yield (f"{path}:{first}: {name} has {last - first + 1} lines; "
                       f"a function has {FUNCTION_LINES_MAX} at most")


def check_names(root):
    places = {}
    for path in files(root, (".c", ".h")):
        if not path.startswith(SIZED_FOLDERS):
            continue
        blank = without_comments(read(root, path))
        for match in STATIC_FUNCTION.finditer(blank):
            if not EXEMPT_NAMES.match(match[1]):
                number = blank.count("\n", 0, match.start(1)) + 1
                places.setdefault(match[1], {}).setdefault(path, number)
    for name, found in sorted(places.items()):
        for path, number in found.items() if len(found) > 1 else ():
            others = ", ".join(other for other in found if other != path)
            yield (f"{path}:{number}: {name} is a static function of {others} too: "
                   f"begin it with this file's noun")


def closing(text, opening):
    """Where the parenthesis that opens there is closed."""
    depth = 0
    for at in range(opening, len(text)):
        depth += (text[at] == "(") - (text[at] == ")")
        if depth == 0:
            return at
    return len(text)


def decided_elsewhere(body, condition, calls):
    """The call whose result a condition at the end of a function's text so far looks at, or None."""
    found = calls.search(condition)
    for operand in set(OPERAND.findall(condition)) if found is None else ():
        values = re.findall(rf"(?<![\w.>]){re.escape(operand)}\s*=(?!=)([^;]*);", body)
        found = found or (calls.search(values[-1]) if values else None)
    return found and found[1]


def check_checks(root):
    texts = {path: read(root, path) for path in files(root, (".c", ".h"))
             if path.startswith(CHECKED_FOLDERS)}
    ours = {name for text in texts.values() for name in MUST_CHECK.findall(text)}
    calls = re.compile(rf"(?<![\w.>])({'|'.join((*DECIDED_ELSEWHERE, *sorted(ours)))})\s*\(")
    for path, text in texts.items():
        blank = without_comments(text)
        starts = [0, *(match.end() for match in re.finditer("\n", blank))]
        for first, last, _ in functions(blank.splitlines()):
            begin, end = starts[first - 1], starts[min(last, len(starts) - 1)]
            for match in re.finditer(r"\bCHECK\(", blank[begin:end]):
                at = begin + match.start()
                close = closing(blank, begin + match.end() - 1)
                call = decided_elsewhere(blank[begin:at], blank[begin + match.end():close], calls)
                line_end = (text + "\n").index("\n", close)
                if call and not CHECK_EXCUSE.search(text[at:line_end]):
                    yield (f"{path}:{blank.count(chr(10), 0, at) + 1}: a CHECK on what {call}() gives: "
                           f"refuse and count it, or say on the line why it /* cannot fail: … */")


def check_format(root):
    paths = files(root, (".c", ".h"))
    if not paths:
        return
    done = subprocess.run(["clang-format", "--dry-run", "-Werror", *paths], cwd=root, check=False,
                          capture_output=True, text=True)
    mistakes = [line for line in done.stderr.splitlines() if ": error:" in line]
    yield from mistakes
    if done.returncode != 0 and not mistakes:
        yield f"clang-format:0: {done.stderr.strip()}"


CHECKS = {"arrows": check_arrows, "headers": check_headers, "words": check_words,
          "sizes": check_sizes, "names": check_names, "checks": check_checks, "format": check_format}

GOOD_HEADER = """/* A thing.
 *
 * Thread: any. */
#ifndef PCED_CORE_BASE_GOOD_H
#define PCED_CORE_BASE_GOOD_H

#include <stdint.h>

#endif
"""

LONG_BODY = "\n".join("    x++;" for _ in range(FUNCTION_LINES_MAX - 3))



def in_function(*statements):
    return "static void f(int x)\n{\n" + "".join(f"    {line}\n" for line in statements) + "}\n"


# (check, file, text, whether it is a mistake)
PLANTED = [
    ("arrows", "core/base/x.c", '#include "core/base/good.h"\n', False),
    ("arrows", "core/base/x.c", '#include "core/pcep/good.h"\n', True),
    ("arrows", "core/ted/x.c", '#include "core/pcep/good.h"\n', True),
    ("arrows", "core/path/x.c", '#include "core/session/good.h"\n', True),
    ("arrows", "core/session/x.c", '#include "core/ted/good.h"\n', True),
    ("arrows", "core/requests/x.c", '#include "core/session/good.h"\n', False),
    ("arrows", "core/requests/x.c", '#include "core/handlers/good.h"\n', True),
    ("arrows", "core/handlers/x.c", '#include "core/pcep/good.h"\n', False),
    ("arrows", "core/handlers/x.c", '#include "io/good.h"\n', True),
    ("arrows", "core/base/x.h", '# include "server/good.h"\n', True),
    ("arrows", "core/other/x.c", "int x;\n", True),
    ("arrows", "core/x.c", "int x;\n", True),
    ("arrows", "io/x.c", "int x;\n", True),
    ("arrows", "io/os/x.c", '#include "core/pcep/good.h"\n', True),
    ("arrows", "io/os/x.c", '#include "core/base/good.h"\n', False),
    ("arrows", "io/os/x.c", '#include "io/net/good.h"\n', True),
    ("arrows", "io/net/x.c", '#include "io/os/good.h"\n', False),
    ("arrows", "io/net/x.c", '#include "server/good.h"\n', True),
    ("arrows", "io/net/x.c", "#include <sys/socket.h>\n", False),
    ("arrows", "io/store/x.c", '#include "io/share/good.h"\n', False),
    ("arrows", "io/store/x.c", '#include "core/pcep/good.h"\n', True),
    ("arrows", "io/share/x.c", '#include "io/store/good.h"\n', True),
    ("arrows", "server/x.c", '#include "core/pcep/good.h"\n', False),
    ("arrows", "server/other/x.c", "int x;\n", True),
    ("arrows", "server/shard/x.c", '#include "core/session/good.h"\n', False),
    ("arrows", "server/shard/x.c", '#include "server/peer/good.h"\n', True),
    ("arrows", "server/shard/x.c", '#include "server/good.h"\n', True),
    ("arrows", "server/peer/x.c", '#include "server/shard/good.h"\n', False),
    ("arrows", "server/store/x.c", '#include "io/store/good.h"\n', False),
    ("arrows", "server/store/x.c", '#include "server/shard/good.h"\n', True),
    ("arrows", "server/peer/x.c", '#include "io/store/good.h"\n', True),
    ("arrows", "server/x.c", '#include "server/peer/good.h"\n', False),
    ("arrows", "server/x.c", '#include "server/pcectl/good.h"\n', True),
    ("arrows", "server/config/x.c", '#include "io/net/good.h"\n', True),
    ("arrows", "server/config/x.c", '#include "io/net/tcp_key.h"\n', False),
    ("arrows", "server/pcectl/x.c", '#include "server/topology/load.h"\n', False),
    ("arrows", "server/pcectl/decode/x.c", '#include "core/pcep/good.h"\n', False),
    ("arrows", "server/pcectl/decode/x.c", '#include "server/shard/good.h"\n', True),
    ("arrows", "tests/x.c", '#include "server/shard/good.h"\n', False),
    ("arrows", "bench/x.c", '#include "server/shard/good.h"\n', False),
    ("arrows", "bench/pceload/ring/x.c", '#include "io/net/good.h"\n', False),
    ("arrows", "bench/pceload/ring/x.c", '#include "bench/pceload/load/good.h"\n', True),
    ("arrows", "bench/pceload/load/x.c", '#include "bench/pceload/options.h"\n', False),
    ("arrows", "bench/pceload/load/x.c", '#include "bench/pceload/run.h"\n', True),
    ("arrows", "core/base/x.c", '#include "good.h"\n', True),
    ("arrows", "tests/x.c", '#include "x.c"\n', False),
    ("arrows", "tests/x.c", '#include "good.h"\n', True),
    ("arrows", "core/base/x.c", "#include <time.h>\n", True),
    ("arrows", "core/base/x.c", "#include <sys/types.h>\n", True),
    ("arrows", "core/base/x.c", "#include <ck_ring.h>\n", True),
    ("arrows", "core/base/x.c", "#include <stdatomic.h>\n", False),
    ("arrows", "core/base/x.c", "int x(void) { return getenv(0) != 0; }\n", True),
    ("arrows", "core/base/x.c", "/* not getenv() but x->exit() */ int y;\n", False),
    ("headers", "core/base/good.h", GOOD_HEADER, False),
    ("headers", "core/base/x.h", GOOD_HEADER, True),
    ("headers", "core/base/good.h", GOOD_HEADER.replace("Thread", "Bound"), True),
    ("headers", "core/base/good.h", GOOD_HEADER[GOOD_HEADER.index("#ifndef"):], True),
    ("headers", "tests/x.h", GOOD_HEADER.replace("CORE_BASE_GOOD", "TESTS_X"), False),
    ("headers", "tests/x.h", GOOD_HEADER, True),
    ("words", "docs/x.md", "See /" + "work/main.\n", True),
    ("words", "docs/x.md", "The net/" + "work/ is up.\n", False),
    ("words", "x", "a ." + "library\n", True),
    ("sizes", "io/x.c", f"static void x(void)\n{{\n{LONG_BODY}\n}}\n", False),
    ("sizes", "io/x.c", f"static void x(void)\n{{\n    x++;\n{LONG_BODY}\n}}\n", True),
    ("sizes", "io/x.c", f"static void x(int a,\n              int b)\n{{\n{LONG_BODY}\n}}\n", True),
    ("sizes", "io/x.c", "\n" * FILE_LINES_MAX, False),
    ("sizes", "io/x.c", "\n" * (FILE_LINES_MAX + 1), True),
    ("sizes", "tests/x.c", "\n" * (FILE_LINES_MAX + 1), False),
    ("names", "io/x.c", "static int good_begin(int x)\n{\n}\n", True),
    ("names", "bench/x.c", "static inline struct a *good_begin(int a,\n        int x)\n{\n}\n", True),
    ("names", "io/x.c", "__attribute__((cold)) static void good_begin(int x)\n{\n}\n", True),
    ("names", "io/x.c", "static int x_begin(int x)\n{\n}\n", False),
    ("names", "io/x.c", "static int good_begin(int x);\n/*\nstatic int good_begin(int x)\n{\n}\n*/\n", False),
    ("names", "io/x.c", "int good_begin(int x)\n{\n}\n", False),
    ("names", "io/x.c", "static const int good_begin[] = {1};\n", False),
    ("names", "io/x.c", "static void on_good(int x)\n{\n}\n", False),
    ("names", "tests/x.c", "static int good_begin(int x)\n{\n}\n", False),
    ("checks", "io/x.c", in_function("CHECK(x > 0);"), False),
    ("checks", "io/x.c", in_function("CHECK(malloc(1) != NULL);"), True),
    ("checks", "io/x.c", in_function("char *p = calloc(1, 1);", "CHECK(x > 0);"), False),
    ("checks", "io/x.c", in_function("char *p = calloc(1, 1);", "CHECK(p != NULL);"), True),
    ("checks", "io/x.c", in_function("p = realloc(p, 2);", "p = &one;", "CHECK(p != NULL);"), False),
    ("checks", "io/x.c", in_function("q->p = strdup(text);", "CHECK(q->p != NULL);"), True),
    ("checks", "io/x.c", in_function("q->p = strdup(text);", "CHECK(r->p != NULL);"), False),
    ("checks", "core/x.c", in_function("void *p = arena_alloc(arena,", "                      8);",
                                       "CHECK(x > 0 &&", "      p != NULL);"), True),
    ("checks", "server/x.c", in_function("CHECK(mailbox_post(box, &mail, NULL) == PCE_OK);"), True),
    ("checks", "server/x.c", in_function("CHECK(work_queue_put(q, 0, p) == PCE_OK);"), True),
    ("checks", "server/x.c", in_function("CHECK(sem_post(&q->things) == 0);"), True),
    ("checks", "io/x.c", in_function("int error = sigaction(9, &a, NULL);", "CHECK(error == 0);"), True),
    ("checks", "io/x.h", in_function("CHECK(write(1, text, size) == size);"), True),
    ("checks", "io/x.c", in_function("CHECK(ops->write(1) && map_find(m) && reread(1) && a.poll(2));"),
     False),
    ("checks", "io/x.c", in_function("CHECK(take(1) == PCE_OK);"), False),
    ("checks", "io/x.c", "PCE_MUST_CHECK enum pce_status take(int x);\n" +
     in_function("CHECK(take(1) == PCE_OK);"), True),
    ("checks", "io/x.c", in_function("CHECK(close(3) == 0); /* cannot fail: it is ours */"), False),
    ("checks", "io/x.c", in_function("/* cannot fail: it is ours */", "CHECK(close(3) == 0);"), True),
    ("checks", "io/x.c", in_function("CHECK(close(3) == 0); /* cannot fail: */"), True),
    ("checks", "io/x.c", in_function("/* CHECK(malloc(1)) */"), False),
    ("checks", "tests/x.c", in_function("CHECK(malloc(1) != NULL);"), False),
    ("format", "io/x.c", "int x;\n", False),
    ("format", "io/x.c", "int  x ;\n", True),
]


def plant(root, path, text):
    os.makedirs(os.path.join(root, os.path.dirname(path)), exist_ok=True)
    with open(os.path.join(root, path), "w", encoding="utf-8") as file:
        file.write(text)


def selftest():
    wrong = 0
    for number, (check, path, text, is_mistake) in enumerate(PLANTED):
        with tempfile.TemporaryDirectory() as root:
            plant(root, ".clang-format", read(REPOSITORY, ".clang-format"))
            if check == "arrows":
                for folder in (*ARROWS, "server/topology"):
                    plant(root, folder + "/good.h", "")
                for header in ("server/topology/load.h", "io/net/tcp_key.h", "bench/pceload/options.h",
                               "bench/pceload/run.h"):
                    plant(root, header, "")
            if check == "names":
                plant(root, "core/base/good.c",
                      "static int good_begin(int x)\n{\n}\n\nstatic void on_good(int x)\n{\n}\n")
            plant(root, path, text)
            found = list(CHECKS[check](root))
        if bool(found) != is_mistake:
            wrong += 1
            print(f"plant {number}: {check} {path}: {text[:60]!r}: found {found}")
    return wrong


REPOSITORY = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def main(arguments):
    if arguments == ["list"]:
        print(*CHECKS)
        return 0
    if arguments == ["selftest"]:
        return 1 if selftest() else 0
    if len(arguments) != 1 or arguments[0] not in CHECKS:
        print(__doc__, file=sys.stderr)
        return 2
    mistakes = list(CHECKS[arguments[0]](REPOSITORY))
    print(*mistakes, sep="\n", end="\n" if mistakes else "")
    return 1 if mistakes else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
