"""The demo: a sample quarter in a folder of its own, and the servers and hands that act it out."""
