"""A router of a plan, which is read with what the plan knows of its configuration: keys that it makes, keys that it took.

Keys that are made for a change (``plan --new-keys``) are in memory, for both ends together, written nowhere. A plan names such
a key by a token whose fingerprint is a name and not derived from any key. The value is made when the change is carried out.
What the routers hold from then on has a fingerprint of its own; wherever a configuration is read, that one is recognised by
the place where the plan's prediction has the token, and is called by the plan's name again. One name stands for one key: a
router that holds another key than its peer in that place does not run what the plan predicts.

Keys that a change took from a router and that people wrote down in its free text are known again by their fingerprints. While a
router has a key configured, redaction finds it wherever else it stands. Afterwards the plan's prediction still says where: a
line with a token, in the place of which the router shows a value with that fingerprint. What the plan cut, in whatever version
of this program, is cut in the same places again, and what it says in clear is no secret of its routers: so neither the text
that a plan writes itself nor tables that know more or less than those it was made with make it stale.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from ikeaudit.drive.device import Device
from ikeaudit.drive.keys import KeyVault
from ikeaudit.model.grouping import by_key
from ikeaudit.parsing.fingerprint import ANY_TOKEN, CUT_TOKEN, PSK_TOKEN, Fingerprinter
from ikeaudit.parsing.redact import SECRET, TOKEN, KnownSecrets, decode_type7
from ikeaudit.parsing.volatile import stable_lines
from ikeaudit.remediation.plan import Plan
from ikeaudit.remediation.plan_folder import predicted
from ikeaudit.session import Keychain, Limits

if TYPE_CHECKING:
    from nornir.core.configuration import Config
    from nornir.core.inventory import Host


_TOKEN = re.compile(r"<PSK:([0-9a-f]{16})>")


_ANY = r"<PSK:([0-9a-f]{16})>"
_WORD = re.compile(r"\S+")


_BYTES = 32
"""Of randomness in a key: 43 characters of letters, digits, ``-`` and ``_``, which IOS takes as they are."""


class MadeKeys:
    """The made keys of one plan, as far as one run knows them: fingerprints only, the values are in a vault."""

    def __init__(self, names: Iterable[str], expected: Mapping[str, list[str]]) -> None:
        """``names`` are the plan's fingerprints for keys to be made, ``expected`` the predicted lines by router."""
        self.names = frozenset(names)
        self._places = {router: list(_with_tokens(lines, self.names)) for router, lines in expected.items()}
        self._found: dict[str, str] = {}

    @classmethod
    def of(cls, plan: Plan, folder: Path) -> MadeKeys:
        """Those of a whole plan, whose predictions lie in ``folder``."""
        names = {need.fingerprint for router in plan.routers for need in router.keys if is_made(plan, need.source)}
        if not names:
            return cls((), {})
        return cls(names, {r.name: stable_lines(predicted(folder, r)) for r in plan.routers})

    def named(self, router: str, masked: str) -> str:
        """A redacted configuration in which the made keys are called by the plan's names."""
        places = self._places.get(router, ())
        if not places and not self._found:
            return masked
        here = by_key((path, line) for path, line in (_paths(masked.splitlines()) if places else ()))
        for path, pattern, names in places:
            found = {match.groups() for match in map(pattern.fullmatch, here.get(path, ())) if match}
            if len(found) == 1:
                for name, actual in zip(names, found.pop(), strict=True):
                    if name is not None:
                        self._found.setdefault(name, actual)
        actual_to_name = {actual: name for name, actual in self._found.items()}
        return ANY_TOKEN.sub(lambda match: actual_to_name.get(match[0], match[0]), masked)

    def agrees(self, names: Mapping[str, str]) -> bool:
        """Whether keys of the plan can be called like that here: one name for one key, as far as is known."""
        new = self._new(names)
        merged = {**self._found, **new}
        return len(set(merged.values())) == len(merged) and all(self._found.get(n, a) == a for n, a in new.items())

    def learn(self, names: Mapping[str, str]) -> bool:
        """Take over how keys of the plan are called in this workspace; False, and nothing is, when that contradicts."""
        if not self.agrees(names):
            return False
        self._found.update(self._new(names))
        return True

    @staticmethod
    def _new(names: Mapping[str, str]) -> dict[str, str]:
        """Without those that were called by the plan's name already."""
        return {name: actual for name, actual in names.items() if name != actual}

    def make(self, lines: Iterable[str], vault: KeyVault, fingerprinter: Fingerprinter) -> int:
        """Make the keys that ``lines`` need and no router holds yet, into ``vault``; how many were made."""
        wanted = dict.fromkeys(name for line in lines for name in _TOKEN.findall(line) if name in self.names)
        made = [name for name in wanted if vault.missing([f"key <PSK:{name}>"])]
        for name in made:
            value = secrets.token_urlsafe(_BYTES)
            vault.add(name, value)
            self._found[name] = fingerprinter.psk(value)
        return len(made)


def is_made(plan: Plan, source: str) -> bool:
    """Whether a key of that source is made at apply time."""
    return source == "generated" or (source == "operator" and plan.strategy == "ikev2")


