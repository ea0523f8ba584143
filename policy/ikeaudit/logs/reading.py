"""From lines of a log to messages of IKE and IPsec: prefixes taken off, lines that were wrapped put together again.

One line at a time goes in, so that a log of any length needs no more memory than its longest message.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import msgspec

from ikeaudit.logs.head import parse_head, prompt_of

MOST_PIECES = 12
"""Lines that one message may take: debugs of IKEv2 packets take six, pages of documents wrap into three."""
LONGEST_PIECE = 400

_KIND = re.compile(
    r"(?P<system>%(?:CRYPTO|IKEV2|PKI)-\d-[A-Z0-9_]+(?=:))"
    r"|(?<![\w%./-])(?P<debug>ISAKMP(?:-PAK|-ERROR|-INTERNAL)?|IKEv2(?:-PAK|-ERROR|-INTERNAL)?)(?=\s{0,2}:|\s{0,2}\()"
    r"|(?<![\w%./-])(?P<ipsec>IPS[Ee][Cc](?:-ERROR|-INTERNAL)?)(?=\s?:?\s?\()"
    r"|(?<![\w%./(-])(?P<map>map_db_\w+)"
    r"|(?<=: )(?P<bare>IPSec policy invalidated)(?= proposal)"
)
_NEAR = re.compile(r"ISAKMP|IKEv2|%(?:CRYPTO|IKEV2|PKI)-|IPS[Ee][Cc]|map_db_")
"""Without any of these a line has no message of ours; looking for them takes a tenth of the time."""
_QUOTED = re.compile(r"%[A-Z][A-Z0-9_]*-(?:[A-Z0-9_]+-)?\d-[A-Z0-9_]+")
_IDS = re.compile(r"\s{0,2}:?\s{0,2}\((\d+)(?::(\d+))?[^)\s]*\)\s*:*\s*|\s{0,2}:+\s*")
_IDS_2 = re.compile(
    r"\s{0,2}:\s{0,2}"
    r"(?:\(\s*(?:SESSION ID\s*=\s*(\d+)\s*,\s*)?SA(?: ID)?\s*=\s*(\d+)\s*\)|\(SESSION ID\s*=\s*(\d+)\s*\))?\s*:*\s*%?\s*"
)
_ENGINES = 1 << 24
"""Above this, the number of an SA holds the crypto engine: ``(0:134217729)`` and ``(0:1:SW:1)`` are one."""
_INNER = re.compile(r"ISAKMP(?:-ERROR)?\s?:\s*")
_STAMPED = re.compile(
    r"\s*(?:<\d+>|\d+: )?[*.]?(?:(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) +\d|\d\d:\d\d:\d\d|\d{4}-\d\d-\d\d)"
)
_OF_A_PACKET = (
    r"(?:Initiator SPI|IKEv2 (?:IKE_|INFORMATIONAL|CREATE_)|Payload contents|(?:VID|SA|ENCR|KE|NOTIFY)\b[\w( )]*"
    r"|Next payload:|Proposal \d+:)"
)
"""What the lines of an IKEv2 packet begin with."""
_BEHIND_HEADER = re.compile(rf":\s+(?={_OF_A_PACKET})")
_FENCE, _BOLD = "```", "**"
"""How pages set text."""
_TERMINAL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|[\x00-\x08\x0b-\x1f\x7f]| ?--More-- ?")


class Said(msgspec.Struct, frozen=True, gc=False):
    """A message: the number of its first line, its header as it stands, and its words.

    ``kind`` is what wrote it (``ISAKMP``, ``IKEv2``, ``IPSEC``, ``map_db``, or the mnemonic of a system message), ``sa`` the
    number of the SA that it names, '' where it names none. ``prompt`` is the router on whose terminal it was last typed.
    """

    line: int
    head: str
    kind: str
    sa: str
    body: str
    prompt: str | None = None

    @property
    def version(self) -> int:
        """1 or 2 where the prefix tells it, else 0."""
        if self.kind.startswith(("IKEv2", "%IKEV2")) or "IKEV2" in self.kind:
            return 2
        return 1 if self.kind.startswith(("ISAKMP", "%CRYPTO-4-IKMP", "%CRYPTO-6-IKMP", "map_db")) else 0


class Reader:
    """Puts messages together; :meth:`feed` a line at a time, :meth:`flush` at the end, or when nothing more comes for now."""

    def __init__(self) -> None:
        self.read = 0
        """Lines fed."""
        self._said: Said | None = None
        self._pieces: list[str] = []
        self._prompt: str | None = None
        self._fenced = False

    def feed(self, line: str) -> Said | None:
        """Take the next line; the message before it, when that is complete now."""
        self.read += 1
        if "\x1b" in line or "\r" in line or "\x08" in line or "--More--" in line or "\x00" in line:
            line = _TERMINAL.sub("", line)
        line = line.rstrip()
        if not line or line.startswith(_FENCE):
            # Pages set logs between fences, and begin a new one in the middle of a message.
            fenced, self._fenced = self._fenced, bool(line)
            return None if line or fenced else self.flush()
        self._fenced = False
        if _BOLD in line:
            line = line.replace(_BOLD, "")
        near = _NEAR.search(line)
        found = _KIND.search(line, near.start()) if near is not None else None
        if found is None:
            return self._other(line)
        head = line[: found.start()]
        if len(head) > LONGEST_PIECE or ("%" in head and _QUOTED.search(head)):
            return self.flush()
        done = self.flush()
        self._begin(line, found, head)
        return done

    def flush(self) -> Said | None:
        """The message that was begun, None when there is none."""
        said, self._said = self._said, None
        if said is None or len(self._pieces) == 1:
            return said
        return msgspec.structs.replace(said, body=" ".join(self._pieces))

    def _other(self, line: str) -> Said | None:
        """A line without a message of its own: the rest of the one before, or nothing of ours."""
        if self._said is None:
            if line[:1].isalpha() and ("#" in line or ">" in line):
                self._prompt = prompt_of(line) or self._prompt
            return None
        text = line.strip()
        if _STAMPED.match(line):
            # A relay stamps every line of a packet's debug.
            inner = _BEHIND_HEADER.search(text) if self._said.kind.startswith("IKEv2") else None
            if inner is not None and self._by_the_same(text[: inner.start()]):
                return self._append(text[inner.end() :])
            return self.flush()
        prompt = prompt_of(line)
        if prompt is not None:
            self._prompt = prompt
            return self.flush()
        return self._append(text)

    def _by_the_same(self, head: str) -> bool:
        """Whether a line with the header ``head`` is of the router whose packet was begun; where none is named, it is."""
        begun = parse_head(self._said.head) if self._said is not None else None
        return begun is None or begun.host is None or begun.host in head

    def _append(self, text: str) -> Said | None:
        if len(self._pieces) >= MOST_PIECES:
            return self.flush()
        self._pieces.append(text[:LONGEST_PIECE])
        return None

    def _begin(self, line: str, found: re.Match[str], head: str) -> None:
        kind = found[0]
        rest = line[found.end() : found.end() + 4 * LONGEST_PIECE]
        sa = ""
        if found["debug"]:
            ids = (_IDS_2 if kind.startswith("IKEv2") else _IDS).match(rest)
            if ids is not None:
                numbers = [number for number in ids.groups() if number]
                sa = str(int(numbers[-1]) % _ENGINES) if numbers else ""
                rest = rest[ids.end() :]
            inner = _INNER.match(rest)
            rest = rest[inner.end() :] if inner else rest.lstrip()
        elif found["system"]:
            rest = kind + rest
        elif found["ipsec"]:
            rest = rest.lstrip(" :")
            kind = "IPSEC"
        else:
            rest, kind = kind + rest, "map_db" if found["map"] else "ISAKMP"
        self._said = Said(self.read, head, kind, sa, rest, self._prompt)
        self._pieces = [rest]


def messages(lines: Iterable[str]) -> Iterator[Said]:
    """The messages of IKE and IPsec in ``lines``, in their order."""
    reader = Reader()
    for line in lines:
        said = reader.feed(line)
        if said is not None:
            yield said
    last = reader.flush()
    if last is not None:
        yield last
