"""Hazards of Facts of the whole fleet (DOMAIN 11.E)."""
