"""What happens to configurations on their way (terminals, printers, mail, tickets, hands), and values of every shape."""

from __future__ import annotations

import html
import json
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from string import ascii_letters, digits

from planted import FOUND, NAMED, OTHERS, forms, spelt

from ikeaudit.lab.scenarios import SEED

Damage = Callable[[random.Random, str], str]
CORPUS = Path(__file__).resolve().parents[2] / "../shared/corpus/configs"

_WORDS = (
    "secret",
    "cisco",
    "key",
    "password",
    "crypto",
    "router",
    "admin",
    "ipsec",
    "vpn",
    "community",
    "vlan",
    "tunnel",
)
_LOG = "*Nov 29 06:30:03.123: %SYS-5-CONFIG_I: Configured from console by admin on vty0 (10.0.0.1)"
_MORE = (" --More-- \b\b\b\b\b\b\b\b\b        \b\b\b\b\b\b\b\b\b", "<--- More --->", " --More-- ")


def shaped(chance: random.Random) -> str:
    """A value in one of the shapes that secrets have: digits, hexadecimal, base64, nearly a name, an address, an interface,
    a word of IOS with digits."""

    def some(size: int, letters: str = ascii_letters + digits) -> str:
        return "".join(chance.choices(letters, k=size))

    sign = "/+@:.=_-$%&*,"
    shapes: list[Callable[[], str]] = [
        lambda: chance.choice("123456789") + some(chance.randint(7, 12), digits),
        lambda: some(2 * chance.randint(5, 12), "0123456789ABCDEF") + "7F",
        lambda: some(2 * chance.randint(5, 12), "0123456789abcdef") + "7f",
        lambda: chance.choice(_WORDS) + some(5, digits),
        lambda: some(5) + chance.choice(sign) + some(5) + chance.choice(sign) + some(3),
        lambda: f"{some(7)}+/{some(9)}==",
        lambda: f"{chance.choice(('VPN', 'HUB', 'Branch', 'SITE'))}-{some(6)}-KEY",
        lambda: f"10.{chance.randint(1, 250)}.{chance.randint(1, 250)}.{chance.randint(1, 250)}x{some(3)}",
        lambda: f"{some(4)}{chance.randint(0, 9)}/{chance.randint(100, 999)}{some(3)}",
        lambda: f"$9${some(14)}${some(20)}",
        lambda: some(chance.randint(8, 20)),
    ]
    return chance.choice(shapes)()


def each_line(change: Callable[[random.Random, str], str]) -> Damage:
    """A damage done to each line."""
    return lambda chance, text: "\n".join(change(chance, line) for line in text.split("\n"))


def _wrapped(_chance: random.Random, line: str) -> str:
    return "\n".join(line[at : at + 79] for at in range(0, max(1, len(line)), 79))


def _wrapped_between_words(chance: random.Random, line: str) -> str:
    words = line.split(" ")
    if len(words) < 4 or chance.random() > 0.3:
        return line
    at = chance.randint(2, len(words) - 1)
    return " ".join(words[:at]) + chance.choice(("\n", "\n  ")) + " ".join(words[at:])


def _prompted(chance: random.Random, line: str) -> str:
    mode = f"-{chance.choice(('if', 'keyring', 'vpdn'))}" if line[:1] == " " else ""
    return f"R1(config{mode})#{line.strip()}"


def _merged(chance: random.Random, text: str) -> str:
    out = [""]
    for line in text.split("\n"):
        if chance.random() < 0.08:
            out[-1] += chance.choice((" ", "")) + line.strip()
        else:
            out.append(line)
    return "\n".join(out)


def _mistyped(chance: random.Random, line: str) -> str:
    words = line.split(" ")
    for at, word in enumerate(words[:3]):
        if len(word) > 4 and word.isalpha() and word.islower() and chance.random() < 0.2:
            slip = chance.randrange(len(word))
            words[at] = word[:slip] + chance.choice(("", word[slip] * 2, "x")) + word[slip + 1 :]
    return " ".join(words)


def _in_capitals(_chance: random.Random, line: str) -> str:
    return re.sub(r"(?<!\S)[a-z]+(?!\S)", lambda word: word[0].upper(), line)


def _shuffled(chance: random.Random, text: str) -> str:
    lines = text.split("\n")
    chance.shuffle(lines)
    return "\n".join(lines)


