"""要讯: spreadsheets in, signed bulletins out.

The rooms, in the order the data walks through them: office, sheets, forms, returns, figures, briefings,
notices, post; below them errors, context, settings and store. None of them imports Prefect.
"""

__version__ = "0.1.0"
