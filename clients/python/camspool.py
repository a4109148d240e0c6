"""Camspool for Python: hands captures and alerts to the Camspool agent on this machine.

One file, Python 3.8 and later, standard library only: copy it beside your program. It has two faces.

In place of the image storage and local cache that programs have carried until now, by a change of the import:

    from camspool import CaptureConfig, get_image_storage, get_local_cache

    storage = get_image_storage()
    path = storage.save_capture(frame, "gate-1", "a-42")    # a frame of OpenCV, or the bytes of a JPEG or PNG
    cache = get_local_cache()
    cache_id = cache.cache_alert({"camera_id": "gate-1", "alert_id": "a-42", "kind": "person"})

And a small client, whose calls return when what they were given is durable:

    from camspool import Capture, Client

    with Client() as client:
        stored = client.save(frame, "gate-1", alert="a-42", labels={"zone": "north"})
        client.alert({"kind": "person"}, camera="gate-1", captures=[Capture(frame)])

The agent is found by the arguments, else by the environment:

    CAMSPOOL_SOCKET   its Unix socket
    CAMSPOOL_URL      its address, http://127.0.0.1:8686
    CAMSPOOL_DATA     its data folder, else ./data; without the two above its camspool.sock is tried, then the address
    CAMSPOOL_TOKEN    the token, or file:PATH of a file that holds it

A process that was forked has a queue of its own, empty at first. The logger is named `camspool`.
"""

from __future__ import annotations

import atexit
import ctypes
import dataclasses
import datetime
import heapq
import http.client
import itertools
import json
import logging
import os
import random
import re
import socket as sockets
import threading
import time as clock
import urllib.parse
import uuid
import weakref
from typing import Any, Dict, List, Mapping, NamedTuple, Optional, Sequence, Tuple, Union

__all__ = [
    "CamspoolError",
    "Capture",
    "CaptureConfig",
    "Client",
    "ImageStorage",
    "InvalidImage",
    "LocalCache",
    "Refused",
    "Unavailable",
    "get_image_storage",
    "get_local_cache",
]

DEFAULT_URL = "http://127.0.0.1:8686"
DEFAULT_SINK = "local-cache"
DEFAULT_QUEUE_BYTES = 128_000_000

MAX_SIDE = 65_500
MAX_ANSWER_BYTES = 256_000_000
PIECE_BYTES = 65_536
MAX_IDLE_CONNECTIONS = 8
# An agent may close a connection that rests; one that has rested so long is not used again.
MAX_IDLE_SECONDS = 20.0
CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 30.0
# A last try that gets less would time out, and hide what is really wrong.
LEAST_ANSWER_SECONDS = 1.0

# Delays between tries, each up to a third shorter at random.
FIRST_DELAY_SECONDS = 0.2
LONGEST_DELAY_SECONDS = 10.0
LONGEST_RETRY_AFTER_SECONDS = 60.0
REMINDER_SECONDS = 60.0

# An admitted capture is looked for after so long; one that is not there in time is handed over again.
FIRST_LOOK_SECONDS = 0.1
LONGEST_LOOK_SECONDS = 1.0
DURABLE_SECONDS = 5.0

# A capture that makes the agent fail is given up after so many tries; any other trouble is the agent's.
MAX_FAILURES = 5
# Answers by which the agent refuses this one item, whatever the time.
ITEM_REFUSED = frozenset((400, 409, 413, 415, 422))
MAX_NAMED_LEFT = 10

PAGE_ITEMS = 100
MAX_PENDING_ALERTS = 10_000

log = logging.getLogger("camspool")

Time = Union[None, datetime.datetime, int, float, str]
Json = Dict[str, Any]


# Errors


class CamspoolError(Exception):
    """What went wrong, in words. Where the outcome is unknown a repeat with this `key` is safe."""

    key: Optional[str] = None


class InvalidImage(CamspoolError, ValueError):
    """What was handed over is neither a frame nor an image."""


class Unavailable(CamspoolError):
    """The agent is away, full or failing; the same call may succeed later."""

    def __init__(self, message: str, status: int = 0, retry_after: Optional[float] = None):
        super().__init__(message)
        self.status = status
        self.retry_after = retry_after


class Refused(CamspoolError):
    """The agent refused the request; `problem` has its `type`, `field`, `allowed` and `hint` where it said so."""

    def __init__(self, message: str, status: int, problem: Mapping[str, Any]):
        super().__init__(message)
        self.status = status
        self.problem = problem


# What is handed over


@dataclasses.dataclass
class CaptureConfig:
    """What a program expects of the stored images.

    The agent's camspool.yaml decides all of these, for all programs alike. What is known to differ is warned of once.
    """

    image_dir: str = "./data/captures"
    quality: int = 85
    max_width: int = 1920
    max_height: int = 1080
    save_format: str = ".jpg"

    def __post_init__(self) -> None:
        wrong = []
        if not 1 <= self.quality <= 100:
            wrong.append(f"quality={self.quality!r}: 1 to 100")
        for side in ("max_width", "max_height"):
            if not 1 <= getattr(self, side) <= MAX_SIDE:
                wrong.append(f"{side}={getattr(self, side)!r}: 1 to {MAX_SIDE}")
        if self.save_format not in (".jpg", ".jpeg", ".png"):
            wrong.append(f"save_format={self.save_format!r}: .jpg or .png")
        if wrong:
            raise ValueError("; ".join(wrong))


@dataclasses.dataclass
class Capture:
    """One capture of an alert, for `Client.alert`. What is None is as with the alert."""

    image: Any
    camera: Optional[str] = None
    time: Time = None
    labels: Optional[Mapping[str, str]] = None
    priority: Optional[int] = None
    media_type: Optional[str] = None


class _Content(NamedTuple):
    body: bytes
    headers: Dict[str, str]


