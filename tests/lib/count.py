#!/usr/bin/env python3
"""Counts tests: what a run printed, as "PASSED FAILED SKIPPED" on one line.

    count.py ctest JUNIT.xml       what ctest --output-junit wrote
    count.py program CODE OUTPUT   one program of tests (unittest, or plain) and its exit code
    count.py selftest

A Criterion program counts as the tests that it says it ran, anything else as one test. A line
"SKIP: reason" is a test that was skipped. Where an exit code says failure and no test does, that is
one failure more: nothing that went wrong is counted as nothing.
"""

import os
import re
import sys
import tempfile
import xml.etree.ElementTree

CRITERION = re.compile(
    r"Synthesis: Tested: (\d+) \| Passing: (\d+) \| Failing: (\d+) \| Crashing: (\d+)")
CRITERION_SKIP = re.compile(r"^\[SKIP\] ", re.M)
SKIP = re.compile(r"^SKIP: ", re.M)
UNITTEST = re.compile(r"^Ran (\d+) tests? in ", re.M)
UNITTEST_END = re.compile(r"^(?:OK|FAILED|NO TESTS RAN)(?: \((.*)\))?$", re.M)
SKIP_CODE = 77
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def count_criterion(match, text):
    # What crashed is among what failed.
    passed, failed = int(match[2]), int(match[1]) - int(match[2])
    unasked = len(CRITERION_SKIP.findall(text))
    skipped = max(len(SKIP.findall(text)), unasked)
    # A test that prints "SKIP:" and returns has passed for Criterion, which knows only its own skips.
    passed = max(passed - (skipped - unasked), 0)
    return passed, failed, skipped


def count_unittest(match, text):
    end = UNITTEST_END.search(text, match.end())
    words = dict(re.findall(r"([a-z ]+)=(\d+)", end[1] or "") if end else [])
    number = {name.strip(): int(value) for name, value in words.items()}
    failed = (number.get("failures", 0) + number.get("errors", 0)
              + number.get("unexpected successes", 0))
    skipped = number.get("skipped", 0)
    return max(int(match[1]) - failed - skipped, 0), failed, skipped


def count_program(code, text):
    text = COLOUR.sub("", text)
    criterion = CRITERION.search(text)
    unittest = UNITTEST.search(text)
    if criterion:
        passed, failed, skipped = count_criterion(criterion, text)
    elif unittest:
        passed, failed, skipped = count_unittest(unittest, text)
    elif code == SKIP_CODE or (code == 0 and SKIP.search(text)):
        return 0, 0, 1
    else:
        return int(code == 0), int(code != 0), 0
    if failed == 0 and (code != 0 or passed + skipped == 0):
        failed = 1
    return passed, failed, skipped


def count_junit(path):
    total = (0, 0, 0)
    for case in xml.etree.ElementTree.parse(path).getroot().iter("testcase"):
        if case.find("skipped") is not None:
            # ctest says the same of a skip code, of a missing program and of a disabled test.
            reason = case.find("skipped").get("message", "")
            is_skip = "SKIP_RETURN_CODE" in reason or case.get("status") == "disabled"
            counts = (0, 0, 1) if is_skip else (0, 1, 0)
        else:
            output = case.find("system-out")
            code = 1 if case.find("failure") is not None else 0
            counts = count_program(code, (output.text or "") if output is not None else "")
        total = tuple(a + b for a, b in zip(total, counts))
    return total


CASES = [
    (0, "[====] Synthesis: Tested: 3 | Passing: 3 | Failing: 0 | Crashing: 0 \n", (3, 0, 0)),
    (1, "[====] Synthesis: Tested: 3 | Passing: 1 | Failing: 2 | Crashing: 1 \n", (1, 2, 0)),
    (1, "[====] Synthesis: Tested: 3 | Passing: 3 | Failing: 0 | Crashing: 0 \n", (3, 1, 0)),
    (0, "[====] Synthesis: Tested: 0 | Passing: 0 | Failing: 0 | Crashing: 0 \n", (0, 1, 0)),
    (0, "SKIP: x\n[SKIP] a::b: x\n[====] Synthesis: Tested: 2 | Passing: 2 | Failing: 0 | "
        "Crashing: 0 \n", (2, 0, 1)),
    (0, "SKIP: x\n[====] Synthesis: Tested: 2 | Passing: 2 | Failing: 0 | Crashing: 0 \n",
     (1, 0, 1)),
    (0, "Ran 5 tests in 0.1s\n\nOK\n", (5, 0, 0)),
    (0, "Ran 1 test in 0.1s\n\nOK (skipped=1)\n", (0, 0, 1)),
    (1, "Ran 9 tests in 0.1s\n\nFAILED (failures=1, errors=2, skipped=3)\n", (3, 3, 3)),
    (1, "Ran 0 tests in 0.1s\n\nFAILED (errors=1)\n", (0, 1, 0)),
    (0, "Ran 0 tests in 0.1s\n\nOK\n", (0, 1, 0)),
    (1, "Ran 5 tests in 0.1s\n", (5, 1, 0)),
    (124, "Traceback: it hangs\n", (0, 1, 0)),
    (0, "", (1, 0, 0)),
    (0, "SKIP: no data\n", (0, 0, 1)),
    (77, "", (0, 0, 1)),
    (1, "SKIP: no data\nbut something failed\n", (0, 1, 0)),
]

JUNIT = """<testsuite>
<testcase name="a" status="run"><system-out>&#27;[34m[====] Synthesis: Tested: 3 | Passing: 2 |
 Failing: 1 | Crashing: 0</system-out></testcase>
<testcase name="b" status="fail"><failure message="Timeout"/><system-out/></testcase>
<testcase name="c" status="notrun"><skipped message="SKIP_RETURN_CODE=77"/></testcase>
<testcase name="d" status="notrun"><skipped message="Unable to find executable"/></testcase>
</testsuite>""".replace("|\n", "|")


def selftest():
    wrong = [(case, got) for case in CASES if (got := count_program(*case[:2])) != case[2]]
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "junit.xml")
        with open(path, "w", encoding="utf-8") as file:
            file.write(JUNIT.replace("&#27;", ""))
        if (got := count_junit(path)) != (2, 3, 1):
            wrong.append(("junit", got))
    for case, got in wrong:
        print(f"{case}: counted {got}")
    return 1 if wrong else 0


def main(arguments):
    if arguments == ["selftest"]:
        return selftest()
    if len(arguments) == 2 and arguments[0] == "ctest":
        print(*count_junit(arguments[1]))
        return 0
    if len(arguments) == 3 and arguments[0] == "program":
        with open(arguments[2], encoding="utf-8", errors="replace") as file:
            print(*count_program(int(arguments[1]), file.read()))
        return 0
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
