"""One file, several routers: where one configuration ends and the next begins.

A new one begins with another ``hostname``, a full ``show running-config``, a page break, a prompt of another host. Pieces
of one router are put together again: partial ``show`` commands at one host's prompt, and a comment that names a router of
the file (``! HQ``). Output of other show commands is left out. Pages of notes are not split: see
:mod:`ikeaudit.parsing.mess.notes`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ikeaudit.ios.words import any_of, slot
from ikeaudit.parsing.lines import Line
from ikeaudit.parsing.mess.commands import is_known_in, opened, spell_global
from ikeaudit.parsing.mess.notes import is_fence

_NAME = slot("global/hostname")
_BOOT = slot("global/boot-start-marker")
_GATEWAY = f"{slot('global/webvpn')} gateway"
_HOSTNAME = re.compile(
    rf"{any_of(_NAME[:size] for size in range(5, len(_NAME) + 1))} (?P<name>(?!<CUT:)\S+)$", re.IGNORECASE
)
_SHOW_RUN = re.compile(
    r"(?:do )?(?:sh|sho|show|more)\s+(?:run\S*|start\S*|conf\S*|system:run\S*|nvram:start\S*)(?P<part>\s.+)?$",
    re.IGNORECASE,
)
_HEADER = re.compile(
    r"(?:Building configuration\.*|Current configuration\s?:.*|Using \d+ out of \d+ bytes.*|Startup configuration\s?:.*)$"
)
_PAGE_BREAK = re.compile(r"!\s*+-{3,}+.*(?:fenced block|next (?:file|device|router)).*-{3,}$")
_LABEL = re.compile(
    r"!+[\s=*#-]*(?P<name>[A-Za-z][\w.\-]*)(?:'s)?(?: (?:router|configuration|config))?[\s=*#:-]*$", re.I
)
_TENTATIVE = re.compile(
    rf"(?:{slot('global/version')} \d+\.\d\S*|configure(?: terminal)?|conf t(?:er\S*)?|conf|en(?:able)?|end"
    r"|! Last configuration change.*)$",
    re.IGNORECASE,
)
_YAML_BLOCK = re.compile(r"(?:- )?[\w.\-]+: [|>][-+]?\d?$")
_ENTERS_CONFIG = re.compile(r"(?:conf|en|ter|disa|exit|$)", re.IGNORECASE)


@dataclass
class Device:
    """The lines of one router, still raw; ``host`` is known from a ``hostname`` line or a prompt.

    ``full`` says that the lines follow the header of a whole running-config, which has to end with ``end``; ``done`` that
    the splitter has it in its list.
    """

    lines: list[Line] = field(default_factory=list)
    hostname: str | None = None
    prompt: str | None = None
    full: bool = False
    done: bool = False

    @property
    def last_line(self) -> int:
        """Number of the last line that is not blank."""
        return max((line.number for line in self.lines if line.text), default=1)

    @property
    def empty(self) -> bool:
        """Whether nothing but blanks and comments was seen."""
        return not any(line.text and not line.text.startswith(("!", "#")) for line in self.lines)


class _Splitter:
    """Walks the lines once, deciding where a router ends."""

    def __init__(self, hostnames: dict[int, str]) -> None:
        self.hostnames = hostnames
        self.done: list[Device] = []
        self.by_name: dict[str, Device] = {}
        self.current = Device()
        self.boundary: int | None = None
        self.showing: str | None = None
        names = set(hostnames.values())
        self.labels = names if len(names) > 1 else set()

    def close(self, *, full: bool = False, prompt: str | None = None) -> None:
        """End the current router here, unless it has not begun."""
        current = self.current
        if not current.empty and not current.done:
            current.done = True
            self.done.append(current)
        if current.done:
            for name in (current.hostname, current.prompt):
                if name is not None:
                    self.by_name.setdefault(name, current)
        self.current = Device(full=full, prompt=prompt)
        self.boundary = None

    def finish(self) -> list[Device]:
        """End the last router; all of them in order."""
        self.close()
        return self.done

    def take(self, line: Line) -> None:
        """Give one line to the router that it belongs to."""
        if line.host is not None:
            if self._prompt(line):
                return
        elif self.showing is not None and not self._output_ends(line):
            return
        if line.number in self.hostnames:
            self._hostname(self.hostnames[line.number])
        elif line.text and self._marks(line.text):
            return
        self.current.lines.append(line)

    def _output_ends(self, line: Line) -> bool:
        """Whether output of a show command is over though no prompt follows: a section begins, or a page break."""
        text = line.text
        if line.indent == 0 and (_PAGE_BREAK.match(text) or _HEADER.match(text) or opened(text)):
            self.showing = None
        return self.showing is None

    def _prompt(self, line: Line) -> bool:
        """Handle a line with a prompt; True when nothing of it is configuration."""
        current, host = self.current, line.host
        known = current.prompt or current.hostname
        if known not in (None, host) and current.hostname != host and not self._reopen(host):
            self.close()
        elif known is None and self.current.empty:
            self._reopen(host)
        self.current.prompt = host
        if line.text.endswith("?"):
            self.showing = line.text  # what follows is help
            return True
        shown = _SHOW_RUN.match(line.text)
        if shown is not None:
            self.showing = None
            if shown["part"] is None and not self.current.empty:
                self.close(full=True, prompt=host)
            return True
        if line.mode != "exec":
            self.showing = line.text if line.text.startswith("do ") else None
            return self.showing is not None
        self.showing = None if _ENTERS_CONFIG.match(line.text) else line.text
        return True

    def _reopen(self, host: str | None) -> bool:
        """Continue a router met before."""
        if host is None:
            return False
        if host in (self.current.hostname, self.current.prompt):
            return True
        known = self.by_name.get(host)
        if known is None or host not in (known.hostname, known.prompt):
            return False
        self.close()
        self.current = known
        return True

    def _marks(self, text: str) -> bool:
        """Act on a line that tells where routers begin; True when it is no configuration itself."""
        if text[0] == "!" and self.labels and (label := _LABEL.match(text)) and label["name"] in self.labels:
            name = label["name"]
            if not self._reopen(name):
                self.close()
                self.current.hostname = name
        elif _PAGE_BREAK.match(text):
            self.close()
            return True
        elif _HEADER.match(text):
            if not text.startswith("Current") and not self.current.empty and self.current.prompt is None:
                self.close(full=True)
            self.current.full = True
            return True
        elif found := _SHOW_RUN.match(text):
            if not self.current.empty and found["part"] is None:
                self.close(full=True)
            return True
        elif text[:3] == "do ":
            return True
        elif _YAML_BLOCK.match(text):
            self._tentative(text)
            return True
        elif _TENTATIVE.match(text):
            self._tentative(text)
        elif text == _BOOT:
            self.current.full = True
        return False

    def _hostname(self, name: str) -> None:
        known = self.current.hostname
        if known is not None and known != name:
            at = len(self.current.lines) if self.boundary is None else self.boundary
            tail = self.current.lines[at:]
            del self.current.lines[at:]
            full = any(_HEADER.match(line.text) for line in tail)
            before = self.by_name.get(name)
            if before is not None and before.hostname == name and not full:
                self._reopen(name)
                self.current.lines += tail
            else:
                self.close(full=full)
                self.current.lines = tail
        self.current.hostname = name
        self.boundary = None

    def _tentative(self, text: str) -> None:
        """Remember where the next router would begin, should one follow."""
        at = len(self.current.lines)
        if text == "end":
            self.boundary = at + 1
        elif self.boundary is None or any(
            line.text and not line.text.startswith("!") and not _TENTATIVE.match(line.text)
            for line in self.current.lines[self.boundary :]
        ):
            self.boundary = at


def _hostnames(lines: list[Line]) -> dict[int, str]:
    """``hostname`` lines by number; a peer of an IKEv2 keyring and a webvpn gateway have host names, too."""
    found: dict[int, str] = {}
    in_peers = in_gateway = False
    for line in lines:
        text = line.text
        if text[:3].lower() == "cry":
            in_peers = (opened(spell_global(text).text) or ("",))[0] == "ikev2-keyring"
        elif text.startswith(_GATEWAY):
            in_gateway = True
        elif text[:5].lower() == "hostn" and in_gateway and line.indent:
            continue
        elif text[:5].lower() == "hostn" and not in_peers and (named := _HOSTNAME.match(text)):
            found[line.number] = named["name"].strip('"')
        elif in_peers and text and text[0] != "!":
            in_peers = is_known_in("ikev2-keyring", text)
        elif in_gateway and not line.indent:
            in_gateway = False
    return found


def split_devices(lines: list[Line]) -> list[Device]:
    """The routers of a file in order; Markdown fences around a configuration are left out."""
    splitter = _Splitter(_hostnames(lines))
    for line in lines:
        if not is_fence(line.text):
            splitter.take(line)
    return splitter.finish()
