"""Tests of camspool.py against a small agent on TCP and on a Unix socket: python3 -m unittest, in this folder."""

import ast
import ctypes
import datetime
import json
import logging
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest

import camspool
from camspool import (
    CamspoolError,
    Capture,
    CaptureConfig,
    Client,
    ImageStorage,
    InvalidImage,
    LocalCache,
    Refused,
    Unavailable,
)
from fake_agent import CAPTURES, Answer, FakeAgent, Hold, Lose

try:
    import numpy
except ImportError:
    numpy = None

JPEG = b"\xff\xd8\xff\xe0 a picture \xff\xd9"
PNG = b"\x89PNG\r\n\x1a\n a picture"
HERE = os.path.dirname(os.path.abspath(__file__))


def frame(height, width, channels=3, start=0):
    """A view as an array gives it: shape, strides, uint8."""
    pixels = bytearray((start + i) % 251 for i in range(height * width * channels))
    shape = (height, width, channels) if channels > 1 else (height, width)
    return memoryview(pixels).cast("B", shape)


class Interface:
    """An object without the buffer protocol, as some libraries have it."""

    def __init__(self, **interface):
        self.__array_interface__ = dict({"version": 3, "typestr": "|u1"}, **interface)


class OnTcp:
    def agent(self, **options):
        agent = FakeAgent(**options)
        self.addCleanup(agent.stop)
        return agent, {"url": agent.url}


class OnUnixSocket:
    def agent(self, **options):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        path = os.path.join(folder.name, "camspool.sock")
        agent = FakeAgent(socket=path, **options)
        self.addCleanup(agent.stop)
        return agent, {"socket": path}


class Case(unittest.TestCase):
    def setUp(self):
        for name in ("CAMSPOOL_SOCKET", "CAMSPOOL_URL", "CAMSPOOL_DATA", "CAMSPOOL_TOKEN"):
            os.environ.pop(name, None)
        logging.getLogger("camspool").addHandler(logging.NullHandler())
        logging.getLogger("camspool").propagate = False

    def storage(self, at, config=None, **options):
        storage = ImageStorage(config, **dict(at, **options))
        self.addCleanup(storage.close, 0)
        return storage

    def client(self, **options):
        client = Client(**options)
        self.addCleanup(client.close)
        return client

    def cache(self, **options):
        cache = LocalCache(**options)
        self.addCleanup(cache._client.close)
        return cache

    def until(self, condition):
        end = time.monotonic() + 15
        while not condition():
            self.assertLess(time.monotonic(), end, "nothing came of it")
            time.sleep(0.005)


