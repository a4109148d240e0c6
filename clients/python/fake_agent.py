"""An agent for tests: the shapes of openapi.yaml, held in memory, and faults on demand."""

import hashlib
import json
import os
import re
import socketserver
import threading
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

CAPTURES = "/var/lib/camspool/captures"


class Lose:
    """Do what was asked, then close without an answer."""


class Answer:
    """Answer so, and do nothing."""

    def __init__(self, status, headers=None, kind="application/problem+json"):
        self.status = status
        self.headers = headers or {}
        self.kind = kind


class Hold:
    """Answer only when the event is set."""

    def __init__(self, event):
        self.event = event


class FakeAgent:
    """Serves on `url`, or on a Unix socket. `faults` are taken by the next POSTs of captures and alerts."""

    def __init__(self, socket=None, port=0, token=None, sinks=("local-cache",)):
        self.lock = threading.Lock()
        self.items = {}
        self.order = []
        self.pending = {name: [] for name in sinks}
        self.leases = {}
        self.faults = []
        self.requests = []
        self.connections = []
        self.forget_admitted = 0
        self.token = token
        agent = self

        class Handler(_Handler):
            pass

        Handler.agent = agent
        if socket:
            self.server = _UnixServer(socket, Handler)
        else:
            self.server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
            self.port = self.server.server_address[1]
            self.url = f"http://127.0.0.1:{self.port}"
        self.server.daemon_threads = True
        self.server.block_on_close = False
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
        with self.lock:
            connections, self.connections = self.connections, []
        for connection in connections:
            try:
                connection.shutdown(2)
            except OSError:
                pass

    def of(self, kind):
        with self.lock:
            return [self.items[id] for id in self.order if self.items[id]["kind"] == kind]

    def posts(self, path):
        with self.lock:
            return [r for r in self.requests if r["method"] == "POST" and r["path"] == path]

    def next_fault(self):
        with self.lock:
            return self.faults.pop(0) if self.faults else None

    def store(self, kind, body, query, headers, key, is_admitted=False):
        sha256 = hashlib.sha256(body).hexdigest()
        id = (
            key
            if re.fullmatch("[a-z0-9-]{1,64}", key or "")
            else hashlib.sha256((key or os.urandom(8).hex()).encode()).hexdigest()[:20]
        )
        with self.lock:
            known = self.items.get(id)
            if known is not None:
                return known if known["sha256"] == sha256 else None
            item = {"id": id, "kind": kind, "seq": len(self.order) + 1, "bytes": len(body), "sha256": sha256}
            item.update({"body": body, "query": query, "headers": headers})
            if kind == "capture":
                name = "{}_{}_{}.jpg".format(query.get("camera"), query.get("alert"), id)
                item["path"] = f"{CAPTURES}/20261124/{name}"
            if is_admitted and self.forget_admitted:
                self.forget_admitted -= 1
                return item
            self.items[id] = item
            self.order.append(id)
            for owed in self.pending.values():
                owed.append(id)
            return item


