"""Keep what is known to be harmless, cut the rest: tried with commands that hold secrets, as the tables know them and not."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from parsed import FINGERPRINTER
from planted import HEAD, NAMED, OTHERS, TAIL, forms, spelt, value

from ikeaudit.parsing import parse_configs
from ikeaudit.parsing.fingerprint import CUT_TOKEN, Fingerprinter
from ikeaudit.parsing.redact import KnownSecrets, cut, redact
from ikeaudit.snapshot.writing import write_snapshot_host

CASES = Path(__file__).parents[1] / "cases"


def left(text: str) -> str:
    """What is left of a text wherever it may come out: the lines, and all that was read from them."""
    read = parse_configs(text, file="r1.cfg", fingerprinter=FINGERPRINTER)
    return cut(text, FINGERPRINTER).text + json.dumps(msgspec.to_builtins(read, enc_hook=str))


def whole(form: str, planted: str) -> str:
    return HEAD + form.replace("{}", planted) + "\n" + TAIL


@pytest.mark.parametrize("form", forms(NAMED) + forms(OTHERS))
def test_nothing_is_left_of_what_is_planted(form: str) -> None:
    chance = random.Random(form)
    for text in (form, spelt(form, chance), spelt(form, chance)):
        planted = value(chance)
        assert planted not in left(whole(text, planted)), text


@pytest.mark.parametrize("form", forms(NAMED) + forms(OTHERS))
def test_what_was_cut_stays_as_it_is(form: str) -> None:
    chance = random.Random(form)
    text = whole(spelt(form, chance), value(chance))
    once = cut(text, FINGERPRINTER)
    assert len(once.lines) == text.count("\n") + 1
    assert cut(once.text, FINGERPRINTER).text == once.text


def _models(text: str) -> list[object]:
    read = parse_configs(text, file="r1.cfg", fingerprinter=FINGERPRINTER, facts=cut(text, FINGERPRINTER).facts)
    return [
        (config.host, config.modelled, config.irrelevant, config.unknown, _without_facts(config.router))
        for config in read
    ]


def _without_facts(router: object) -> object:
    plain = msgspec.to_builtins(router, enc_hook=str)
    return re.sub(r"'facts': (?:None|\{[^{}]*\})", "", str(plain))


@pytest.mark.parametrize("folder", ["healthy", "vectors", "dmvpn", "ikev2", "crypto-map", "unknown", "hazards"])
def test_what_is_left_says_the_same(folder: str) -> None:
    """The model, the counts of the ledger and the unknown lines of a text that was cut are those of the text."""
    for file in sorted((CASES / folder).rglob("*.cfg"))[:40]:
        text = file.read_text(encoding="utf-8")
        assert _models(cut(text, FINGERPRINTER).text) == _models(text), file


def _places(text: str) -> Iterator[tuple[int, str]]:
    """The lines of which something was cut, with their last word."""
    for number, line in enumerate(cut(text, FINGERPRINTER).lines):
        word = text.split("\n")[number].split()[-1:]
        if word and re.search(r"<(?:CUT:|SECRET|PSK:)[^>]*>$", line) and len(word[0]) > 3 and word[0][-1] not in "^#>C":
            yield number, word[0]


@pytest.mark.parametrize("folder", ["healthy", "vectors", "dmvpn", "ezvpn", "ikev2", "unknown"])
def test_what_is_cut_is_cut_whatever_it_says(folder: str) -> None:
    chance = random.Random(folder)
    for file in sorted((CASES / folder).rglob("*.cfg"))[:12]:
        lines = file.read_text(encoding="utf-8").split("\n")
        for number, word in _places("\n".join(lines)):
            planted = value(chance)
            changed = [*lines[:number], lines[number].rpartition(word)[0] + planted, *lines[number + 1 :]]
            assert planted not in left("\n".join(changed)), changed[number]


KEPT = """\
version 15.9
!
hostname R1
!
boot-start-marker
boot-end-marker
!
aaa authentication login default group NOC local
ip vrf CUST
 rd 65001:1
