"""The commands of `yaoxun`, one module a subject; cli.py puts them together."""
