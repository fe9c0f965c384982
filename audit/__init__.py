"""What happened, for ever: the append-only log of the portal and its tamper-evident chain."""
