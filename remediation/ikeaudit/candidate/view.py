"""What a section says, spelling aside: each statement by identity, defaults and duplicates left out."""

from __future__ import annotations

from collections.abc import Mapping

from ikeaudit.candidate.engine import is_default, spelled
from ikeaudit.candidate.index import index_of
from ikeaudit.candidate.tree import Line
from ikeaudit.ios.command import Identity
from ikeaudit.ios.language import Language
from ikeaudit.ios.syntax import Unspoken

_TOKENS = ("<PSK:", "<SECRET>")
_VOLATILE = frozenset({"ntp clock-period", "end"})


class Statement(Unspoken, frozen=True):
    """One line and what it says in IOS's own spelling; a printed ``no`` is part of the text."""

    line: Line
    text: str
    language: Language | None

    @property
    def shown(self) -> str:
        """The text with the secret that its line holds hidden, unless it is a token already."""
        match = self.line.match
        name = match.command.secret if match is not None else ""
        if match is None or name not in match.args:
            return self.text.split("\n", 1)[0]
        secret = match.args[name]
        return self.text if secret.startswith(_TOKENS) else self.text.replace(secret, "<key>")


def says(line: Line, *, classic: bool) -> str:
    """The line in IOS's own spelling; verbatim blocks as they stand."""
    if "\n" in line.raw:
        return line.raw.strip()
    match = line.match
    if match is None or line.negated:
        text = line.text if match is None else line.text.split(" !")[0]
        return " ".join(text.split())
    text = spelled(match, classic=classic)
    if not match.command.psk:
        text = " ".join(text.split())
    return text


def view(section: Line, language: Language, *, classic: bool) -> Mapping[Identity, Statement]:
    """The statements of ``section``; where a file holds one twice, the one that IOS would have kept."""
    found: dict[Identity, Statement] = {}
    for identity, lines in index_of(section, language).items().items():
        match = lines[0].match
        line = lines[0] if match is not None and match.command.clash == "refuse" else lines[-1]
        match = line.match
        text = says(line, classic=classic)
        if any(text == word or text.startswith(f"{word} ") for word in _VOLATILE):
            continue
        if match is not None and not line.negated and (match.command.hidden or is_default(match, classic=classic)):
            continue
        found[identity] = Statement(line, text, line.language)
    return found
