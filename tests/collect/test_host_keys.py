"""Host keys: the first is told and recorded, a changed one refused, by what collects and by what changes; the verb for them."""

from __future__ import annotations

import hmac
import os
import re
import shlex
import stat
import subprocess
import sys
from base64 import b64encode
from io import BytesIO, TextIOWrapper
from pathlib import Path

import paramiko
import pytest
from ssh_server import Manners, ssh_server

from ikeaudit.cli.main import main
from ikeaudit.collect import collect_fleet
from ikeaudit.drive.device import Device
from ikeaudit.lab import Lab, LabRouter
from ikeaudit.lab.server import host_key
from ikeaudit.model.errors import InputError
from ikeaudit.parsing.fingerprint import Fingerprinter
from ikeaudit.session import Credentials, Keychain, KnownHosts, Limits, SessionError, known_hosts, open_inventory
from ikeaudit.session.known_hosts import fingerprint, read_keys, spelt, spelt_out

PASSWORD = "Canary-login-8Hk1"
CONFIG = "version 15.7\nhostname R1\n!\nend\n"
LIMITS = Limits(connect=5.0, idle=5.0, total=20.0)
ONE, TWO = paramiko.ECDSAKey.generate(), paramiko.ECDSAKey.generate()


class Nowhere:
    """A writer that keeps nothing."""

    def write(self, host, reading, details):
        """Not needed here."""

    def write_failure(self, host, reason, details):
        """Not needed here."""


def line(name: str, key: paramiko.PKey = ONE) -> str:
    return f"{name} {key.get_name()} {key.get_base64()}\n"


def hashed(name: str) -> str:
    salt = bytes(range(20))
    digest = hmac.digest(salt, name.encode(), "sha1")
    return f"|1|{b64encode(salt).decode()}|{b64encode(digest).decode()}"