def _content(image: Any, media_type: Optional[str] = None) -> _Content:
    """A copy of the image, and what to say of it."""
    if image is None:
        raise InvalidImage("the image is None: no frame came from the camera")
    if media_type is not None:
        return _Content(bytes(image), {"Content-Type": media_type})
    if isinstance(image, (bytes, bytearray)):
        return _encoded(bytes(image))
    shape, body = _pixels(image)
    if not body:
        raise InvalidImage(f"the image is empty: shape {shape!r}")
    # What cv2.imencode gives is an array of one row, or one column.
    if len(shape) == 1 or (len(shape) == 2 and shape[1] == 1 and _media_type(body)):
        return _encoded(body)
    if len(shape) == 2 or (len(shape) == 3 and shape[2] == 1):
        order = "gray"
    elif len(shape) == 3 and shape[2] == 3:
        # An image of Pillow says its mode; an array is as OpenCV has it.
        order = "rgb" if getattr(image, "mode", None) == "RGB" else "bgr"
    else:
        raise InvalidImage(
            f"the image has the shape {shape!r}; allowed are (height, width, 3) in the order BGR, and (height, width). "
            "Of four channels take frame[..., :3]"
        )
    height, width = shape[:2]
    if max(height, width) > MAX_SIDE:
        raise InvalidImage(f"the image is {width} x {height}; at most {MAX_SIDE} a side")
    return _Content(
        body,
        {
            "Content-Type": "application/x-camspool-frame",
            "Camspool-Width": str(width),
            "Camspool-Height": str(height),
            "Camspool-Format": order,
        },
    )


def _media_type(body: bytes) -> Optional[str]:
    if body.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    return "image/png" if body.startswith(b"\x89PNG\r\n\x1a\n") else None


def _encoded(body: bytes) -> _Content:
    media_type = _media_type(body)
    if media_type is None:
        raise InvalidImage(
            f"these {len(body)} bytes are neither a JPEG nor a PNG; a raw frame must have the shape (height, width, 3) "
            "or (height, width)"
        )
    return _Content(body, {"Content-Type": media_type})


def _pixels(image: Any) -> Tuple[Tuple[int, ...], bytes]:
    """Shape and a copy of the bytes, rows without a gap."""
    try:
        view = memoryview(image)
    except TypeError:
        return _pixels_by_interface(image)
    if view.shape is None or view.format.lstrip("@=<>!|") != "B":
        raise InvalidImage(f"the image has elements of the type {view.format!r}; only uint8 is allowed")
    # An array's own copy of strided rows is many times faster than the view's.
    own = getattr(image, "tobytes", None)
    body = own() if callable(own) else view.tobytes()
    return tuple(view.shape), body if len(body) == view.nbytes else view.tobytes()


def _pixels_by_interface(image: Any) -> Tuple[Tuple[int, ...], bytes]:
    interface = getattr(image, "__array_interface__", None)
    if not isinstance(interface, dict):
        raise InvalidImage(f"a {type(image).__name__} is no image: hand over an array of uint8, or JPEG or PNG bytes")
    shape = tuple(interface["shape"])
    if interface["typestr"][1:] != "u1":
        raise InvalidImage(f"the image has elements of the type {interface['typestr']!r}; only uint8 is allowed")
    row_bytes = 1
    for side in shape[1:]:
        row_bytes *= side
    strides = interface.get("strides") or (row_bytes,) + _inner_strides(shape)
    if tuple(strides[1:]) != _inner_strides(shape):
        raise InvalidImage("the pixels of a row have gaps; hand over numpy.ascontiguousarray(image)")
    data = interface.get("data")
    rows = range(shape[0]) if shape else range(0)
    if isinstance(data, tuple):
        return shape, b"".join(ctypes.string_at(data[0] + y * strides[0], row_bytes) for y in rows)
    if data is None:
        raise InvalidImage(f"a {type(image).__name__} shows no bytes")
    flat, start = memoryview(data).cast("B"), interface.get("offset", 0)
    starts = [start + y * strides[0] for y in rows]
    if any(at < 0 or at + row_bytes > len(flat) for at in starts):
        raise InvalidImage(f"the image has {len(flat)} bytes, too few for the shape {shape}")
    return shape, b"".join(bytes(flat[at : at + row_bytes]) for at in starts)


def _inner_strides(shape: Sequence[int]) -> Tuple[int, ...]:
    strides: Tuple[int, ...] = ()
    step = 1
    for side in reversed(shape[1:]):
        strides = (step,) + strides
        step *= side
    return strides


def _instant(time: Time) -> str:
    """As the agent reads it. A datetime without a zone is local, as it always was."""
    if isinstance(time, str):
        return time
    if time is None:
        time = clock.time()
    if isinstance(time, (int, float)):
        time = datetime.datetime.fromtimestamp(time, datetime.timezone.utc)
    utc = time.astimezone(datetime.timezone.utc)
    return utc.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _described(
    camera: Optional[str],
    alert: Optional[str],
    time: Time,
    labels: Optional[Mapping[str, str]],
    priority: Optional[int],
) -> List[Tuple[str, str]]:
    """What is said of an item besides its content, by the names of the query."""
    pairs = []
    if camera is not None:
        pairs.append(("camera", str(camera)))
    if alert is not None:
        pairs.append(("alert", str(alert)))
    if time is not None:
        pairs.append(("time", _instant(time)))
    pairs.extend(("label", f"{name}={value}") for name, value in (labels or {}).items())
    if priority is not None:
        pairs.append(("priority", str(priority)))
    return pairs


def _target(path: str, pairs: Sequence[Tuple[str, str]]) -> str:
    query = urllib.parse.urlencode(pairs, quote_via=urllib.parse.quote, safe="")
    return path + "?" + query if query else path


def _new_key() -> str:
    """A key that can be an item id, so it is the item's."""
    return uuid.uuid4().hex


# The way to the agent


