"""Hazards of IKEv2 on one router."""
