"""The book as a page of documentation."""

from __future__ import annotations

from ikeaudit.rulebook.book import TOPICS
from ikeaudit.rulebook.rule import Rule

_HEAD = """# Selection rules

<!-- Written by `make docs` from ikeaudit.rulebook; edit the texts there. -->

What is known about how Cisco IOS picks keys and profiles and negotiates, what the sources contradict each other about (C-), and
what nobody has told (U-). Findings, plans, readings and the code cite these ids; `ikeaudit rule ID` prints the same text.
*Inferred*
means that it follows from the rest and was not observed.
"""


def selection_rules() -> str:
    """The page ``docs/selection-rules.md``: for each topic a table of its rules, then each with its text and source."""
    parts = [_HEAD]
    for title, rules in TOPICS:
        parts.append(f"## {title}\n")
        parts.append("| id | rule |\n| --- | --- |")
        parts.append("\n".join(f"| [{rule.id}](#{rule.id.lower()}) | {rule.title} |" for rule in rules))
        parts.append("")
        parts += [_section(rule) for rule in rules]
    return "\n".join(parts)


def _section(rule: Rule) -> str:
    return f"""### {rule.id}

**{rule.title}**

{rule.text}

*Source.* {rule.source}
"""
