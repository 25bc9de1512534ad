"""The methods of docker-py's API client that its containers do not use."""

import unittest

from harness import eventually, low, name


class LowLevel(unittest.TestCase):
    def make(self, command=("sleep", "600"), **more):
        host = low.create_host_config(**more.pop("host", {"network_mode": "none"}))
        made = low.create_container("busybox", list(command), name=name(), host_config=host, **more)
        return made["Id"]

    def test_create_warns_of_nothing(self):
        host = low.create_host_config(network_mode="none")
        made = low.create_container("busybox", ["true"], name=name(), host_config=host)
        self.assertEqual(made["Warnings"] or [], [])

    def test_create_from_config(self):
        config = low.create_container_config("busybox", ["true"], labels={"a": "b"}, stop_timeout=3)
        made = low.create_container_from_config(config, name=name())
        shown = low.inspect_container(made["Id"])["Config"]
        self.assertEqual((shown["Labels"], shown["StopTimeout"]), ({"a": "b"}, 3))

    def test_containers_with_size(self):
        made = self.make()
        low.start(made)
        (one,) = low.containers(size=True, filters={"id": made})
        self.assertGreater(one["SizeRootFs"], 0)
        self.assertEqual((one["State"], one["Command"]), ("running", "sleep 600"))

    def test_containers_quiet(self):
        made = self.make()
        self.assertIn({"Id": made}, low.containers(quiet=True, all=True))

    def test_port(self):
        made = self.make(
            host={"port_bindings": {80: ("127.0.0.1", None)}, "network_mode": "bridge"},
            ports=[80],
        )
        low.start(made)
        (binding,) = low.port(made, 80)
        self.assertEqual(binding["HostIp"], "127.0.0.1")
        self.assertGreater(int(binding["HostPort"]), 0)

    def test_attach_socket_of_a_terminal(self):
        made = self.make(["cat"], tty=True, stdin_open=True)
        socket = low.attach_socket(made, params={"stdin": 1, "stdout": 1, "stream": 1})
        low.start(made)
        socket._sock.sendall(b"echoed\n")
        self.assertIn(b"echoed", socket.read(100))
        socket.close()

    def test_networking_config(self):
        endpoint = low.create_endpoint_config()
        made = self.make(
            host={"network_mode": "bridge"},
            networking_config=low.create_networking_config({"bridge": endpoint}),
        )
        low.start(made)
        network = low.inspect_container(made)["NetworkSettings"]["Networks"]["bridge"]
        self.assertNotEqual(network["IPAddress"], "")

    def test_stop_start_kill_wait(self):
        made = self.make(["sh", "-c", 'trap "exit 5" TERM; echo up; while :; do sleep 0.02; done'])
        low.start(made)
        eventually(lambda: b"up" in low.logs(made))
        low.stop(made)
        self.assertEqual(low.wait(made)["StatusCode"], 5)
        low.start(made)
        low.kill(made, signal=9)
        self.assertEqual(low.wait(made)["StatusCode"], 137)
        low.remove_container(made)

    def test_events_tell_of_it(self):
        events = low.events(decode=True, filters={"type": "container", "label": "bt.py.events"})
        made = self.make(["true"], labels={"bt.py.events": "1"})
        low.start(made)
        seen = []
        for event in events:
            seen.append(event["Action"])
            if event["Action"] == "die":
                break
        events.close()
        self.assertEqual(seen, ["create", "start", "die"])
