"""What the mutation gate looks at: one place for the list, which a test compares with the tree."""

from __future__ import annotations

import importlib
import pkgutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Package:
    """A folder or a module of the product, by its path from the root of the project.

    ``home`` begins the paths of the tests that are about it. They are asked first, and for what only an import runs, all of
    them: of a line that every test runs, thousands could be asked, and few would look.
    """

    name: str
    path: str
    home: tuple[str, ...] = ()

    def modules(self) -> list[Path]:
        """Its modules; FileNotFoundError when it has moved away."""
        where = ROOT / self.path
        found = sorted(where.rglob("*.py")) if where.is_dir() else [where]
        if not found or not found[0].is_file():
            raise FileNotFoundError(f"{self.path} is not there: put the new place of {self.name} into {__file__}")
        return found


def import_all() -> None:
    """Import all of the product, also what is imported only when it is asked for."""
    import ikeaudit

    for name in [one.name for one in pkgutil.walk_packages(ikeaudit.__path__, "ikeaudit.")]:
        if not name.endswith("__main__"):
            with suppress(ImportError):  # what belongs to an extra
                importlib.import_module(name)


_ABOUT_SELECTION = tuple(
    f"tests/policy/test_{about}"
    for about in (
        "selection",
        "filters",
        "ikev2_rules",
        "routing",
        "taken_over",
        "traffic",
        "translation",
        "unread_ends",
        "way",
    )
)

PACKAGES = (
    Package("selection", "policy/ikeaudit/selection", _ABOUT_SELECTION),
    Package("exchange", "policy/ikeaudit/exchange", ("tests/policy/",)),
    Package("candidate engine", "remediation/ikeaudit/candidate", ("tests/remediation/test_candidate",)),
    Package("grammar", "policy/ikeaudit/ios", ("tests/ios/",)),
    Package(
        "redaction",
        "templates/ikeaudit/parsing/redact",
        tuple(f"tests/parsing/test_{subject}" for subject in ("redact", "cut", "verdicts", "misspelt")),
    ),
    Package("journal", "change/ikeaudit/change/journal", ("tests/change/test_journal",)),
)
