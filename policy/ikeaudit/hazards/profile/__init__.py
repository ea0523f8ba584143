"""Hazards of ISAKMP profiles and what they are bound to (DOMAIN 11.B)."""
