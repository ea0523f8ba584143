"""What the mutation gate looks at: one place for the list, which a test compares with the tree."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Package:
    """A folder or a module of the product, by its path from the root of the project.

    ``laws`` is where tests look at tables that only an import runs, so that no record tells who does.
    """

    name: str
    path: str
    laws: str = ""

    def modules(self) -> list[Path]:
        """Its modules; FileNotFoundError when it has moved away."""
        where = ROOT / self.path
        found = sorted(where.rglob("*.py")) if where.is_dir() else [where]
        if not found or not found[0].is_file():
            raise FileNotFoundError(f"{self.path} is not there: put the new place of {self.name} into {__file__}")
        return found


PACKAGES = (
    Package("selection", "policy/ikeaudit/selection"),
    Package("exchange", "policy/ikeaudit/exchange"),
    Package("candidate engine", "remediation/ikeaudit/candidate"),
    Package("grammar", "policy/ikeaudit/ios", "tests/ios/test_table_laws.py"),
    Package("redaction", "templates/ikeaudit/parsing/redact"),
    Package("journal", "change/ikeaudit/change/journal"),
)