class _Answer(NamedTuple):
    status: int
    headers: Mapping[str, str]
    body: bytes

    def document(self) -> Json:
        try:
            document = json.loads(self.body.decode("utf-8"))
        except ValueError:
            document = None
        if not isinstance(document, dict):
            raise Unavailable(f"what answers is no Camspool agent: {self.status} without a JSON object")
        return document


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: str, timeout: float):
        super().__init__("localhost", timeout=timeout)
        self._path = path

    def connect(self) -> None:
        family = getattr(sockets, "AF_UNIX", None)
        if family is None:
            raise OSError("this Python has no Unix sockets: use a URL")
        self.sock = sockets.socket(family, sockets.SOCK_STREAM)
        try:
            self.sock.settimeout(self.timeout)
            self.sock.connect(self._path)
        except BaseException:
            self.sock.close()
            self.sock = None
            raise


_agents: weakref.WeakSet[_Agent] = weakref.WeakSet()


class _Agent:
    """Where the agent is, its token, and connections to it that rest. Safe for many threads."""

    def __init__(self, url: Optional[str], socket: Optional[str], token: Optional[str]):
        if url is None and socket is None:
            socket = os.environ.get("CAMSPOOL_SOCKET") or None
            url = None if socket else os.environ.get("CAMSPOOL_URL") or None
        elif url is not None and socket is not None:
            raise ValueError("url and socket: only one of the two")
        # Places to try in turn; the socket's file may come later than this process.
        self._places: List[Tuple[Optional[str], str]] = []
        if socket is not None or url is None:
            path = socket or os.path.join(os.environ.get("CAMSPOOL_DATA") or "data", "camspool.sock")
            self._places.append((os.path.abspath(path), ""))
        if socket is None:
            self._places.append((None, url or DEFAULT_URL))
        for _, place in self._places:
            if place:
                _checked_url(place)
        self._token_source = token if token is not None else os.environ.get("CAMSPOOL_TOKEN", "")
        self._token: Optional[str] = None
        self.forget_connections()
        _agents.add(self)

    def forget_connections(self) -> None:
        """After a fork those that rest are the parent's."""
        self._lock = threading.Lock()
        self._idle: List[Tuple[float, http.client.HTTPConnection]] = []
        self._is_closed = False

    def close(self) -> None:
        with self._lock:
            self._is_closed = True
            idle, self._idle = self._idle, []
        for _, connection in idle:
            connection.close()

    def where(self) -> str:
        return " or ".join(path or url for path, url in self._places)

    def exchange(
        self,
        method: str,
        target: str,
        body: bytes = b"",
        headers: Optional[Mapping[str, str]] = None,
        seconds: float = ANSWER_SECONDS,
    ) -> _Answer:
        """One try. Any answer below 300 is returned; throws Refused or Unavailable."""
        answer = self._try(method, target, body, headers or {}, seconds)
        if answer.status == 401 and self._read_token():
            answer = self._try(method, target, body, headers or {}, seconds)
        if answer.status >= 300:
            raise _failure(answer)
        return answer

    def _try(self, method: str, target: str, body: bytes, headers: Mapping[str, str], seconds: float) -> _Answer:
        if self._token is None:
            self._read_token()
        all_headers = dict(headers)
        if self._token:
            all_headers["Authorization"] = "Bearer " + self._token
        while True:
            connection, rested = self._connection(seconds)
            try:
                return self._send(connection, method, target, body, all_headers)
            except (OSError, http.client.HTTPException) as trouble:
                connection.close()
                if rested and isinstance(trouble, (ConnectionError, http.client.BadStatusLine)):
                    continue  # The agent had closed it before; each further round has one fewer.
                raise Unavailable(f"the agent at {self.where()} didn't answer: {_words(trouble)}") from trouble

    def _send(
        self, connection: http.client.HTTPConnection, method: str, target: str, body: bytes, headers: Mapping[str, str]
    ) -> _Answer:
        try:
            connection.request(method, target, body=body or None, headers=dict(headers))
        except (BrokenPipeError, ConnectionResetError):
            # A body that is refused is not read to its end: the answer may be there all the same.
            answer = connection.getresponse()
        else:
            answer = connection.getresponse()
        content = bytearray()
        while len(content) <= MAX_ANSWER_BYTES:
            # A piece at a time: older versions of Python allocate all that they may read.
            piece = answer.read(PIECE_BYTES)
            if not piece:
                break
            content += piece
        else:
            raise http.client.HTTPException(f"an answer of more than {MAX_ANSWER_BYTES} bytes")
        result = _Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, bytes(content))
        if answer.will_close:
            connection.close()
        else:
            self._rest(connection)
        return result

    def _connection(self, seconds: float) -> Tuple[http.client.HTTPConnection, bool]:
        now = clock.monotonic()
        while True:
            with self._lock:
                since, connection = self._idle.pop() if self._idle else (0.0, None)
            if connection is None:
                return self._connect(seconds), False
            if now - since < MAX_IDLE_SECONDS and connection.sock is not None:
                connection.sock.settimeout(seconds)
                return connection, True
            connection.close()

    def _connect(self, seconds: float) -> http.client.HTTPConnection:
        troubles = []
        for path, url in self._places:
            connection: http.client.HTTPConnection
            if path is not None:
                connection = _UnixConnection(path, min(seconds, CONNECT_SECONDS))
            else:
                parts = urllib.parse.urlsplit(url)
                kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
                connection = kind(parts.hostname or "", parts.port, timeout=min(seconds, CONNECT_SECONDS))
            try:
                connection.connect()
                connection.sock.settimeout(seconds)
                return connection
            except OSError as trouble:
                connection.close()
                troubles.append(f"{path or url}: {_words(trouble)}")
        tried = "; ".join(troubles)
        raise Unavailable(f"the agent is not there ({tried}); `camspool serve` starts it")

    def _rest(self, connection: http.client.HTTPConnection) -> None:
        with self._lock:
            if not self._is_closed and len(self._idle) < MAX_IDLE_CONNECTIONS:
                self._idle.append((clock.monotonic(), connection))
                return
        connection.close()

    def _read_token(self) -> bool:
        """Whether the token is another than before."""
        before, token = self._token, self._token_source
        if token.startswith("file:"):
            try:
                with open(token[len("file:") :], encoding="utf-8") as file:
                    token = file.read()
            except (OSError, UnicodeDecodeError) as trouble:
                raise Unavailable(f"the token can't be read: {_words(trouble)}") from trouble
        token = token.strip()
        if not re.fullmatch(r"[\x21-\x7e]*", token):
            raise Unavailable("the token has characters besides visible ASCII")
        self._token = token
        return token != before


