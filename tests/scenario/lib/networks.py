"""Networks small enough that every right answer can be written down by hand."""

import re

# B and C both join A with D: by B the IGP metric is 20 and the TE metric 200, by C it is 40 and 20.
# The upper way (B) has the affinity bit 0x1 and 1 Gbit/s, the lower one (C) 0x2 and 100 Mbit/s.
# E has no link at all; F hangs on D.
A, B, C, D, E, F = (f"10.0.0.{n}" for n in range(1, 7))
A6, D6 = "fd00::1", "fd00::4"
LINK_A_B, LINK_B_A, LINK_B_D, LINK_D_B = "10.1.0.0", "10.1.0.1", "10.1.0.2", "10.1.0.3"
LINK_A_C, LINK_C_A, LINK_C_D, LINK_D_C = "10.1.0.4", "10.1.0.5", "10.1.0.6", "10.1.0.7"

GBIT, MBIT = 125000000, 125000  # in octets per second, as BANDWIDTH has it

_HEAD = """\
network: {name: diamond}
nodes:
"""


def _node(name, number, sid):
    return (f"  - name: {name}\n    router-id: 10.0.0.{number}\n    router-id-v6: fd00::{number}\n"
            f"    srgb: {{base: 16000, size: 8000}}\n    node-msd: 10\n"
            f"    prefix-sids: [{{index: {sid}}}, {{index: {sid + 100}, family: ipv6}}]\n")


def _link(ends, igp, te, delay, capacity, group, first, adjacency):
    start, end = ends
    return (f"  - {{from: {start}, to: {end}, addresses: [10.1.0.{first}, 10.1.0.{first + 1}], "
            f"igp-metric: {igp}, te-metric: {te}, delay: {delay}, capacity: {capacity}, "
            f"admin-group: {group}, adj-sid: {adjacency}, reverse: {{adj-sid: {adjacency + 1}}}}}\n")


def diamond(upper_igp=10, first_sid=1):
    """The diamond; a test may change the upper way's metric, or all SIDs."""
    nodes = "".join(_node(name, n, first_sid + n - 1) for n, name in enumerate("ABCDEF", 1))
    return (_HEAD + nodes + "links:\n"
            + _link("AB", upper_igp, 100, 1000, "1G", 1, 0, 24001)
            + _link("BD", upper_igp, 100, 1000, "1G", 1, 2, 24003)
            + _link("AC", 20, 10, 2000, "100M", 2, 4, 24005)
            + _link("CD", 20, 10, 2000, "100M", 2, 6, 24007)
            + _link("DF", 10, 10, 1000, "1G", 3, 8, 24009))


DIAMOND = diamond()
PLAIN_A_D = [16004]

# The lower way, in any right spelling: it is no shortest path, so that both links are named or passed
# through C's node SID.
LOWER_A_D = ([16003, 16004], [24005, 16004], [16003, 24007], [24005, 24007])
UPPER_A_D = ([16004], [16002, 16004], [24001, 16004], [16002, 24003], [24001, 24003])


# The same with SIDs of SRv6: fcbb:bb:N:1:: is the End of the node with the number N, with PSP and USD, and
# fcbb:bb:N:eM:: its End.X to the node M.

def end(node):
    return f"fcbb:bb:{node}:1::"


def end_x(node, neighbour):
    return f"fcbb:bb:{node}:e{neighbour}::"


def _srv6_link(match):
    a, b = (ord(name) - ord("A") + 1 for name in match.group(1, 2))
    rest = match.group(3).replace("reverse: {", f'reverse: {{srv6-sids: [{{sid: "{end_x(b, a)}"}}], ')
    return f'from: {match.group(1)}, to: {match.group(2)}, srv6-sids: [{{sid: "{end_x(a, b)}"}}],{rest}'


def with_srv6(text):
    text = re.sub(r"( +)router-id-v6: fd00::(\d)\n",
                  lambda found: f'{found.group(0)}{found.group(1)}srv6-sids: [{{sid: "{end(found.group(2))}", '
                                "behavior: 29, structure: [32, 16, 16, 0]}]\n", text)
    return re.sub(r"from: (\w), to: (\w),(.*)", _srv6_link, text)


def without_ipv4(text):
    """No router id, no label and no address of IPv4."""
    text = re.sub(r" +(router-id|srgb|prefix-sids): .*\n", "", text)
    return re.sub(r" addresses: \[[^]]*\],|,? adj-sid: \d+", "", text)


# A grid, for requests that take time: many ways of nearly equal length, and metrics that disagree.

def grid_address(row, column):
    return f"10.2.{row}.{column + 1}"


def grid(size):
    """size x size nodes; the router at (row, column) has the address grid_address(row, column)."""
    lines = ["network: {name: grid}\nnodes:\n"]
    for row in range(size):
        for column in range(size):
            lines.append(f"  - {{name: r{row}-{column}, router-id: {grid_address(row, column)}, "
                         f"srgb: {{base: 16000, size: 8000}}, node-msd: 100, "
                         f"prefix-sids: [{{index: {row * size + column + 1}}}]}}\n")
    lines.append("links:\n")
    number = 0
    for row in range(size):
        for column in range(size):
            for down, right in ((1, 0), (0, 1)):
                if row + down >= size or column + right >= size:
                    continue
                number += 1
                address = f"10.{3 + number // 30000}.{number // 120 % 250}.{number % 120 * 2}"
                other = f"10.{3 + number // 30000}.{number // 120 % 250}.{number % 120 * 2 + 1}"
                igp, delay = 10 + number * 7919 % 13, 100 + number * 104729 % 900
                lines.append(
                    f"  - {{from: r{row}-{column}, to: r{row + down}-{column + right}, "
                    f"addresses: [{address}, {other}], igp-metric: {igp}, te-metric: {igp}, "
                    f"delay: {delay}, capacity: 1G, adj-sid: {24000 + number}, "
                    f"reverse: {{adj-sid: {64000 + number}}}}}\n")
    return "".join(lines)
