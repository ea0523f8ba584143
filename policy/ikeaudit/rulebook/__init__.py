"""What is known about IOS, rule by rule: ids that code, findings and plans cite, each with a paragraph and its source."""

from ikeaudit.rulebook.book import RULES, TOPICS, rule
from ikeaudit.rulebook.page import selection_rules
from ikeaudit.rulebook.rule import Rule

__all__ = ["RULES", "TOPICS", "Rule", "rule", "selection_rules"]