def _checked_url(url: str) -> None:
    parts = urllib.parse.urlsplit(url)
    try:
        right = parts.scheme in ("http", "https") and parts.hostname and parts.path in ("", "/") and parts.port != 0
    except ValueError:
        right = False
    if not right or parts.query or parts.username:
        raise ValueError(f"url={url!r}: allowed is http://HOST:PORT, as {DEFAULT_URL}")


def _words(trouble: BaseException) -> str:
    return str(trouble) or type(trouble).__name__


def _failure(answer: _Answer) -> CamspoolError:
    is_problem = answer.headers.get("content-type", "").startswith("application/problem+json")
    try:
        problem = json.loads(answer.body.decode("utf-8")) if is_problem else {}
    except ValueError:
        problem = {}
    if not isinstance(problem, dict):
        problem = {}
    words = str(problem.get("title") or http.client.responses.get(answer.status, "an error"))
    for name in ("detail", "field", "value", "allowed", "hint"):
        if problem.get(name):
            words += f"; {problem[name]}" if name == "detail" else f"; {name}: {problem[name]}"
    words = f"the agent answered {answer.status}: {words}"
    if answer.status in (401, 403):
        return Refused(words + "; CAMSPOOL_TOKEN is the token, or file:PATH", answer.status, problem)
    # Without a problem it was not the agent who answered.
    if is_problem and 400 <= answer.status < 500 and answer.status not in (408, 425, 429):
        return Refused(words, answer.status, problem)
    retry_after = answer.headers.get("retry-after", "")
    seconds = float(retry_after) if re.fullmatch(r"[0-9]{1,6}", retry_after) else None
    return Unavailable(words, answer.status, None if seconds is None else min(seconds, LONGEST_RETRY_AFTER_SECONDS))


def _delay(tries: int) -> float:
    longest = min(LONGEST_DELAY_SECONDS, FIRST_DELAY_SECONDS * 2.0 ** min(tries, 10))
    return longest * random.uniform(2 / 3, 1)