class StorageTests:
    def test_answers_with_the_path_and_counts_what_is_durable(self):
        agent, at = self.agent()
        storage = self.storage(at)
        path = storage.save_capture(JPEG, "gate-1", "a-42")
        self.assertTrue(path.startswith(CAPTURES + "/20261124/gate-1_a-42_"), path)
        self.assertEqual(0, storage.close())
        statistics = storage.get_statistics()
        self.assertEqual(1, statistics["saved_count"])
        self.assertEqual(0, statistics["failed_count"])
        self.assertEqual(0, statistics["queue_size"])
        self.assertEqual(CAPTURES, statistics["image_dir"])
        self.assertEqual(JPEG, agent.of("capture")[0]["body"])

    def test_frame_that_is_reused_is_not_torn(self):
        agent, at = self.agent()
        release = threading.Event()
        agent.faults = [Hold(release)]
        storage = self.storage(at, path_wait=0.05)
        pixels = bytearray(b"\x07" * 12)
        self.assertEqual("", storage.save_capture(memoryview(pixels).cast("B", (2, 2, 3)), "c", "a"))
        pixels[:] = b"\x09" * 12
        release.set()
        self.assertEqual(0, storage.close())
        self.assertEqual(b"\x07" * 12, agent.of("capture")[0]["body"])

    def test_lost_answer_leaves_one_capture(self):
        agent, at = self.agent()
        agent.faults = [Lose(), Lose()]
        storage = self.storage(at)
        storage.save_capture(JPEG, "c", "a")
        self.assertEqual(0, storage.close())
        self.assertEqual(3, len(agent.posts("/v1/captures")))
        self.assertEqual(1, len(agent.of("capture")))
        self.assertEqual(1, storage.get_statistics()["saved_count"])

    def test_what_an_agent_admitted_and_lost_is_handed_over_again(self):
        agent, at = self.agent()
        agent.forget_admitted = 1
        before, camspool.DURABLE_SECONDS = camspool.DURABLE_SECONDS, 0.3
        self.addCleanup(setattr, camspool, "DURABLE_SECONDS", before)
        storage = self.storage(at)
        self.assertNotEqual("", storage.save_capture(JPEG, "c", "a"))
        self.assertEqual([], agent.of("capture"))
        self.assertEqual(0, storage.close())
        self.assertEqual(1, len(agent.of("capture")))
        first, second = agent.posts("/v1/captures")
        self.assertEqual(first["headers"]["Idempotency-Key"], second["headers"]["Idempotency-Key"])
        self.assertEqual(first["query"], second["query"])
        self.assertIsNone(second["headers"]["Prefer"])

    def test_answer_to_an_earlier_request_does_not_end_the_wait(self):
        agent, at = self.agent()
        release = threading.Event()
        self.addCleanup(release.set)
        agent.faults = [Hold(release), Answer(429, {"Retry-After": "1"})]
        storage = self.storage(at, path_wait=0)
        storage.save_capture(JPEG, "c", "held")
        self.until(lambda: len(agent.posts("/v1/captures")) == 1)
        storage.save_capture(JPEG, "c", "full")
        self.until(lambda: storage.get_statistics()["trouble"])
        start = time.monotonic()
        release.set()
        self.until(lambda: len(agent.of("capture")) == 2)
        self.assertGreaterEqual(time.monotonic() - start, 0.8)

    def test_admitted_capture_that_can_not_be_stored_counts_as_failed(self):
        agent, at = self.agent()
        agent.forget_admitted = 1
        agent.faults = [None, Answer(422)]
        before, camspool.DURABLE_SECONDS = camspool.DURABLE_SECONDS, 0.1
        self.addCleanup(setattr, camspool, "DURABLE_SECONDS", before)
        storage = self.storage(at)
        with self.assertLogs("camspool", "ERROR") as logged:
            self.assertNotEqual("", storage.save_capture(JPEG, "gate-1", "a-42"))
            self.assertEqual(0, storage.close())
        self.assertIn("gate-1/a-42 at ", logged.output[0])
        self.assertEqual(1, storage.get_statistics()["failed_count"])

    def test_close_does_not_wait_as_long_as_a_full_agent_says(self):
        agent, at = self.agent()
        agent.faults = [Answer(429, {"Retry-After": "50"})]
        storage = self.storage(at)
        self.assertEqual("", storage.save_capture(JPEG, "c", "a"))
        self.assertIn("429", storage.get_statistics()["trouble"])
        self.assertEqual(0, storage.close())
        self.assertEqual(1, len(agent.of("capture")))

    def test_waits_as_long_as_a_full_agent_says(self):
        agent, at = self.agent()
        agent.faults = [Answer(429, {"Retry-After": "1"})]
        storage = self.storage(at)
        start = time.monotonic()
        storage.save_capture(JPEG, "c", "a")
        self.until(lambda: agent.of("capture"))
        self.assertGreaterEqual(time.monotonic() - start, 1)

    def test_full_disk_of_the_agent_is_waited_for(self):
        agent, at = self.agent()
        agent.faults = [Answer(507), Answer(507), Answer(503)]
        storage = self.storage(at)
        with self.assertLogs("camspool", "WARNING") as logged:
            self.assertEqual("", storage.save_capture(JPEG, "c", "a"))
            self.until(lambda: agent.of("capture"))
            self.assertEqual(0, storage.close())
        self.assertIn("507", logged.output[0])
        self.assertIn("again", logged.output[-1])
        self.assertEqual(2, len(logged.output), logged.output)

    def test_refused_capture_raises_and_counts(self):
        agent, at = self.agent()
        agent.faults = [Answer(415)]
        storage = self.storage(at)
        with self.assertRaises(Refused) as refused:
            storage.save_capture(JPEG, "c", "a")
        self.assertEqual(415, refused.exception.status)
        self.assertEqual("/problems/test", refused.exception.problem["type"])
        self.assertEqual(1, storage.get_statistics()["failed_count"])
        self.assertNotEqual("", storage.save_capture(JPEG, "c", "b"))

    def test_refusal_by_something_else_than_the_agent_loses_nothing(self):
        agent, at = self.agent()
        agent.faults = [Answer(400, kind="text/html"), Answer(302, kind="text/html"), Answer(200, kind="text/html")]
        storage = self.storage(at)
        storage.save_capture(JPEG, "c", "a")
        self.until(lambda: agent.of("capture"))
        self.assertEqual(0, storage.close())

    def test_capture_that_makes_the_agent_fail_is_given_up_and_holds_up_no_other(self):
        agent, at = self.agent()
        before, camspool.FIRST_DELAY_SECONDS = camspool.FIRST_DELAY_SECONDS, 0.01
        self.addCleanup(setattr, camspool, "FIRST_DELAY_SECONDS", before)
        agent.faults = [Answer(500)] * camspool.MAX_FAILURES
        storage = self.storage(at)
        with self.assertRaises(Unavailable):
            storage.save_capture(JPEG, "c", "a")
        self.assertNotEqual("", storage.save_capture(JPEG, "c", "b"))
        self.assertEqual(0, storage.close())
        statistics = storage.get_statistics()
        self.assertEqual((1, 1), (statistics["saved_count"], statistics["failed_count"]))

    def test_slow_agent_holds_up_the_caller_once(self):
        agent, at = self.agent()
        release = threading.Event()
        self.addCleanup(release.set)
        agent.faults = [Hold(release), Hold(release)]
        storage = self.storage(at, path_wait=0.3)
        start = time.monotonic()
        for i in range(20):
            self.assertEqual("", storage.save_capture(JPEG, "c", str(i)))
        self.assertLess(time.monotonic() - start, 2)
        self.assertEqual(20, storage.get_statistics()["queue_size"])
        release.set()
        self.assertEqual(0, storage.close())
        self.assertEqual(20, len(agent.of("capture")))

    def test_token_is_sent_and_read_again_when_it_is_refused(self):
        agent, at = self.agent(token="new")
        with tempfile.NamedTemporaryFile("w", delete=False) as file:
            file.write("old\n")
        self.addCleanup(os.unlink, file.name)
        storage = self.storage(at, token="file:" + file.name)
        with self.assertLogs("camspool", "WARNING") as logged:
            self.assertEqual("", storage.save_capture(JPEG, "c", "a"))
        self.assertIn("CAMSPOOL_TOKEN", logged.output[0])
        self.assertNotIn("old", logged.output[0].replace("threshold", ""))
        with open(file.name, "w") as token:
            token.write("new\n")
        self.assertEqual(0, storage.close())
        self.assertEqual(1, len(agent.of("capture")))

    def test_many_threads_lose_and_double_nothing(self):
        agent, at = self.agent()
        agent.faults = [Lose(), None, Answer(429, {"Retry-After": "0"}), None, None, Lose(), Answer(503)] * 3
        storage = self.storage(at, workers=4)

        def save(thread):
            for i in range(25):
                storage.save_capture(frame(4, 4, start=i), f"camera-{thread}", f"a-{i}")

        threads = [threading.Thread(target=save, args=(i,)) for i in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(0, storage.close())
        held = {(i["query"]["camera"], i["query"]["alert"]) for i in agent.of("capture")}
        self.assertEqual(200, len(held))
        self.assertEqual(200, len(agent.of("capture")))
        self.assertEqual(200, storage.get_statistics()["saved_count"])
        self.assertLessEqual(len(agent.connections), 40)

    def test_connections_are_kept(self):
        agent, at = self.agent()
        storage = self.storage(at, workers=1)
        for i in range(10):
            storage.save_capture(JPEG, "c", str(i))
        self.assertEqual(0, storage.close())
        self.assertEqual(1, len(agent.connections))

    def test_names_and_times_arrive_as_they_were_given(self):
        agent, at = self.agent()
        storage = self.storage(at)
        taken = datetime.datetime(2026, 11, 24, 10, 15, 30, 123000, datetime.timezone(datetime.timedelta(hours=8)))
        storage.save_capture(JPEG, "东门/1 + 50%", "../a&b=c", taken)
        query = agent.posts("/v1/captures")[0]["query"]
        self.assertEqual("东门/1 + 50%", query["camera"])
        self.assertEqual("../a&b=c", query["alert"])
        self.assertEqual("2026-11-24T02:15:30.123Z", query["time"])
        self.assertIn("东门/1", storage.get_image_path("东门/1 + 50%", "../a&b=c"))
        self.assertIsNone(storage.get_image_path("c", "other"))

    def test_clean_up_keeps_what_is_undelivered(self):
        agent, at = self.agent()
        storage = self.storage(at)
        self.assertEqual(3, storage.cleanup_old_images())
        self.assertEqual({"older_than": "7d", "kind": "capture"}, agent.cleanup)
        storage.cleanup_old_images(0.5)
        self.assertEqual("43200s", agent.cleanup["older_than"])

    def test_configuration_that_differs_is_warned_of_once(self):
        _, at = self.agent()
        storage = self.storage(at, CaptureConfig(image_dir="/mnt/images", quality=70))
        with self.assertLogs("camspool", "WARNING") as logged:
            storage.save_capture(JPEG, "c", "a")
            storage.save_capture(JPEG, "c", "b")
            self.assertEqual(0, storage.close())
        self.assertEqual(1, len(logged.output))
        self.assertIn("/mnt/images", logged.output[0])
        self.assertIn("quality is 70", logged.output[0])
        self.assertNotIn("max_width", logged.output[0])


class ClientTests:
    def test_save_returns_what_is_durable(self):
        agent, at = self.agent()
        with Client(**at) as client:
            stored = client.save(
                frame(2, 3), "gate-1", alert="a", time=0, labels={"zone": "a=b"}, priority=7, key="Mine 1"
            )
        self.assertEqual(18, stored["bytes"])
        self.assertEqual(1, stored["seq"])
        request = agent.posts("/v1/captures")[0]
        self.assertEqual(["zone=a=b"], request["query"]["labels"])
        self.assertEqual("1970-01-01T00:00:00.000Z", request["query"]["time"])
        self.assertEqual("7", request["query"]["priority"])
        self.assertEqual("Mine 1", request["headers"]["Idempotency-Key"])
        self.assertEqual("3", request["headers"]["Camspool-Width"])

    def test_key_with_another_image_is_refused(self):
        _, at = self.agent()
        client = self.client(**at)
        client.save(JPEG, "c", key="k")
        client.save(JPEG, "c", key="k")
        with self.assertRaises(Refused) as refused:
            client.save(PNG, "c", key="k")
        self.assertEqual(409, refused.exception.status)

    def test_lost_answer_and_full_agent_are_tried_again(self):
        agent, at = self.agent()
        agent.faults = [Lose(), Answer(429, {"Retry-After": "0"}), Answer(503)]
        self.client(**at).save(JPEG, "c")
        self.assertEqual(1, len(agent.of("capture")))

    def test_unknown_outcome_names_the_key(self):
        agent, at = self.agent()
        agent.faults = [Answer(507)] * 100
        with self.assertRaises(Unavailable) as failure:
            self.client(timeout=0.3, **at).save(JPEG, "c", key="k")
        self.assertEqual("k", failure.exception.key)

    def test_wrong_token_is_refused_at_once(self):
        _, at = self.agent(token="right")
        with self.assertRaises(Refused) as refused:
            self.client(token="wrong", **at).status()
        self.assertEqual(401, refused.exception.status)
        self.assertNotIn("wrong", str(refused.exception))
        self.assertEqual("green", self.client(token="right", **at).status()["health"])

    def test_alert_and_its_captures_go_together(self):
        agent, at = self.agent()
        self.client(**at).alert(
            {"kind": "人"}, [Capture(frame(1, 2)), Capture(JPEG, "东门", labels={"a": "b c"})], camera="c"
        )
        request = agent.posts("/v1/alerts")[0]
        self.assertEqual("c", request["query"]["camera"])
        boundary = request["headers"]["Content-Type"].split("boundary=")[1].encode()
        parts = request["body"].split(b"--" + boundary)
        self.assertEqual(5, len(parts))
        self.assertEqual(b"--\r\n", parts[4])
        self.assertIn('name="alert"', parts[1].decode())
        self.assertTrue(parts[1].decode().endswith('\r\n\r\n{"kind": "人"}\r\n'))
        self.assertIn(b"Camspool-Width: 2\r\n", parts[2])
        self.assertIn(b"Camspool-Camera: %E4%B8%9C%E9%97%A8\r\n", parts[3])
        self.assertIn(b"Camspool-Label: a=b%20c\r\n", parts[3].replace(b"%3D", b"="))
        self.assertTrue(parts[3].endswith(JPEG + b"\r\n"))

    def test_json_as_text_is_kept(self):
        agent, at = self.agent()
        self.client(**at).alert('{ "a" : 1.10 }')
        self.assertEqual(b'{ "a" : 1.10 }', agent.of("alert")[0]["body"])


class CacheTests:
    def test_alert_waits_until_it_is_removed(self):
        agent, at = self.agent()
        cache = self.cache(**at)
        ids = [cache.cache_alert({"camera_id": "gate-1", "alert_id": f"a-{i}", "n": i}) for i in range(3)]
        self.assertEqual(3, cache.get_pending_count())
        self.assertEqual("gate-1", agent.posts("/v1/alerts")[0]["query"]["camera"])
        self.assertEqual("a-0", agent.posts("/v1/alerts")[0]["query"]["alert"])
        pending = cache.get_pending_alerts()
        self.assertEqual([0, 1, 2], [alert["n"] for alert in pending])
        self.assertEqual(ids, [alert["_cache_id"] for alert in pending])
        self.assertTrue(cache.remove_cached(ids[1]))
        self.assertFalse(cache.remove_cached(ids[1]))
        self.assertFalse(cache.remove_cached("../" + ids[0]))
        self.assertEqual([0, 2], [alert["n"] for alert in cache.get_pending_alerts()])
        self.assertEqual(2, cache.get_pending_count())

    def test_two_processes_get_no_alert_twice(self):
        _, at = self.agent()
        one, other = self.cache(**at), self.cache(**at)
        one.cache_alert({"n": 1})
        self.assertEqual(1, len(one.get_pending_alerts()))
        self.assertEqual([], other.get_pending_alerts())
        one.close()
        self.assertEqual(1, len(other.get_pending_alerts()))

    def test_captures_at_the_sink_are_let_be(self):
        agent, at = self.agent()
        cache = self.cache(**at)
        with Client(**at) as client:
            client.save(JPEG, "c")
            client.save(PNG, "c")
        for i in range(250):
            agent.store("alert", b'{"n":%d}' % i, {}, {}, f"alert-{i}")
        self.assertEqual(list(range(250)), [alert["n"] for alert in cache.get_pending_alerts()])
        self.assertEqual(list(range(7)), [alert["n"] for alert in cache.get_pending_alerts(limit=7)])
        self.assertEqual(250, cache.clear_cache())
        self.assertEqual([], cache.get_pending_alerts())
        self.assertEqual(2, cache.get_pending_count())
        self.assertEqual({}, agent.leases)

    def test_failure_gives_no_id(self):
        agent, at = self.agent()
        cache = self.cache(timeout=0.2, **at)
        with self.assertLogs("camspool", "ERROR"):
            self.assertEqual("", cache.cache_alert({"when": object()}))
        with self.assertLogs("camspool", "ERROR"):
            self.assertEqual("", cache.cache_alert({"n": float("nan")}))
        agent.faults = [Answer(507)] * 100
        with self.assertLogs("camspool", "ERROR") as logged:
            self.assertEqual("", cache.cache_alert({"n": 1}))
        self.assertIn("507", logged.output[0])

    def test_missing_sink_is_told_with_the_lines_to_add(self):
        agent, at = self.agent(sinks=())
        cache = self.cache(**at)
        with self.assertLogs("camspool", "ERROR") as logged:
            self.assertEqual("", cache.cache_alert({"n": 1}))
        self.assertIn("sinks:\n  local-cache:\n    type: pull\n    takes: alerts\n", logged.output[0])
        self.assertEqual([], agent.of("alert"))
        with self.assertRaisesRegex(CamspoolError, "type: pull"):
            cache.get_pending_count()


class StorageOnTcpTest(OnTcp, StorageTests, Case):
    pass


class StorageOnUnixSocketTest(OnUnixSocket, StorageTests, Case):
    pass


class ClientOnTcpTest(OnTcp, ClientTests, Case):
    pass


class ClientOnUnixSocketTest(OnUnixSocket, ClientTests, Case):
    pass


class CacheOnTcpTest(OnTcp, CacheTests, Case):
    pass


class CacheOnUnixSocketTest(OnUnixSocket, CacheTests, Case):
    pass


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class AwayTest(Case):
    def test_captures_wait_here_while_the_agent_is_away(self):
        port = free_port()
        storage = self.storage({"url": f"http://127.0.0.1:{port}"})
        with self.assertLogs("camspool", "WARNING") as logged:
            start = time.monotonic()
            for i in range(50):
                self.assertEqual("", storage.save_capture(JPEG, "c", str(i)))
            self.assertLess(time.monotonic() - start, 2)
            statistics = storage.get_statistics()
            self.assertEqual(50, statistics["queue_size"])
            self.assertEqual(50 * len(JPEG), statistics["queue_bytes"])
            self.assertIn("not there", statistics["trouble"])
            agent = FakeAgent(port=port)
            self.addCleanup(agent.stop)
            self.assertEqual(0, storage.close())
        self.assertEqual(50, len(agent.of("capture")))
        self.assertEqual(50, storage.get_statistics()["saved_count"])
        self.assertEqual(2, len(logged.output), logged.output)

    def test_agent_that_goes_and_comes_back_gets_all(self):
        agent = FakeAgent()
        storage = self.storage({"url": agent.url})
        self.assertNotEqual("", storage.save_capture(JPEG, "c", "0"))
        self.until(lambda: storage.get_statistics()["saved_count"] == 1)
        agent.stop()
        for i in range(1, 5):
            storage.save_capture(JPEG, "c", str(i))
        again = FakeAgent(port=agent.port)
        self.addCleanup(again.stop)
        self.until(lambda: storage.get_statistics()["saved_count"] == 5)
        self.assertEqual(4, len(again.of("capture")))
        self.assertNotEqual("", storage.save_capture(JPEG, "c", "5"))

    def test_agent_that_dies_with_what_it_admitted_gets_it_again(self):
        agent = FakeAgent()
        agent.forget_admitted = 1
        storage = self.storage({"url": agent.url})
        self.assertNotEqual("", storage.save_capture(JPEG, "c", "a"))
        agent.stop()
        self.until(lambda: storage.get_statistics()["trouble"])
        again = FakeAgent(port=agent.port)
        self.addCleanup(again.stop)
        self.assertEqual(0, storage.close())
        self.assertEqual(1, len(again.of("capture")))

    def test_connection_that_the_agent_closed_is_no_trouble(self):
        agent = FakeAgent()
        client = self.client(url=agent.url, timeout=0.1)
        client.status()
        client.status()
        agent.stop()
        again = FakeAgent(port=agent.port)
        self.addCleanup(again.stop)
        self.assertEqual("green", client.status()["health"])

    def test_full_queue_raises_and_counts(self):
        storage = self.storage({"url": f"http://127.0.0.1:{free_port()}"}, queue_bytes=2 * len(JPEG), full_wait=0.05)
        storage.save_capture(JPEG, "c", "1")
        storage.save_capture(JPEG, "c", "2")
        with self.assertLogs("camspool", "ERROR"), self.assertRaisesRegex(Unavailable, "queue is full"):
            storage.save_capture(JPEG, "c", "3")
        self.assertEqual(1, storage.get_statistics()["failed_count"])

    def test_room_in_a_full_queue_is_waited_for(self):
        port = free_port()
        storage = self.storage({"url": f"http://127.0.0.1:{port}"}, queue_bytes=len(JPEG), full_wait=10)
        storage.save_capture(JPEG, "c", "1")
        agent = FakeAgent(port=port)
        self.addCleanup(agent.stop)
        storage.save_capture(JPEG, "c", "2")
        self.assertEqual(0, storage.close())
        self.assertEqual(2, len(agent.of("capture")))

    def test_close_names_what_is_left_behind(self):
        storage = self.storage({"url": f"http://127.0.0.1:{free_port()}"})
        for i in range(12):
            storage.save_capture(JPEG, "gate-1", f"a-{i}")
        with self.assertLogs("camspool", "ERROR") as logged:
            self.assertEqual(12, storage.close(timeout=0.05))
        self.assertIn("gate-1/a-0 at ", logged.output[0])
        self.assertIn("and 2 more", logged.output[0])
        self.assertEqual(12, storage.get_statistics()["failed_count"])
        with self.assertRaisesRegex(CamspoolError, "closed"):
            storage.save_capture(JPEG, "c", "late")

    def test_socket_of_the_data_folder_is_found_when_it_comes(self):
        with tempfile.TemporaryDirectory() as data:
            os.environ["CAMSPOOL_DATA"] = data
            self.addCleanup(os.environ.pop, "CAMSPOOL_DATA", None)
            before, camspool.DEFAULT_URL = camspool.DEFAULT_URL, f"http://127.0.0.1:{free_port()}"
            self.addCleanup(setattr, camspool, "DEFAULT_URL", before)
            client = self.client(timeout=0.1)
            with self.assertRaisesRegex(Unavailable, "camspool.sock"):
                client.status()
            agent = FakeAgent(socket=os.path.join(data, "camspool.sock"))
            self.addCleanup(agent.stop)
            self.assertEqual("green", client.status()["health"])

    def test_answer_that_comes_before_the_body_is_read_is_seen(self):
        for family in (socket.AF_INET, getattr(socket, "AF_UNIX", socket.AF_INET)):
            with self.subTest(family=family), tempfile.TemporaryDirectory() as folder:
                listener = socket.socket(family)
                self.addCleanup(listener.close)
                listener.bind(("127.0.0.1", 0) if family == socket.AF_INET else os.path.join(folder, "s"))
                listener.listen()

                def refuse(listener=listener):
                    connection, _ = listener.accept()
                    connection.recv(1000)
                    body = b'{"title":"too large"}'
                    head = b"HTTP/1.1 413 No\r\nContent-Type: application/problem+json\r\nContent-Length: %d\r\n\r\n"
                    connection.sendall(head % len(body) + body)
                    connection.close()

                thread = threading.Thread(target=refuse)
                thread.start()
                name = listener.getsockname()
                at = {"url": f"http://127.0.0.1:{name[1]}"} if family == socket.AF_INET else {"socket": name}
                with self.assertRaisesRegex(Refused, "too large"):
                    self.client(timeout=5, **at).save(JPEG + bytes(20_000_000), "c")
                thread.join()

    def test_wrong_url_is_said(self):
        for url in ("127.0.0.1:8686", "ftp://h", "http://h:99999", "http://h/path", "http://"):
            with self.assertRaises(ValueError, msg=url):
                Client(url=url)

    @unittest.skipUnless(hasattr(os, "fork"), "no fork here")
    def test_forked_process_has_a_queue_of_its_own(self):
        agent = FakeAgent()
        self.addCleanup(agent.stop)
        program = (
            "import os, sys, camspool\n"
            "s = camspool.get_image_storage(url=sys.argv[1], workers=1)\n"
            "s.save_capture(b'\\xff\\xd8\\xff1', 'c', 'parent')\n"
            "child = os.fork()\n"
            "s.save_capture(b'\\xff\\xd8\\xff2', 'c', 'child' if not child else 'after')\n"
            "if child: assert os.waitpid(child, 0)[1] == 0\n"
        )
        subprocess.run([sys.executable, "-c", program, agent.url], cwd=HERE, check=True, timeout=60)
        self.assertEqual({"parent", "child", "after"}, {i["query"]["alert"] for i in agent.of("capture")})
        self.assertEqual(3, len(agent.of("capture")))
        self.assertEqual(2, len(agent.connections))

    def test_what_waits_is_handed_over_at_the_end_of_the_process(self):
        port = free_port()
        program = (
            "import sys, camspool\n"
            "s = camspool.get_image_storage(url=sys.argv[1])\n"
            "assert s.save_capture(b'\\xff\\xd8\\xff1', 'c', 'a') == ''\n"
            "print('saved', flush=True)\n"
        )
        process = subprocess.Popen(
            [sys.executable, "-c", program, f"http://127.0.0.1:{port}"],
            cwd=HERE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self.assertEqual(b"saved\n", process.stdout.readline())
        agent = FakeAgent(port=port)
        self.addCleanup(agent.stop)
        process.communicate(timeout=60)
        self.assertEqual(1, len(agent.of("capture")))


class ImageTest(Case):
    def body(self, image):
        return camspool._content(image)

    def test_encoded_images_go_as_they_are(self):
        for image, kind in (
            (JPEG, "image/jpeg"),
            (PNG, "image/png"),
            (bytearray(JPEG), "image/jpeg"),
            (memoryview(PNG), "image/png"),
            (memoryview(JPEG).cast("B", (len(JPEG), 1)), "image/jpeg"),
        ):
            content = self.body(image)
            self.assertEqual(kind, content.headers["Content-Type"])
            self.assertEqual(bytes(image), content.body)

    def test_frames_say_what_they_are(self):
        content = self.body(frame(2, 5))
        self.assertEqual(
            ("5", "2", "bgr"), tuple(content.headers["Camspool-" + n] for n in ("Width", "Height", "Format"))
        )
        self.assertEqual("gray", self.body(frame(2, 5, 1)).headers["Camspool-Format"])

    def test_what_is_no_image_is_told(self):
        for image, words in (
            (None, "None"),
            ("a path", "no image"),
            (b"not an image", "neither a JPEG"),
            (memoryview(b"x" * 32).cast("B", (2, 4, 4)), "four channels"),
            (memoryview(b"x" * 32).cast("f"), "uint8"),
            (b"", "neither"),
            (frame(1, 65_501), "65501"),
            (Interface(shape=(1, 1, 3), typestr="<f4", data=(0, True)), "uint8"),
            (Interface(shape=(4, 4, 3), data=b"short"), "too few"),
            (Interface(shape=(2, 2, 3), strides=(6, 1, 2), data=b"x" * 12), "gaps"),
        ):
            with self.assertRaisesRegex(InvalidImage, words):
                self.body(image)

    def test_array_interface_with_and_without_gaps_between_rows(self):
        store = (ctypes.c_ubyte * 24)(*range(24))
        address = (ctypes.addressof(store), False)
        self.assertEqual(bytes(range(24)), self.body(Interface(shape=(2, 4, 3), data=address)).body)
        cut = self.body(Interface(shape=(2, 2, 3), strides=(12, 3, 1), data=address))
        self.assertEqual(bytes((0, 1, 2, 3, 4, 5, 12, 13, 14, 15, 16, 17)), cut.body)
        upside_down = Interface(shape=(2, 4, 3), strides=(-12, 3, 1), data=(address[0] + 12, False))
        self.assertEqual(bytes(range(12, 24)) + bytes(range(12)), self.body(upside_down).body)
        self.assertEqual(bytes(range(24)), self.body(Interface(shape=(2, 4, 3), data=bytes(range(24)))).body)

    @unittest.skipUnless(numpy, "numpy is not here")
    def test_numpy_arrays_however_they_lie_in_memory(self):
        whole = numpy.arange(8 * 10 * 3, dtype=numpy.uint8).reshape(8, 10, 3)
        for image in (
            whole,
            whole[2:6, 3:9],
            whole[::-1],
            whole[:, :, ::-1],
            whole[::2, ::3],
            whole[..., 1],
            numpy.asfortranarray(whole),
            whole[..., :1],
        ):
            content = self.body(image)
            self.assertEqual(numpy.ascontiguousarray(image).tobytes(), content.body)
            self.assertEqual(str(image.shape[1]), content.headers["Camspool-Width"])
        self.assertEqual(JPEG, self.body(numpy.frombuffer(JPEG, numpy.uint8)).body)
        with self.assertRaisesRegex(InvalidImage, "uint8"):
            self.body(whole.astype(float))
        with self.assertRaisesRegex(InvalidImage, "empty"):
            self.body(whole[:0])

    def test_times(self):
        local = datetime.datetime(2026, 1, 2, 3, 4, 5)
        self.assertEqual(camspool._instant(local.timestamp()), camspool._instant(local))
        self.assertEqual("1970-01-01T00:00:01.500Z", camspool._instant(1.5))


class ModuleTest(Case):
    def test_one_of_each_for_the_process(self):
        agent = FakeAgent()
        self.addCleanup(agent.stop)
        self.addCleanup(setattr, camspool, "_storage", None)
        self.addCleanup(setattr, camspool, "_cache", None)
        storage = camspool.get_image_storage(url=agent.url)
        self.assertIs(storage, camspool.get_image_storage())
        with self.assertLogs("camspool", "WARNING"):
            self.assertIs(storage, camspool.get_image_storage(CaptureConfig(quality=50)))
        storage.close()
        self.assertIsNot(storage, camspool.get_image_storage(url=agent.url))
        with tempfile.TemporaryDirectory() as folder:
            os.mkdir(os.path.join(folder, "pending"))
            with open(os.path.join(folder, "pending", "1.json"), "w") as file:
                json.dump({}, file)
            with self.assertLogs("camspool", "WARNING") as logged:
                cache = camspool.get_local_cache(folder, url=agent.url)
        self.assertIn("camspool import", logged.output[0])
        self.assertIs(cache, camspool.get_local_cache())

    def test_configuration_is_checked_whole(self):
        with self.assertRaisesRegex(ValueError, "quality=0.*max_height=0.*save_format"):
            CaptureConfig(quality=0, max_height=0, save_format=".bmp")

    def test_reads_as_python_3_8(self):
        with open(camspool.__file__, encoding="utf-8") as file:
            ast.parse(file.read(), feature_version=(3, 8))


if __name__ == "__main__":
    unittest.main()
