"""IOS 12.4 to 15.x speaks SSH with SHA-1 only: it is read like any other, and where more is offered, that is taken."""

from __future__ import annotations

from pathlib import Path

import pytest
from ssh_server import SHA1_KEX, Manners, ssh_server

from ikeaudit.collect import SHOW_COMMANDS, collect_fleet
from ikeaudit.lab import LabRouter
from ikeaudit.session import Credentials, Keychain, Limits, open_inventory

pytestmark = pytest.mark.ssh

CONFIG = """version 12.4
hostname OLD
!
crypto isakmp policy 10
 encr 3des
 authentication pre-share
 group 2
crypto isakmp key Canary-psk-3Lm1 address 192.0.2.9
!
end
"""
OLD = {
    "kex": SHA1_KEX,
    "host_keys": ("ssh-rsa",),
    "ciphers": ("aes128-cbc", "3des-cbc"),
    "macs": ("hmac-sha1",),
}


class Memory:
    """A writer that keeps what it is given."""

    def __init__(self):
        self.readings = {}

    def write(self, host, reading, details):
        self.readings[host] = reading

    def write_failure(self, host, reason, details):
        """The outcome says it."""


def read(inventory, tmp_path: Path, manners: Manners):
    """The outcome of one collection, its reading, and what the two sides agreed on."""
    router = LabRouter("OLD", CONFIG, username="lab", password="Canary-login-3Lm2")
    keys = Keychain(Credentials("lab", "Canary-login-3Lm2"))
    memory = Memory()
    with ssh_server(router, manners, tmp_path) as served:
        nornir = open_inventory(inventory(OLD=served.port))
        limits = Limits(connect=20.0, idle=20.0, total=60.0)
        result = collect_fleet(nornir, keys, memory, folder=tmp_path / "out", limits=limits)
    return result.hosts[0], memory.readings.get("OLD"), served.agreed


def assert_whole(one, reading):
    assert (one.status, one.reason, one.message) == ("collected", None, None)
    assert reading.config.rstrip().endswith("end")
    assert " encr 3des" in reading.config.splitlines()
    assert set(reading.shows) == {*SHOW_COMMANDS} - {"show dmvpn"}  # which the router does not know


@pytest.mark.parametrize("kex", SHA1_KEX)
@pytest.mark.parametrize("cipher", ["aes128-cbc", "3des-cbc"])
def test_a_router_that_knows_nothing_but_sha1_is_read_whole(inventory, tmp_path, kex, cipher):
    manners = Manners(**OLD | {"kex": (kex,), "ciphers": (cipher,)})
    one, reading, agreed = read(inventory, tmp_path, manners)
    assert_whole(one, reading)
    assert agreed == [{"kex": kex, "host key": "ssh-rsa", "cipher": cipher, "mac": "hmac-sha1"}]


def test_all_that_an_old_router_offers_at_once(inventory, tmp_path):
    one, reading, agreed = read(inventory, tmp_path, Manners(**OLD))
    assert_whole(one, reading)
    assert len(agreed) == 1


def test_an_old_host_key_alone(inventory, tmp_path):
    # IOS 15.x with a modern key exchange and an RSA key that it signs with SHA-1 only
    one, reading, agreed = read(inventory, tmp_path, Manners(host_keys=("ssh-rsa",)))
    assert_whole(one, reading)
    assert agreed[0]["host key"] == "ssh-rsa" and "sha1" not in agreed[0]["kex"]


@pytest.mark.parametrize(
    ("old", "new", "part"),
    [
        (OLD["kex"], ("diffie-hellman-group14-sha256",), "kex"),
        (OLD["host_keys"], ("rsa-sha2-256",), "host key"),
        (OLD["ciphers"], ("aes256-ctr",), "cipher"),
        (OLD["ciphers"], ("aes256-gcm@openssh.com",), "cipher"),
        (OLD["macs"], ("hmac-sha2-256",), "mac"),
    ],
)
def test_what_is_modern_is_taken_where_it_is_offered(inventory, tmp_path, old, new, part):
    # the router names its old algorithms first: it is ours that are taken in our order (RFC 4253, 7.1)
    field = {"kex": "kex", "host key": "host_keys", "cipher": "ciphers", "mac": "macs"}[part]
    one, _, agreed = read(inventory, tmp_path, Manners(**{field: (*old, *new)}))
    assert one.status == "collected"
    assert agreed[0][part] == new[0]
