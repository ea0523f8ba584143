"""Hazards of Two routers and both directions between them (DOMAIN 11.D)."""
