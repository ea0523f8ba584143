"""Comparing configurations, and the readable diff."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ikeaudit.candidate import Candidate, Comparison, compare, diff

DATA = Path(__file__).parent / "candidate"
SEED = (DATA / "seed_r1.cfg").read_text()
MAP = (DATA / "crypto_map.cfg").read_text()
SAME = Comparison(differences=(), order=())


def changed(text: str, *lines: str) -> Candidate:
    candidate = Candidate.from_text(text)
    assert not any(r.refused for r in candidate.apply(lines))
    return candidate


def test_spelling_separators_and_volatile_lines_do_not_count() -> None:
    other = "Building configuration...\n! Last configuration change at noon\n" + SEED.replace(
        "\n!\n", "\n!\n!\n\n"
    ).replace("192.168.0.2 key cisco", "192.168.0.2 255.255.255.255 key cisco", 1).replace(
        "192.168.0.2 255.255.255.255\n!", "192.168.0.2 !R2\n!"
    ).replace(" encr 3des", " encryption 3des\n lifetime 86400").replace("end\n", "ntp clock-period 36029195\nend\n")
    assert compare(Candidate.from_text(SEED), Candidate.from_text(other)) == SAME
    assert diff(Candidate.from_text(SEED), Candidate.from_text(other)) == ""


@pytest.mark.parametrize(
    ("old", "new", "difference"),
    [
        (
            "key cisco\ncrypto",
            "key other\ncrypto",
            "crypto keyring keyring1 / pre-shared-key address 192.168.0.2 key <key> against",
        ),
        (" hash md5\n", "", "only in the first: crypto isakmp policy 10 / hash md5"),
        ("!\nend", "no ip http server\nend", "only in the second: no ip http server"),
        ("ip route 192", "ip route 193", "only in the first: ip route 192.168.200.0 255.255.255.0 10.0.0.2"),
        ("hostname R1", "hostname R9", "hostname R1 against hostname R9"),
        (
            "mode tunnel",
            "mode transport",
            "crypto ipsec transform-set TS esp-aes esp-sha256-hmac / mode tunnel against mode transport",
        ),
    ],
)
def test_differences_are_named(old: str, new: str, difference: str) -> None:
    found = compare(Candidate.from_text(SEED), Candidate.from_text(SEED.replace(old, new, 1)))
    assert found.differences[0].startswith(difference)


def test_trailing_blanks_of_a_key_count() -> None:
    other = SEED.replace("key cisco\ncrypto keyring", "key cisco \ncrypto keyring")
    assert len(compare(Candidate.from_text(SEED), Candidate.from_text(other)).differences) == 1


def test_order_is_a_separate_answer() -> None:
    profiles = SEED[SEED.index("crypto isakmp profile profile1") : SEED.index("!\ncrypto ipsec transform")]
    cut = profiles.index("crypto isakmp profile profile2")
    other = SEED.replace(profiles, profiles[cut:] + profiles[:cut])
    found = compare(Candidate.from_text(SEED), Candidate.from_text(other))
    assert found.differences == ()
    assert found.order == (
        "order of crypto isakmp profile: crypto isakmp profile profile1, crypto isakmp profile profile2 against "
        "crypto isakmp profile profile2, crypto isakmp profile profile1",
    )
    assert diff(Candidate.from_text(SEED), Candidate.from_text(other)).startswith("~ order of crypto isakmp profile")


def test_order_of_keyrings_inside_a_profile() -> None:
    one = changed(SEED, "crypto isakmp profile profile2", "keyring keyring1")
    other = changed(
        SEED, "crypto isakmp profile profile2", "no keyring keyring2", "keyring keyring1", "keyring keyring2"
    )
    found = compare(one, other)
    assert found.differences == ()
    assert found.order == (
        "order of crypto isakmp profile profile2: keyring: keyring keyring2, keyring keyring1 against "
        "keyring keyring1, keyring keyring2",
    )


@pytest.mark.parametrize(
    ("section", "first", "second", "what"),
    [
        ("crypto map CM 10 ipsec-isakmp", "set peer 192.0.2.1", "set peer 192.0.2.2", "set peer"),
        ("crypto dynamic-map DM 10", "set peer 192.0.2.1", "set peer 192.0.2.2", "set peer"),
        ("crypto isakmp profile P", "keyring K1", "keyring K2", "keyring"),
        ("crypto ikev2 policy P", "proposal P1", "proposal P2", "proposal"),
    ],
)
def test_order_of_lines_inside_a_section(section: str, first: str, second: str, what: str) -> None:
    one = Candidate.from_text(f"hostname R\n!\n{section}\n {first}\n {second}\n!\nend\n")
    other = Candidate.from_text(f"hostname R\n!\n{section}\n {second}\n {first}\n!\nend\n")
    assert compare(one, one) == SAME
    assert compare(one, other) == Comparison(
        differences=(), order=(f"order of {section}: {what}: {first}, {second} against {second}, {first}",)
    )


@pytest.mark.parametrize(
    ("first", "second", "kind"),
    [
        ("crypto keyring ONE", "crypto keyring TWO", "crypto keyring"),
        ("crypto isakmp profile ONE", "crypto isakmp profile TWO", "crypto isakmp profile"),
        ("crypto ikev2 policy ONE", "crypto ikev2 policy TWO", "crypto ikev2 policy"),
        ("crypto ikev2 keyring ONE", "crypto ikev2 keyring TWO", "crypto ikev2 keyring"),
        ("crypto ikev2 profile ONE", "crypto ikev2 profile TWO", "crypto ikev2 profile"),
    ],
)
def test_order_of_objects(first: str, second: str, kind: str) -> None:
    one, other = (
        Candidate.from_text("\n".join(["hostname R", "!", *(f"{line}\n description x" for line in lines), "end", ""]))
        for lines in ((first, second), (second, first))
    )
    assert compare(one, one) == SAME
    assert compare(one, other) == Comparison(
        differences=(), order=(f"order of {kind}: {first}, {second} against {second}, {first}",)
    )


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("crypto isakmp policy 10\n encr aes", "crypto isakmp policy 20\n encr 3des"),
        ("interface Tunnel1\n no ip address", "interface Tunnel2\n no ip address"),
        ("crypto ipsec transform-set ONE esp-aes", "crypto ipsec transform-set TWO esp-aes"),
    ],
)
def test_order_that_decides_nothing_does_not_count(first: str, second: str) -> None:
    one, other = (Candidate.from_text(f"hostname R\n!\n{a}\n{b}\nend\n") for a, b in ((first, second), (second, first)))
    assert compare(one, other) == SAME


def test_peers_added_later_stand_last() -> None:
    after = changed(
        MAP, "crypto map CM 10", "set peer 198.51.100.9", "no set peer 198.51.100.1", "set peer 198.51.100.1"
    )
    assert " set peer 198.51.100.9\n set peer 198.51.100.1\n" in after.text()
    swapped = changed(MAP, "crypto map CM 10", "set peer 198.51.100.9")
    assert compare(swapped, after).order == (
        "order of crypto map CM 10 ipsec-isakmp: set peer: set peer 198.51.100.1, set peer 198.51.100.9 against "
        "set peer 198.51.100.9, set peer 198.51.100.1",
    )


@pytest.mark.parametrize("mode", ["ip access-list extended A", "ip access-list standard A", "ipv6 access-list A"])
def test_order_of_lines_of_every_kind_of_access_list_is_content(mode: str) -> None:
    lines = {
        "ip access-list extended A": ("permit ip any host 10.0.0.1", "deny ip any any"),
        "ip access-list standard A": ("permit 10.0.0.1", "deny 10.0.0.0 0.255.255.255"),
        "ipv6 access-list A": ("permit ipv6 any host 2001:DB8::1", "deny ipv6 any any"),
    }[mode]
    one, other = (Candidate.from_text(f"hostname R\n!\n{mode}\n {a}\n {b}\n!\nend\n") for a, b in (lines, lines[::-1]))
    assert len(compare(one, other).differences) == 1


def test_order_of_access_list_lines_is_content() -> None:
    base = "hostname R\n!\nip access-list extended A\n permit ip any host 10.0.0.1\n deny ip any any\n!\nend\n"
    other = base.replace(
        " permit ip any host 10.0.0.1\n deny ip any any\n", " deny ip any any\n permit ip any host 10.0.0.1\n"
    )
    assert len(compare(Candidate.from_text(base), Candidate.from_text(other)).differences) == 1
    numbered = "access-list 101 permit ip any host 10.0.0.1\naccess-list 101 deny ip any any\nend\n"
    swapped = "access-list 101 deny ip any any\naccess-list 101 permit ip any host 10.0.0.1\nend\n"
    assert len(compare(Candidate.from_text(numbered), Candidate.from_text(swapped)).differences) == 1


@pytest.mark.parametrize("extra", ["access-list 102 permit ip any any\n", "access-list 102\n", "access-list\n"])
def test_an_access_list_that_only_one_holds_has_no_order(extra: str) -> None:
    both = "hostname R\naccess-list 101 permit ip host 10.0.0.1 any\naccess-list 101 deny ip any any\n"
    more, less = Candidate.from_text(f"{both}{extra}"), Candidate.from_text(both)
    assert compare(more, less) == Comparison((f"only in the first: {extra.strip()}",), ())
    assert compare(less, more) == Comparison((f"only in the second: {extra.strip()}",), ())


def test_keys_are_hidden_and_tokens_shown() -> None:
    one = Candidate.from_text("crypto keyring K\n  pre-shared-key address 10.0.0.1 key Zanzibar-77\n")
    other = Candidate.from_text("crypto keyring K\n  pre-shared-key address 10.0.0.1 key <PSK:00112233aabbccdd>\n")
    text = diff(one, other)
    assert text == (
        " crypto keyring K\n- pre-shared-key address 10.0.0.1 key <key>\n"
        "+ pre-shared-key address 10.0.0.1 key <PSK:00112233aabbccdd>\n"
    )
    assert "Zanzibar" not in str(compare(one, other))


def test_of_a_text_of_several_lines_the_first_is_named() -> None:
    bare, other = (Candidate.from_text(f"hostname R1\n{text}end\n") for text in ("", "banner motd ^C\none\ntwo\n^C\n"))
    assert compare(bare, other).differences == ("only in the second: banner motd ^C",)


def test_diff_of_a1() -> None:
    after = changed(
        SEED,
        "crypto isakmp profile profile2",
        "keyring keyring1",
        "crypto keyring keyring2",
        "no pre-shared-key address 192.168.0.2",
        "crypto isakmp profile profile2",
        "no keyring keyring2",
        "no crypto keyring keyring2",
        "interface Tunnel1",
        "tunnel destination 10.9.9.9",
    )
    assert diff(Candidate.from_text(SEED), after) == (
        "-crypto keyring keyring2\n"
        "- pre-shared-key address 192.168.0.2 key <key>\n"
        " crypto isakmp profile profile2\n"
        "- keyring keyring2\n"
        "+ keyring keyring1\n"
        " interface Tunnel1\n"
        "- tunnel destination 192.168.0.2\n"
        "+ tunnel destination 10.9.9.9\n"
    )


NAMES = st.sampled_from(
    ["K1", "K2", "keyring1", "keyring2", "K-SITE1", "P1", "profile1", "profile2", "P-SITE2", "TS", "I1", "V2"]
)
ADDRESSES = st.sampled_from(["10.0.0.1", "192.168.0.2", "198.51.100.1", "198.51.100.2", "0.0.0.0"])
KEYS = st.sampled_from(["cisco", "two words", "6 <PSK:00112233aabbccdd>", "<PSK:1111111111111111>", "7"])
NUMBERS = st.sampled_from(["5", "10", "20"])


def lines(*shapes: str) -> st.SearchStrategy[str]:
    """Lines of the given shapes: N a name, A an address, K a key, D a number."""
    table = {"N": NAMES, "A": ADDRESSES, "K": KEYS, "D": NUMBERS}
    return st.sampled_from(shapes).flatmap(
        lambda shape: st.tuples(*(table.get(word, st.just(word)) for word in shape.split())).map(" ".join)
    )


SECTIONS = st.one_of(
    st.tuples(
        lines("crypto keyring N", "crypto keyring N vrf INET"),
        st.lists(
            lines(
                "pre-shared-key address A key K",
                "pre-shared-key address A 255.0.0.0 key K",
                "pre-shared-key hostname N key K",
                "no pre-shared-key address A",
                "description N",
                "local-address A",
                "local-address Loopback0",
            ),
            max_size=4,
        ),
    ),
    st.tuples(
        lines("crypto isakmp profile N"),
        st.lists(
            lines(
                "keyring N",
                "keyring default",
                "no keyring N",
                "match identity address A",
                "match identity address A 255.255.0.0 INET",
                "no match identity address A",
                "match identity user domain N",
                "self-identity fqdn",
                "vrf N",
            ),
            max_size=4,
        ),
    ),
    st.tuples(
        lines("crypto isakmp policy D"),
        st.lists(lines("encr aes", "encr 3des", "group 14", "hash sha", "no group"), max_size=3),
    ),
    st.tuples(
        lines("crypto ipsec profile N"),
        st.lists(
            lines(
                "set isakmp-profile N",
                "set ikev2-profile N",
                "no set isakmp-profile",
                "set pfs group14",
                "no set pfs",
                "set transform-set N",
            ),
            max_size=3,
        ),
    ),
    st.tuples(
        lines("crypto map CM D ipsec-isakmp"),
        st.lists(
            lines("set peer A", "no set peer A", "set isakmp-profile N", "match address N", "set transform-set N"),
            max_size=3,
        ),
    ),
    st.tuples(
        lines("crypto ikev2 keyring N"),
        st.lists(lines("peer N", "address A", "pre-shared-key local K", "pre-shared-key K", "no peer N"), max_size=4),
    ),
    st.tuples(
        lines("crypto ikev2 profile N"),
        st.lists(
            lines("keyring local N", "match identity remote address A", "authentication local pre-share", "lifetime D"),
            max_size=3,
        ),
    ),
    st.tuples(
        lines("interface Tunnel D", "interface Loopback D", "interface Ethernet0/0"),
        st.lists(
            lines(
                "ip address A 255.255.255.0",
                "no ip address",
                "vrf forwarding N",
                "no ip redirects",
                "shutdown",
                "no shutdown",
                "tunnel protection ipsec profile N",
                "tunnel protection ipsec profile N shared",
                "no tunnel protection",
                "tunnel source Loopback0",
                "tunnel destination A",
                "crypto map CM",
            ),
            max_size=4,
        ),
    ),
    st.tuples(
        lines(
            "no crypto keyring N",
            "no crypto isakmp profile N",
            "no crypto ipsec profile N",
            "no crypto map CM D",
            "no crypto map CM",
            "no interface Tunnel1",
            "crypto isakmp key K address A",
            "no crypto isakmp key x address A",
            "ip route A 255.255.255.255 Null0",
            "crypto isakmp identity hostname",
            "hostname N",
        ),
        st.just([]),
    ),
)


@given(
    text=st.sampled_from([SEED, MAP]),
    sections=st.lists(SECTIONS, max_size=12),
    strict=st.booleans(),
)
def test_what_is_written_is_what_is_read(text: str, sections: list[tuple[str, list[str]]], strict: bool) -> None:
    after = Candidate.from_text(text, strict_references=strict)
    after.apply([line for header, below in sections for line in (header, *below)])
    assert compare(Candidate.from_text(after.text()), after) == SAME


@given(sections=st.lists(SECTIONS, max_size=12))
def test_what_changes_is_what_the_replies_say(sections: list[tuple[str, list[str]]]) -> None:
    candidate = Candidate.from_text(SEED)
    session = candidate.session()
    for line in (line for header, below in sections for line in (header, *below)):
        before = candidate.text()
        reply = session.send(line)
        assert reply.changed is (candidate.text() != before)
        assert not (reply.changed and reply.refused)
