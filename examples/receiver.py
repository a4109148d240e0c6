#!/usr/bin/env python3
"""A receiver for Camspool's http sink: alerts and images into a folder.

    python3 receiver.py --port 8080 --folder received [--token SECRET]

    POST /alerts         CloudEvents batch  ->  FOLDER/alerts/<source>/<id>.json
    PUT  /images/<key>   any file           ->  FOLDER/images/<key>
    HEAD /health         can it take something?

It answers only when the bytes are on the disk. A repeat is taken as such: Camspool sends everything
at least once, with the same id, key and bytes. docs/http-sink.md says what goes over the wire.
"""

import argparse
import gzip
import hashlib
import hmac
import json
import os
import re
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

MAX_ALERTS_BYTES = 16_000_000
MAX_IMAGE_BYTES = 1_000_000_000
CHUNK_BYTES = 64 * 1024
SAFE_SOURCE = re.compile(r"[A-Za-z0-9._-]{1,64}~[a-z0-9]{6}")
SAFE_ID = re.compile(r"[a-z0-9-]{1,64}")

# One at a time decides what stands under a name.
placing = threading.Lock()


def sha256(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() if hasattr(
            hashlib, "file_digest"
        ) else hashlib.sha256(file.read()).hexdigest()


def force_folder(folder):
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def place(aside, target):
    """Gives a forced file its name. True: it is there now; False: another one already was."""
    with placing:
        missing = [p for p in [target.parent, *target.parents] if not p.exists()]
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.exists():
            same = sha256(aside) == sha256(target)
            os.unlink(aside)
            return same
        os.replace(aside, target)
        for folder in {target.parent, *(p.parent for p in missing)}:
            force_folder(folder)
        return True


class Receiver(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"  # connections are used again

    def do_HEAD(self):
        self.answer(200 if self.allowed() else 401)

    def do_POST(self):
        if urlsplit(self.path).path != "/alerts":
            self.refuse(404, "there is only /alerts and /images/<key>")
        elif self.ready(MAX_ALERTS_BYTES):
            self.take_alerts(self.rfile.read(self.length()))

    def do_PUT(self):
        path = urlsplit(self.path).path
        if not path.startswith("/images/"):
            self.refuse(404, "there is only /alerts and /images/<key>")
        elif self.ready(MAX_IMAGE_BYTES):
            self.take_image(unquote(path[len("/images/"):]))

    def take_alerts(self, body):
        accepted, refused = [], []
        try:
            if self.headers.get("Content-Encoding") == "gzip":
                body = gzip.decompress(body)
            events = json.loads(body)
            names = [(str(event["source"]), str(event["id"])) for event in events]
        except (OSError, EOFError, ValueError, TypeError, KeyError):
            self.answer(400, {"error": "not a batch of CloudEvents"})
            return
        for (source, id), event in zip(names, events):
            if not SAFE_SOURCE.fullmatch(source) or not SAFE_ID.fullmatch(id):
                refused.append({"id": id, "reason": "not a source or an id"})
                continue
            aside = self.aside()
            with open(aside, "w", encoding="utf-8") as file:
                json.dump(event, file, ensure_ascii=False, sort_keys=True)
                file.flush()
                os.fsync(file.fileno())
            if place(aside, self.server.folder / "alerts" / source / (id + ".json")):
                accepted.append(id)
            else:
                refused.append({"id": id, "reason": "foreign object"})
        # Only what is named here counts as delivered.
        self.answer(200, {"accepted": accepted, "refused": refused})

    def take_image(self, key):
        parts = key.split("/")
        if any(part in ("", ".", "..") or "\\" in part or "\0" in part for part in parts):
            self.refuse(400, "not a key")
            return
        aside, left, digest = self.aside(), self.length(), hashlib.sha256()
        try:
            with open(aside, "wb") as file:
                while left > 0:
                    chunk = self.rfile.read(min(left, CHUNK_BYTES))
                    if not chunk:
                        raise ConnectionError("cut off")
                    file.write(chunk)
                    digest.update(chunk)
                    left -= len(chunk)
                file.flush()
                os.fsync(file.fileno())
        except OSError:
            os.unlink(aside)
            raise
        expected = self.headers.get("Camspool-Sha256")
        if expected and expected != digest.hexdigest():
            os.unlink(aside)
            self.answer(503, {"error": "the bytes are not those of Camspool-Sha256"})
        elif place(aside, self.server.folder / "images" / Path(*parts)):
            self.answer(201, headers={"ETag": '"%s"' % digest.hexdigest()})
        else:
            self.answer(409, {"error": "foreign object"})

    def aside(self):
        handle, path = tempfile.mkstemp(dir=self.server.folder / ".incoming")
        os.close(handle)
        return path

    def length(self):
        return int(self.headers.get("Content-Length", "0"))

    def allowed(self):
        token = self.server.token
        given = self.headers.get("Authorization", "")
        return token is None or hmac.compare_digest(given.encode(), b"Bearer " + token.encode())

    def ready(self, most):
        """Whether the body may come; answers if not."""
        if not self.allowed():
            self.refuse(401, "who are you?")
        elif self.length() > most:
            self.refuse(413, "at most %d bytes" % most)
        else:
            return True
        return False

    def refuse(self, status, why):
        """Answers without having read the body: what is left of it must not be the next request."""
        self.close_connection = True
        left = min(self.length(), MAX_ALERTS_BYTES)
        while left > 0:
            chunk = self.rfile.read(min(left, CHUNK_BYTES))
            left = left - len(chunk) if chunk else 0
        self.answer(status, {"error": why})

    def answer(self, status, content=None, headers=None):
        body = b"" if content is None else json.dumps(content).encode()
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8080, help="0: any that is free")
    parser.add_argument("--folder", type=Path, default=Path("received"))
    parser.add_argument("--token", help="what must stand in Authorization: Bearer")
    options = parser.parse_args()
    (options.folder / ".incoming").mkdir(parents=True, exist_ok=True)
    server = ThreadingHTTPServer((options.host, options.port), Receiver)
    server.folder, server.token = options.folder, options.token
    print("listening on http://%s:%d" % server.server_address, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
