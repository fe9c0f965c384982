"""What the support room does."""
