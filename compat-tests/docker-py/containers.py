"""Every method of docker-py's containers, as its users call them."""

import io
import tarfile
import unittest

import docker
from harness import client, eventually, name, run

TRAPS = ["sh", "-c", 'trap "exit 5" TERM; echo up; while :; do sleep 0.02; done']


def tar_of(file, text):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        entry = tarfile.TarInfo(file)
        entry.size = len(text)
        tar.addfile(entry, io.BytesIO(text))
    return out.getvalue()


def ready(container, starts=1):
    eventually(lambda: container.logs().count(b"up") == starts)
    return container


class Containers(unittest.TestCase):
    def test_run_gives_output(self):
        self.assertEqual(client.containers.run("busybox", ["echo", "hello"], remove=True), b"hello\n")

    def test_run_raises_for_a_failing_command_with_its_errors(self):
        with self.assertRaises(docker.errors.ContainerError) as caught:
            client.containers.run("busybox", ["sh", "-c", "echo why >&2; exit 3"], remove=True)
        self.assertEqual((caught.exception.exit_status, caught.exception.stderr), (3, b"why\n"))

    def test_run_streams(self):
        lines = client.containers.run("busybox", ["seq", "1", "3"], name=name(), stream=True)
        self.assertEqual(b"".join(lines), b"1\n2\n3\n")

    def test_run_of_an_image_that_is_not_there(self):
        with self.assertRaises((docker.errors.ImageNotFound, docker.errors.APIError)):
            client.containers.create("nosuch.invalid/image:none")

    def test_create_start_wait_reload(self):
        container = client.containers.create("busybox", ["sh", "-c", "exit 4"], name=name())
        self.assertEqual(container.status, "created")
        container.start()
        self.assertEqual(container.wait()["StatusCode"], 4)
        container.reload()
        self.assertEqual((container.status, container.attrs["State"]["ExitCode"]), ("exited", 4))

    def test_get_by_name_id_and_short_id(self):
        container = run()
        for given in (container.name, container.id, container.short_id):
            self.assertEqual(client.containers.get(given).id, container.id)
        with self.assertRaises(docker.errors.NotFound):
            client.containers.get("nosuchcontainer")

    def test_list_with_filters(self):
        container = run(labels={"bt.py.list": "1"})
        found = client.containers.list(filters={"label": "bt.py.list=1", "status": "running"})
        self.assertEqual([one.id for one in found], [container.id])
        self.assertEqual(client.containers.list(all=True, filters={"label": "bt.py.list=2"}), [])
        after = run(labels={"bt.py.list": "1"})
        mine = {"label": "bt.py.list=1"}
        for bound, wanted in (({"since": container.id}, after), ({"before": after.id}, container)):
            self.assertEqual([one.id for one in client.containers.list(filters=mine | bound)], [wanted.id])
        self.assertEqual([one.id for one in client.containers.list(limit=1, filters=mine)], [after.id])

    def test_attach_streams_until_the_end(self):
        container = client.containers.create("busybox", ["seq", "1", "100"], name=name())
        stream = container.attach(stream=True)
        container.start()
        self.assertEqual(len(b"".join(stream).splitlines()), 100)

    def test_attach_socket_takes_input(self):
        container = client.containers.create("busybox", ["head", "-n", "1"], name=name(), stdin_open=True)
        socket = container.attach_socket(params={"stdin": 1, "stdout": 1, "stream": 1})
        container.start()
        socket._sock.sendall(b"typed\n")
        container.wait()
        self.assertIn(b"typed\n", socket.read(4096))
        socket.close()

    def test_diff(self):
        container = run(["sh", "-c", "echo x > /new; rm /etc/passwd; sleep 600"])
        eventually(lambda: {"Path": "/etc/passwd", "Kind": 2} in (container.diff() or []))
        self.assertIn({"Path": "/new", "Kind": 1}, container.diff())

    def test_export(self):
        container = client.containers.create("busybox", name=name())
        container.put_archive("/", tar_of("exported", b"me"))
        content = io.BytesIO(b"".join(container.export()))
        with tarfile.open(fileobj=content) as tar:
            self.assertEqual(tar.extractfile("exported").read(), b"me")

    def test_archives_in_and_out(self):
        container = run()
        self.assertTrue(container.put_archive("/tmp", tar_of("in", b"copied")))
        self.assertEqual(container.exec_run(["cat", "/tmp/in"]).output, b"copied")
        chunks, stat = container.get_archive("/tmp/in")
        self.assertEqual((stat["name"], stat["size"]), ("in", 6))
        with tarfile.open(fileobj=io.BytesIO(b"".join(chunks))) as tar:
            self.assertEqual(tar.extractfile("in").read(), b"copied")
        with self.assertRaises(docker.errors.NotFound):
            container.get_archive("/nosuch")

    def test_kill_with_signals(self):
        container = ready(run(TRAPS))
        container.kill("SIGTERM")
        self.assertEqual(container.wait()["StatusCode"], 5)
        container.start()
        container.kill()
        self.assertEqual(container.wait()["StatusCode"], 137)
        with self.assertRaises(docker.errors.APIError) as caught:
            container.kill()
        self.assertEqual(caught.exception.status_code, 409)

    def test_logs_with_options(self):
        container = client.containers.create("busybox", ["sh", "-c", "echo e >&2; sleep 0.2; seq 1 5"], name=name())
        container.start()
        container.wait()
        self.assertEqual(container.logs(stdout=True, stderr=False), b"1\n2\n3\n4\n5\n")
        self.assertEqual(container.logs(stdout=False, stderr=True), b"e\n")
        self.assertEqual(container.logs(stderr=False, tail=2), b"4\n5\n")
        self.assertRegex(container.logs(stderr=False, tail=1, timestamps=True), rb"^\d{4}-\d\d-\d\dT\S+Z 5\n$")
        self.assertEqual(b"".join(container.logs(stderr=False, stream=True, follow=True)), b"1\n2\n3\n4\n5\n")
        self.assertEqual(container.logs(since=2**31 - 1), b"")

    def test_pause_unpause(self):
        container = run()
        container.pause()
        container.reload()
        self.assertEqual(container.status, "paused")
        container.unpause()
        container.reload()
        self.assertEqual(container.status, "running")

    def test_remove(self):
        container = run()
        with self.assertRaises(docker.errors.APIError) as caught:
            container.remove()
        self.assertEqual(caught.exception.status_code, 409)
        container.remove(force=True, v=True)
        with self.assertRaises(docker.errors.NotFound):
            container.reload()

    def test_rename(self):
        container = run()
        to = name("renamed")
        container.rename(to)
        self.assertEqual(client.containers.get(to).id, container.id)

    def test_resize(self):
        container = run(["sh", "-c", "while :; do stty size; sleep 0.05; done"], tty=True)
        container.resize(33, 77)
        eventually(lambda: b"33 77" in container.logs())

    def test_restart_and_stop(self):
        container = ready(run(TRAPS))
        pid = client.containers.get(container.id).attrs["State"]["Pid"]
        container.restart(timeout=5)
        container.reload()
        self.assertNotIn(container.attrs["State"]["Pid"], (0, pid))
        ready(container, starts=2).stop(timeout=0)
        self.assertEqual(container.wait()["StatusCode"] in (5, 137), True)

    def test_stats_once_and_streamed(self):
        container = run()
        once = container.stats(stream=False)
        self.assertGreater(once["pids_stats"]["current"], 0)
        stream = container.stats(stream=True, decode=True)
        first, second = next(stream), next(stream)
        self.assertEqual(first["name"], f"/{container.name}")
        self.assertGreater(second["read"], first["read"])

    def test_top(self):
        container = run()
        # The reference calls a container started that has not come to its program yet.
        eventually(lambda: container.top()["Processes"][0][-1] == "sleep 600")
        self.assertEqual(container.top(ps_args="-o pid,args")["Titles"], ["PID", "COMMAND"])

    def test_update(self):
        container = run(mem_limit="64m")
        container.update(mem_limit="96m", memswap_limit="96m", restart_policy={"Name": "on-failure"})
        container.reload()
        host = container.attrs["HostConfig"]
        self.assertEqual((host["Memory"], host["RestartPolicy"]["Name"]), (96 << 20, "on-failure"))
        with self.assertRaises(docker.errors.APIError) as caught:
            container.update(mem_limit=1)
        self.assertEqual(caught.exception.status_code, 400)

    def test_commit(self):
        container = client.containers.create("busybox", name=name())
        container.put_archive("/", tar_of("committed", b"file"))
        image = container.commit(repository=name("image"), tag="one", message="m", author="a", changes="ENV A=1")
        try:
            shown = client.containers.run(image.id, ["sh", "-c", "cat /committed; echo $A"], remove=True)
            self.assertEqual(shown, b"file1\n")
            self.assertEqual((image.attrs["Comment"], image.attrs["Author"]), ("m", "a"))
        finally:
            client.images.remove(image.id, force=True)

    def test_wait_conditions(self):
        container = client.containers.create("busybox", ["sh", "-c", "exit 6"], name=name())
        self.assertEqual(container.wait(condition="not-running")["StatusCode"], 0)
        container.start()
        self.assertEqual(container.wait()["StatusCode"], 6)

    def test_wait_with_a_timeout_gives_up(self):
        container = run()
        with self.assertRaises(Exception):
            container.wait(timeout=1)

    def test_prune_by_label(self):
        container = client.containers.create("busybox", name=name(), labels={"bt.py.prune": "1"})
        pruned = eventually(self.prune)
        self.assertEqual(pruned, {"ContainersDeleted": [container.id], "SpaceReclaimed": 0})

    def prune(self):
        try:
            return client.containers.prune(filters={"label": "bt.py.prune=1"})
        except docker.errors.APIError as error:
            # Somebody else is pruning.
            if error.status_code != 409:
                raise
            return None

    def test_many_settings_at_once(self):
        container = run(
            environment={"A": "1"},
            labels=["one"],
            hostname="there",
            working_dir="/tmp",
            user="1000",
            read_only=True,
            tmpfs={"/scratch": "size=1m"},
            cap_drop=["ALL"],
            mem_limit="64m",
            extra_hosts={"here": "10.1.2.3"},
            network_mode="bridge",
            restart_policy={"Name": "on-failure", "MaximumRetryCount": 2},
            healthcheck={"test": ["CMD", "true"], "interval": 1_000_000_000},
            ulimits=[docker.types.Ulimit(name="nofile", soft=100, hard=200)],
            init=True,
        )
        shown = container.exec_run(["sh", "-c", "hostname; pwd; id -u; echo $A; ulimit -n; grep 10.1.2.3 /etc/hosts"])
        self.assertEqual(shown.output.split(), [b"there", b"/tmp", b"1000", b"1", b"100", b"10.1.2.3", b"here"])
        container.reload()
        self.assertIn(container.attrs["State"]["Health"]["Status"], ("starting", "healthy"))
