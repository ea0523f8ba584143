"""The shape of the tables that hold what is known of IOS's configuration commands.

A ``Mode`` is a place where lines are typed; a ``Command`` one kind of line in it. The tables themselves are in the
``modes_*`` modules; the engine knows nothing of any command but what they say.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal, TypeAlias

import msgspec

Args: TypeAlias = Mapping[str, str]
"""The arguments of a line, by the names that its syntax gives them."""

Identity: TypeAlias = tuple[str, ...]
"""What tells a line from its siblings: the slot, then the values of the key arguments."""

Clash: TypeAlias = Literal["replace", "refuse"]


class Reference(msgspec.Struct, frozen=True):
    """A line names an object: ``kind`` of object, and the argument that holds the name (several, when ``many``)."""

    kind: str
    arg: str
    many: bool = False


class Placed(msgspec.Struct, frozen=True):
    """Where a line stands among those of its rank, when IOS sorts them: by family first, then by numbers."""

    rank: int
    family: str
    key: tuple[int, ...]


class Command(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """One kind of configuration line.

    * ``slot`` and ``key`` (or ``key_of``, where the key must be worked out): lines of one slot whose keys are equal are
      the same line; typing another one replaces it in place (``clash='replace'``) or is refused with ``clash_reply`` and
      keeps the old one (KEY-DUPLICATE). ``also`` are further syntaxes of the same command.
    * ``again``: what IOS answers when the very line is typed a second time; most lines are accepted in silence.
    * ``opens``: the mode that the line leads into; ``defines``: the kind of object that it creates, named by ``name``;
      ``created``: what IOS prints when it comes into being.
    * ``no``: shorter spellings that ``no`` accepts; leading key arguments may be missing, then all that fit are removed.
    * ``negative``: ``no ...`` is printed as a line of its own; ``hidden``: the positive form is the default and is not.
    * ``defaults`` are spellings that equal the default and are not printed; ``classic_defaults`` only on images that
      print ``encr`` (POLICY-DEFAULTS).
    * ``spell``: how IOS prints the line; the words as typed, in full, when left out; ``classic_word``: the first word
      on images that print ``encr``.
    * ``rank``: lines that share one are printed in the order they were typed in; otherwise the order of the table counts.
    * ``separated``: IOS prints ``!`` between two of these; ``closing``: structural lines that follow the block.
    * ``excludes``: slots that may not be present in the same section (BIND-ENTRY).
    * ``unique``: no two sections of one parent may hold the same line (IKEV2-KEYS); ``permitted`` says why ``no`` may not
      remove it; ``effect`` names a side effect of the engine; ``existing_only``: the line leads into what exists already.
    * ``psk``: the argument that is a pre-shared key.
    * ``captures``: the line opens verbatim text that ends with a line holding this word.
    * ``plain``: the line is known by its first word only.
    """

    syntax: str
    slot: str
    key: tuple[str, ...] = ()
    key_of: Callable[[Args], tuple[str, ...]] | None = None
    also: tuple[str, ...] = ()
    no: tuple[str, ...] = ()
    clash: Clash = "replace"
    clash_reply: str = ""
    again: str = ""
    opens: str | None = None
    defines: str | None = None
    created: str = ""
    refers: tuple[Reference, ...] = ()
    excludes: tuple[str, ...] = ()
    unique: bool = False
    negative: bool = False
    hidden: bool = False
    defaults: tuple[str, ...] = ()
    classic_defaults: tuple[str, ...] = ()
    spell: Callable[[Args], str] | None = None
    classic_word: str = ""
    placed: Callable[[Args], Placed] | None = None
    permitted: Callable[[Args], str] | None = None
    effect: str = ""
    rank: str = ""
    separated: bool = False
    closing: tuple[str, ...] = ()
    captures: str = ""
    psk: str = ""
    existing_only: bool = False
    plain: bool = False

    def identity(self, args: Args) -> Identity:
        """What tells this line from its siblings; arguments that are absent count as empty."""
        if self.key_of is not None:
            return (self.slot, *self.key_of(args))
        return (self.slot, *(" ".join(args.get(name, "").split()) for name in self.key))

    def identity_start(self, args: Args) -> Identity:
        """The identity as far as ``args`` tell it: shorter than ``identity`` where key arguments are missing."""
        if self.key_of is not None:
            return self.identity(args)
        known: list[str] = [self.slot]
        for name in self.key:
            if name not in args:
                break
            known.append(" ".join(args[name].split()))
        return tuple(known)


class Mode(msgspec.Struct, frozen=True, kw_only=True):
    """A place where lines are typed.

    ``prompt`` is what stands between host name and cursor, ``prompt_for`` gives it where it depends on the header;
    ``indent`` the blanks that its lines get beyond their header's; ``accepts_any`` that lines which no command describes
    are kept as they are (routing protocols and the like).
    """

    name: str
    prompt: str
    commands: tuple[Command, ...] = ()
    indent: int = 1
    accepts_any: bool = False
    prompt_for: Callable[[str], str] | None = None


def plain_words(words: str, slot: str = "~") -> tuple[Command, ...]:
    """Commands that are known by their first word and otherwise taken as they come, each word a rank of its own."""
    return tuple(
        Command(syntax=f"{word} [<rest:text>]", slot=f"{slot}{word}", key=("rest",), plain=True)
        for word in words.split()
    )


def single(syntax: str, slot: str = "", **more: object) -> Command:
    """A command of which a section holds one; its slot is the words of the syntax before the first placeholder."""
    if not slot:
        slot = " ".join(syntax.split("<")[0].split("[")[0].split("{")[0].split("(")[0].split())
    return msgspec.structs.replace(Command(syntax=syntax, slot=slot), **more)
