"""Django's own PostgreSQL engine, which finds a lost connection without asking the server."""
