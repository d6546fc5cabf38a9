"""Sheets: opens a foreign file safely and gives raw cells with their addresses. Knows no office and no database."""
