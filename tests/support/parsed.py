"""Reads configuration text as the tests write it, and spells keys the way the model holds them."""

from __future__ import annotations

from textwrap import dedent

from ikeaudit.model import Prefix, Router
from ikeaudit.model.address import parse_address
from ikeaudit.parsing import ParsedConfig, parse_configs
from ikeaudit.parsing.fingerprint import Fingerprinter

FINGERPRINTER = Fingerprinter(b"a fingerprint key for tests only")


def configs(text: str, file: str = "site/r1.cfg") -> tuple[ParsedConfig, ...]:
    """Every configuration in ``text``, common indentation taken away."""
    return parse_configs(dedent(text), file=file, fingerprinter=FINGERPRINTER)


def config(text: str, file: str = "site/r1.cfg") -> ParsedConfig:
    """The only configuration in ``text``."""
    (only,) = configs(text, file)
    return only


def router(text: str) -> Router:
    """The only router in ``text``."""
    found = config(text).router
    assert found is not None
    return found


def clear(key: str) -> str:
    """The fingerprint of a clear key."""
    return FINGERPRINTER.psk(key)


def cut(text: str) -> str:
    """What stands in for text that is not known to be harmless."""
    return FINGERPRINTER.cut(text)


def prefix(text: str) -> Prefix:
    """``10.0.0.0/8`` as a prefix."""
    base, _, length = text.partition("/")
    address = parse_address(base)
    assert address is not None
    return Prefix.of(address, int(length) if length else None)


def unknown_lines(parsed: ParsedConfig) -> list[int]:
    """Numbers of the lines that were not understood."""
    return [line for line, _ in parsed.unknown]
