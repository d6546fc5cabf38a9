"""Briefings: narrative → blocks → Word; numerals traced; 签发, 取号, frozen files."""
