"""Plots of growth by gnuplot, PNG and SVG, from the JSON of the results."""

import json
import os
import shutil
import subprocess

TERMINALS = {"png": "pngcairo size 900,600 font ',11' background '#ffffff'",
             "svg": "svg size 900,600 font 'Helvetica,13' background '#ffffff'"}

# file name: title, label of x, label of y, [(file of results, series, x, y, title)], divide y by
PLOTS = {
    "sessions-memory": ("Memory of the process", "sessions", "MiB", [
        ("growth", "idle-pced", "sessions", "rss", "pced, idle sessions"),
        ("growth", "idle-floor", "sessions", "rss", "floor, idle sessions")], 2**20),
    "sessions-latency": ("Latency of 100 asking sessions among idle ones", "idle sessions", "us", [
        ("growth", "idle-pced", "sessions", "p99_us", "pced p99"),
        ("growth", "idle-pced", "sessions", "p50_us", "pced p50"),
        ("growth", "idle-floor", "sessions", "p99_us", "floor p99"),
        ("growth", "idle-floor", "sessions", "p50_us", "floor p50")], 1),
    "sessions-ramp": ("Sessions that come up", "sessions", "per second", [
        ("growth", "idle-pced", "sessions", "ramp_per_second", "pced"),
        ("growth", "idle-floor", "sessions", "ramp_per_second", "floor")], 1),
    "sessions-rate": ("Replies, all sessions asking (depth 1)", "sessions", "replies per second", [
        ("growth", "active", "sessions", "rate", "pced"),
        ("growth", "active", "sessions", "floor_rate", "floor")], 1),
    "nodes-computation": ("One computation alone", "nodes", "us", [
        ("growth", "nodes", "nodes", "computation_us", "constrained"),
        ("growth", "nodes", "nodes", "plain_us", "unconstrained")], 1),
    "nodes-rate": ("Replies with 100 sessions, one shard", "nodes", "replies per second", [
        ("growth", "nodes", "nodes", "rate", "random pairs, depth 1"),
        ("growth", "nodes", "nodes", "computed_rate", "every request computed, depth 8")], 1),
    "nodes-latency": ("Latency with 100 sessions, one shard", "nodes", "us", [
        ("growth", "nodes", "nodes", "p99_us", "random pairs, p99"),
        ("growth", "nodes", "nodes", "p50_us", "random pairs, p50"),
        ("growth", "nodes", "nodes", "computed_p99_us", "every request computed, p99")], 1),
    "nodes-memory": ("Memory of the process", "nodes", "MiB", [
        ("growth", "nodes", "nodes", "rss", "after the start"),
        ("growth", "nodes", "nodes", "rss_after", "after the load")], 2**20),
    "failure-timeline": ("LSPs moved since the network without the link was published", "ms", "LSPs", [
        ("failure", "timeline-national", "ms", "moved", "national network"),
        ("failure", "timeline-1000", "ms", "moved", "1,000 nodes")], 1),
    "nodes-start": ("From start to ready", "nodes", "s", [
        ("growth", "nodes", "nodes", "start_seconds", "reading the topology")], 1),
}


def _points(documents, file, series, x, y, divide):
    rows = documents.get(file, {}).get("series", {}).get(series, [])
    return [(row[x], row[y] / divide) for row in rows if row.get(x) and row.get(y)]


def _script(terminal, path, title, labels, lines):
    text = [f"set terminal {terminal}", f"set output '{path}'", f"set title '{title}'",
            f"set xlabel '{labels[0]}'", f"set ylabel '{labels[1]}'", "set logscale xy", "set grid",
            "set key outside bottom center horizontal", "set format x '%.0s%c'"]
    for number, (_, points) in enumerate(lines):
        text.append(f"$data{number} << END")
        text += [f"{x} {y}" for x, y in points]
        text.append("END")
    text.append("plot " + ", ".join(
        f"$data{number} using 1:2 with linespoints linewidth 2 pointtype 7 title '{name}'"
        for number, (name, _) in enumerate(lines)))
    return "\n".join(text) + "\n"


def draw(results, documents):
    """Draws what has points; returns the names of the plots. documents: {script: its JSON}."""
    if shutil.which("gnuplot") is None:
        return []
    drawn = []
    for name, (title, x_label, y_label, curves, divide) in PLOTS.items():
        lines = [(curve[4], _points(documents, *curve[:4], divide)) for curve in curves]
        lines = [line for line in lines if line[1]]
        if not lines:
            continue
        for kind, terminal in TERMINALS.items():
            path = os.path.join(results, f"{name}.{kind}")
            subprocess.run(["gnuplot"], input=_script(terminal, path, title, (x_label, y_label), lines),
                           text=True, check=True)
        drawn.append(name)
    return drawn


def read(results, scripts):
    """{script: its JSON} of those that have left one."""
    documents = {}
    for script in scripts:
        path = os.path.join(results, f"{script}.json")
        if os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                documents[script] = json.load(file)
    return documents
