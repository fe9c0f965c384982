"""What the catalog does: searching, loading, and saying who could approve."""
