"""A process in which IOS knows commands that do not exist, said in the tables and nowhere else; prints what became of them.

Run by ``tests/ios/test_made_up.py``: the tables must have the commands before anything is derived from them.
"""

from __future__ import annotations

import json

import msgspec

from ikeaudit.ios.command import Mode, single
from ikeaudit.ios.tables import router as tables

SECTION = single(
    "crypto vault <name>", key=("name",), opens="vault", section="other", separated=True, bears="irrelevant"
)
SETTING = single("crypto isakmp vaulting <level:num>", part="isakmp-setting", bears="irrelevant")
RING_LINE = single(
    "vault-lock <name> with [<encoding:encoding>] <code:secret>",
    key=("name",),
    bears="irrelevant",
    no=("vault-lock <name>",),
)
VAULT = Mode(
    name="vault",
    prompt="(config-vault)#",
    bears="irrelevant",
    commands=(single("combination [<encoding:encoding>] <code:secret>"), single("guards <number:num>")),
)


def _with(mode: Mode) -> Mode:
    more = {"global": (SECTION, SETTING), "keyring": (RING_LINE,)}.get(mode.name, ())
    return msgspec.structs.replace(mode, commands=(*mode.commands, *more))


tables.ALL = (*map(_with, tables.ALL), VAULT)

from parsed import FINGERPRINTER, config, router  # noqa: E402

from ikeaudit.candidate import Candidate, diff  # noqa: E402
from ikeaudit.ios.secrets import SECRETS  # noqa: E402
from ikeaudit.model import Router  # noqa: E402
from ikeaudit.parsing.redact import redact  # noqa: E402
from ikeaudit.remediation.sections_seen import SectionsSeen  # noqa: E402
from ikeaudit.remediation.splice import Excerpts, spliced  # noqa: E402

TEXT = """hostname R1
!
crypto isakmp vaulting 3
crypto keyring K
  vault-lock FRONT with 7 0822455D0A16
  pre-shared-key address 192.0.2.1 key cisco
!
crypto vault V1
 combination s3cr3t words
 guards 2
!
end
"""


def main() -> None:
    """Read, redact, change and compare a configuration with the made-up commands."""
    clean = redact(TEXT, FINGERPRINTER).text
    read = config(TEXT)
    masked = TEXT.replace("0822455D0A16", "<SECRET>").replace("s3cr3t words", "<SECRET>")
    before = Candidate.from_text(masked)
    after = Candidate.from_text(masked)
    typed = (
        "cry vault V1",
        "no guards",
        "comb other",
        "exit",
        "no cry isa vaulting 3",
        "crypto keyring K",
        "no vault-lock FRONT",
    )
    replies = [reply.output for reply in after.apply(typed)]
    assert read.router is not None
    other = Candidate.from_text(masked)
    sections = SectionsSeen(other)
    other.apply(("crypto isakmp vaulting 4", "crypto keyring K", "no vault-lock FRONT"))
    excerpts: list[str] = []

    def note(text: str) -> Router:
        excerpts.append(text)
        return router(text)

    spliced(read.router, sections, sections.look(), Excerpts(note))
    print(
        json.dumps(
            {
                "redacted": clean,
                "unknown": [line for line, _ in read.unknown],
                "irrelevant": read.irrelevant,
                "secrets": sorted({" ".join(s.before) for s in SECRETS if s.row.id in _MADE_UP}),
                "replies": replies,
                "after": after.text(),
                "diff": diff(before, after),
                "excerpts": excerpts,
            }
        )
    )


_MADE_UP = ("vault/combination", "keyring/vault-lock")

if __name__ == "__main__":
    main()