crypto keyring IPSec vrf CUST
  description of the ring
  local-address 192.0.2.1 CUST
  pre-shared-key address 192.0.2.9 key K-first-sample
crypto isakmp profile VPN
   keyring IPSec
   match identity address 192.0.2.9 255.255.255.255 CUST
interface Tunnel1
 description circuit 4711-K-first-sample
 ip vrf forwarding CUST
 ip nhrp map 10.0.0.1 192.0.2.9
 tunnel source GigabitEthernet0/0
 standby 10 name UK
 ip access-group GUARD in
 ip policy route-map PBR
router ospf 7
 network 10.0.0.0 0.0.0.255 area 0
ip nat inside source static udp 10.0.0.1 4500 interface GigabitEthernet0/0 4500
ip route vrf CUST 10.1.0.0 255.255.0.0 Tunnel1 192.0.2.9 200 name to the hub
ip access-list extended GUARD
 permit udp host 192.0.2.9 any eq isakmp log
 remark of the guard
end
"""


def test_all_that_the_model_needs_is_kept() -> None:
    lines = cut(KEPT, FINGERPRINTER).lines
    changed = [(a, b) for a, b in zip(KEPT.split("\n"), lines, strict=True) if a != b]
    token = FINGERPRINTER.cut
    assert changed == [
        ("  description of the ring", f"  description {token('of the ring')}"),
        (
            "  pre-shared-key address 192.0.2.9 key K-first-sample",
            f"  pre-shared-key address 192.0.2.9 key <PSK:{FINGERPRINTER.psk('K-first-sample')}>",
        ),
        (" description circuit 4711-K-first-sample", f" description {token('circuit 4711-K-first-sample')}"),
        (
            "ip route vrf CUST 10.1.0.0 255.255.0.0 Tunnel1 192.0.2.9 200 name to the hub",
            f"ip route vrf CUST 10.1.0.0 255.255.0.0 Tunnel1 192.0.2.9 200 name {token('to the hub')}",
        ),
        (" remark of the guard", f" remark {token('of the guard')}"),
    ]


def test_an_owner_keeps_what_he_chose_without_known_values() -> None:
    fingerprinter = Fingerprinter(b"a fingerprint key for tests only", ["interface description", "access-list remark"])
    lines = cut(KEPT, fingerprinter).lines
    assert f" description circuit 4711-<PSK:{fingerprinter.psk('K-first-sample')}>" in lines
    assert " remark of the guard" in lines
    assert f"  description {fingerprinter.cut('of the ring')}" in lines, "of keyrings nothing was said"


def test_a_change_is_seen_and_nothing_can_be_tried() -> None:
    one, same, other = (cut(whole(" frob {}", v), FINGERPRINTER).text for v in ("first", "first", "other"))
    assert one == same != other
    elsewhere = cut(whole(" frob {}", "first"), Fingerprinter(b"another fingerprint key for tests")).text
    assert set(CUT_TOKEN.findall(one)).isdisjoint(CUT_TOKEN.findall(elsewhere))


def test_what_ios_itself_remarks_of_a_profile_stays() -> None:
    """What is typed on a router again prints it, too; what people remark there is cut."""
    profile = "crypto isakmp profile P\n   {}\n   keyring default\n"
    said = "! This profile is incomplete (no match identity statement)"
    assert f"   {said}\n" in cut(HEAD + profile.format(said) + TAIL, FINGERPRINTER).text
    assert "ask Joe" not in cut(HEAD + profile.format(f"{said}, ask Joe") + TAIL, FINGERPRINTER).text


def test_the_name_of_an_object_stays_in_a_line_that_nobody_knows() -> None:
    """What is not understood may refer to it."""
    text = KEPT.replace("interface Tunnel1\n", "interface Tunnel1\n crypto frobnicate with VPN and S3cret\n")
    (line,) = (line for line in cut(text, FINGERPRINTER).lines if line.startswith(" crypto "))
    assert line == f" crypto {FINGERPRINTER.cut('frobnicate with VPN and S3cret')} VPN"


def test_a_host_says_by_which_tables_it_was_cut(tmp_path: Path) -> None:
    write_snapshot_host(tmp_path, "R1", whole("frob {}", "S3cret-value"), {}, {}, fingerprinter=FINGERPRINTER)
    meta = json.loads((tmp_path / "R1/meta.json").read_bytes())
    assert re.fullmatch(r"[0-9a-f]{12}", meta["grammar"])
    assert "S3cret-value" not in (tmp_path / "R1/running-config.txt").read_text(encoding="utf-8")


def test_what_show_commands_say_is_left_without_what_the_configuration_told() -> None:
    known = KnownSecrets()
    cut(whole("crypto isakmp key {} address 192.0.2.9", "K-first-sample"), FINGERPRINTER, known)
    assert len(known) > 0


LOG = "*Nov 29 06:30:03.123: %SYS-5-CONFIG_I: Configured from console by admin on vty0 (10.0.0.1)"
SHOWN = """\
R1#show crypto isakmp key
Keyring      Hostname/Address                            Preshared Key

