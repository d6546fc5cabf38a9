"""Sheets that are not ours to design (来表): how a table stands in them, found by words and never by addresses.

settings.py is what a form's `layout:` may say. Any sheet: places.py looks at cells, regions.py cuts rows into bands,
headers.py and labels.py find columns and spots, structure.py finds titles, tables and forms with them (captions.py above,
bodies.py below the header); senses.py tells what columns hold, understanding.py of every cell what it was taken for,
sums.py whether totals fit; draft.py proposes a form (draft_*.py), colouring.py and dropdowns.py run in the sandbox.

A sheet whose form has a layout: placing.py puts the form's columns into it (rows.py: what its rows are, spots.py: forms of
labels, said.py: the lines around it, own_rows.py: whose rows they are, totals.py: its sums), filling.py writes into the
office's own file. words.py and headings.py have the words of such sheets.
"""
