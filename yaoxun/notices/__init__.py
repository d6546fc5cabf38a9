"""Notices: wording and steps of receipts, returned workbooks and reminders."""