class Client:
    """The agent's API for what programs mostly do. Safe for many threads.

    Every call returns when the agent has answered. It is repeated for up to `timeout` seconds while the agent is away
    or full, and when an answer was lost. Then it raises `Unavailable`. What the agent refuses raises
    `Refused` at once.
    """

    def __init__(
        self,
        url: Optional[str] = None,
        socket: Optional[str] = None,
        token: Optional[str] = None,
        timeout: float = 30.0,
    ):
        self._agent = _Agent(url, socket, token)
        self._timeout = timeout

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Closes the connections. Nothing waits in a client."""
        self._agent.close()

    def save(
        self,
        image: Any,
        camera: str,
        alert: Optional[str] = None,
        time: Time = None,
        labels: Optional[Mapping[str, str]] = None,
        priority: Optional[int] = None,
        key: Optional[str] = None,
        media_type: Optional[str] = None,
    ) -> Json:
        """Stores one capture; it is durable when this returns.

        A repeat with the same `key` and image is the same item. With a `media_type` any bytes are kept as they are.
        Returns the agent's answer: `id`, `kind`, `seq`, `path`, `bytes`, `sha256`, and `change` if made to fit.
        """
        content = _content(image, media_type)
        time = clock.time() if time is None else time
        return self._store(
            _target("/v1/captures", _described(camera, alert, time, labels, priority)),
            content.body,
            content.headers,
            key,
        )

    def alert(
        self,
        obj: Union[Mapping[str, Any], str, bytes],
        captures: Sequence[Capture] = (),
        camera: Optional[str] = None,
        alert: Optional[str] = None,
        time: Time = None,
        labels: Optional[Mapping[str, str]] = None,
        priority: Optional[int] = None,
        key: Optional[str] = None,
    ) -> Json:
        """Stores one alert, with its captures all or none; durable when this returns.

        `obj` is a dict, or JSON as text, which is kept byte for byte. Returns the agent's answer: of an alert alone as
        `save` does, else `items`, the alert first.
        """
        body = _json_bytes(obj)
        headers = {"Content-Type": "application/json"}
        time = clock.time() if time is None else time
        if captures:
            body, headers = _multipart(body, captures)
        target = _target("/v1/alerts", _described(camera, alert, time, labels, priority))
        return self._store(target, body, headers, key)

    def status(self) -> Json:
        """How the agent is: health, balance, sinks, and what it turned away."""
        return self.call("GET", "/v1/status")

    def call(self, method: str, target: str, document: Optional[Mapping[str, Any]] = None) -> Json:
        """Any other call of the API; /v1/openapi.yaml says which there are. `target` is the path with its query."""
        body = b"" if document is None else _json_bytes(document)
        headers = {} if document is None else {"Content-Type": "application/json"}
        return self._persist(method, target, body, headers)

    def _store(self, target: str, body: bytes, headers: Dict[str, str], key: Optional[str]) -> Json:
        key = key or _new_key()
        try:
            return self._persist("POST", target, body, dict(headers, **{"Idempotency-Key": key}))
        except Unavailable as failure:
            failure.key = key
            raise

    def _persist(self, method: str, target: str, body: bytes, headers: Dict[str, str]) -> Json:
        end = clock.monotonic() + self._timeout
        for tries in itertools.count():
            left = max(end - clock.monotonic(), LEAST_ANSWER_SECONDS)
            try:
                answer = self._agent.exchange(method, target, body, headers, min(left, ANSWER_SECONDS))
                return {} if answer.status == 204 else answer.document()
            except Unavailable as failure:
                delay = _delay(tries) if failure.retry_after is None else failure.retry_after
                if clock.monotonic() + delay >= end:
                    raise
                clock.sleep(delay)
        raise AssertionError("count() ended")


def _json_bytes(obj: Union[Mapping[str, Any], str, bytes]) -> bytes:
    if isinstance(obj, bytes):
        return obj
    if isinstance(obj, str):
        return obj.encode("utf-8")
    if not isinstance(obj, Mapping):
        raise TypeError(f"an alert is a dict, or JSON as text, not a {type(obj).__name__}")
    return json.dumps(dict(obj), ensure_ascii=False, allow_nan=False).encode("utf-8")


def _multipart(alert: bytes, captures: Sequence[Capture]) -> Tuple[bytes, Dict[str, str]]:
    boundary = "camspool-" + _new_key()
    pieces: List[bytes] = []

    def part(name: str, headers: Mapping[str, str], labels: Sequence[str], body: bytes) -> None:
        lines = ["--" + boundary, f'Content-Disposition: form-data; name="{name}"']
        lines += [f"{header}: {value}" for header, value in headers.items()]
        lines += ["Camspool-Label: " + label for label in labels]
        pieces.extend((("\r\n".join(lines) + "\r\n\r\n").encode("ascii"), body, b"\r\n"))

    part("alert", {"Content-Type": "application/json"}, (), alert)
    for capture in captures:
        content = _content(capture.image, capture.media_type)
        headers, labels = dict(content.headers), []
        for name, value in _described(capture.camera, None, capture.time, capture.labels, capture.priority):
            value = urllib.parse.quote(value, safe=":=/")
            if name == "label":
                labels.append(value)
            else:
                headers["Camspool-" + name.capitalize()] = value
        part("capture", headers, labels, content.body)
    pieces.append((f"--{boundary}--\r\n").encode("ascii"))
    return b"".join(pieces), {"Content-Type": "multipart/form-data; boundary=" + boundary}


# In place of the image storage


class _Entry:
    """One capture that waits in the queue; its bytes stay here until the agent holds it."""

    def __init__(self, name: str, target: str, content: _Content):
        self.name = name
        self.target = target
        self.body = content.body
        self.key = _new_key()
        self.headers = dict(content.headers, **{"Idempotency-Key": self.key})
        self.path: Optional[str] = None  # None until the agent has answered.
        self.error: Optional[CamspoolError] = None
        self.item: Optional[str] = None  # The id, once the agent has admitted it.
        self.look_until = 0.0
        self.looks = 0
        self.failures = 0
        self.began = 0.0
        self.wait_until_durable = False


class ImageStorage:
    """Captures on their way to the agent. Safe for many threads.

    `save_capture` copies the image into a queue bounded in bytes. Threads hand over what is there, and drop a copy only
    when the agent says that the capture is durable: an agent that dies in between gets it again, under the same key.
    While the agent is away the queue fills, which is logged and shows in `get_statistics`.

    :param queue_bytes: the most bytes of images that wait here
    :param full_wait: seconds that `save_capture` waits for room when the queue is full; then it raises
    :param path_wait: seconds that `save_capture` waits for the agent to name the path
    :param workers: threads, each with a connection of its own
    """

    def __init__(
        self,
        config: Optional[CaptureConfig] = None,
        *,
        url: Optional[str] = None,
        socket: Optional[str] = None,
        token: Optional[str] = None,
        queue_bytes: int = DEFAULT_QUEUE_BYTES,
        full_wait: float = 5.0,
        path_wait: float = 1.0,
        workers: int = 2,
    ):
        if queue_bytes < 1 or workers < 1 or full_wait < 0 or path_wait < 0:
            raise ValueError("queue_bytes and workers: at least 1; full_wait and path_wait: at least 0")
        self.config = config
        self._client = Client(url, socket, token, timeout=10.0)
        self._agent = self._client._agent
        self._queue_bytes = queue_bytes
        self._full_wait = full_wait
        self._path_wait = path_wait
        self._workers = workers
        self._image_dir = (config or CaptureConfig()).image_dir
        self._warned = config is None
        self._begin()
        _storages.add(self)

    def _begin(self) -> None:
        """As new. Also after a fork: what waited is the parent's, who still has the threads."""
        self._changed = threading.Condition()
        self._waiting: List[Tuple[float, int, _Entry]] = []  # By when it is due.
        self._order = itertools.count()
        self._threads: List[threading.Thread] = []
        self._entries: Dict[str, _Entry] = {}
        self._bytes = 0
        self._at_work = 0
        self._saved = 0
        self._failed = 0
        self._closed = False
        self._stopped = False
        self._answers = True  # Whether it is worth waiting for a path.
        self._gate = 0.0  # Nothing is sent before.
        self._tries = 0
        self._trouble = ""
        self._trouble_since = 0.0
        self._hindered_at = 0.0
        self._said = float("-inf")  # When trouble was last logged; not more often than that.
        self._is_said = False

    def __enter__(self) -> ImageStorage:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def save_capture(self, image: Any, camera_id: str, alert_id: str, timestamp: Time = None) -> str:
        """Takes one capture over; the image may be changed when this returns.

        `image` is a frame of OpenCV, shape (height, width, 3) in the order BGR or (height, width), uint8; or the bytes
        of a JPEG or PNG. `timestamp` is a datetime (local where it has no zone), or seconds since 1970; None is now.

        Returns the path where the file will be, as the agent names it, most often within milliseconds. "" means that
        the capture waits in the queue and its path is not known yet: the agent is away or slow. `get_image_path` finds
        it later.

        Raises InvalidImage for what is no image, Refused for what the agent won't take, and Unavailable when the queue
        stayed full. Each counts as failed.
        """
        try:
            content = _content(image)
            if len(content.body) > self._queue_bytes:
                raise InvalidImage(
                    f"the image has {len(content.body)} bytes, more than queue_bytes={self._queue_bytes}"
                )
            time = clock.time() if timestamp is None else timestamp
            alert = None if alert_id is None or alert_id == "" else alert_id
            target = _target("/v1/captures", _described(camera_id, alert, time, None, None))
            entry = _Entry(f"{camera_id}/{alert_id} at {_instant(time)}", target, content)
        except Exception:
            with self._changed:
                self._failed += 1
            raise
        with self._changed:
            self._admit(entry)
            end = clock.monotonic() + self._path_wait
            while self._answers and entry.path is None and entry.error is None:
                left = end - clock.monotonic()
                if left <= 0:
                    self._answers = False
                    break
                self._changed.wait(left)
            if entry.error is not None:
                raise entry.error
            return entry.path or ""

    def get_image_path(self, camera: str, alert: str) -> Optional[str]:
        """The newest capture of this camera and alert, of any day; None when the agent has none."""
        pairs = [("camera", str(camera)), ("alert", str(alert)), ("limit", "1")]
        items = self._client.call("GET", _target("/v1/captures", pairs))["items"]
        return items[0]["path"] if items else None

    def cleanup_old_images(self, days: float = 7) -> int:
        """Removes captures older than this; returns how many went. What is undelivered stays."""
        if days < 0:
            raise ValueError(f"days={days!r}: at least 0")
        span = f"{int(days)}d" if days == int(days) else f"{int(days * 86_400)}s"
        cleaned = self._client.call("POST", "/v1/cleanup", {"older_than": span, "kind": "capture"})
        return int(cleaned["removed"]["captures"]["items"]) + int(cleaned["dropped"]["captures"]["items"])

    def get_statistics(self) -> Dict[str, Any]:
        """What became of this object's captures. Asks nobody.

        `saved_count`: durable in the agent. `failed_count`: refused, invalid or left behind; each was raised or logged.
        `queue_size`: taken over and not durable yet, `queue_bytes` in bytes. `image_dir`: the agent's folder, once it
        has named a path. `trouble`: what hinders now, in words, "" when nothing does.
        """
        with self._changed:
            return {
                "saved_count": self._saved,
                "failed_count": self._failed,
                "queue_size": len(self._entries),
                "queue_bytes": self._bytes,
                "image_dir": self._image_dir,
                "trouble": self._trouble,
            }

    def close(self, timeout: float = 10.0) -> int:
        """Takes nothing more, and waits up to `timeout` seconds until all is durable; returns how many are left behind.

        Those are named in the log and count as failed.
        """
        end = clock.monotonic() + timeout
        with self._changed:
            self._closed = True
            self._gate = 0.0
            self._changed.notify_all()
            while self._entries and not self._stopped:
                left = end - clock.monotonic()
                if left <= 0:
                    break
                self._changed.wait(left)
            self._stopped = True
            lost = list(self._entries.values())
            self._failed += len(lost)
            self._entries.clear()
            self._waiting.clear()
            self._bytes = 0
            self._changed.notify_all()
        self._client.close()
        if lost:
            names = ", ".join(entry.name for entry in lost[:MAX_NAMED_LEFT])
            more = len(lost) - MAX_NAMED_LEFT
            log.error(
                "Closed with %d captures that are not known to be stored%s: %s%s",
                len(lost),
                "; " + self._trouble if self._trouble else "",
                names,
                f" and {more} more" if more > 0 else "",
            )
        return len(lost)

    def _admit(self, entry: _Entry) -> None:
        end = clock.monotonic() + self._full_wait
        while not self._closed and self._bytes + len(entry.body) > self._queue_bytes:
            left = end - clock.monotonic()
            if left <= 0:
                self._failed += 1
                words = (
                    f"the queue is full: {len(self._entries)} captures, {self._bytes} of {self._queue_bytes} bytes wait"
                )
                if self._trouble:
                    words += f"; {self._trouble}"
                log.error("Not taken over: %s; %s", entry.name, words)
                raise Unavailable(words)
            self._changed.wait(left)
        if self._closed:
            self._failed += 1
            raise CamspoolError("the image storage is closed")
        self._entries[entry.key] = entry
        self._bytes += len(entry.body)
        self._put(entry, 0.0)
        if len(self._threads) < self._workers and len(self._threads) < len(self._entries):
            name = f"camspool-{len(self._threads) + 1}"
            thread = threading.Thread(target=self._work, name=name, daemon=True)
            self._threads.append(thread)
            thread.start()

    def _put(self, entry: _Entry, delay: float) -> None:
        heapq.heappush(self._waiting, (clock.monotonic() + delay, next(self._order), entry))
        self._changed.notify_all()

    def _work(self) -> None:
        while True:
            entry = self._take()
            if entry is None:
                return
            try:
                if entry.item is None:
                    self._hand_over(entry)
                else:
                    self._look(entry)
            except Exception as unforeseen:  # One capture must not end the thread.
                self._failure(entry, Unavailable(f"unforeseen: {unforeseen!r}", 500))
            finally:
                with self._changed:
                    self._at_work -= 1
                    self._changed.notify_all()

    def _take(self) -> Optional[_Entry]:
        with self._changed:
            while not self._stopped:
                wait: Optional[float] = None
                # In trouble one at a time tries.
                if self._waiting and not (self._trouble and self._at_work):
                    wait = max(self._waiting[0][0], self._gate) - clock.monotonic()
                    if wait <= 0:
                        self._at_work += 1
                        entry = heapq.heappop(self._waiting)[2]
                        entry.began = clock.monotonic()
                        return entry
                self._changed.wait(wait)
            return None

    def _hand_over(self, entry: _Entry) -> None:
        headers = entry.headers
        if not entry.wait_until_durable:
            headers = dict(headers, Prefer="respond-async")
        try:
            answer = self._agent.exchange("POST", entry.target, entry.body, headers)
            document = answer.document()
            item, path = str(document["id"]), str(document.get("path", ""))
        except KeyError:
            self._failure(entry, Unavailable("what answers is no Camspool agent: no id"))
        except CamspoolError as failure:
            self._failure(entry, failure)
        else:
            with self._changed:
                self._well(entry)
                entry.path = path
                if answer.status == 202:
                    entry.item = item
                    entry.looks = 0
                    entry.look_until = clock.monotonic() + DURABLE_SECONDS
                    if entry.key in self._entries:
                        self._put(entry, FIRST_LOOK_SECONDS)
                else:
                    self._done(entry)
                differences = self._differences(path)
            if differences:
                log.warning("The agent decides how images are stored, and CaptureConfig can't: %s", differences)

    def _look(self, entry: _Entry) -> None:
        """Whether what was admitted is durable by now."""
        try:
            self._agent.exchange("GET", f"/v1/items/{entry.item}")
        except Refused as refused:
            if refused.status != 404:
                self._failure(entry, refused)
                return
            with self._changed:
                self._well(entry)
                entry.looks += 1
                if clock.monotonic() < entry.look_until:
                    self._again(entry, min(LONGEST_LOOK_SECONDS, FIRST_LOOK_SECONDS * 2**entry.looks))
                else:
                    # Lost by the agent, or failed: a repeat that waits tells which.
                    entry.item = None
                    entry.wait_until_durable = True
                    self._again(entry, 0.0)
        except CamspoolError as failure:
            entry.look_until = 0.0
            self._failure(entry, failure)
        else:
            with self._changed:
                self._well(entry)
                self._done(entry)

    def _done(self, entry: _Entry) -> None:
        if self._leave(entry):
            self._saved += 1

    def _again(self, entry: _Entry, delay: float) -> None:
        if entry.key in self._entries:
            self._put(entry, delay)

    def _leave(self, entry: _Entry) -> bool:
        """False when `close` has given it up already."""
        if self._entries.pop(entry.key, None) is None:
            return False
        self._bytes -= len(entry.body)
        self._changed.notify_all()
        return True

    def _failure(self, entry: _Entry, failure: CamspoolError) -> None:
        status = getattr(failure, "status", 0)
        with self._changed:
            entry.failures += status == 500
            given_up = entry.failures >= MAX_FAILURES
            if given_up or (isinstance(failure, Refused) and status in ITEM_REFUSED):
                self._well(entry)
                entry.error = failure
                if self._leave(entry):
                    self._failed += 1
                    log.error("Not stored: %s; %s", entry.name, failure)
            elif status == 500:
                self._again(entry, _delay(entry.failures))
            else:
                self._hindered(failure)
                self._again(entry, 0.0)

    def _hindered(self, failure: CamspoolError) -> None:
        """The agent takes nothing now: all waits, and it is said, though not at each try."""
        now = clock.monotonic()
        retry_after = getattr(failure, "retry_after", None)
        delay = _delay(self._tries) if retry_after is None else retry_after
        self._hindered_at = now
        self._gate = now + (min(delay, FIRST_DELAY_SECONDS) if self._closed else delay)
        self._tries += 1
        self._answers = False
        if not self._trouble:
            self._trouble_since = now
        if now - self._said >= REMINDER_SECONDS:
            self._said = now
            self._is_said = True
            log.warning(
                "Captures wait here, %d of them, %d of %d bytes: %s",
                len(self._entries),
                self._bytes,
                self._queue_bytes,
                failure,
            )
        self._trouble = str(failure)
        self._changed.notify_all()

    def _well(self, entry: _Entry) -> None:
        """The agent has answered; that says nothing of trouble that came up after it was asked."""
        if entry.began < self._hindered_at:
            return
        if self._is_said:
            self._is_said = False
            log.warning(
                "The agent takes captures again after %d s; %d waited here",
                clock.monotonic() - self._trouble_since,
                len(self._entries),
            )
        self._trouble = ""
        self._tries = 0
        self._gate = 0.0
        self._answers = True

    def _differences(self, path: str) -> str:
        """In words, the first time that something can be told."""
        if not path:
            return ""
        self._image_dir = os.path.dirname(os.path.dirname(path)) or self._image_dir
        if self._warned or self.config is None:
            return ""
        self._warned = True
        config, usual, words = self.config, CaptureConfig(), []
        if os.path.realpath(config.image_dir) != os.path.realpath(self._image_dir):
            words.append(f"image_dir is {config.image_dir}, the agent's is {self._image_dir}")
        for name in ("quality", "max_width", "max_height", "save_format"):
            if getattr(config, name) != getattr(usual, name):
                mine, theirs = getattr(config, name), getattr(usual, name)
                words.append(f"{name} is {mine}, the agent's is {theirs} unless its camspool.yaml says otherwise")
        return "; ".join(words)


