"""Personal data in a text: what it is, where it stands, and a text without it."""
