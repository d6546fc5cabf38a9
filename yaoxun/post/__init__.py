"""Post: the outbox, its way out by SMTP or under 回/, and the state of each recipient. Knows nothing of what a message says."""
