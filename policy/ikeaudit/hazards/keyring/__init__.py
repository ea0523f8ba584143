"""Hazards of IKEv1 keys and keyrings."""
