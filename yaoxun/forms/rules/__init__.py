"""The checks, one module a kind; each is a plain loop over rows that yields findings. Their words stand in catalogue.py."""
