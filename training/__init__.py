"""How the name finder that ships with Heard is made."""
