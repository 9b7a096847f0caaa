"""The report: one Markdown table of all figures, the growth tables, the plots."""

from .figures import show

GROWTH = {  # series: title, [(column, member, divide by)]
    "idle-pced": ("Idle sessions, pced", [
        ("sessions", "sessions", 1), ("up per second", "ramp_per_second", 1), ("resident, MiB", "rss", 2**20),
        ("slab per session (both ends), octets", "slab_per_session", 1),
        ("100 x 1: replies/s", "rate", 1), ("p50, us", "p50_us", 1), ("p99, us", "p99_us", 1)]),
    "idle-floor": ("Idle sessions, floor", [
        ("sessions", "sessions", 1), ("up per second", "ramp_per_second", 1), ("resident, MiB", "rss", 2**20),
        ("slab per session (both ends), octets", "slab_per_session", 1),
        ("100 x 1: replies/s", "rate", 1), ("p50, us", "p50_us", 1), ("p99, us", "p99_us", 1)]),
    "active": ("Sessions that all ask, one request each at a time", [
        ("sessions", "sessions", 1), ("shards", "shards", 1), ("replies/s", "rate", 1),
        ("floor", "floor_rate", 1), ("p50, us", "p50_us", 1), ("floor", "floor_p50_us", 1),
        ("p99, us", "p99_us", 1), ("floor", "floor_p99_us", 1),
        ("octets per session", "rss_per_session", 1)]),
    "nodes": ("Nodes, 100 sessions, one shard", [
        ("nodes", "nodes", 1), ("start, s", "start_seconds", 1), ("resident, MiB", "rss", 2**20),
        ("after the load", "rss_after", 2**20), ("replies/s", "rate", 1), ("p99, us", "p99_us", 1),
        ("computed/s", "computed_rate", 1), ("p99, us", "computed_p99_us", 1),
        ("one constrained, us", "computation_us", 1), ("unconstrained, us", "plain_us", 1)]),
}


def _row(cells):
    return "| " + " | ".join(cells) + " |"


def _figures(document):
    for row in document.get("figures", []):
        met = {True: "met", False: "**missed**"}.get(row.get("met"), "")
        yield _row([document.get("target", ""), row["name"], f"{show(row['value'])} {row['unit']}".strip(),
                    show(row.get("floor")), show(row.get("ratio")), row.get("wanted") or "", met])


def _growth(document):
    for name, (title, columns) in GROWTH.items():
        rows = document.get("series", {}).get(name)
        if not rows:
            continue
        yield from (f"\n### {title}\n", _row([column[0] for column in columns]),
                    _row(["---:"] * len(columns)))
        for row in rows:
            yield _row([show(row[member] / divide) for _, member, divide in columns])


def report(documents, plots, other, seconds):
    """Markdown of a whole run. other: {script: its output} of those that went wrong."""
    first = next(iter(documents.values()), {})
    machine = first.get("machine", {})
    text = ["# Report of bench/run", "",
            f"{seconds:.0f} s; "
            f"{machine.get('cores')} cores ({machine.get('processor')}), "
            f"{machine.get('memory_octets', 0) / 2**30:.0f} GiB, Linux {machine.get('kernel')}.", "",
            _row(["target", "figure", "pced", "floor", "ratio", "wanted", ""]),
            _row(["---", "---", "---:", "---:", "---:", "---:", "---"])]
    for document in documents.values():
        text += _figures(document)
    for name, document in documents.items():
        if document.get("wrong"):
            text += ["", f"**{name} is not valid:** " + "; ".join(document["wrong"])]
    for name, output in other.items():
        text += ["", f"## {name}", "", "```", output.rstrip(), "```"]
    if "growth" in documents:
        text += ["", "## Growth", *_growth(documents["growth"])]
    if plots:
        text += ["", "## Plots", ""] + [f"![{name}]({name}.svg)" for name in plots]
    text += ["", "## Notes", ""]
    for name, document in documents.items():
        text.append(f"- {name}: {document.get('size', '')} version of {document.get('time', '')}")
        text += [f"- {name}: {note}" for note in document.get("notes", [])]
    return "\n".join(text) + "\n"
