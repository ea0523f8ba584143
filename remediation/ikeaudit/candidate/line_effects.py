"""What one understood line does to a section: the rules of IOS, driven by the tables (CHANGE-ORDER, CHANGE-APPENDS, U-10)."""

from functools import partial

import msgspec

from ikeaudit.candidate.index import Index, index_of
from ikeaudit.candidate.layout import insert_statement, new_line, take_out
from ikeaudit.candidate.references import References, defined_by
from ikeaudit.candidate.tree import Line, describe, identity_of
from ikeaudit.candidate.unique import UniqueLines
from ikeaudit.ios import replies
from ikeaudit.ios.command import Identity
from ikeaudit.ios.language import LANGUAGES, Language, language_of
from ikeaudit.ios.spelling import address_and_mask
from ikeaudit.ios.syntax import Match, Partial
from ikeaudit.ios.words import slot


class Outcome(msgspec.Struct, frozen=True):
    """What a line did: what IOS prints, whether the configuration changed, and the section that it leads into."""

    output: str = ""
    changed: bool = False
    section: Line | None = None


_DONE = Outcome(changed=True)
_SAME = Outcome()
_PROFILE = LANGUAGES["isakmp-profile"]
_MATCH = slot("isakmp-profile/match")


def spelled(match: Match, *, classic: bool) -> str:
    """The line as IOS prints it."""
    command = match.command
    text = command.spell(match.args) if command.spell is not None else " ".join(match.words)
    if classic and command.classic_word:
        text = f"{command.classic_word} {text.split(' ', 1)[1]}"
    return text


def is_default(match: Match, *, classic: bool) -> bool:
    """Whether the line says no more than the default, which is not printed."""
    command = match.command
    text = spelled(match, classic=False)
    return text in command.defaults or (classic and text in command.classic_defaults)