def _cut_tail(chance: random.Random, text: str) -> str:
    end = chance.randint(len(text) // 4, len(text))
    return text[: max(text.rfind(blank, 0, end) for blank in " \t\n\r")]


DAMAGES: dict[str, Damage] = {
    "wrapped": each_line(_wrapped),
    "wrapped between words": each_line(_wrapped_between_words),
    "flattened": each_line(lambda _, line: line.strip()),
    "indented": each_line(lambda _, line: f"    {line}"),
    "indented anyhow": each_line(lambda chance, line: " " * chance.randint(0, 4) + line.strip()),
    "typed at prompts": each_line(_prompted),
    "a session": lambda _, text: f"R1#show running-config\n{text}\nR1#",
    "stamped": each_line(lambda chance, line: f"Nov 29 15:{chance.randint(10, 59)}:02.123: {line}"),
    "stamped by a tool": each_line(lambda chance, line: f"2026-11-29T15:{chance.randint(10, 59)}:02 {line}"),
    "numbered": lambda _, text: "\n".join(f"{at}: {line}" for at, line in enumerate(text.split("\n"), 1)),
    "numbered by an editor": lambda _, text: "\n".join(
        f"{at:5}  {line}" for at, line in enumerate(text.split("\n"), 1)
    ),
    "quoted in a mail": each_line(lambda _, line: f"> {line}"),
    "quoted twice": each_line(lambda _, line: f">> {line}"),
    "in a table": each_line(lambda _, line: f"| {line}"),
    "in a diff": each_line(lambda chance, line: chance.choice("+- ") + line),
    "entities": lambda _, text: html.escape(text),
    "on a page": lambda _, text: "<pre>" + text.replace("\n", "<br>\n") + "</pre>",
    "blanks of a page": lambda _, text: text.replace(" ", "&nbsp;"),
    "blanks of a word processor": lambda _, text: text.replace(" ", "\u00a0"),
    "tabs": lambda _, text: text.replace(" ", "\t"),
    "ends of DOS": lambda _, text: text.replace("\n", "\r\n"),
    "ends of a Mac": lambda _, text: text.replace("\n", "\r"),
    "ends of a terminal": lambda _, text: text.replace("\n", "\r\r\n"),
    "without its tail": _cut_tail,
    "without its head": lambda chance, text: text[text.find(" ", chance.randint(0, len(text) // 2)) :],
    "lines merged": _merged,
    "blank lines": lambda _, text: text.replace("\n", "\n\n"),
    "shuffled": _shuffled,
    "mistyped": each_line(_mistyped),
    "logged into": each_line(lambda chance, line: f"{line}\n{_LOG}" if chance.random() < 0.05 else line),
    "paged": each_line(lambda chance, line: (chance.choice(_MORE) if chance.random() < 0.04 else "") + line),
    "in capitals": each_line(_in_capitals),
    "fenced": lambda _, text: f"Here is our router:\n```\n{text}\n```\nthanks, Bob",
    "in YAML": lambda _, text: "config: |\n" + "\n".join(f"  {line}" for line in text.split("\n")),
    "in JSON": lambda _, text: json.dumps({"config": text}),
    "a list in JSON": lambda _, text: json.dumps(text.split("\n"), indent=1),
    "semicolons": each_line(lambda _, line: f"{line};"),
    "in quotes": each_line(lambda _, line: f'"{line}"'),
    "bullets": each_line(lambda _, line: f"- {line}"),
    "in ticks": each_line(lambda _, line: f"`{line}`"),
    "in colours": each_line(lambda _, line: f"\x1b[32m{line}\x1b[0m"),
}
"""What is done to a text, by name."""

_HEADS = """
frobnicate; xyzzy mode; call-thing; ipfoo bar; netsec feature; crypto frob; crypto ipsec frob; crypto isakmp frob; ip frob
snmp-foo; aaa frob; vpdn-frob; service frob; no frob; system credentials; zerotouch agent; cloud-mgmt; line-frob; hash frob
interface-frob; router frob; policy frob; cryptoisakmp key; cryptoipsec profile; ipnat inside; i nat inside; ipp http
ip nat sorce list; ip htp client; crypto ikev frob; vpdn-group 1; cry frob; int frob; snmp-serv frob; user frob
"""
_BELOW = """
token; auth-token; frob; mode x; peer-secretz; local name; remote name; group; profile; match frob; set frob; map; server
domain; address frob; identity frob; user; login; client; psk; passphrase; enrollment; url; credential; pin; hash; api; cert
id; value; option; tag; desc; remrk; descripton; pasword; secrt; kye 7; communty; keystring; pre-shared; preshared-key
"""
HEADS, BELOW = ([one.strip() for one in some.replace("\n", ";").split(";") if one.strip()] for some in (_HEADS, _BELOW))


class Plot:
    """Values by where they were planted, each in one place."""

    def __init__(self, seed: object) -> None:
        self.chance = random.Random(str(seed))
        self.planted: dict[str, str] = {}

    def value(self, place: str) -> str:
        """A new one."""
        value = shaped(self.chance)
        self.planted[value] = place
        return value

    def filled(self, form: str) -> str:
        """A form with a value in each of its places."""
        return re.sub(r"\{\}", lambda found: self.value(_line_of(form, found.start())), form)

    def unknown(self) -> str:
        """A section of which no table knows anything."""
        chance = self.chance
        head = chance.choice(HEADS)
        lines = [f"{head} {self.value(head) if chance.random() < 0.5 else chance.choice('1A')}"]
        for _ in range(chance.randint(0, 4)):
            below = " " * chance.randint(1, 3) + chance.choice(BELOW)
            lines.append(f"{below} {chance.choice(('', '0 ', '7 ', 'x ', 'text '))}{self.value(below)}")
        return "\n".join(lines)

    def router(self, size: int, base: str = "") -> str:
        """A configuration among whose sections stand ``size`` forms as hands spell them, and half as many unknown ones."""
        chance = self.chance
        text = base or (SEED / f"{chance.choice(('R1', 'R2'))}.cfg").read_text(encoding="utf-8")
        parts = re.split(r"\n!\n", text)
        some = [spelt(form, chance) if chance.random() < 0.5 else form for form in chance.sample(FORMS, size)]
        for item in [*map(self.filled, some), *(self.unknown() for _ in range(size // 2))]:
            parts.insert(chance.randint(1, len(parts)), item)
        return chance.choice(("\n!\n", "\n!\n", "\n")).join(parts)

    def left_in(self, text: str) -> Iterator[str]:
        """Where values stand in what was made of the texts."""
        for value, place in self.planted.items():
            if value in text:
                at = text.index(value)
                yield f"{place}: {text[max(0, at - 60) : at + len(value)]!r}"


FORMS = forms(NAMED) + forms(OTHERS) + forms(FOUND)


def _line_of(form: str, at: int) -> str:
    return form[form.rfind("\n", 0, at) + 1 :].partition("\n")[0].strip()
