"""Blocks of a running configuration: a top-level line with what is indented below it, read by the tables of IOS."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ikeaudit.ios.fast import Found
from ikeaudit.ios.language import GLOBAL, language_of
from ikeaudit.ios.syntax import Match


@dataclass(frozen=True, slots=True, repr=False)
class Block:
    """``header`` as printed, and what the tables say of it, if anything; ``children`` without their indent."""

    header: str
    children: tuple[str, ...]
    found: Found | None = None

    @property
    def args(self) -> Mapping[str, str]:
        """The arguments of the header."""
        return self.found.args if self.found is not None else {}

    def read(self, *ids: str) -> Iterator[tuple[str, Mapping[str, str]]]:
        """The lines of these commands, and their arguments; an id ending in ``*`` stands for all that begin so."""
        language = language_of(self.found.row) if self.found is not None else None
        for child in self.children if language is not None else ():
            line = language.match(child) if language is not None else None
            if line is None or line.negated:
                continue
            name = line.row.id.split("/")[1]
            if any(name == wanted or (wanted[-1] == "*" and name.startswith(wanted[:-1])) for wanted in ids):
                yield child, line.args

    def texts(self, *ids: str) -> list[str]:
        """The lines of these commands as printed."""
        return [text for text, _ in self.read(*ids)]

    def values(self, command: str, arg: str) -> list[str]:
        """An argument of every line of a command that has it."""
        return [args[arg] for _, args in self.read(command) if arg in args]

    def value(self, command: str, arg: str, default: str = "") -> str:
        """An argument of the first line of a command that has it."""
        return next(iter(self.values(command, arg)), default)

    def rest(self, words: int, *ids: str, default: str = "") -> str:
        """What follows the first ``words`` words in the first line of these commands."""
        return next((text.split(maxsplit=words)[-1] for text in self.texts(*ids)), default)


def _found(header: str) -> Found | None:
    found = GLOBAL.match(header)
    if found is None and isinstance(typed := GLOBAL.read(header), Match):
        return Found(typed.command, typed.args)
    return found


def blocks(text: str, prefix: str) -> Iterator[Block]:
    """The blocks of ``text`` whose header starts with ``prefix``, in order."""
    header: str | None = None
    children: list[str] = []
    for line in text.splitlines():
        if line[:1] == " ":
            if header is not None:
                children.append(line.strip(" "))
            continue
        if header is not None:
            yield Block(header, tuple(children), _found(header))
        header, children = (line if line.startswith(prefix) else None), []
    if header is not None:
        yield Block(header, tuple(children), _found(header))


def objects(text: str, *ids: str) -> Iterator[Block]:
    """The blocks, and lines without one, that are global commands of these ids, in order."""
    wanted = {f"global/{name}" for name in ids}
    for block in blocks(text, ""):
        if block.found is not None and not block.found.negated and block.found.row.id in wanted:
            yield block


def binding(text: str, label: str, local_interface: str | None) -> tuple[str, ...]:
    """The lines whose change tears the SAs of the tunnel end ``label`` down at once (CHANGE-TEARDOWN).

    ``label`` is ``Tunnel1`` or ``GigabitEthernet0/0 CM 10``. Empty when the interface or the map entry does not exist.
    """
    name, *entry = label.split()
    found: list[str] = []
    for block in objects(text, "interface"):
        written = block.header.split()[1]
        names = block.args.get("name", written), written
        if name in names:
            found += block.texts("tunnel-*", "crypto-map", "shutdown")
            if entry and entry[0] not in block.values("crypto-map", "name"):
                return ()
            if not entry and not block.texts("tunnel-protection", "tunnel-protection-psk"):
                return ()
        elif local_interface in names:
            found += block.texts("ip-address", "ipv6-address", "shutdown")
    if entry:
        entries = objects(text, "crypto-map-entry")
        headers = [b.header for b in entries if [b.args["name"], b.args["seq"]] == entry[:2]]
        if not headers:
            return ()
        found += headers
    return tuple(found)
