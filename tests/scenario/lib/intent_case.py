"""One server for each class that keeps intents, and the questions that tests of LSPs ask it."""

import json
import os
import time

from api_case import UnixConnection, ask
from case import ScenarioCase
from daemon import Pced

WAIT_S = 30


class IntentCase(ScenarioCase):
    @classmethod
    def setUpClass(cls):
        sections = {"store": {"path": "records"}, "lsp": {"settle-time": 0}, **cls.SECTIONS}
        cls.pced = Pced(topology=cls.TOPOLOGY, **sections)
        os.mkdir(os.path.join(cls.pced.folder, "records"))
        cls.pced.socket = cls.pced.sections["control"]["socket"]
        cls.pced.start()

    def api(self, method, path, body=None):
        connection = UnixConnection(self.pced.socket)
        try:
            return ask(connection, method, path, None if body is None else json.dumps(body))
        finally:
            connection.close()

    def wait(self, is_so, what="it did not become so"):
        deadline = time.monotonic() + WAIT_S
        while not is_so():
            self.assertTrue(self.pced.is_alive(), "pced has ended")
            self.assertLess(time.monotonic(), deadline, what)
            time.sleep(0.02)

    def put(self, pcc, name, intent, status=200):
        code, answer = self.api("PUT", f"/api/v1/intents/{pcc}/{name}", intent)
        self.assertEqual(code, status, answer)
        return answer

    def intent_of(self, pcc, name):
        code, answer = self.api("GET", f"/api/v1/intents/{pcc}/{name}")
        self.assertEqual(code, 200, answer)
        return answer

    def wait_intent(self, pcc, name, state):
        self.wait(lambda: self.intent_of(pcc, name)["state"] == state, f"{name} is not {state}")

    def lsps(self, pcc):
        """Rows of the LSPs that the PCC has, by name."""
        code, answer = self.api("GET", f"/api/v1/lsps?pcc={pcc}")
        self.assertEqual(code, 200, answer)
        return {row["name"]: row for row in answer["lsps"]}

    def lsp(self, pcc, name):
        """All that is known of one."""
        code, answer = self.api("GET", f"/api/v1/lsps/{pcc}/{name}")
        self.assertEqual(code, 200, answer)
        return answer

    def wait_lsps(self, pcc, names):
        self.wait(lambda: set(self.lsps(pcc)) == names, f"the LSPs of {pcc} are not {names}")

    def reoptimise(self, pcc, name):
        self.wait(lambda: self.api("POST", f"/api/v1/lsps/{pcc}/{name}/reoptimise")[0] in (200, 202),
                  f"{name} cannot be reoptimised")
