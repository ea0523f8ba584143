"""NetBox and Nautobot as far as their inventory plugins ask them, on loopback: devices, two a page, for who has the token."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

TOKEN = "made-up-token"


def _named(name: str) -> dict[str, Any]:
    return {"id": 1, "name": name.title(), "slug": name, "display": name.title()}


def netbox_device(number: int, name: str, address: str | None, site: str) -> dict[str, Any]:
    """A device as NetBox tells it, cut to what plugins look at; NetBox 4 calls its role ``role``."""
    return {
        "id": number,
        "name": name,
        "display": name,
        "device_type": {"id": 1, "slug": "isr4331", "model": "ISR4331", "manufacturer": _named("cisco")},
        "role": _named("branch"),
        "site": _named(site),
        "platform": {"id": 1, "name": "Cisco IOS", "slug": "cisco_ios"},
        "primary_ip": address and {"id": number, "address": f"{address}/24"},
        "custom_fields": {"rack_units": 1},
        "tags": [],
    }


def nautobot_device(number: int, name: str, address: str | None, location: str) -> dict[str, Any]:
    """A device as Nautobot tells it with ``depth=1``."""
    key = f"00000000-0000-4000-8000-{number:012d}"
    return {
        "id": key,
        "url": f"http://localhost/api/dcim/devices/{key}/",
        "object_type": "dcim.device",
        "display": name,
        "name": name,
        "platform": {"id": key, "object_type": "dcim.platform", "name": "Cisco IOS", "network_driver": "cisco_ios"},
        "location": {"id": key, "object_type": "dcim.location", "name": location},
        "role": {"id": key, "object_type": "extras.role", "name": "branch"},
        "primary_ip4": address and {"id": key, "object_type": "ipam.ipaddress", "address": f"{address}/32"},
        "primary_ip6": None,
        "custom_fields": {},
        "tags": [],
    }


class _Answers(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Source

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        asked = parse_qs(url.query)
        self.server.asked.append(self.path)
        if self.headers.get("Authorization") != f"Token {TOKEN}":
            self._reply(403, {"detail": "Invalid token."})
        elif url.path.rstrip("/") == "/api/dcim/devices":
            start = int(asked.get("offset", ["0"])[0])
            devices = self.server.devices
            more = start + 2 < len(devices)
            after = f"http://127.0.0.1:{self.server.server_port}/api/dcim/devices/?limit=2&offset={start + 2}"
            self._reply(
                200,
                {
                    "count": len(devices),
                    "next": after if more else None,
                    "previous": None,
                    "results": devices[start : start + 2],
                },
            )
        else:
            self._reply(200, {"nautobot-version": "3.0.0"})

    def _reply(self, code: int, content: object) -> None:
        raw = json.dumps(content).encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("API-Version", "3.0")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - the name of the base class
        """Tests are quiet."""


class _Source(ThreadingHTTPServer):
    daemon_threads = True
    devices: list[dict[str, Any]]
    asked: list[str]


@contextmanager
def source_of_truth(devices: list[dict[str, Any]]) -> Iterator[_Source]:
    """A running server; ``asked`` lists the paths that were asked for."""
    server = _Source(("127.0.0.1", 0), _Answers)
    server.devices, server.asked = devices, []
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=10)
