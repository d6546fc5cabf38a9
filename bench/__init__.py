"""Measured figures, repeatable: `make bench`. Not part of the program; nothing in it imports this."""
