"""Hazards of IKEv2 on one router (DOMAIN 11.C)."""
