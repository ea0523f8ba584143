"""Hazards of IKEv1 keys and keyrings (DOMAIN 11.A)."""
