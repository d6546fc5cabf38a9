"""Sheets that are not ours to design (来表): how a table stands in them, found by words and never by addresses.

settings.py is what a form's `layout:` may say, structure.py finds titles, headers and rows in any sheet, draft.py
proposes a form for a sheet, understanding.py tells of every cell what it was taken for, placing.py puts a form's
columns into a returned sheet, filling.py writes into the office's own file.
"""
