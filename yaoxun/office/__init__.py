"""Office: who owes which table for which period, by when; the calendar, code lists and organisations."""
