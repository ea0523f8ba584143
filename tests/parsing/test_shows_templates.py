"""The templates of the show commands: TTP's traps, each of which gave a wrong answer once (none of them says anything)."""

import re
import time
from concurrent.futures import ThreadPoolExecutor
from importlib import resources
from pathlib import Path

import pytest

from ikeaudit.parsing.shows import parse_isakmp_key, parse_isakmp_sa, parse_session
from ikeaudit.parsing.ttp_adapter import parse_show, show_template_text

NAMES = sorted(file.name.removesuffix(".ttp") for file in (resources.files("ikeaudit.parsing.shows") / "ttp").iterdir())


def sessions(peer: int) -> str:
    return (
        f"Crypto session current status\n\nInterface: Tunnel{peer}\nSession status: UP-ACTIVE\nPeer: 10.0.0.{peer} port 500\n"
        f"  IKEv1 SA: local 10.1.0.{peer}/500 remote 10.0.0.{peer}/500 Active\n  IPSEC FLOW: permit 47 host 10.1.0.1 host x\n"
        f"        Active SAs: {peer}, origin: crypto map\n"
    )


def keys(count: int) -> str:
    rows = (f"ring{n}     10.{n >> 16}.{n >> 8 & 255}.{n & 255}       <PSK:{n:016x}>\n" for n in range(count))
    return "Keyring      Hostname/Address                            Preshared Key\n\n" + "".join(rows)


@pytest.mark.parametrize("name", NAMES)
def test_every_line_counts_and_every_pattern_has_a_name(name: str) -> None:
    text = show_template_text(name)
    declared = set(re.findall(r"^(\w+) = ", text, re.MULTILINE))
    body = text.partition("</vars>")[2].splitlines()
    assert [line for line in body if line and not line.startswith(("##", "<")) and "{{" not in line] == []
    assert set(re.findall(r"re\((.*?)\)", "\n".join(body))) == {f'"{pattern}"' for pattern in declared}
    assert re.findall(r'<group name="\w+">', text) == []  # without "*" one match is no list


@pytest.mark.parametrize("name", NAMES)
def test_nothing_comes_of_nothing(name: str) -> None:
    assert parse_show(name, []) == {}
    assert parse_show(name, ["complete nonsense", "", "|"]) == {}


def test_a_line_that_names_a_file_is_not_that_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "session").write_text(sessions(1), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert parse_session(sessions(1))
    assert parse_session("session") is None
    assert parse_session(str(tmp_path / "session")) is None


def test_threads_do_not_mix_their_answers_up() -> None:
    def ask(peer: int) -> list[tuple[str, str, int]]:
        return [(s.interface, str(s.peer), s.active_sas) for s in parse_session(sessions(peer)) or ()]

    peers = [1 + n % 40 for n in range(200)]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(ask, peers))
    assert found == [[(f"Tunnel{peer}", f"10.0.0.{peer}", peer)] for peer in peers]


def test_what_one_session_lacks_does_not_come_from_another() -> None:
    text = sessions(7) + "Interface: Tunnel8\nSession status: DOWN\nPeer: 10.0.0.8 port 500\n\nInterface: Tunnel9\n"
    found = parse_session(text)
    assert found is not None
    assert [(s.interface, s.status, str(s.peer), str(s.local), s.ike_version, s.active_sas) for s in found] == [
        ("Tunnel7", "UP-ACTIVE", "10.0.0.7", "10.1.0.7", 1, 7),
        ("Tunnel8", "DOWN", "10.0.0.8", "None", None, 0),
        ("Tunnel9", "", "None", "None", None, 0),
    ]


def test_status_and_vrf_below_the_peer_are_the_peers() -> None:
    text = "Interface: Tunnel0\nSession status: UP-ACTIVE\nPeer: 10.1.1.1 port 500\n  Session status: UP-IDLE\n  FVRF: INET\n"
    text += "Peer: 10.1.1.2 port 500\n"
    found = parse_session(text)
    assert found is not None
    assert [(s.status, s.fvrf) for s in found] == [("UP-IDLE", "INET"), ("UP-ACTIVE", None)]


def test_an_indented_copy_and_line_ends_of_windows() -> None:
    plain = keys(3)
    assert parse_isakmp_key(plain.replace("\n", "\n  ")) == parse_isakmp_key(plain)
    assert parse_isakmp_key(plain.replace("\n", "\r\n")) == parse_isakmp_key(plain)
    table = (
        "dst             src             state          conn-id status\r\n10.0.0.2  10.0.0.1  QM_IDLE  1 ACTIVE  \r\n"
    )
    assert [sa.status for sa in parse_isakmp_sa(table) or ()] == ["ACTIVE"]


def test_a_large_key_table_takes_time_in_proportion() -> None:
    def seconds(count: int) -> float:
        text = keys(count)
        start = time.process_time()
        rows = parse_isakmp_key(text)
        assert rows is not None
        assert len(rows) == count
        assert (rows[-1].line, rows[-1].keyring) == (count + 2, f"ring{count - 1}")
        return time.process_time() - start

    small, large = (min(seconds(count) for _ in range(3)) for count in (1250, 10_000))
    assert large < 24 * small  # eight times the rows; sixty-four times the time if it were not linear
