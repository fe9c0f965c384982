"""Template tags that pages of every room may load."""
