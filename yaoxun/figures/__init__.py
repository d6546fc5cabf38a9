"""Figures: from one cut of what was known, figures, comparisons and coverage, each with its sources."""
