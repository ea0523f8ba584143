"""How documents are written for other programs than ours, one module for each format of ``report.formats``."""
