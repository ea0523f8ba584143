"""The quick reader of printed texts: it says what the thorough one says, and leaves to that one what it is not sure of."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from parsed import FINGERPRINTER, config

from ikeaudit.ios.language import LANGUAGES
from ikeaudit.parsing import ParsedConfig, parse_configs
from ikeaudit.parsing import config as config_module
from ikeaudit.parsing.bound import Insides

ROOT = Path(__file__).resolve().parents[2]
CORPUS = ROOT / "../shared/corpus/configs"

PRINTED = """\
version 15.7
!
hostname R1
!
ip vrf RED
 rd 1:1
!
crypto keyring K vrf RED
  pre-shared-key address 192.0.2.1 key abcdefgh
!
crypto isakmp policy 10
 encr aes 256
 authentication pre-share
!
interface Tunnel1
 description to R2
 ip address 10.0.0.1 255.255.255.252
 no ip redirects
 tunnel source 192.0.2.9
 tunnel destination 192.0.2.1
!
router bgp 65000
 neighbor 10.0.0.2 remote-as 65001
!
ip access-list extended A
 permit ip any any
!
access-list 99 permit 10.0.0.0 0.0.0.255
access-list 100 permit ip any any
no ip http server
!
line vty 0 4
 access-class 99 in
!
end
"""


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether each router that is read was read by the quick reader."""
    read, asked = config_module.read_printed, list[bool]()

    def spied(*args: object) -> object:
        router = read(*args)  # type: ignore[arg-type]
        asked.append(router is not None)
        return router

    monkeypatch.setattr(config_module, "read_printed", spied)
    return asked


def both_ways(texts: list[str], monkeypatch: pytest.MonkeyPatch, quick: list[bool], *, counted: bool = True) -> int:
    """How many texts the quick reader takes; the thorough one must say the same of each, and count the same if ``counted``."""

    def every() -> list[tuple[ParsedConfig, ...]]:
        read = [parse_configs(text, file="r.cfg", fingerprinter=FINGERPRINTER) for text in texts]
        if counted:
            return read
        return [tuple(msgspec.structs.replace(one, irrelevant=0) for one in parsed) for parsed in read]

    first = every()
    taken = sum(quick)
    monkeypatch.setattr(config_module, "read_printed", lambda *_: None)
    assert first == every()
    return taken


def test_what_is_printed_is_read_quickly(quick: list[bool]) -> None:
    parsed = config(PRINTED)
    assert quick == [True]
    # the host name, the VRF, keyring and key, policy and two lines, interface and four lines; the VRF's rd does not matter
    assert (parsed.modelled, parsed.irrelevant, parsed.unknown) == (12, 1, ())
    router = parsed.router
    assert router is not None
    assert (router.hostname, router.version, router.vrfs) == ("R1", "15.7", ("RED",))
    assert [(key.line, str(key.prefix)) for key in router.keyrings[0].keys] == [(9, "192.0.2.1")]
    assert [(acl.name, acl.line) for acl in router.acls] == [("99", 28)]  # of the others crypto knows nothing


@pytest.mark.full
def test_both_readers_say_the_same_of_the_cases(monkeypatch: pytest.MonkeyPatch, quick: list[bool]) -> None:
    files = sorted((ROOT / "tests/cases").rglob("*.cfg"))
    assert both_ways([file.read_text(encoding="utf-8") for file in files], monkeypatch, quick) > 400


@pytest.mark.full
@pytest.mark.corpus
@pytest.mark.skipif(not CORPUS.is_dir(), reason="the shared corpus does not lie beside the project")
def test_both_readers_say_the_same_of_the_corpus(monkeypatch: pytest.MonkeyPatch, quick: list[bool]) -> None:
    # "redundancy" behind the section of a GDOI group is a global command; the thorough reader takes it for one of the group's
    texts = [file.read_text(encoding="utf-8", errors="replace") for file in sorted(CORPUS.rglob("*")) if file.is_file()]
    assert both_ways(texts, monkeypatch, quick, counted=False) > 25


def put(new: str, before: str) -> Callable[[str], str]:
    """A text with a line before the first of its lines that begins with another."""
    return lambda text: text.replace(f"\n{before}", f"\n{new}\n{before}", 1)


@pytest.mark.parametrize(
    "edit",
    [
        put(" exit", "router bgp"),
        put(" interface Tunnel2", "router bgp"),
        put(" crypto isakmp policy 20", "ip access-list"),
        put("  exit", " permit ip any any"),
        put(" tunnel source 192.0.2.8", "ip access-list"),
        put(" ip address 10.0.0.5 255.255.255.252", "access-list 100"),
        put(" ip redirects", " no ip redirects"),
        put(" default tunnel source", " tunnel destination"),
        put("crypto isakmp policy 10\n hash md5", "router bgp"),
        put("no crypto isakmp policy 10", "router bgp"),
        put("crypto isakmp keepalive 10\nno crypto isakmp keepalive", "router bgp"),
        put("crypto kering K", "router bgp"),
        lambda text: text.replace("version 15.7\n", "version 15.7\n exit\n"),
    ],
)
def test_what_does_not_look_printed_is_read_thoroughly(
    edit: Callable[[str], str], monkeypatch: pytest.MonkeyPatch, quick: list[bool]
) -> None:
    text = edit(PRINTED)
    assert text != PRINTED
    assert both_ways([text], monkeypatch, quick) == 0


@pytest.mark.parametrize(
    "edit",
    [
        put(" no tunnel protection", " tunnel source"),
        put(" !", " tunnel source"),
        put(" tunnel  source   192.0.2.7 ", " tunnel source"),
        put(" tunel source 192.0.2.7", " tunnel source"),
        put("ip vrf BLUE\n rd 1:2\n!", "crypto keyring"),
        lambda text: text + "\n\n",
    ],
)
def test_what_prints_oddly_is_still_read_quickly(
    edit: Callable[[str], str], monkeypatch: pytest.MonkeyPatch, quick: list[bool]
) -> None:
    assert both_ways([edit(PRINTED)], monkeypatch, quick) == 1


def test_only_the_first_lines_of_a_command_are_remembered() -> None:
    inside = Insides(LANGUAGES["interface"])
    before = len(inside)
    for number in range(1000):
        read, args, found = inside[f" description {number}"]
        assert read is not None and found is not None
        assert (args, found.row.id) == ({"text": str(number)}, "interface/description")
    assert inside[" description 999"][1] == {"text": "999"}
    assert len(inside) - before == 128
    assert inside[" tunnel vrf RED"] is inside[" tunnel vrf RED"]


def test_what_is_read_again_soon_is_remembered_for_a_while() -> None:
    """A section that grows by a line is read again with those above it; what is remembered stays bounded all the same."""
    inside = Insides(LANGUAGES["interface"])
    lines = [f" description {number}" for number in range(3000)]
    found = [inside[line] for line in lines]
    assert inside[lines[-1]] is found[-1] and inside[lines[0]] is found[0]
    assert inside[lines[200]] is not found[200] and inside[lines[200]] == found[200]
    assert len(inside._recent) <= 2048
