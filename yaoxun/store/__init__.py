"""Store: the database, number and time types, blobs, events, config snapshots and migrations. No room's tables here."""
