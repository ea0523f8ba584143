"""Hazards of Algorithms and policies (DOMAIN 11.B)."""
