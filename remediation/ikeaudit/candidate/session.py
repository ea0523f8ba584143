"""Configuration mode of one user: a place in the configuration, moved and changed line by line as IOS does it."""

from collections.abc import Callable
from typing import NamedTuple

import msgspec

from ikeaudit.candidate.index import hostname_of, index_of
from ikeaudit.candidate.layout import insert_statement, new_line
from ikeaudit.candidate.line_effects import Engine, Outcome
from ikeaudit.candidate.line_tree import banner_mark
from ikeaudit.candidate.tree import Line, look_up
from ikeaudit.ios import replies
from ikeaudit.ios.language import GLOBAL, Language
from ikeaudit.ios.replies import refused
from ikeaudit.ios.syntax import Failure, Match, Typed, begin
from ikeaudit.ios.tables.names import DATA_ENDS


class Reply(msgspec.Struct, frozen=True):
    """The answer to one line: ``mode`` is the prompt it was typed at, ``column`` the place of an error in the line.

    ``command`` may hold a key: neither ``repr`` nor ``str`` shows it.
    """

    command: str
    mode: str
    output: str = ""
    changed: bool = False
    column: int | None = None

    @property
    def refused(self) -> bool:
        """Whether the line was not accepted."""
        return refused(self.output)

    def __repr__(self) -> str:
        return f"Reply(mode={self.mode!r}, output={self.output!r}, changed={self.changed})"

    def __str__(self) -> str:
        return repr(self)

    def __rich_repr__(self) -> list[tuple[str, object]]:
        return [("mode", self.mode), ("output", self.output), ("changed", self.changed)]


Held = Callable[[str, str], bool]
"""Whether an object (kind, name) is held by something outside the configuration, like an old IKE SA (U-10)."""


_LEAVING = frozenset({"exit-address-family", "exit-vrf", "exit-peer-policy", "exit-peer-session"})


def unheld(_kind: str, _name: str) -> bool:
    """Nothing is held by anything else."""
    return False


def _worth(match: Match) -> tuple[bool, bool]:
    """How well a line is known: in full or by its first word only, and then as it stands or cut short."""
    return not match.command.plain, match.exact


class _Verbatim(NamedTuple):
    """A banner or certificate that is being typed: what it is, what ends it, and its lines so far."""

    match: Match
    until: str
    lines: list[str]


class _Place(NamedTuple):
    """A section that lines are typed in, and its language."""

    section: Line
    language: Language


