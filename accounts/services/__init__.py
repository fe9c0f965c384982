"""What may be done to accounts: each function locks, asks, moves, saves, records and tells."""
