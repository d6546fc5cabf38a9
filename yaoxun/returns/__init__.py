"""Returns: what came in. Archive, arrival, placement, judgement, versions, decisions, rows and facts with their cells."""