def _with_tokens(
    lines: Iterable[str], names: frozenset[str]
) -> Iterator[tuple[tuple[str, ...], re.Pattern[str], list[str | None]]]:
    """The places of made keys: the path of sections, the pattern of the line, and the name at each token of it."""
    for path, line in _paths(lines):
        tokens = _TOKEN.findall(line)
        if names.intersection(tokens):
            pattern = _ANY.join(re.escape(piece) for piece in _TOKEN.split(line)[::2])
            yield path, re.compile(pattern), [token if token in names else None for token in tokens]


def _paths(lines: Iterable[str]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Each line, stripped, with the lines of the sections that it stands in."""
    stack: list[tuple[int, str]] = []
    for line in lines:
        text = line.strip()
        if not text or text == "!":
            continue
        indent = len(line) - len(line.lstrip())
        while stack and stack[-1][0] >= indent:
            stack.pop()
        yield tuple(above for _, above in stack), text
        stack.append((indent, text))


class Recalled:
    """The lines of a router's predicted configuration, and those that its plan takes away."""

    def __init__(self, lines: Sequence[str], fingerprinter: Fingerprinter) -> None:
        self._fingerprinter = fingerprinter
        self._said = frozenset(map(str.strip, lines))
        self._cut: dict[str, dict[str, str]] = {}
        self._keyed: dict[str, list[tuple[re.Pattern[str], list[str], str]]] = {}
        for line in self._said:
            if (token := TOKEN.search(line)) is None:
                continue
            front = line[: line.rfind(" ", 0, token.start()) + 1]
            if CUT_TOKEN.fullmatch(token[0]):
                self._cut.setdefault(front, {})[token[0]] = line
            else:
                pattern = "(.+?)".join(
                    ".+?".join(map(re.escape, part.split(SECRET))) for part in PSK_TOKEN.split(line)[::2]
                )
                self._keyed.setdefault(front, []).append((re.compile(pattern), PSK_TOKEN.findall(line), line))

    @classmethod
    def of(cls, plan: Plan, folder: Path, name: str, fingerprinter: Fingerprinter) -> Recalled | None:
        """Those of router ``name`` in the plan in ``folder``; None for a router that it does not change, or cannot tell of."""
        for router in plan.routers:
            if router.name == name:
                with suppress(OSError, UnicodeDecodeError):
                    after = predicted(folder, router).splitlines()
                    return cls([*after, *plan.rollback_of(name)], fingerprinter)
        return None

    def learn(self, clear: str, known: KnownSecrets) -> bool:
        """Tell ``known`` the keys that stand in ``clear``, a router's configuration as it is; whether there was one."""
        found = False
        for line in map(str.strip, clear.splitlines() if self._keyed else ()):
            for front in _fronts(line):
                for pattern, fingerprints, _ in self._keyed.get(front, ()):
                    match = pattern.fullmatch(line)
                    for value, fingerprint in zip(match.groups() if match else (), fingerprints, strict=False):
                        if self._fingerprinter.psk(value) == fingerprint:
                            known.learn_key(value, value, f"<PSK:{fingerprint}>")
                            found = True
        return found

    def as_planned(self, clear: str, masked: str) -> str:
        """``masked``, made of ``clear``, with every line that the plan has as the plan has it."""
        lines = zip(clear.split("\n"), masked.split("\n"), strict=True)
        return "\n".join(cut if cut.strip() in self._said else self._planned(line, cut) for line, cut in lines)

    def _planned(self, line: str, cut: str) -> str:
        text = line.strip()
        if text in self._said:
            return line
        for front in _fronts(text):
            planned = self._cut[front].get(self._fingerprinter.cut(text[len(front) :])) if front in self._cut else None
            for pattern, fingerprints, keyed in self._keyed.get(front, ()):
                match = pattern.fullmatch(text)
                if match and all(map(self._is, match.groups(), fingerprints)):
                    planned = keyed
            if planned is not None:
                return f"{line[: line.index(text)]}{planned}"
        return cut

    def _is(self, value: str, fingerprint: str) -> bool:
        ways = (value, decode_type7(value) or value)
        return fingerprint in (*map(self._fingerprinter.psk, ways), self._fingerprinter.opaque(value))


def _fronts(text: str) -> Iterator[str]:
    """What stands before each word of ``text``."""
    return (text[: word.start()] for word in _WORD.finditer(text))


class PlannedDevice(Device):
    """``made`` are the keys that are made for the change, shared by all devices of a run."""

    def __init__(
        self,
        name: str,
        host: Host,
        config: Config,
        keys: Keychain,
        fingerprinter: Fingerprinter,
        limits: Limits,
        *,
        tokens: bool,
        made: MadeKeys,
        placed: Callable[[str, str], str],
        recalled: Recalled | None,
    ) -> None:
        super().__init__(name, host, config, keys, fingerprinter, limits, tokens=tokens)
        self.made = made
        self._places = placed
        self._recalled = recalled

    def _learn(self, clear: str, known: KnownSecrets) -> None:
        if self._recalled is not None:
            self._recalled.learn(clear, known)

    def _named(self, clear: str, masked: str) -> str:
        if self._recalled is not None:
            masked = self._recalled.as_planned(clear, masked)
        return self.made.named(self.name, masked)

    def _placed(self, masked: str) -> str:
        return self._places(self.name, masked)
