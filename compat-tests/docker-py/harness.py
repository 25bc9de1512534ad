"""Runs the tests of one module here and writes a line of JSON for each; what they made is removed at the end."""

import json
import os
import sys
import time
import unittest

import docker

sys.dont_write_bytecode = True

client = docker.from_env(timeout=60)
low = docker.APIClient(base_url=os.environ["DOCKER_HOST"], version="auto", timeout=60)

_serial = 0
_made = []


def name(label="py"):
    """A container name of this process's own; the container is removed at the end."""
    global _serial
    _serial += 1
    made = f"bt-py-{os.getpid()}-{_serial}-{label}"
    _made.append(made)
    return made


def run(command=("sleep", "600"), **more):
    """A running container without a network."""
    more.setdefault("network_mode", "none")
    return client.containers.run("busybox", list(command), name=name(), detach=True, **more)


def eventually(probe, seconds=20):
    """Polls for what the API has no event for."""
    deadline = time.monotonic() + seconds * float(os.environ.get("BERTH_PATIENCE", "1"))
    while True:
        value = probe()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s")
        time.sleep(0.02)


class _Result(unittest.TestResult):
    def _write(self, case, failure=""):
        print(json.dumps({"test": case._testMethodName[5:].replace("_", " "), "failure": failure}), flush=True)

    def addSuccess(self, case):
        self._write(case)

    def addFailure(self, case, error):
        super().addFailure(case, error)
        self._write(case, self.failures[-1][1])

    def addError(self, case, error):
        super().addError(case, error)
        self._write(case, self.errors[-1][1])


def main():
    sys.modules["harness"] = sys.modules["__main__"]
    sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
    unittest.defaultTestLoader.loadTestsFromName(sys.argv[1]).run(_Result())
    for made in _made:
        try:
            client.api.remove_container(made, v=True, force=True)
        except docker.errors.APIError:
            pass


if __name__ == "__main__":
    main()