class ConfigSession:
    """Configuration mode, entered at its top level; several sessions may work with one engine.

    ``held`` lets the lab refuse to delete what a live SA still holds. ``ended`` turns True after ``end`` or the last
    ``exit``; what is sent afterwards is answered as an exec line would be: not at all.
    """

    def __init__(self, engine: Engine, *, held: Held = unheld) -> None:
        self._engine = engine
        self._held = held
        self._top = _Place(engine.root, GLOBAL)
        self._path: list[_Place] = [self._top]
        self._verbatim: _Verbatim | None = None
        self.ended = False

    @property
    def prompt_suffix(self) -> str:
        """What follows the host name in the prompt: ``(config)#``, ``(conf-keyring)#``; ``#`` once ended."""
        if self.ended:
            return "#"
        if self._verbatim is not None:
            return ""
        place = self._path[-1]
        mode = place.language.mode
        return mode.prompt_for(place.section.text) if mode.prompt_for is not None else mode.prompt

    def send(self, line: str) -> Reply:
        """Carry out one line and say what IOS answers."""
        prompt = self.prompt_suffix
        if self._verbatim is not None:
            return Reply(line, prompt, changed=self._take_verbatim(self._verbatim, line))
        typed = line.strip("\r\n").lstrip()
        word = typed.split(maxsplit=1)[0].lower() if typed.strip() else "!"
        if self.ended or word[0] == "!" or word == "do":
            return Reply(line, prompt)
        if word in ("end", "\x1a"):
            self._leave(everything=True)
            return Reply(line, prompt)
        if word in ("exit", "quit") or word in _LEAVING:
            self._leave(everything=False)
            return Reply(line, prompt)
        self._path = [place for place in self._path if place.section.within(self._engine.root)]
        carry_out = {"no": self._negative, "default": self._default}.get(word, self._positive)
        rest = typed if carry_out == self._positive else typed[len(word) :]
        if not rest.strip():
            return Reply(line, prompt, replies.INCOMPLETE)
        outcome = carry_out(rest)
        if isinstance(outcome, Failure):
            return self._failed(line, prompt, outcome, line.index(typed) + len(typed) - len(rest))
        return Reply(line, prompt, outcome.output, outcome.changed)

    def _leave(self, *, everything: bool) -> None:
        if everything or len(self._path) == 1:
            self.ended = True
            self._path = [self._top]
        else:
            self._path.pop()

    def _failed(self, line: str, prompt: str, failure: Failure, offset: int) -> Reply:
        if failure.kind == "incomplete":
            return Reply(line, prompt, replies.INCOMPLETE)
        column = failure.column + offset
        if failure.kind == "ambiguous":
            typed = line[:column] + line[column:].split()[0]
            return Reply(line, prompt, replies.AMBIGUOUS.format(typed=typed.strip()))
        width = len(hostname_of(self._engine.root)) + len(prompt) + column
        return Reply(line, prompt, f"{' ' * width}^\n{replies.INVALID}", column=column)

    def _read(self, language: Language, typed: str, *, behind_no: bool = False) -> Match | Failure:
        return look_up(language, typed, behind_no=behind_no, redacted=self._engine.root.redacted)

    # -- lines that set --------------------------------------------------------------------------------------------

    def _find(self, typed: str) -> tuple[int, Match] | Failure:
        """The innermost place, from here outwards, whose language knows the line, and what it is there.

        A line that is known by its first word only, or only if words in it are taken as cut short, gives way to a place
        further out that knows it better: ``ip route`` in an interface is not ``ip router``, nor ``switch`` a ``switchport``.
        """
        best: tuple[int, Match] | None = None
        failure: Failure | None = None
        for depth, place in reversed([*enumerate(self._path)]):
            found = self._read(place.language, typed)
            if isinstance(found, Match):
                if best is None or (_worth(found) > _worth(best[1])):
                    best = depth, found
            elif failure is None or found.better_than(failure):
                failure = found
        if best is not None:
            return best
        assert failure is not None
        return failure

    def _positive(self, typed: str) -> Outcome | Failure:
        here = self._path[-1]
        found = self._find(typed)
        if (isinstance(found, Failure) or found[1].command.plain) and here.language.mode.accepts_any:
            return self._engine.add_text(here.section, here.language, typed)
        if isinstance(found, Failure):
            return found
        depth, match = found
        del self._path[depth + 1 :]
        place = self._path[depth]
        if match.command.captures and self._captures(match, typed):
            return Outcome()
        outcome = self._engine.set(place.section, place.language, match)
        if outcome.section is not None:
            assert outcome.section.language is not None
            self._path.append(_Place(outcome.section, outcome.section.language))
        return outcome

    # -- verbatim blocks -------------------------------------------------------------------------------------------

    def _captures(self, match: Match, typed: str) -> bool:
        """Begin to take lines as they are, up to the end of a banner or certificate."""
        until = banner_mark(typed) if match.command.captures == "banner" else match.command.captures
        if until is None:
            return False
        self._verbatim = _Verbatim(match, until, [typed.rstrip()])
        return True

    def _take_verbatim(self, verbatim: _Verbatim, line: str) -> bool:
        match, until, lines = verbatim
        lines.append(line.rstrip("\r\n"))
        ended = line.strip() == DATA_ENDS if until == DATA_ENDS else until in line
        if not ended:
            return False
        place = self._path[-1]
        index = index_of(place.section, place.language)
        new = new_line(place.section, place.language, match, lines[0])
        new.raw = "\n".join([new.raw, *lines[1:]])
        self._verbatim = None
        old = index.find(match.command.identity(match.args))
        if old is not None and old.raw == new.raw:
            return False
        if old is not None:
            self._engine.remove(old)
        insert_statement(place.section, new, index.place(new), match.command)
        index.add(new)
        return True

    # -- lines that remove -----------------------------------------------------------------------------------------

    def _negative(self, typed: str) -> Outcome | Failure:
        failure: Failure | None = None
        best: tuple[int, Match] | None = None
        here = self._path[-1]
        for depth, place in reversed([*enumerate(self._path)]):
            found = self._read(place.language, typed, behind_no=True)
            if isinstance(found, Match):
                if best is None or _worth(found) > _worth(best[1]):
                    best = depth, found
                continue
            partial = begin(place.language.no_tree, Typed.of(typed)) if best is None else None
            if partial is not None:
                del self._path[depth + 1 :]
                return self._engine.unset_slot(place.section, place.language, partial)
            if failure is None or found.better_than(failure):
                failure = found
        if best is not None and not best[1].command.plain:
            return self._unset(*best)
        if here.language.mode.accepts_any:
            return self._engine.unset_text(here.section, here.language, typed)
        if best is not None:
            return self._unset(*best)
        assert failure is not None
        return failure

    def _default(self, typed: str) -> Outcome | Failure:
        """``default interface X`` empties the interface; any other ``default`` line is a ``no`` line."""
        found = self._read(GLOBAL, typed)
        if isinstance(found, Match) and found.command.opens == "interface":
            return self._engine.clear(self._engine.root, GLOBAL, found)
        return self._negative(typed)

    def _unset(self, depth: int, match: Match) -> Outcome:
        del self._path[depth + 1 :]
        place = self._path[depth]
        kind = match.command.defines
        if kind and self._held(kind, match.args["name"]):
            return Outcome(replies.HELD.format(kind=kind, name=match.args["name"]))
        return self._engine.unset(place.section, place.language, match)