class _UnixServer(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    agent = None

    def setup(self):
        super().setup()
        with self.agent.lock:
            self.agent.connections.append(self.connection)

    def log_message(self, *_):
        pass

    def handle(self):
        try:
            super().handle()
        except OSError:
            pass

    def finish(self):
        try:
            super().finish()
        except OSError:
            pass

    def do_GET(self):
        self.answer_to("GET")

    def do_POST(self):
        self.answer_to("POST")

    def answer_to(self, method):
        agent = self.agent
        url = urllib.parse.urlsplit(self.path)
        pairs = urllib.parse.parse_qsl(url.query)
        query = dict(pairs)
        query["labels"] = [value for name, value in pairs if name == "label"]
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        with agent.lock:
            agent.requests.append(
                {"method": method, "path": url.path, "query": query, "headers": self.headers, "body": body}
            )
        if agent.token and self.headers.get("Authorization") != "Bearer " + agent.token:
            return self.problem(401, "a token is needed")
        fault = None
        if method == "POST" and url.path in ("/v1/captures", "/v1/alerts"):
            fault = agent.next_fault()
        if isinstance(fault, Answer):
            return self.problem(fault.status, "as the test wants it", fault.headers, fault.kind)
        if isinstance(fault, Hold):
            fault.event.wait(20)
        self.lose = isinstance(fault, Lose)
        if method == "POST" and url.path in ("/v1/captures", "/v1/alerts"):
            return self.take("capture" if url.path == "/v1/captures" else "alert", body, query)
        if method == "GET" and url.path == "/v1/captures":
            found = [
                i
                for i in reversed(agent.of("capture"))
                if all(i["query"].get(n) == query[n] for n in ("camera", "alert") if n in query)
            ]
            return self.json(200, {"items": [self.shown(i) for i in found[: int(query.get("limit", 100))]]})
        if method == "GET" and url.path.startswith("/v1/items/"):
            item = agent.items.get(url.path[len("/v1/items/") :])
            return self.json(200, self.shown(item)) if item else self.problem(404, "no such item")
        if method == "GET" and url.path == "/v1/status":
            return self.json(200, {"version": "1", "health": "green", "data": "/var/lib/camspool"})
        if method == "POST" and url.path == "/v1/cleanup":
            agent.cleanup = json.loads(body)
            none = {"items": 0, "bytes": 0}
            return self.json(
                200,
                {
                    "removed": {"captures": {"items": 3, "bytes": 9}, "alerts": none},
                    "dropped": {"captures": none, "alerts": none},
                },
            )
        match = re.fullmatch("/v1/sinks/([^/]+)(/due|/confirm|/release)?", url.path)
        if not match or match.group(1) not in agent.pending:
            return self.problem(404, "no such sink")
        return self.sink(match.group(1), match.group(2), json.loads(body or b"{}"))

    def take(self, kind, body, query):
        key = self.headers.get("Idempotency-Key")
        is_async = kind == "capture" and self.headers.get("Prefer") == "respond-async"
        if kind == "capture" and not query.get("camera"):
            return self.problem(400, "a camera is needed")
        item = self.agent.store(kind, body, query, self.headers, key, is_async)
        if item is None:
            return self.problem(409, "another item has this key")
        names = ("id", "kind", "path") if is_async else ("id", "kind", "seq", "path", "bytes", "sha256")
        self.json(202 if is_async else 201, {name: item[name] for name in names if name in item})

    def sink(self, name, what, asked):
        agent = self.agent
        with agent.lock:
            owed = agent.pending[name]
            if what is None:
                answer = {"id": name, "pull": True, "backlog": {"items": len(owed), "bytes": 0}}
            elif what == "/due":
                free = [agent.items[id] for id in owed if id not in agent.leases.values()]
                free.sort(key=lambda item: (item["kind"] != "alert", item["seq"]))
                answer = {"items": []}
                for item in free[: asked["items"]]:
                    lease = f"lease-{len(agent.requests) * 10_000 + len(agent.leases)}"
                    agent.leases[lease] = item["id"]
                    delivery = {"lease": lease, "key": "k", "source": "box~spool", "item": self.shown(item)}
                    if item["kind"] == "alert":
                        delivery["json"] = json.loads(item["body"])
                    answer["items"].append(delivery)
            elif what == "/release":
                answer = {"items": sum(agent.leases.pop(lease, None) is not None for lease in asked["leases"])}
            else:
                known = [id for id in asked["ids"] if id in owed]
                for id in known:
                    owed.remove(id)
                agent.leases = {lease: id for lease, id in agent.leases.items() if id not in known}
                answer = {"items": len(known)}
        self.json(200, answer)

    def shown(self, item):
        return {name: item[name] for name in ("id", "kind", "seq", "path", "bytes", "sha256") if name in item}

    def problem(self, status, title, headers=None, kind="application/problem+json"):
        self.json(status, {"type": "/problems/test", "title": title, "status": status}, headers, kind)

    def json(self, status, document, headers=None, kind="application/json"):
        if getattr(self, "lose", False):
            self.close_connection = True
            return
        body = json.dumps(document).encode("utf-8")
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()