# In place of the local cache


class LocalCache:
    """Alerts that wait for the program that brings them on; a pull sink of the agent holds them. Safe for many threads.

    The sink is owed every alert that the agent takes, from whichever program.

    :param sink: its name in the agent's camspool.yaml
    :param timeout: seconds that a call goes on trying while the agent is away or full
    """

    def __init__(
        self,
        sink: str = DEFAULT_SINK,
        *,
        url: Optional[str] = None,
        socket: Optional[str] = None,
        token: Optional[str] = None,
        timeout: float = 10.0,
    ):
        self._sink = sink
        self._path = "/v1/sinks/" + urllib.parse.quote(sink, safe="")
        self._client = Client(url, socket, token, timeout)
        self._begin()
        _caches.add(self)

    def _begin(self) -> None:
        self._lock = threading.Lock()
        self._leases: Dict[str, str] = {}  # By item id, what get_pending_alerts gave out.
        self._known = False

    def cache_alert(self, alert: Mapping[str, Any]) -> str:
        """Stores an alert; returns its id when it is durable, "" when that is not known, and logs why.

        Its `camera_id` (else `camera`) and `alert_id` name its camera and alert where they are text.
        After "" the alert may be stored all the same, when only the answer was lost.
        """
        try:
            if not self._known:
                self._status()
            camera = _text(alert, "camera_id") or _text(alert, "camera")
            stored = self._client.alert(alert, camera=camera, alert=_text(alert, "alert_id"))
            return str(stored["id"])
        except (CamspoolError, KeyError, TypeError, ValueError) as failure:
            log.error("An alert is not known to be stored: %s", _words(failure))
            return ""

    def get_pending_count(self) -> int:
        """What is owed to the sink. The cost doesn't grow with it."""
        return int(self._status()["backlog"]["items"])

    def get_pending_alerts(self, limit: int = 1000) -> List[Json]:
        """The alerts that wait, the oldest of each priority first, at most `limit`; each with its id as `_cache_id`.

        They are leased: another process gets none of them for five minutes, or until the next call here, which starts
        over with all that was not removed.
        """
        if not 1 <= limit <= MAX_PENDING_ALERTS:
            raise ValueError(f"limit={limit!r}: 1 to {MAX_PENDING_ALERTS}")
        with self._lock:
            self._release()
            pending: List[Json] = []
            while len(pending) < limit:
                items, page = min(PAGE_ITEMS, limit - len(pending)), []
                due, is_last = self._due(items)
                for delivery in due:
                    self._leases[delivery["item"]["id"]] = delivery["lease"]
                    page.append(dict(_object(delivery.get("json")), _cache_id=delivery["item"]["id"]))
                pending += page
                if is_last:
                    break
            return pending

    def remove_cached(self, cache_id: str) -> bool:
        """Notes that an alert has arrived: it no longer waits. False when it did not wait."""
        if not re.fullmatch(r"[a-z0-9-]{1,64}", str(cache_id)):
            return False
        with self._lock:
            self._leases.pop(cache_id, None)
        return self._confirm([cache_id], "remove_cached") == 1

    def clear_cache(self) -> int:
        """Notes all alerts that wait now as arrived, though nobody brought them on; returns how many."""
        with self._lock:
            self._release()
            left, cleared = self.get_pending_count(), 0
            while left > 0:
                due, is_last = self._due(min(PAGE_ITEMS, left))
                ids = [delivery["item"]["id"] for delivery in due]
                if ids:
                    cleared += self._confirm(ids, "clear_cache")
                left -= len(ids)
                if is_last:
                    break
        if cleared:
            log.warning("%d alerts were cleared from %s that nobody had brought on", cleared, self._sink)
        return cleared

    def close(self) -> None:
        """Gives back what `get_pending_alerts` gave out and was not removed."""
        with self._lock:
            try:
                self._release()
            except CamspoolError as failure:
                log.warning("Leases end by themselves in five minutes: %s", failure)
        self._client.close()

    def _status(self) -> Json:
        status = self._call("GET", "")
        if not status.get("pull", True):
            raise CamspoolError(f"the sink {self._sink} is none that programs drain; {self._advice()}")
        self._known = True
        return status

    def _due(self, items: int) -> Tuple[List[Json], bool]:
        """Leased alerts, and whether there are no more. Alerts come first, so a capture says that they end."""
        due = self._call("POST", "/due", {"items": items})["items"]
        alerts = [delivery for delivery in due if delivery["item"]["kind"] == "alert"]
        captures = [delivery["lease"] for delivery in due if delivery["item"]["kind"] != "alert"]
        if captures:
            self._call("POST", "/release", {"leases": captures})
        return alerts, len(alerts) < items

    def _release(self) -> None:
        leases = list(self._leases.values())
        for start in range(0, len(leases), 1000):
            self._call("POST", "/release", {"leases": leases[start : start + 1000]})
        self._leases.clear()

    def _confirm(self, ids: Sequence[str], by: str) -> int:
        return int(self._call("POST", "/confirm", {"ids": list(ids), "proof": by})["items"])

    def _call(self, method: str, path: str, document: Optional[Mapping[str, Any]] = None) -> Json:
        try:
            return self._client.call(method, self._path + path, document)
        except Refused as refused:
            if refused.status == 404:
                raise CamspoolError(f"the agent has no sink {self._sink}; {self._advice()}") from refused
            raise

    def _advice(self) -> str:
        return f"add to its camspool.yaml:\n\nsinks:\n  {self._sink}:\n    type: pull\n    takes: alerts\n"


