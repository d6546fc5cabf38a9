"""Forms: one definition of a table gives its template, its reader, its checks, their messages and its manual page.

    settings, loading   the definition: config/forms/*.yaml
    expressions         the small language of conditions and computed columns, and the same in Excel
    prefill             which rows a table opens with, and what is printed in them
    template*           the workbook that goes out
    locating, located, drafts, values, identity, overlay, reading     the workbook that comes back, as a Table
    layout/             the office's own sheets: how a table stands in them, how they are drafted, filled and read
    checking, rules/    what is wrong with it
    facts, markup, review_list     the numbers it holds; the submitter's own file with the offending cells marked

No database, no clock, no mail: returns hands in `History`, tasks hand in periods and code lists.
"""
