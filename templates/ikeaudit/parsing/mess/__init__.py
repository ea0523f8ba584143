"""Text as it reaches us from elsewhere than a router: damaged, wrapped, shuffled, mixed with notes, several devices in one.

A collected snapshot needs none of this.
"""