def _object(value: Any) -> Json:
    return value if isinstance(value, dict) else {"value": value}


def _text(alert: Mapping[str, Any], name: str) -> Optional[str]:
    value = alert.get(name)
    return value if isinstance(value, str) and value else None


# One of each for the process

_lock = threading.Lock()
_storage: Optional[ImageStorage] = None
_cache: Optional[LocalCache] = None
_storages: weakref.WeakSet[ImageStorage] = weakref.WeakSet()
_caches: weakref.WeakSet[LocalCache] = weakref.WeakSet()


def get_image_storage(config: Optional[CaptureConfig] = None, **options: Any) -> ImageStorage:
    """The image storage of this process; the first call makes it, with the options of `ImageStorage`.

    A later call that asks for something else gets the same one, and a warning.
    """
    global _storage
    with _lock:
        if _storage is None or _storage._closed:
            _storage = ImageStorage(config, **options)
        elif (config is not None and config != _storage.config) or options:
            log.warning(
                "The image storage is there already, with other settings; these are ignored: %s %s",
                config or "",
                sorted(options),
            )
        return _storage


def get_local_cache(cache_dir: Optional[str] = None, **options: Any) -> LocalCache:
    """The local cache of this process; the first call makes it, with the options of `LocalCache`.

    `cache_dir` is where the module before this one kept its files; what still waits there is warned of.
    """
    global _cache
    with _lock:
        if _cache is None:
            _cache = LocalCache(**options)
            folder = cache_dir or os.path.join("data", "cache")
            if _has_pending(os.path.join(folder, "pending")):
                log.warning("Alerts of before wait in %s; `camspool import` takes them over", folder)
        elif options:
            log.warning("The local cache is there already; these settings are ignored: %s", sorted(options))
        return _cache


def _has_pending(folder: str) -> bool:
    try:
        with os.scandir(folder) as files:
            return any(file.name.endswith(".json") for file in files)
    except OSError:
        return False


def _close_all() -> None:
    for storage in list(_storages):
        if storage._entries:
            storage.close()
    for cache in list(_caches):
        if cache._leases:
            cache.close()


def _after_fork() -> None:
    global _lock
    _lock = threading.Lock()
    for agent in list(_agents):
        agent.forget_connections()
    for storage in list(_storages):
        storage._begin()
    for cache in list(_caches):
        cache._begin()


atexit.register(_close_all)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