class Engine:
    """Applies understood lines to the tree below ``root``.

    ``strict`` decides what the sources leave open: whether an object in use can be deleted, whether a name must be defined
    before it is used, whether ``no`` with another value than the configured one works. Strict refuses all three.
    """

    def __init__(self, root: Line, *, strict: bool, classic: bool) -> None:
        self.root = root
        self.strict = strict
        self.classic = classic
        self._negatives: set[tuple[str, Identity]] = set()
        self._references: References | None = None
        self._unique = UniqueLines(partial(spelled, classic=classic))

    @property
    def references(self) -> References:
        """Definitions and uses of every object, gathered on first use."""
        if self._references is None:
            self._references = References(self.root)
        return self._references

    def learn(self, section: Line) -> None:
        """Remember which ``no`` lines stand below ``section``: IOS prints them again after the setting was changed."""
        language = section.language
        if language is None:
            return
        for line in section.statements():
            negated = line.text.startswith("no ")
            if line.match is None and (negated or line.first is not None):
                describe(line, language)
            if negated:
                self._negatives.add((language.mode.name, identity_of(line)))
            elif line.first is not None:
                self.learn(line)

    # -- setting ---------------------------------------------------------------------------------------------------

    def set(self, section: Line, language: Language, match: Match) -> Outcome:
        """Carry out a line typed in ``section``."""
        command = match.command
        index = index_of(section, language)
        existing = index.find(command.identity(match.args))
        if command.existing_only:
            if existing is None or existing.language is None:
                return Outcome(replies.INCOMPLETE)
            return Outcome(section=existing)
        text = spelled(match, classic=self.classic)
        if existing is not None and not existing.negated:
            refusal = self._clash(existing, match, text)
            if refusal is not None:
                return refusal
        objection = self._objection(section, index, match, text)
        if objection:
            return Outcome(objection)
        if command.hidden or is_default(match, classic=self.classic):
            if existing is not None:
                self.remove(existing)
                return _DONE
            return _SAME
        if existing is None:
            line = new_line(section, language, match, text)
            self._insert(line, section, index, match)
            notice = command.created
        else:
            line, notice = existing, ""
            self._reword(line, text, match, index)
        if command.unique:
            self._unique.note(section, text)
        notice = notice or self._effects(section, line, match)
        self._sync_profile(line if line.language is _PROFILE else section)
        if command.psk and match.args[command.psk] != match.args[command.psk].rstrip():
            notice = replies.TRAILING_BLANKS
        return Outcome(notice, changed=True, section=line if line.language else None)

    def _clash(self, existing: Line, match: Match, text: str) -> Outcome | None:
        """The answer when the line, or another value of it, is configured already; None when it may be replaced."""
        command = match.command
        assert existing.match is not None
        same = spelled(existing.match, classic=self.classic) == text
        if command.clash == "refuse" and not (same and command.opens):
            named = dict(match.args)
            if "address" in named:
                named["mask"] = address_and_mask(named)[1]
            return Outcome(command.clash_reply.format(kind=command.slot, **named))
        if same:
            return Outcome(command.again, section=existing if existing.language else None)
        return None

    def _objection(self, section: Line, index: Index, match: Match, text: str) -> str | None:
        """Why the line is refused: an undefined name, something that excludes it, the same elsewhere; None when it is not."""
        command = match.command
        if command.refers:
            for kind, name in self.references.missing(match):
                if kind in replies.UNDEFINED_ALWAYS:
                    return replies.UNDEFINED_ALWAYS[kind].format(name=name)
                if self.strict:
                    return replies.UNDEFINED.format(kind=kind, name=name)
        if not self.strict:
            return None
        for excluded in command.excludes:
            other = index.find((excluded,))
            if other is not None:
                return replies.EXCLUDED.format(line=command.slot, other=other.text.strip())
        if command.unique:
            owner = self._owner(section, match, text)
            if owner is not None:
                return replies.NOT_UNIQUE.format(line=text, owner=owner.text.strip())
        return None

    def _owner(self, section: Line, match: Match, text: str) -> Line | None:
        """Another section beside ``section`` that holds the very line ``text``."""
        parent = section.parent
        for other in self._unique.holders(parent, text) if parent is not None else ():
            if other is section or other.parent is not parent:
                continue
            assert other.language is not None
            line = index_of(other, other.language).find(match.command.identity(match.args))
            if line is None:
                continue
            assert line.match is not None
            if spelled(line.match, classic=self.classic) == text:
                return other
        return None

    def _insert(self, line: Line, section: Line, index: Index, match: Match) -> None:
        insert_statement(section, line, index.place(line), match.command)
        index.add(line)
        if self._references is not None:
            self._references.add(line)

    def _reword(self, line: Line, text: str, match: Match, index: Index) -> None:
        if self._references is not None:
            self._references.drop(line)
        index.drop(line)
        line.negated = False
        line.match = match
        line.rank = index.language.ranks[match.command]
        line.language = language_of(match.command)
        line.reword(text)
        index.add(line)
        if self._references is not None:
            self._references.add(line)

    # -- side effects ----------------------------------------------------------------------------------------------

    def _effects(self, section: Line, line: Line, match: Match) -> str:
        if match.command.effect == "vrf":
            return self._drop_addresses(section, f"enabling VRF {match.args['vrf']}")
        return ""

    def _drop_addresses(self, interface: Line, why: str) -> str:
        """Moving an interface into a VRF, or out of one, takes its addresses away."""
        assert interface.language is not None
        assert interface.match is not None
        gone = [
            line
            for line in interface.statements()
            if line.match is not None and not line.negated and line.match.command.effect == "address"
        ]
        for line in gone:
            self.remove(line)
        for line in gone:
            assert line.match is not None
            self._show_negative(interface, interface.language, line.match)
        if not gone:
            return ""
        return replies.VRF_REMOVES_ADDRESS.format(interface=interface.match.args["name"], why=why)

    def _sync_profile(self, section: Line) -> None:
        """Print or drop IOS's remark that an ISAKMP profile has no match line (PROFILE-COMPLETE)."""
        if section.language is not _PROFILE:
            return
        matched = any(identity[0].startswith(_MATCH) for identity in index_of(section, _PROFILE).items())
        remark = next((c for c in section.children() if c.text.startswith("! This profile is incomplete")), None)
        if matched and remark is not None:
            section.remove(remark)
        elif not matched and remark is None:
            indent = section.indent + _PROFILE.mode.indent
            section.append(Line(" " * indent + replies.INCOMPLETE_COMMENT, replies.INCOMPLETE_COMMENT, indent))

    # -- removing --------------------------------------------------------------------------------------------------

    def unset(self, section: Line, language: Language, match: Match) -> Outcome:
        """Carry out ``no`` with a complete line, or with one of the shorter spellings that ``no`` accepts."""
        command = match.command
        index = index_of(section, language)
        start = command.identity(match.args) if command.plain else command.identity_start(match.args)
        found = [line for line in index.starting(start) if not line.negated]
        if not found and match.args.get("rest"):
            found = self._beginning_with(index, start)
        if len(found) == 1 and not self._same_value(found[0], match) and self.strict:
            return Outcome(replies.OTHER_VALUE)
        return self._remove_all(section, language, match, found)

    @staticmethod
    def _beginning_with(index: Index, start: Identity) -> list[Line]:
        """The lines whose last key argument begins with the words of that of ``start``: ``no ip route A M``."""
        words = f"{start[-1]} "
        return [
            line
            for identity, lines in index.items().items()
            if identity[:-1] == start[:-1] and identity[-1].startswith(words)
            for line in lines
            if not line.negated
        ]

    def unset_slot(self, section: Line, language: Language, partial: Partial) -> Outcome:
        """Carry out ``no`` with the beginning of a line of which the section holds one: ``no set pfs``."""
        slots = {command.slot for command in partial.commands}
        keyed = [command for command in partial.commands if command.key or command.key_of]
        if keyed or len(slots) > 1:
            return Outcome(replies.INCOMPLETE)
        line = index_of(section, language).find((slots.pop(),))
        if line is None or line.negated:
            return _SAME
        assert line.match is not None
        return self._remove_all(section, language, line.match, [line])

    def _same_value(self, line: Line, match: Match) -> bool:
        """Whether ``no`` names the value that is configured, or the beginning of it; it may leave a key out."""
        assert line.match is not None
        secret = match.command.psk
        if secret and secret not in match.args:
            return True
        if secret and line.match.command is match.command:
            return line.match.args[secret].rstrip() == match.args[secret].rstrip()
        configured = spelled(line.match, classic=self.classic)
        given = spelled(match, classic=self.classic) if line.match.command is match.command else " ".join(match.words)
        return f"{configured} ".startswith(f"{given} ")

    def _remove_all(self, section: Line, language: Language, match: Match, found: list[Line]) -> Outcome:
        command = match.command
        if command.permitted is not None:
            objection = command.permitted(match.args)
            if objection:
                return Outcome(objection)
        for line in found:
            user = self._in_use(line, len(found))
            if user:
                return Outcome(user)
        for line in found:
            self.remove(line)
        shown = self._show_negative(section, language, match)
        if found and command.effect == "vrf":
            was = found[0].match
            assert was is not None
            return Outcome(self._drop_addresses(section, f"disabling VRF {was.args['vrf']}"), changed=True)
        if found:
            self._sync_profile(section)
        if not found and command.psk and command.clash == "refuse":
            return Outcome(replies.KEY_MISSING)
        return Outcome(changed=bool(found) or shown)

    def _in_use(self, line: Line, leaving: int) -> str | None:
        """Why the object that ``line`` defines may not go: who names it, were as many lines gone; None when it may."""
        assert line.match is not None
        named = defined_by(line.match) if self.strict else None
        user = self.references.user_without(named, leaving) if named is not None else None
        if user is None:
            return None
        assert named is not None
        owner = user if user.parent is self.root else user.parent
        assert owner is not None
        return replies.IN_USE.format(kind=named[0], name=named[1], user=" ".join(owner.text.split()))

    def _show_negative(self, section: Line, language: Language, match: Match) -> bool:
        """Print ``no ...`` where IOS does, or where this configuration did; whether that changed anything."""
        command = match.command
        identity = command.identity(match.args)
        index = index_of(section, language)
        shown = command.negative or (language.mode.name, identity) in self._negatives
        if not shown or index.find(identity) is not None:
            return False
        line = new_line(section, language, match, "no " + (" ".join(match.words) if command.key else command.slot))
        line.language = None
        insert_statement(section, line, index.place(line), None)
        index.add(line)
        return True

    def remove(self, line: Line) -> None:
        """Take a line out, with all that stands below it."""
        section = line.parent
        assert section is not None
        assert section.language is not None
        if self._references is not None:
            self._references.drop(line)
        index_of(section, section.language).drop(line)
        take_out(section, line)

    def clear(self, section: Line, language: Language, match: Match) -> Outcome:
        """Take every line out of the section that ``match`` names."""
        line = index_of(section, language).find(match.command.identity(match.args))
        below = list(line.statements()) if line is not None else []
        for child in below:
            self.remove(child)
        return Outcome(changed=bool(below))

    def unset_text(self, section: Line, language: Language, text: str) -> Outcome:
        """Carry out ``no`` with a line of which no table knows more than its words."""
        words = " ".join(text.split())
        index = index_of(section, language)
        found = [line for line in index.starting(("", words)) if not line.negated]
        if not found:
            found = [line for line in section.statements() if " ".join(line.text.split()).startswith(f"{words} ")]
        for line in found:
            self.remove(line)
        learnt = (language.mode.name, ("", words)) in self._negatives
        if learnt and index.find(("", words)) is None:
            self.add_text(section, language, f"no {words}")
            return _DONE
        return Outcome(changed=bool(found))

    def add_text(self, section: Line, language: Language, text: str) -> Outcome:
        """Add a line as it stands to a section that takes any; a second time it changes nothing."""
        index = index_of(section, language)
        line = new_line(section, language, None, " ".join(text.split()))
        existing = index.find(("", line.text))
        if existing is not None and not existing.negated:
            return _SAME
        if existing is not None:
            self.remove(existing)
        insert_statement(section, line, index.place(line), None)
        index.add(line)
        return _DONE
