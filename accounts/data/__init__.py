"""Words and lists that are data: questions, states, terms."""
