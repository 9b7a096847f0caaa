"""How many shards serve while the load comes from the same machine."""

import os


def beside_client(results):
    """Half of the cores; the other half is for as many rings of pceload. With more threads than cores
    a run says how the scheduler shares them out, not what an answer takes: the time slice of one thread
    is what the others wait for."""
    count = max(1, (os.cpu_count() or 2) // 2)
    results.note(f"{count} shard(s), and as many rings of pceload: as many threads as cores")
    return count


def all_cores(results):
    """For what is all computation: the client takes little."""
    count = os.cpu_count() or 1
    results.note(f"{count} shards, one for each core")
    return count
