"""Every way to run a command in a container with docker-py."""

import unittest

import docker
from harness import client, eventually, low, run


class Execs(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.container = run(environment={"FROM": "config"})

    def test_output_and_exit_code(self):
        code, output = self.container.exec_run(["sh", "-c", "echo out; exit 3"])
        self.assertEqual((code, output), (3, b"out\n"))

    def test_streams_apart(self):
        result = self.container.exec_run(["sh", "-c", "echo out; echo err >&2"], demux=True)
        self.assertEqual(result.output, (b"out\n", b"err\n"))

    def test_streamed(self):
        result = self.container.exec_run(["seq", "1", "5"], stream=True)
        self.assertEqual((result.exit_code, b"".join(result.output)), (None, b"1\n2\n3\n4\n5\n"))

    def test_environment_directory_user(self):
        command = ["sh", "-c", "echo $FROM $X; pwd; id -u; id -g"]
        shown = self.container.exec_run(command, environment={"X": "1"}, workdir="/etc", user="1000:1001")
        self.assertEqual(shown.output, b"config 1\n/etc\n1000\n1001\n")

    def test_a_user_that_is_not_there(self):
        with self.assertRaises(docker.errors.APIError) as caught:
            self.container.exec_run(["true"], user="nosuchuser")
        self.assertEqual(caught.exception.status_code, 400)
        self.assertIn("unable to find user nosuchuser", caught.exception.explanation)

    def test_privileged(self):
        shown = self.container.exec_run(["grep", "CapEff", "/proc/self/status"], privileged=True)
        self.assertRegex(shown.output, rb"0000[0-9a-f]{12}\n")
        self.assertNotIn(b"00000000a80425fb", shown.output)

    def test_terminal(self):
        self.assertEqual(self.container.exec_run(["sh", "-c", "tty >&2"], tty=True).output, b"/dev/pts/0\r\n")

    def test_socket_takes_input(self):
        _, socket = self.container.exec_run(["head", "-n", "1"], stdin=True, socket=True)
        socket._sock.sendall(b"typed\n")
        self.assertIn(b"typed\n", socket.read(4096))
        socket.close()

    def test_detached(self):
        self.container.exec_run(["sh", "-c", "echo done > /detached"], detach=True)
        eventually(lambda: self.container.exec_run(["cat", "/detached"]).output == b"done\n")

    def test_missing_command(self):
        code, output = self.container.exec_run(["nosuch"])
        self.assertIn(code, (126, 127))
        self.assertIn(b'exec: "nosuch": executable file not found', output)

    def test_inspect_before_during_and_after(self):
        made = low.exec_create(self.container.id, ["sh", "-c", "sleep 0.3; exit 9"])
        before = low.exec_inspect(made["Id"])
        self.assertEqual((before["Running"], before["ExitCode"], before["Pid"]), (False, None, 0))
        low.exec_start(made["Id"], detach=True)
        during = low.exec_inspect(made["Id"])
        self.assertTrue(during["Running"])
        self.assertGreater(during["Pid"], 0)
        after = eventually(lambda: (lambda now: not now["Running"] and now)(low.exec_inspect(made["Id"])))
        self.assertEqual((after["ExitCode"], after["ContainerID"]), (9, self.container.id))

    def test_resize(self):
        made = low.exec_create(
            self.container.id, ["sh", "-c", "echo ready; read go; stty size"], stdin=True, tty=True
        )
        socket = low.exec_start(made["Id"], tty=True, socket=True)
        # The stream may be there before the process is, which Docker cannot resize.
        said = b""
        while b"ready" not in said:
            said += socket.read(1)
        low.exec_resize(made["Id"], height=33, width=77)
        socket._sock.sendall(b"go\n")
        while b"33 77" not in said and (piece := socket.read(1)):
            said += piece
        self.assertIn(b"33 77", said)
        socket.close()

    def test_not_in_a_container_that_does_not_run(self):
        stopped = client.containers.create("busybox", name=f"{self.container.name}-stopped")
        try:
            with self.assertRaises(docker.errors.APIError) as caught:
                stopped.exec_run(["true"])
            self.assertEqual(caught.exception.status_code, 409)
        finally:
            stopped.remove()
