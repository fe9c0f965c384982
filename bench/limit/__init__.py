"""The limit: a minimal Django application that does only what nobody can leave out."""
