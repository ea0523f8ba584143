"""Fixes of findings, each proved: what would mend a cause is thought of freely, and advised only if the replay agrees."""