default      0.0.0.0        [0.0.0.0        ]            Quartz-Lantern-77
R1#
"""
RING = whole(
    "crypto keyring K\n  pre-shared-key address 192.0.2.9 key {}\ninterface Tunnel1\n shutdown", "Quartz-Lantern-77"
)


@pytest.mark.parametrize("text", [SHOWN, RING], ids=["shown", "configured"])
@pytest.mark.parametrize("message", ["\n{}\n", "{}\n", "\n{}"])
def test_no_part_of_a_key_is_left_where_a_log_message_broke_into_it(text: str, message: str) -> None:
    key = "Quartz-Lantern-77"
    (line,) = (line for line in text.split("\n") if key in line)
    start = line.index(key)
    for at in range(1, len(line)):
        broken = text.replace(line, line[:at] + message.format(LOG) + line[at:])
        parts = (key[: at - start], key[at - start :]) if start < at < len(line) else (key,)
        for clean in (redact(broken, FINGERPRINTER).text, cut(broken, FINGERPRINTER).text):
            assert not any(part in clean for part in parts if len(part) > 3), at
            assert clean.count("\n") == broken.count("\n")


def test_what_follows_a_log_message_stays_where_nothing_was_broken() -> None:
    text = f"R1#show version\nCisco IOS Software\n{LOG}\nROM: Bootstrap\n"
    assert redact(text, FINGERPRINTER).text == text


def test_text_between_two_delimiters_is_text_wherever_it_stands() -> None:
    """In what is no configuration, too; and a remark behind commands is one, though a banner before them was never ended."""
    prose = "some prose\nbanner motd #\nhello you\nsecond # line\nthird\n"
    one, two, three, four, five = cut(prose, FINGERPRINTER).lines[:5]
    assert [line.startswith("! ") for line in (one, two, three, four, five)] == [True, True, False, False, True]
    assert four.endswith("#")
    open_ended = "hostname R1\nbanner motd ^C\nhello\ninterface Tunnel1\n ip address 10.0.0.1 255.0.0.0\n! mine\nend\n"
    assert [line[:2] for line in cut(open_ended, FINGERPRINTER).lines[2:6]] == ["<C", "in", " i", "! "]


@pytest.mark.parametrize(
    ("prompt", "kept"),
    [("R1#", True), ("R1>show run", True), ("R1# sho run", True), ("Zq8vT2xR#", False), ("Zq8vT2xR>", False)],
)
def test_a_prompt_is_kept_where_its_router_is_known(prompt: str, kept: bool) -> None:
    text = f"hostname R1\n!\ninterface Tunnel1\n ip address 10.0.0.1 255.0.0.0\n!\n{prompt}\nend\n"
    assert (prompt in cut(text, FINGERPRINTER).lines) is kept
