"""One fault in one of two routers, of the kinds that hands make: a line lost, a name mistyped, a value that differs."""

from __future__ import annotations

from hypothesis import strategies as st

_LOSABLE = (
    "pre-shared-key",
    "keyring",
    "match identity",
    "set isakmp-profile",
    "set pfs",
    "crypto map",
    "authentication",
)
_VALUES = {
    " group 14": " group 19",
    " hash sha256": " hash sha512",
    "esp-sha256-hmac": "esp-sha512-hmac",
    "authentication pre-share": "authentication rsa-sig",
    "tunnel mode ipsec ipv4": "tunnel mode gre ip",
    "one-sample-key-of-two": "a-third-sample-key",
}
"""What a value becomes when somebody changes it at one end only."""
_NAMED = ("keyring ", "set isakmp-profile ", "match address ", "set transform-set ")


@st.composite
def faults(draw: st.DrawFn, pairs: st.SearchStrategy[tuple[str, ...]]) -> tuple[str, ...]:
    """A pair of ``pairs`` with one fault put into one of its configurations."""
    pair = list(draw(pairs))
    at = draw(st.integers(0, len(pair) - 1))
    lines = pair[at].splitlines()
    ways: list[list[str]] = []
    for n, line in enumerate(lines):
        said = line.strip()
        if line[:1] == " " and said.startswith(_LOSABLE):
            ways.append([*lines[:n], *lines[n + 1 :]])
        if line[:1] == " " and said.startswith(_NAMED):
            ways.append([*lines[:n], f"{line}X", *lines[n + 1 :]])
        ways += [[*lines[:n], line.replace(old, new), *lines[n + 1 :]] for old, new in _VALUES.items() if old in line]
    if ways:
        pair[at] = "\n".join([*draw(st.sampled_from(ways)), ""])
    return tuple(pair)
