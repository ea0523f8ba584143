"""Configuration mode line by line: prompts, abbreviations, what IOS answers (DOMAIN 3, 10.2)."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from rich import pretty
from rich.console import Console

from ikeaudit.candidate import Candidate, ConfigSession, Reply, refused
from ikeaudit.candidate.differences import view
from ikeaudit.ios.language import LANGUAGES
from ikeaudit.ios.syntax import Typed, begin

SEED = (Path(__file__).parent / "candidate" / "seed_r1.cfg").read_text()


@pytest.fixture
def candidate() -> Candidate:
    return Candidate.from_text(SEED)


def answers(candidate: Candidate, *lines: str) -> list[str]:
    return [reply.output for reply in candidate.apply(lines)]


@pytest.mark.parametrize(
    ("lines", "prompt"),
    [
        ([], "(config)#"),
        (["crypto keyring K"], "(conf-keyring)#"),
        (["crypto keyring K", "rsa-pubkey address 10.0.0.1"], "(config-pubkey-key)#"),
        (["crypto isakmp profile P"], "(conf-isa-prof)#"),
        (["crypto isakmp policy 1"], "(config-isakmp)#"),
        (["crypto isakmp peer address 10.0.0.1"], "(config-isakmp-peer)#"),
        (["crypto isakmp client configuration group G"], "(config-isakmp-group)#"),
        (["crypto ipsec transform-set T esp-aes"], "(cfg-crypto-trans)#"),
        (["crypto ipsec profile I"], "(ipsec-profile)#"),
        (["crypto map M 10 ipsec-isakmp"], "(config-crypto-map)#"),
        (["crypto dynamic-map D 10"], "(config-crypto-map)#"),
        (["crypto dynamic-map D 10", "exit", "crypto map M 10 ipsec-isakmp dynamic D"], "(config)#"),
        (["crypto ikev2 proposal P"], "(config-ikev2-proposal)#"),
        (["crypto ikev2 policy P"], "(config-ikev2-policy)#"),
        (["crypto ikev2 keyring K"], "(config-ikev2-keyring)#"),
        (["crypto ikev2 keyring K", "peer X"], "(config-ikev2-keyring-peer)#"),
        (["crypto ikev2 keyring K", "peer X", "exit"], "(config-ikev2-keyring)#"),
        (["crypto ikev2 keyring K", "peer X", "peer Y"], "(config-ikev2-keyring-peer)#"),
        (["crypto ikev2 profile P"], "(config-ikev2-profile)#"),
        (["interface Tunnel1"], "(config-if)#"),
        (["interface Gi0/0.10"], "(config-subif)#"),
        (["archive"], "(config-archive)#"),
        (["archive", "log config"], "(config-archive-log-cfg)#"),
        (["archive", "log config", "exit"], "(config-archive)#"),
        (["router ospf 1"], "(config-router)#"),
        (["ip access-list extended A"], "(config-ext-nacl)#"),
        (["line vty 0 4"], "(config-line)#"),
        (["vrf definition V", "address-family ipv4"], "(config-vrf-af)#"),
        (["vrf definition V", "address-family ipv4", "exit-address-family"], "(config-vrf)#"),
        (["crypto keyring K", "crypto isakmp policy 1"], "(config-isakmp)#"),
        (["crypto keyring K", "hostname X"], "(config)#"),
        (["interface Tunnel1", "ip route 10.0.0.0 255.0.0.0 Null0"], "(config)#"),
        (["interface Tunnel1", "ip nat inside"], "(config-if)#"),
        (["router ospf 1", "network 10.0.0.0 0.0.0.255 area 0"], "(config-router)#"),
        (["crypto keyring K", "! a remark", ""], "(conf-keyring)#"),
        (["crypto keyring K", "end"], "#"),
        (["exit"], "#"),
    ],
)
def test_prompts(candidate: Candidate, lines: list[str], prompt: str) -> None:
    session = candidate.session()
    for line in lines:
        assert not session.send(line).refused
    assert session.prompt_suffix == prompt
    assert session.ended is (prompt == "#")


def test_a_second_key_for_an_address_is_refused_and_the_old_one_kept(candidate: Candidate) -> None:
    before = candidate.text()
    told = "A pre-shared key for address mask 192.168.0.2 255.255.255.255 already exists!"
    assert answers(
        candidate,
        "crypto keyring keyring1",
        "pre-shared-key address 192.168.0.2 key other",
        "pre-shared-key address 192.168.0.2 255.255.255.255 key cisco",
    ) == ["", told, told]
    assert candidate.text() == before
    assert answers(
        candidate,
        "crypto isakmp key a1 address 0.0.0.0",
        "crypto isakmp key a2 address 0.0.0.0 0.0.0.0",
        "crypto isakmp key a3 address 10.0.0.0 255.0.0.0",
        "crypto isakmp key a4 address 10.0.0.0 255.255.0.0",
        "crypto isakmp key a5 address 10.0.0.0 255.255.0.0 no-xauth",
    ) == [
        "",
        "A pre-shared key for address mask 0.0.0.0 0.0.0.0 already exists!",
        "",
        "",
        "A pre-shared key for address mask 10.0.0.0 255.255.0.0 already exists!",
    ]


def test_retyped_list_lines_are_harmless(candidate: Candidate) -> None:
    lines = [
        "crypto isakmp profile profile2",
        "keyring keyring2",
        "match identity address 192.168.0.2",
        "crypto ikev2 proposal P",
        "encryption aes-cbc-256",
        "crypto ikev2 policy POL",
        "proposal P",
        "proposal P",
    ]
    replies = candidate.apply(lines)
    assert [r.output for r in replies][1:3] == [
        "% Profile already contains this keyring",
        "% Already found same 'match identity' statement",
    ]
    assert replies[-1].output == "% Policy already has same proposal set"
    assert not any(r.refused for r in replies)
    assert not replies[1].changed
    assert not replies[-1].changed


def test_ikev2_key_is_overwritten_in_place(candidate: Candidate) -> None:
    assert (
        answers(
            candidate,
            "crypto ikev2 keyring K",
            "peer A",
            "address 10.0.0.1",
            "pre-shared-key local one",
            "pre-shared-key remote two",
            "pre-shared-key local three",
        )
        == [""] * 6
    )
    assert "  pre-shared-key local three\n  pre-shared-key remote two\n" in candidate.text()


def test_two_peers_of_one_ikev2_keyring_cannot_share_an_address(candidate: Candidate) -> None:
    told = answers(candidate, "crypto ikev2 keyring K", "peer A", "address 10.0.0.1", "peer B", "address 10.0.0.1")
    assert told[-1] == "% address 10.0.0.1 is already configured in peer A"
    assert refused(told[-1])


def test_trailing_blanks_belong_to_a_keyring_key(candidate: Candidate) -> None:
    told = answers(candidate, "crypto keyring keyring1", "pre-shared-key address 10.0.0.9 key two words  ")
    assert told[-1] == "% Warning: Trailing white space(s) detected for the preshared key"
    assert not refused(told[-1])
    assert "  pre-shared-key address 10.0.0.9 key two words  \n" in candidate.text()
    assert answers(candidate, "crypto isakmp key abc address 10.0.0.8   ")[-1] == ""
    assert "crypto isakmp key abc address 10.0.0.8\n" in candidate.text()


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("pre-shared-key address 10.0.0.9 255.255.255.255 key x", "pre-shared-key address 10.0.0.9 key x"),
        ("pre-shared-key address 10.0.0.9 key 0 x", "pre-shared-key address 10.0.0.9 key x"),
        ("pre-shared-key address 10.0.0.9 key 6", "pre-shared-key address 10.0.0.9 key 6"),
        ("pre-shared-key address 10.0.0.9 key 6 <PSK:00>", "pre-shared-key address 10.0.0.9 key 6 <PSK:00>"),
        ("pre-shared-key address 10.0.0.0 255.0.0.0 key a b", "pre-shared-key address 10.0.0.0 255.0.0.0 key a b"),
        ("pre-shared-key address ipv6 2001:DB8::1/128 key x", "pre-shared-key address ipv6 2001:DB8::1/128 key x"),
        ("pre host Spoke1 key x", "pre-shared-key hostname Spoke1 key x"),
        ("local Lo0", "local-address Loopback0"),
        ("local-address 10.0.0.1 INET", "local-address 10.0.0.1 INET"),
    ],
)
def test_spelling_of_keyring_lines(candidate: Candidate, typed: str, shown: str) -> None:
    assert answers(candidate, "crypto keyring K", typed) == ["", ""]
    assert candidate.text().split("crypto keyring K\n")[1].startswith(f"  {shown}\n")


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("match identity address 10.0.0.9", "match identity address 10.0.0.9 255.255.255.255"),
        ("match identity address 0.0.0.0 0.0.0.0", "match identity address 0.0.0.0"),
        ("match identity address 0.0.0.0 INET", "match identity address 0.0.0.0 INET"),
        ("match identity address 10.0.0.9 INET", "match identity address 10.0.0.9 255.255.255.255 INET"),
        ("match identity address 10.0.0.9 255.255.255.255 !R9", "match identity address 10.0.0.9 255.255.255.255"),
        ("mat id host domain example.com", "match identity host domain example.com"),
        ("match identity user a@b.c", "match identity user a@b.c"),
        ("match identity group G", "match identity group G"),
        ("match certificate MAP", "match certificate MAP"),
        ("self-identity fqdn", "self-identity fqdn"),
        ("keepalive 10 retry 2", "keepalive 10 retry 2"),
        ("initiate mode aggressive", "initiate mode aggressive"),
        ("virtual-template 1", "virtual-template 1"),
        ("ca trust-point TP", "ca trust-point TP"),
    ],
)
def test_spelling_of_profile_lines(candidate: Candidate, typed: str, shown: str) -> None:
    replies = candidate.apply(["crypto isakmp profile P", typed])
    assert not any(r.refused for r in replies)
    assert f"   {shown}\n" in candidate.text().split("crypto isakmp profile P\n")[1]


def test_classic_images_print_encr_and_hide_defaults(candidate: Candidate) -> None:
    lines = [
        "crypto isakmp policy 5",
        "encryption aes 128",
        "hash sha",
        "group 14",
        "authentication pre-share",
        "lifetime 86400",
    ]
    assert answers(candidate, *lines) == [""] * 6
    assert "crypto isakmp policy 5\n encr aes\n authentication pre-share\n group 14\n!\n" in candidate.text()
    answers(candidate, "crypto isakmp policy 10", "group 1", "encr des")
    assert "crypto isakmp policy 10\n hash md5\n authentication pre-share\ncrypto isakmp profile" in candidate.text()


def test_new_images_print_encryption_and_every_value() -> None:
    candidate = Candidate.from_text("version 17.12\nhostname R\nend\n")
    answers(candidate, "crypto isakmp policy 5", "encr aes", "hash sha", "lifetime 86400")
    assert "crypto isakmp policy 5\n encryption aes\n hash sha\n!" in candidate.text()


def test_policies_stand_by_number_and_profiles_by_age(candidate: Candidate) -> None:
    answers(candidate, "crypto isakmp policy 20", "crypto isakmp policy 5", "crypto isakmp profile AAA")
    text = candidate.text()
    places = [
        text.index(f"crypto isakmp {x}")
        for x in ("policy 5\n", "policy 10", "policy 20", "profile profile2", "profile AAA")
    ]
    assert places == sorted(places)


def test_profile_without_match_is_marked_incomplete(candidate: Candidate) -> None:
    mark = (
        "crypto isakmp profile P\n   keyring keyring1\n   ! This profile is incomplete (no match identity statement)\n"
    )
    assert answers(candidate, "crypto isakmp profile P", "keyring keyring1") == [
        "% A profile is deemed incomplete until it has match identity statements",
        "",
    ]
    assert mark in candidate.text()
    answers(candidate, "crypto isakmp profile P", "match identity address 10.0.0.9")
    assert "incomplete" not in candidate.text()
    answers(candidate, "crypto isakmp profile P", "no match identity address 10.0.0.9")
    assert "incomplete" in candidate.text()


def test_single_valued_lines_are_replaced(candidate: Candidate) -> None:
    answers(
        candidate,
        "crypto ipsec profile profile1",
        "set pfs group14",
        "set pfs group20",
        "set isakmp-profile profile1",
        "description one",
        "description two  words",
        "interface Tunnel1",
        "tunnel destination 10.9.9.9",
        "tunnel source Lo0",
    )
    assert (
        "crypto ipsec profile profile1\n description two  words\n set transform-set TS\n set pfs group20\n"
        " set isakmp-profile profile1\n!" in candidate.text()
    )
    assert " tunnel source Loopback0\n tunnel destination 10.9.9.9\n" in candidate.text()


@pytest.mark.parametrize(
    ("lines", "output"),
    [
        (["crypto ipsec profile profile1", "set ikev2-profile V2"], "% crypto ikev2 profile V2 is not defined"),
        (["crypto isakmp profile profile1", "keyring NOPE"], "% crypto keyring NOPE is not defined"),
        (
            ["crypto ipsec profile profile1", "set transform-set TS NOPE"],
            'ERROR: transform set with tag "NOPE" does not exist.',
        ),
        (["interface Ethernet0/0", "crypto map NOPE"], 'ERROR: Crypto Map with tag "NOPE" does not exist.'),
        (["no interface Ethernet0/0"], "% Removal of physical interfaces is not permitted"),
        (["no crypto isakmp key x address 10.9.9.9"], "% No such pre-shared key"),
        (["crypto keyring keyring1", "no pre-shared-key address 10.9.9.9"], "% No such pre-shared key"),
        (
            ["crypto keyring keyring1", "no pre-shared-key address 192.168.0.2 key wrong"],
            "% The line configured here reads differently; nothing removed",
        ),
        (
            ["crypto keyring keyring1 vrf INET"],
            "% crypto keyring keyring1 already exists with other attributes; remove it first",
        ),
        (["crypto map M 10"], "% Incomplete command."),
        (["crypto isakmp"], "% Incomplete command."),
        (["crypto isakmp policy 5", "encryption"], "% Incomplete command."),
        (["no crypto"], "% Incomplete command."),
        (["no set"], ""),
    ],
)
def test_refusals(candidate: Candidate, lines: list[str], output: str) -> None:
    before = candidate.text()
    reply = candidate.apply(lines)[-1]
    if output:
        assert reply.output == output
        assert not reply.changed
    assert reply.refused
    if len(lines) == 1 or lines[0] != "crypto isakmp policy 5":
        assert candidate.text() == before


def test_both_profiles_on_one_object_are_refused(candidate: Candidate) -> None:
    candidate.apply(["crypto ikev2 profile V2"])
    told = answers(candidate, "crypto ipsec profile profile1", "set ikev2-profile V2")
    assert told[-1] == "% set ikev2-profile cannot be combined with set isakmp-profile profile2; remove that first"
    assert (
        answers(candidate, "crypto ipsec profile profile1", "no set isakmp-profile", "set ikev2-profile V2") == [""] * 3
    )


@pytest.mark.parametrize(
    ("lines", "gone"),
    [
        (["crypto keyring keyring2", "no pre-shared-key address 192.168.0.2"], "keyring2\n  pre-shared"),
        (["crypto isakmp profile profile2", "no keyring keyring2"], "   keyring keyring2"),
        (["crypto ipsec profile profile1", "no set isakmp-profile"], " set isakmp-profile"),
        (["crypto ipsec profile profile1", "no set transform-set"], " set transform-set"),
        (["interface Tunnel1", "no tunnel protection"], "tunnel protection"),
        (["interface Tunnel1", "no tunnel protection ipsec profile"], "tunnel protection"),
        (["interface Tunnel1", "no tunnel protection ipsec profile profile1"], "tunnel protection"),
        (["no interface Tunnel1"], "interface Tunnel1"),
        (["no interface tunnel 1"], "interface Tunnel1"),
        (["interface Tunnel1", "no ip address"], "ip address 10.0.0.1"),
        (["no crypto isakmp policy 10"], "crypto isakmp policy"),
        (["no ip route 192.168.200.0 255.255.255.0"], "ip route"),
        (["default interface Tunnel1"], "tunnel source"),
    ],
)
def test_no_lines(candidate: Candidate, lines: list[str], gone: str) -> None:
    assert gone in candidate.text()
    replies = candidate.apply(lines)
    assert [r.output for r in replies if r.output] == []
    assert replies[-1].changed
    assert gone not in candidate.text()


def test_no_of_something_absent_is_silent(candidate: Candidate) -> None:
    before = candidate.text()
    lines = [
        "no crypto keyring NOPE",
        "no crypto isakmp profile NOPE",
        "crypto ipsec profile profile1",
        "no set pfs",
        "no description",
    ]
    replies = candidate.apply(lines)
    assert [(r.output, r.changed) for r in replies] == [("", False)] * 5
    assert candidate.text() == before


def test_whole_map_and_single_entries() -> None:
    text = (
        "hostname R\n!\ncrypto map A local-address Loopback0\ncrypto map A 10 ipsec-isakmp\n set peer 10.0.0.1\n"
        "crypto map A 20 ipsec-isakmp\n set peer 10.0.0.2\n!\ninterface Ethernet0/0\n crypto map A\n!\nend\n"
    )
    candidate = Candidate.from_text(text)
    candidate.apply(["crypto map A 15 ipsec-isakmp", " set peer 10.0.0.3", "crypto map B 1 ipsec-isakmp"])
    assert (
        "set peer 10.0.0.1\ncrypto map A 15 ipsec-isakmp\n set peer 10.0.0.3\ncrypto map A 20 ipsec-isakmp\n"
        in candidate.text()
    )
    assert candidate.text().index("crypto map A 20") < candidate.text().index("crypto map B 1")
    assert answers(candidate, "no crypto map A 20") == [""]
    (told,) = answers(candidate, "no crypto map A")
    assert told == "% crypto map A is in use by interface Ethernet0/0; remove the reference first"
    assert answers(candidate, "interface Ethernet0/0", "no crypto map A", "exit", "no crypto map A") == [""] * 4
    assert "crypto map A" not in candidate.text()
    assert "crypto map B 1 ipsec-isakmp" in candidate.text()


def test_new_map_entry_prints_the_note(candidate: Candidate) -> None:
    (reply,) = candidate.apply(["crypto map M 10 ipsec-isakmp"])
    assert reply.output.startswith("% NOTE: This new crypto map will remain disabled")
    assert not reply.refused


def test_caret_stands_under_the_word(candidate: Candidate) -> None:
    session = candidate.session()
    reply = session.send("crypto keyrings K")
    line, text = reply.output.split("\n")
    prompt = "R1(config)#"
    assert (prompt + "crypto keyrings K")[line.index("^") :].startswith("keyrings")
    assert text == "% Invalid input detected at '^' marker."
    assert reply.column == len("crypto ")
    session.send("crypto keyring K")
    assert session.send(" no pre-shared-kex address 10.0.0.1").column == len(" no ")


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("set security-association foo", "foo"), ("no set security-association foo", "foo"), ("frob 1", "frob"),
        ("crypto isakmp policy foo", "foo"), ("no crypto isakmp policy foo", "foo"),
        ("no frob 1", "frob"), ("no   set frob", "frob"), (" set frob", "frob"),
    ],
)  # fmt: skip
def test_caret_stands_where_the_mode_that_came_furthest_stops(candidate: Candidate, line: str, wrong: str) -> None:
    reply = candidate.apply(["crypto map M 10 ipsec-isakmp", line])[-1]
    assert (reply.refused, reply.column) == (True, line.index(wrong))


def test_ambiguous_word(candidate: Candidate) -> None:
    (reply,) = candidate.apply(["cr i"])
    assert reply.output == '% Ambiguous command:  "cr i"'
    assert reply.refused


def test_answers_never_show_a_key(candidate: Candidate) -> None:
    canary = "Zanzibar-77-canary"
    replies = candidate.apply(
        [
            f"crypto isakmp key {canary} address 192.168.0.2",
            f"crypto isakmp key {canary} address 192.168.0.2",
            f"crypto isakmp k {canary} addresss 192.168.0.2",
            "crypto keyring keyring1",
            f" pre-shared-key address 192.168.0.2 key {canary}",
            f" no pre-shared-key address 192.168.0.2 key {canary}",
            f" pre-shared-key a 192.168.0.2 {canary}",
            f" pre-shared-key hostname h key {canary}",
            f" pre-shared-key hostname h key {canary}",
        ]
    )
    assert canary not in "".join(f"{r!r}{r!s}{r.output}" for r in replies)
    assert canary not in repr(candidate)
    console = Console(record=True, width=500, file=StringIO())
    console.print(*replies, candidate)
    line = Typed.of(f"pre-shared-key hostname h key {canary}")
    match = LANGUAGES["keyring"].read(line.text)
    partial = begin(LANGUAGES["keyring"].tree, Typed.of("pre-shared-key hostname h"))
    statements = view(candidate.root, LANGUAGES["global"], classic=True)
    console.print(line, match, partial, statements, *candidate.root.children())
    pretty.pprint([replies, match, statements], console=console)
    assert "mode=" in console.export_text(clear=False)
    assert canary not in console.export_text()
    assert canary not in f"{line!r}{match!r}{partial!r}{statements!r}"
    assert sum(r.refused for r in replies) >= 4


def test_held_objects_cannot_go(candidate: Candidate) -> None:
    session = ConfigSession(candidate, held=lambda kind, name: (kind, name) == ("crypto isakmp profile", "profile1"))
    assert session.send("no crypto isakmp profile profile1").output == (
        "% crypto isakmp profile profile1 is held by an active session; clear it and wait"
    )
    assert "crypto isakmp profile profile1" in candidate.text()


def test_two_sessions_on_one_configuration(candidate: Candidate) -> None:
    one, two = candidate.session(), candidate.session()
    one.send("crypto keyring NEW")
    two.send("no crypto keyring NEW")
    reply = one.send("pre-shared-key address 10.0.0.1 key x")
    assert reply.refused
    assert "NEW" not in candidate.text()


def test_interface_vrf_takes_the_address_away(candidate: Candidate) -> None:
    told = answers(candidate, "interface Tunnel1", "vrf forwarding RED")
    assert told[-1] == "% Interface Tunnel1 IPv4 disabled and address(es) removed due to enabling VRF RED"
    assert "interface Tunnel1\n vrf forwarding RED\n no ip address\n tunnel source" in candidate.text()
    assert (
        answers(candidate, "interface Tunnel1", "vrf forwarding RED", "ip address 10.0.0.1 255.255.255.0") == [""] * 3
    )
    assert (
        "interface Tunnel1\n vrf forwarding RED\n ip address 10.0.0.1 255.255.255.0\n tunnel source" in candidate.text()
    )


def test_banner_and_certificate_are_taken_verbatim(candidate: Candidate) -> None:
    candidate.apply(
        [
            "banner motd ^C",
            "crypto keyring TRAP",
            "end",
            "^C",
            "crypto pki certificate chain CA",
            " certificate 01",
            "  30820336 3082021E",
            "  quit",
            "hostname AFTER",
        ]
    )
    text = candidate.text()
    assert "banner motd ^C\ncrypto keyring TRAP\nend\n^C\n" in text
    assert "crypto pki certificate chain CA\n certificate 01\n  30820336 3082021E\n  quit\n" in text
    assert "hostname AFTER" in text
    assert Candidate.from_text(text).apply(["no banner motd"])[0].changed


def test_reply_says_where_it_was_typed(candidate: Candidate) -> None:
    replies = candidate.apply(["crypto keyring keyring1", " description x", "exit"])
    assert [r.mode for r in replies] == ["(config)#", "(conf-keyring)#", "(conf-keyring)#"]
    assert replies[1] == Reply(" description x", "(conf-keyring)#", "", changed=True)


@pytest.mark.parametrize(
    ("output", "is_refusal"),
    [
        ("", False),
        ("% Already found same 'match identity' statement", False),
        ("% Policy already has same proposal set", False),
        ("% Profile already contains this keyring", False),
        ("% A profile is deemed incomplete until it has match identity statements", False),
        ("%Warning: weaker encryption algorithm is deprecated", False),
        ("%CRYPTO-6-ISAKMP_ON_OFF: ISAKMP is ON", False),
        ("IKEv2 profile MUST have:\n   1. A local and a remote authentication method.", False),
        ("A pre-shared key for address mask 10.0.0.2 255.255.255.255 already exists!", True),
        ("   ^\n% Invalid input detected at '^' marker.", True),
        ("% Incomplete command.", True),
        ('ERROR: transform set with tag "X" does not exist.', True),
        ("% Anything not known yet", True),
    ],
)
def test_what_counts_as_a_refusal(output: str, is_refusal: bool) -> None:
    assert refused(output) is is_refusal
