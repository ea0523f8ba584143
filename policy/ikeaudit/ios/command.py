"""The shape of the tables that hold what is known of IOS's configuration commands.

A ``Mode`` is a place where lines are typed; a ``Command`` one kind of line in it. The tables themselves are in
:mod:`ikeaudit.ios.tables`; no reader, redactor or engine knows anything of a command but what they say.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Literal, TypeAlias

import msgspec

from ikeaudit.ios.notation import secrets

Args: TypeAlias = Mapping[str, str]
"""The arguments of a line, by the names that its syntax gives them."""

Identity: TypeAlias = tuple[str, ...]
"""What tells a line from its siblings: the slot, then the values of the key arguments."""

Clash: TypeAlias = Literal["replace", "refuse"]

Bears: TypeAlias = Literal["modelled", "irrelevant", "unclear", "other"]
"""What a line has to do with tunnels: a builder reads it into the model; known not to matter; known, but not what it
does; nothing at all, so that the ledger does not count it (a builder may read it all the same)."""

ObjectKind: TypeAlias = Literal[
    "global",
    "keyring",
    "isakmp-profile",
    "isakmp-policy",
    "transform-set",
    "ipsec-profile",
    "crypto-map",
    "dynamic-map",
    "ikev2-proposal",
    "ikev2-policy",
    "ikev2-keyring",
    "ikev2-profile",
    "interface",
    "acl",
    "other",
]
"""What reports call the objects that sections describe."""


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


_SPECIAL = frozenset({"family", "point", "type"})
"""Arguments that make a section one that cannot be read on its own: maps for IPv6, interfaces of a kind."""


class Command(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """One kind of configuration line.

    * ``slot`` and ``key`` (or ``key_of``, where the key must be worked out): lines of one slot whose keys are equal are
      the same line; typing another one replaces it in place (``clash='replace'``) or is refused with ``clash_reply`` and
      keeps the old one (KEY-DUPLICATE). ``also`` are further syntaxes of the same command.
    * ``again``: what IOS answers when the very line is typed a second time; most lines are accepted in silence.
    * ``opens``: the mode that the line leads into; ``defines``: the kind of object that it creates, named by ``name``;
      ``created``: what IOS prints when it comes into being.
    * ``no``: shorter spellings that ``no`` accepts; where they leave the whole key out, all lines of the slot are removed.
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
    * ``captures``: the line opens verbatim text that ends with a line holding this word.
    * ``plain``: the line is known by its first word only.
    * ``id``: ``keyring/pre-shared-key-address``, made of mode and slot where a table gives none; forms of one command
      share it, no two commands do.
    * ``bears``: what the line has to do with tunnels; that of its mode when a table says nothing.
    * ``section``: what reports call the object that the line opens; empty for sections that tunnels do not depend on, and
      for those inside other sections. ``title`` is the name that they give it: a pattern of arguments,
      or the words that stand before it and ``*``.
    * ``part``: the part of the model that the line speaks of, where all that does can be read without the rest; that of
      its section when a table says nothing (see :meth:`belongs`).
    * ``ordered``: the order of such lines among themselves can decide (KEY-FORMS, IKEV2-PROFILE, IKEV2-KEYS, CHANGE-APPENDS).
    * ``seen``: further syntaxes that files hold (older releases, damaged copies) and that configuration mode refuses.
    * ``hides``: syntaxes that the line may have and that hold a secret, of a command that is otherwise taken as it comes.
    * ``closed``: each word of an operand that the syntax leaves open is a keyword, a value, or a name behind a keyword; any
      other is a typing error.
    * ``kept``: for reading only; configuration mode takes the line as it comes.
    * ``told_by``: the leading keywords that tell a line of a section without indentation, ``*`` for an operand among them;
      those of the syntaxes when a table says nothing. Words that are commands elsewhere, too, tell nothing: ``()``.
    """

    syntax: str
    slot: str
    id: str = ""
    bears: Bears | None = None
    section: ObjectKind | None = None
    title: str = "{name}"
    part: str = ""
    ordered: bool = False
    seen: tuple[str, ...] = ()
    hides: tuple[str, ...] = ()
    closed: bool = False
    kept: bool = False
    told_by: tuple[str, ...] | None = None
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
    existing_only: bool = False
    plain: bool = False

    @property
    def psk(self) -> str:
        """The argument that is a pre-shared key; empty when there is none."""
        return next((name for name, is_key in secrets(self.syntax) if is_key), "")

    @property
    def secret(self) -> str:
        """The argument that is a secret of any kind; empty when there is none."""
        return next((name for name, _ in secrets(self.syntax)), "")

    @property
    def spellings(self) -> tuple[str, ...]:
        """Every syntax that the command is read by."""
        return (self.syntax, *self.also, *self.seen)

    def named(self, args: Args, text: str = "") -> str:
        """The name that reports give to the object which the line ``text`` of this kind opens."""
        if self.title.endswith("*"):
            return text.removeprefix(self.title[:-1])
        return " ".join(self.title.format_map(_Absent(args)).split())

    def belongs(self, args: Args) -> tuple[str, str] | None:
        """The part of the model that a line speaks of, and the name of the object in it, if its parts have names.

        None for a line of which only the whole configuration tells what it means.
        """
        part = self.part or self.section
        if part in (None, "acl", "other") or args.keys() & _SPECIAL:
            return None
        named = self.defines is not None or not self.part
        return part, (args.get("name") or args.get("number", "")) if named else ""

    def identity(self, args: Args) -> Identity:
        """What tells this line from its siblings; arguments that are absent count as empty."""
        if self.key_of is not None:
            return (self.slot, *self.key_of(args))
        return (self.slot, *(" ".join(args.get(name, "").split()) for name in self.key))

    def identity_start(self, args: Args) -> Identity:
        """What a line behind ``no`` means: the slot alone, and so every line of it, where nothing tells them apart.

        With any argument of the key, or with the secret, it is one line, whose other arguments are absent.
        """
        if self.key_of is not None or any(name in args for name in (*self.key, self.psk)):
            return self.identity(args)
        return (self.slot,)


class _Absent(dict[str, str]):
    """Arguments of which those left out are empty."""

    def __missing__(self, _name: str) -> str:
        return ""


class Mode(msgspec.Struct, frozen=True, kw_only=True):
    """A place where lines are typed.

    ``prompt`` is what stands between host name and cursor, ``prompt_for`` gives it where it depends on the header;
    ``indent`` the blanks that its lines get beyond their header's; ``accepts_any`` that lines which no command describes
    are kept as they are (routing protocols and the like). ``bears`` is what its lines have to do with tunnels where their
    commands do not say; ``rest`` holds for those that no command describes.
    ``ordered`` says that the order of all lines is their meaning.
    """

    name: str
    prompt: str
    bears: Bears = "other"
    rest: Bears = "unclear"
    commands: tuple[Command, ...] = ()
    indent: int = 1
    ordered: bool = False
    accepts_any: bool = False
    prompt_for: Callable[[str], str] | None = None


def plain_words(words: str, *, kind: str = "text", **more: object) -> tuple[Command, ...]:
    """Commands that are known by their first word and otherwise taken as they come, each word a rank of its own."""
    return tuple(
        msgspec.structs.replace(
            Command(syntax=f"{word} [<rest:{kind}>]", slot=f"~{word}", key=("rest",), plain=True), **more
        )
        for word in words.split()
    )


def alike(bears: Bears, *commands: Command) -> tuple[Command, ...]:
    """``commands`` of which those that do not say what they have to do with tunnels say ``bears``."""
    return tuple(command if command.bears else msgspec.structs.replace(command, bears=bears) for command in commands)


def kept(bears: Bears, *syntaxes: str) -> tuple[Command, ...]:
    """Lines that are read, and that configuration mode takes as they come."""
    return tuple(single(syntax, bears=bears, kept=True) for syntax in syntaxes)


def kept_words(bears: Bears, words: str, kind: str = "text") -> tuple[Command, ...]:
    """As :func:`kept`: commands of which the leading words are known; separated by semicolons."""
    return kept(bears, *(f"{entry.strip()} [<rest:{kind}>]" for entry in words.split(";")))


def single(syntax: str, slot: str = "", **more: object) -> Command:
    """A command of which a section holds one; its slot is the words of the syntax before the first placeholder."""
    if not slot:
        slot = re.split(r"[<[{(]", syntax, maxsplit=1)[0].strip()
    return msgspec.structs.replace(Command(syntax=syntax, slot=slot), **more)


def section(kind: str, mode: str, **more: object) -> Command:
    """The header ``KIND <name>`` of a section with a mode of its own, which defines an object of that kind."""
    common: dict[str, Any] = {"key": ("name",), "opens": mode, "section": mode, "defines": kind, "bears": "modelled"}
    return single(f"{kind} <name>", **{**common, **more})
