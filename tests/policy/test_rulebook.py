"""The rule book: every rule has an id, a paragraph and a source, is cited, and nothing cites what does not exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ikeaudit.hazards import HAZARDS, hazard
from ikeaudit.rulebook import RULES, TOPICS, Rule, rule, selection_rules

ROOT = Path(__file__).parents[2]
BOOK = ROOT / "policy" / "ikeaudit" / "rulebook"
IDS = {known.id for known in RULES}
CODES = {known.code for known in HAZARDS}
FAMILIES = "|".join(sorted({name.split("-")[0] for name in IDS | CODES}))
CITATION = re.compile(rf"(?<![\w%-])(?:{FAMILIES})(?:-[A-Z0-9]+)+(?![\w*-])")
FILES = {".py", ".md", ".toml", ".j2", ".json", ".yaml", ".yml", ".ttp", ".cfg"}
FOLDERS = (
    "policy",
    "templates",
    "snapshot",
    "remediation",
    "report",
    "lab",
    "tasks",
    "change",
    "cli",
    "bench",
    "inventory",
    "docs",
)
NO_RULES = {
    *("KR-ALL", "V2-TS-TRANSPORT", "V2-PROP", "V2-TS", "V2-KR", "V2-POL"),  # names that plans give to objects
    *("KR-A", "KR-B", "KR-X"),  # names of keyrings in examples
    *("CHANGE-ID", "KR-DUP", "NAT-T"),  # an operand, a family of hazards, a technique
}


def product() -> list[Path]:
    """Every file of the product and of its documentation that people read, the rule book itself left out."""
    found = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*") if path.suffix in FILES]
    found += [
        ROOT / "README.md",
        ROOT / "CONTRIBUTING.md",
        ROOT / "CHANGELOG.md",
        ROOT / "Makefile",
        ROOT / "pyproject.toml",
    ]
    return sorted(path for path in found if not path.is_relative_to(BOOK))


def cited(path: Path) -> set[str]:
    """What looks like the id of a rule or a hazard."""
    return set(CITATION.findall(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("known", RULES, ids=lambda known: known.id)
def test_a_rule_is_one_paragraph_with_a_source(known: Rule) -> None:
    assert re.fullmatch(r"[A-Z][A-Z0-9]*(-[A-Z0-9]+)+", known.id)
    assert known.title and not known.title.endswith(".")
    assert known.text.endswith(".") and "\n" not in known.text and "  " not in known.text
    assert len(known.text) >= 60
    assert known.source.strip() == known.source != ""


def test_ids_are_unique_and_no_hazard_codes() -> None:
    assert len(IDS) == len(RULES) == sum(len(rules) for _, rules in TOPICS)
    assert not IDS & CODES


def test_contradictions_and_unknowns_are_all_there() -> None:
    """Ten contradictions in the sources, and the unknowns numbered without a gap."""
    assert {name for name in IDS if name.startswith("C-")} == {f"C-{n}" for n in range(1, 11)}
    assert {name for name in IDS if name.startswith("U-")} == {f"U-{n}" for n in range(1, 24)}


def test_every_rule_is_cited_by_code() -> None:
    code = [path for path in product() if path.suffix == ".py" and not path.is_relative_to(ROOT / "docs")]
    found = set().union(*(cited(path) for path in code))
    assert IDS - found == set()


def test_every_id_that_is_cited_exists() -> None:
    wrong = {
        str(path.relative_to(ROOT)): unknown for path in product() if (unknown := cited(path) - IDS - CODES - NO_RULES)
    }
    assert wrong == {}


def test_nothing_cites_documents_that_no_user_has() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{n}"
        for path in product()
        for n, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(r"\b(DOMAIN|DESIGN)(\.md)?\b", line) and 'source = "DOMAIN' not in line
    ]
    assert wrong == []


@pytest.mark.parametrize("code", sorted(CODES))
def test_a_hazard_rests_on_rules(code: str) -> None:
    named = hazard(code).source.split(", ")
    assert named and set(named) <= IDS
    assert len(set(named)) == len(named)


def test_looking_up_a_rule() -> None:
    assert rule("key-lpm").id == "KEY-LPM"
    assert "longest" in rule("KEY-LPM").title
    with pytest.raises(KeyError):
        rule("KEY-NOPE")


def test_the_page_of_the_documentation_is_up_to_date(update: bool) -> None:
    page = ROOT / "docs" / "selection-rules.md"
    if update:
        page.write_text(selection_rules(), encoding="utf-8")
    assert page.read_text(encoding="utf-8") == selection_rules(), "docs/selection-rules.md is stale: make docs"


def test_the_page_names_every_rule_once_with_its_source() -> None:
    page = selection_rules()
    assert re.findall(r"^### (\S+)$", page, flags=re.MULTILINE) == [known.id for known in RULES]
    assert page.count("*Source.* ") == len(RULES)


def test_links_from_hazards_lead_somewhere() -> None:
    targets = re.findall(
        r"\(selection-rules\.md#([a-z0-9-]+)\)", (ROOT / "docs" / "hazards.md").read_text(encoding="utf-8")
    )
    assert len(targets) >= len(CODES)
    assert set(targets) <= {name.lower() for name in IDS}
