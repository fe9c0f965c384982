"""What can be asked for: systems, their roles, who approves them and who helps."""
