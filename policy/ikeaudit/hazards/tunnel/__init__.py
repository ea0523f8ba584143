"""Hazards of Protected tunnel interfaces (DOMAIN 11.B)."""
