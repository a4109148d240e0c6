"""The old module's calls, replayed against a real agent: CAMSPOOL_URL says where it listens."""

import os
import threading
import time
import unittest
from datetime import datetime, timedelta

import camspool


def frame(width=320, height=240, pixels=None):
    """A raw frame as OpenCV has it, without numpy."""
    return memoryview(pixels or bytearray(width * height * 3)).cast("B", (height, width, 3))


def until(condition, limit=20.0):
    end = time.monotonic() + limit
    while not condition():
        if time.monotonic() > end:
            raise AssertionError("not in time")
        time.sleep(0.02)


class ReplayTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.storage = camspool.get_image_storage(camspool.CaptureConfig())
        cls.cache = camspool.get_local_cache()

    def saved(self):
        return self.storage.get_statistics()["saved_count"]

    def test_a_capture_is_saved_where_its_path_says(self):
        before = self.saved()
        path = self.storage.save_capture(frame(), "gate-1", "a-1")
        until(lambda: self.saved() == before + 1)
        with open(path, "rb") as image:
            self.assertEqual(b"\xff\xd8", image.read(2))
        self.assertEqual(path, self.storage.get_image_path("gate-1", "a-1"))

    def test_one_process_has_one_storage_and_one_cache(self):
        self.assertIs(self.storage, camspool.get_image_storage())
        self.assertIs(self.cache, camspool.get_local_cache())

    def test_yesterdays_image_is_found(self):
        yesterday = datetime.now() - timedelta(days=1)
        before = self.saved()
        self.storage.save_capture(frame(), "gate-1", "a-2", yesterday)
        until(lambda: self.saved() == before + 1)
        self.assertIn(yesterday.strftime("%Y%m%d"), self.storage.get_image_path("gate-1", "a-2"))

    def test_names_that_look_alike_stay_apart_and_lead_nowhere(self):
        before = self.saved()
        names = [("a/b", "1"), ("a_b", "1"), ("..", "../../x"), ("东门", "告警 7")]
        for camera, alert in names:
            self.storage.save_capture(frame(), camera, alert)
        until(lambda: self.saved() == before + len(names))
        paths = {self.storage.get_image_path(camera, alert) for camera, alert in names}
        self.assertEqual(len(names), len(paths))
        self.assertTrue(all(os.sep + "captures" + os.sep in path for path in paths))

    def test_a_buffer_that_is_used_again_is_not_torn(self):
        pixels = bytearray(64 * 48 * 3)
        before = self.saved()
        for value in (10, 200):
            pixels[:] = bytes([value]) * len(pixels)
            self.storage.save_capture(frame(64, 48, pixels), "torn", "value-%d" % value)
        until(lambda: self.saved() == before + 2)
        images = [open(self.storage.get_image_path("torn", "value-%d" % value), "rb") for value in (10, 200)]
        first, second = [image.read() for image in images]
        for image in images:
            image.close()
        self.assertNotEqual(first, second)

    def test_a_one_pixel_side_survives_the_downscale(self):
        before = self.saved()
        self.storage.save_capture(frame(4000, 1), "line", "a-1")
        until(lambda: self.saved() == before + 1)

    def test_statistics_have_the_old_keys(self):
        statistics = self.storage.get_statistics()
        for key in ("saved_count", "failed_count", "queue_size", "image_dir"):
            self.assertIn(key, statistics)

    def test_what_is_undelivered_outlives_a_cleanup(self):
        long_ago = datetime.now() - timedelta(days=30)
        before = self.saved()
        path = self.storage.save_capture(frame(), "old", "a-1", long_ago)
        until(lambda: self.saved() == before + 1)
        self.storage.cleanup_old_images(days=7)
        self.assertTrue(os.path.exists(path or self.storage.get_image_path("old", "a-1")))

    def test_the_cache_keeps_lists_and_lets_go(self):
        self.cache.clear_cache()
        ids = [self.cache.cache_alert({"kind": "person", "n": n, "名": "东门"}) for n in range(5)]
        self.assertTrue(all(ids))
        self.assertEqual(5, self.cache.get_pending_count())
        pending = self.cache.get_pending_alerts()
        self.assertEqual(list(range(5)), [alert["n"] for alert in pending])
        self.assertEqual(ids, [alert["_cache_id"] for alert in pending])
        self.assertTrue(self.cache.remove_cached(ids[0]))
        self.assertFalse(self.cache.remove_cached(ids[0]))
        self.assertFalse(self.cache.remove_cached("../../etc/passwd"))
        self.assertEqual(4, self.cache.get_pending_count())
        self.assertEqual(4, self.cache.clear_cache())
        self.assertEqual(0, self.cache.get_pending_count())

    def test_many_threads_lose_and_double_nothing(self):
        before = self.saved()
        threads = [
            threading.Thread(
                target=lambda n=n: [
                    self.storage.save_capture(frame(64, 48), "many", "%d-%d" % (n, i)) for i in range(10)
                ]
            )
            for n in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        until(lambda: self.saved() == before + 80)


if __name__ == "__main__":
    unittest.main()
