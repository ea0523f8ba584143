"""What programs read of hazards and rules: the structs behind ``ikeaudit.rules/1``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

import msgspec

from ikeaudit.hazards.finding import Category, Hazard, Scope, Severity
from ikeaudit.report.published import RULE_ID, Code, Text, picked_all
from ikeaudit.rulebook import Rule


class PublishedRule(msgspec.Struct, frozen=True, kw_only=True):
    """A hazard of the catalogue."""

    code: Code
    title: Text
    category: Category
    severity: Severity
    scope: Scope
    what: str
    why: str
    symptom: str
    fix: str
    source: Annotated[str, msgspec.Meta(description="The ids of the rules about IOS that the hazard rests on")]


class PublishedBookRule(msgspec.Struct, frozen=True, kw_only=True):
    """A rule about IOS."""

    id: Annotated[str, msgspec.Meta(description="Id that hazards and plans cite", pattern=RULE_ID)]
    title: Text
    text: Text
    source: Annotated[str, msgspec.Meta(min_length=1, description="Documents, captures and reports that it rests on")]


class PublishedRules(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="schema", tag="ikeaudit.rules/1"
):
    """The answer of ``rules`` and ``rule``."""

    rules: tuple[PublishedRule, ...]
    book: Annotated[
        tuple[PublishedBookRule, ...],
        msgspec.Meta(description="Rules about IOS that findings and code rest on; there when one was asked for"),
    ] = ()

    @classmethod
    def of(cls, hazards: Iterable[Hazard], book: Iterable[Rule] = ()) -> PublishedRules:
        """``hazards`` and rules of the ``book``, in their order."""
        return cls(rules=picked_all(PublishedRule, hazards), book=picked_all(PublishedBookRule, book))
