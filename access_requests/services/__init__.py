"""What changes requests, decisions and grants: lock, ask, move, save, effect, record, tell."""
