"""The runner `dask` without a cluster: where it may be, what may travel, and what comes back."""

from __future__ import annotations

import os
import subprocess
import sys

import msgspec
import pytest
from nornir.core.inventory import ConnectionOptions, Defaults, Host

from ikeaudit.collect import HostOutcome
from ikeaudit.collect.cluster import scheduler
from ikeaudit.collect.cluster.runner import DaskRunner
from ikeaudit.collect.cluster.scheduler import is_trusted, join
from ikeaudit.collect.cluster.shard import Carried, Reply, member, read_reply
from ikeaudit.model.errors import InputError
from ikeaudit.parsing.fingerprint import Fingerprinter
from ikeaudit.session import open_inventory
from ikeaudit.snapshot.state_writing import RedactedState
from ikeaudit.snapshot.writing import RedactedHost, redacted_host

PASSWORD, SECRET = "Canary-pass-3Da1", "Canary-enable-3Da2"
CONFIG = "version 15.7\nhostname R1\n!\ncrypto isakmp key Canary-key-3Da3 address 192.0.2.9\n!\nend\n"


@pytest.mark.parametrize("runner", ["dask://192.0.2.1:8786", "dask://scheduler.example:8786", "tls://127.0.0.1:8786"])
def test_a_scheduler_elsewhere_is_spoken_to_by_tls_only(runner):
    with pytest.raises(InputError, match=r"by TLS only.*names no certificates") as caught:
        join(runner)
    assert str(caught.value).count(". ") == 0


@pytest.mark.parametrize(
    ("address", "trusted"),
    [
        ("tls://192.0.2.1:8786", True),
        ("tcp://127.0.0.1:8786", True),
        ("tcp://[::1]:8786", True),
        ("tcp://192.0.2.1:8786", False),
        ("tcp://127.example.net:8786", False),
        ("ucx://192.0.2.1:8786", False),
    ],
)
def test_in_clear_only_within_one_machine(address, trusted):
    assert is_trusted(address) is trusted


@pytest.mark.parametrize(
    "runner", ["dask", "dask://", "dask://host", "http://127.0.0.1:1", "dask://ann:x@h:1", "dask://h:x"]
)
def test_an_address_that_is_none_is_refused(runner):
    with pytest.raises(InputError, match="write dask://HOST:PORT"):
        DaskRunner(runner)


def test_without_dask_it_says_what_to_install(monkeypatch):
    def missing(name):
        raise ModuleNotFoundError(name)

    monkeypatch.setattr(scheduler, "import_module", missing)
    with pytest.raises(InputError, match=r"pip install 'ikeaudit\[dask\]'"):
        join("dask://127.0.0.1:8786")


def test_a_port_where_nobody_answers_is_one_sentence(monkeypatch, closed_port):
    monkeypatch.setattr(scheduler, "_WAIT", 0.2)
    with pytest.raises(InputError, match="No Dask scheduler answers at tcp://"):
        join(f"dask://127.0.0.1:{closed_port}")


def test_the_login_of_a_host_stays_at_home():
    options = ConnectionOptions(
        username="ann", password=PASSWORD, extras={"secret": SECRET, "key_file": "k", "passphrase": SECRET}
    )
    host = Host(
        name="R1", hostname="192.0.2.1", port=22, username="ann", password=PASSWORD, data={"community": SECRET},
        connection_options={"netmiko": options}, defaults=Defaults(password=PASSWORD),
    )  # fmt: skip
    travels = msgspec.msgpack.encode(member(host))
    assert msgspec.msgpack.decode(travels) == {
        "name": "R1",
        "hostname": "192.0.2.1",
        "port": 22,
        "platform": None,
        "extras": {"key_file": "k"},
    }


def test_another_task_is_refused_before_anything_is_sent(tmp_path):
    (tmp_path / "hosts.yaml").write_text("R1: {hostname: 192.0.2.1}\n")
    nornir = open_inventory(tmp_path).with_runner(DaskRunner("dask://127.0.0.1:1"))
    with pytest.raises(InputError, match="carries ikeaudit's own collecting only"):
        nornir.run(task=lambda task: "show running-config")


def test_the_verb_begins_nothing_where_it_cannot_reach_a_cluster(tmp_path, closed_port):
    (tmp_path / "inventory").mkdir()
    (tmp_path / "inventory" / "hosts.yaml").write_text("R1: {hostname: 192.0.2.1}\n")
    program = "from ikeaudit.collect.cluster import scheduler; scheduler._WAIT = 0.2\nfrom ikeaudit.cli.main import run; run()"
    done = subprocess.run(
        [sys.executable, "-c", program, "collect", "--out", "snap", "--runner", f"dask://127.0.0.1:{closed_port}"],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2 and "No Dask scheduler answers at tcp://127.0.0.1" in done.stderr.replace("\n", " ")
    assert "Traceback" not in done.stderr and not (tmp_path / "snap").exists()


def whole(name="R1", key=bytes(32)) -> RedactedHost:
    return redacted_host(name, CONFIG, {}, {}, fingerprinter=Fingerprinter(key))


def carried(name="R1", found=None) -> Carried:
    return Carried(outcome=HostOutcome(host=name, status="collected"), whole=found or whole(name))


KEY_ID = Fingerprinter(bytes(32)).key_id


def test_of_a_reply_only_what_was_asked_counts_and_once():
    first, again = carried("R1"), Carried(outcome=HostOutcome(host="R1", status="failed"))
    content = msgspec.msgpack.encode(Reply(hosts=(first, again, carried("R9"))))
    assert read_reply(content, ["R1", "R2"], KEY_ID).hosts == (first,)


@pytest.mark.parametrize(
    "wrong",
    [
        carried(found=whole("R2")),
        carried(found=whole(key=bytes(31) + b"x")),
        carried(found=RedactedHost({"../R2/meta.json": b""}, whole().record)),
        carried(found=RedactedHost({"other.txt": b""}, whole().record)),
    ],
)
def test_a_reply_of_another_key_or_with_other_files_is_none(wrong):
    with pytest.raises(ValueError, match="does not fit"):
        read_reply(msgspec.msgpack.encode(Reply(hosts=(wrong,))), ["R1"], KEY_ID)


def test_what_a_reply_names_as_a_command_cannot_lead_out_of_the_folder():
    record = msgspec.structs.replace(whole().record, commands={"show x": "../x"})
    content = msgspec.msgpack.encode(Reply(hosts=(carried(found=RedactedHost({"../x": b""}, record)),)))
    with pytest.raises(ValueError, match="does not fit"):
        read_reply(content, ["R1"], KEY_ID)


@pytest.mark.parametrize(
    "wrong", [RedactedState({"show clock": ""}, "", "00000000"), RedactedState({"../x": ""}, "", KEY_ID)]
)
def test_a_state_of_another_key_or_of_other_commands_is_none(wrong):
    one = Carried(outcome=HostOutcome(host="R1", status="collected"), state=wrong)
    with pytest.raises(ValueError, match="does not fit"):
        read_reply(msgspec.msgpack.encode(Reply(hosts=(one,))), ["R1"], KEY_ID)


def test_free_text_stays_only_where_both_ends_keep_it():
    both = Fingerprinter(bytes(32), {"interface description", "access-list remark"}).keeping(
        ["interface description", "x"]
    )
    assert (both.keep, both.key_id) == ({"interface description"}, KEY_ID)
