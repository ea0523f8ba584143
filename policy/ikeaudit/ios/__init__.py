"""IOS written down once: which commands there are, where they stand, what they name, hide and replace."""
