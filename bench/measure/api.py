"""The HTTP API of a running pced, over one connection."""

import http.client
import json
import socket

WAIT_S = 60
PAGE = 1000


class Api:
    def __init__(self, path):
        self.connection = http.client.HTTPConnection("localhost")
        self.connection.sock = socket.socket(socket.AF_UNIX)
        self.connection.sock.settimeout(WAIT_S)
        self.connection.sock.connect(path)

    def get(self, what):
        self.connection.request("GET", what)
        answer = self.connection.getresponse()
        text = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"GET {what}: {answer.status} {text[:200]!r}")
        return json.loads(text)

    def rows(self):
        """Every LSP as the list has it."""
        cursor = ""
        while cursor is not None:
            page = self.get(f"/api/v1/lsps?limit={PAGE}" + (f"&cursor={cursor}" if cursor else ""))
            yield from page["lsps"]
            cursor = page["next"]

    def path(self, row):
        """The labels of an LSP's path, as its PCC has reported it last."""
        hops = self.get(f"/api/v1/lsps/{row['id']}")["reported"][0]["path"][0]
        return [int(hop.split()[1]) for hop in hops]

    def close(self):
        self.connection.close()


def lsps(server):
    """[(source, labels, octets a second)] of every LSP that pced knows."""
    api = Api(server.socket)
    try:
        return [(row["source"], api.path(row), row["bandwidth"] or 0) for row in list(api.rows())]
    finally:
        api.close()
