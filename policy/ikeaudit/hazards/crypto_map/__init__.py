"""Hazards of Crypto maps (DOMAIN 11.B)."""
