"""Who a person is, how sure we are, and whether they are signed in."""