@pytest.fixture
def home(tmp_path, monkeypatch) -> Path:
    """A home without host keys, and a workspace in it."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("IKEAUDIT_WORKSPACE", str(tmp_path / "ws"))
    (tmp_path / "ws").mkdir(mode=0o700)
    (tmp_path / ".ssh").mkdir()
    return tmp_path


def judged(known: KnownHosts, key: paramiko.PKey, host: str = "192.0.2.1", port: int = 22) -> str | None:
    return known.check("R1", host, port, key.get_name(), key.asbytes())


NAMES = {
    "plain": ("192.0.2.1", 22),
    "with a port": ("[192.0.2.1]:2222", 2222),
    "known without its port": ("192.0.2.1", 2222),
    "pattern": ("192.0.2.*", 22),
    "pattern of one": ("192.0.?.1,other", 22),
    "list": ("r1,192.0.2.1", 22),
    "hashed": (hashed("192.0.2.1"), 22),
    "hashed with a port": (hashed("[192.0.2.1]:2222"), 2222),
}


@pytest.mark.parametrize(("name", "port"), NAMES.values(), ids=NAMES)
def test_what_openssh_knows_is_known(home, name, port):
    (home / ".ssh" / "known_hosts").write_text(line(name))
    known = KnownHosts.of_user(home / "ws" / "known_hosts", strict=True)
    assert judged(known, ONE, port=port) is None
    with pytest.raises(SessionError) as caught:
        judged(known, TWO, port=port)
    assert caught.value.reason == "host-key"


@pytest.mark.parametrize(
    "name", ["192.0.2.10", "[192.0.2.1]:2222", "192.0.2.*,!192.0.2.1", hashed("192.0.2.10"), "|1|x|y"]
)
def test_what_is_known_of_others_is_not_known_of_this_one(home, name):
    (home / ".ssh" / "known_hosts").write_text(line(name, TWO))
    assert "first contact" in judged(KnownHosts.of_user(home / "ws" / "known_hosts"), ONE)


def test_the_first_key_is_recorded_for_nobody_else_to_read_and_a_second_refused(home):
    file = home / "ws" / "known_hosts"
    told = judged(KnownHosts.of_user(file), ONE)
    assert fingerprint(ONE.asbytes()) in told and str(file) in told
    assert file.read_text() == line("192.0.2.1") and stat.S_IMODE(file.stat().st_mode) == 0o600
    again = KnownHosts.of_user(file)
    assert judged(again, ONE) is None
    with pytest.raises(SessionError, match=r"another host key .*line 1.*ikeaudit hostkeys forget '192.0.2.1'"):
        judged(again, TWO)
    assert file.read_text() == line("192.0.2.1")


def test_in_one_run_a_second_key_is_refused_too(home):
    known = KnownHosts.of_user(home / "ws" / "known_hosts")
    judged(known, ONE)
    with pytest.raises(SessionError, match="another host key"):
        judged(known, TWO)


def test_the_users_own_file_is_read_and_not_written(home):
    own = home / ".ssh" / "known_hosts"
    own.write_text(line("192.0.2.1"))
    with pytest.raises(SessionError, match=r"ssh-keygen -R '192.0.2.1'"):
        judged(KnownHosts.of_user(home / "ws" / "known_hosts"), TWO)
    assert own.read_text() == line("192.0.2.1") and not (home / "ws" / "known_hosts").exists()


def test_strict_takes_no_new_key_and_records_none(home):
    with pytest.raises(SessionError, match="not known"):
        judged(KnownHosts.of_user(home / "ws" / "known_hosts", strict=True), ONE)
    assert not (home / "ws" / "known_hosts").exists()


def test_a_revoked_key_is_refused_though_it_is_known(home):
    (home / ".ssh" / "known_hosts").write_text(line("192.0.2.1") + "@revoked " + line("*"))
    with pytest.raises(SessionError, match="revoked"):
        judged(KnownHosts.of_user(), ONE)


def test_a_file_that_is_no_text_is_said():
    path = Path(os.devnull).parent  # a folder
    with pytest.raises(InputError):
        KnownHosts(path)


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("R1.example", "r1.example"),
        ("192.0.2.1:22", "192.0.2.1"),
        ("192.0.2.1:2222", "[192.0.2.1]:2222"),
        ("[192.0.2.1]:2222", "[192.0.2.1]:2222"),
        ("2001:db8::1", "2001:db8::1"),
        ("[2001:db8::1]:22", "2001:db8::1"),
        ("[2001:db8::1]:2222", "[2001:db8::1]:2222"),
    ],
)
def test_how_a_person_names_a_host(given, name):
    assert spelt_out(given) == name
    assert spelt("R1.Example", 22) == "r1.example"


# -- sessions --


def sessions(home: Path, inventory, served, *, strict: bool = False):
    """The outcome of a collection, and what a change that opens the same router says or raises."""
    nornir = open_inventory(inventory(R1=served.port))
    known_hosts(nornir, home / "ws", strict=strict)
    keys = Keychain(Credentials("lab", PASSWORD))
    one = collect_fleet(nornir, keys, Nowhere(), folder=home / "out", limits=LIMITS).hosts[0]
    device = Device("R1", nornir.inventory.hosts["R1"], nornir.config, keys, Fingerprinter(bytes(32)), LIMITS)
    said: list[str] = []
    device.say = said.append
    try:
        device.run("show version")
    except SessionError as error:
        return one, said, error
    finally:
        device.close()
    return one, said, None


@pytest.mark.ssh
@pytest.mark.quick
def test_collections_and_changes_judge_alike(home, inventory):
    router = LabRouter("R1", CONFIG, username="lab", password=PASSWORD)
    with ssh_server(router, Manners(key=ONE), home) as served:
        port = served.port
        one, _, failure = sessions(home, inventory, served, strict=True)
        assert (one.reason, failure.reason) == ("host-key", "host-key")
        one, said, failure = sessions(home, inventory, served)
        assert one.status == "collected" and any("first contact" in notice for notice in one.notices)
        assert failure is None and said == []  # known by now
        one, _, failure = sessions(home, inventory, served, strict=True)
        assert (one.status, one.notices, failure) == ("collected", (), None)
    with ssh_server(router, Manners(key=TWO), home, port=port) as served:
        one, _, failure = sessions(home, inventory, served)
        assert (one.reason, failure.reason) == ("host-key", "host-key")
        assert "may not be the router" in one.message and router.username not in one.message
        assert served.typed == [] and served.agreed == []


@pytest.mark.ssh
@pytest.mark.quick
def test_a_key_is_told_though_the_router_then_lets_nobody_in(home, inventory):
    router = LabRouter("R1", CONFIG, username="lab", password="Canary-login-8Hk2")
    with ssh_server(router, Manners(key=ONE), home) as served:
        one, _, failure = sessions(home, inventory, served)
    assert (one.reason, failure.reason) == ("bad-password", "bad-password")
    assert [fingerprint(ONE.asbytes()) in notice for notice in one.notices] == [True]


@pytest.mark.ssh
@pytest.mark.quick
def test_a_router_whose_rsa_key_is_known_is_not_asked_for_sha1(home, inventory):
    key = paramiko.RSAKey.generate(2048)
    router = LabRouter("R1", CONFIG, username="lab", password=PASSWORD)
    with ssh_server(router, Manners(key=key), home) as served:
        (home / ".ssh" / "known_hosts").write_text(line(f"[127.0.0.1]:{served.port}", key))
        one, _, _ = sessions(home, inventory, served, strict=True)
    assert one.status == "collected" and served.agreed[0]["host key"] == "rsa-sha2-512"


# -- the verb --


def test_list_import_and_forget(home, capfd):
    file = home / "scan"
    file.write_text(
        "# 192.0.2.1:22 SSH-2.0-Cisco-1.25\n" + line("192.0.2.1") + line("[192.0.2.1]:2222", TWO) + line(hashed("r9"))
    )
    assert main(["hostkeys"]) == 1
    assert main(["hostkeys", "import", str(file)]) == main(["hostkeys", "import", str(file)]) == 0
    assert "3 host keys imported" in (said := capfd.readouterr().out) and "0 host keys imported" in said
    assert main(["hostkeys", "list"]) == 0
    listed = capfd.readouterr().out
    assert [row.split("  ")[0] for row in listed.splitlines()] == ["192.0.2.1", "[192.0.2.1]:2222", "(hashed)"]
    assert fingerprint(TWO.asbytes()) in listed
    assert main(["hostkeys", "forget", "192.0.2.1:2222", "r9"]) == 0
    assert (home / "ws" / "known_hosts").read_text() == line("192.0.2.1")
    assert main(["hostkeys", "forget", "192.0.2.7"]) == 1


def as_printed(refused):
    (printed,) = re.findall("`(ikeaudit [^`]*)`", str(refused.value))
    return main(shlex.split(printed)[1:])


@pytest.mark.parametrize("port", [22, 2222])
def test_what_is_printed_of_a_replaced_key_lets_the_new_one_in(home, port):
    file = home / "ws" / "known_hosts"
    judged(KnownHosts.of_user(file), ONE, port=port)
    with pytest.raises(SessionError, match="another host key") as refused:
        judged(KnownHosts.of_user(file), TWO, port=port)
    assert as_printed(refused) == 0
    assert "first contact" in judged(KnownHosts.of_user(file), TWO, port=port)


def test_what_is_printed_of_an_unknown_key_takes_it_from_a_scan(home, monkeypatch):
    file = home / "ws" / "known_hosts"
    with pytest.raises(SessionError, match="not known") as refused:
        judged(KnownHosts.of_user(file, strict=True), ONE)
    monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(line("192.0.2.1").encode())))
    assert as_printed(refused) == 0
    assert judged(KnownHosts.of_user(file, strict=True), ONE) is None


@pytest.mark.parametrize(
    "text", ["192.0.2.1 ssh-rsa\n", "192.0.2.1 ssh-rsa AAAA\n", "hosts:\n  R1:\n", "", "# nothing\n"]
)
def test_what_is_no_list_of_keys_is_refused_whole(home, capfd, text):
    (home / "scan").write_text(line("192.0.2.1") + text if ":" in text or "ssh" in text else text)
    assert main(["hostkeys", "import", str(home / "scan")]) == 2
    assert "nothing was imported" in capfd.readouterr().err
    assert not (home / "ws" / "known_hosts").exists()


def test_lines_that_are_strange_are_numbered():
    keys, strange = read_keys("@cert-authority " + line("*.example") + "rubbish\n\n# x\n" + line("a"), "f")
    assert [key.marker for key in keys] == ["@cert-authority", ""] and strange == [2]


@pytest.mark.parametrize("words", [["import"], ["forget"], ["frobnicate"]])
def test_the_verb_says_what_it_takes(home, capfd, words):
    assert main(["hostkeys", *words]) == 2
    assert "or forget with addresses" in capfd.readouterr().err


# -- the lab --


@pytest.mark.full
def test_the_lab_has_its_key_again_after_it_was_stopped(tmp_path):
    program = (
        "import sys; from pathlib import Path; from ikeaudit.lab.server import host_key\n"
        "print(host_key(Path(sys.argv[1])).get_fingerprint())"
    )
    shown = {
        subprocess.run(
            [sys.executable, "-c", program, tmp_path / "lab" / "key"], capture_output=True, text=True, check=True
        ).stdout
        for _ in range(2)
    }
    assert len(shown) == 1
    assert stat.S_IMODE((tmp_path / "lab" / "key").stat().st_mode) == 0o600
    assert host_key().get_fingerprint() not in shown.pop()
    (tmp_path / "bad").write_text("rubbish")
    with pytest.raises(InputError, match="no SSH host key"):
        host_key(tmp_path / "bad")


@pytest.mark.ssh
@pytest.mark.quick
def test_a_lab_shows_the_key_that_it_keeps(tmp_path):
    file = tmp_path / "key"
    with Lab([LabRouter("R1", CONFIG, password=PASSWORD)], host_key=file) as lab:
        transport = paramiko.Transport(("127.0.0.1", lab.port("R1")))
        transport.start_client(timeout=10)
        shown = transport.get_remote_server_key().get_base64()
        transport.close()
    assert shown in host_key(file).export_public_key().decode()
