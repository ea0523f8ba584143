"""Driving one router: what is sent to it, what it answers, the net under it, what it shows and which tunnels it can start.

Knows of no plan, no part of one and no journal: whoever wants to note what is about to be done hands in a function for it.
"""
