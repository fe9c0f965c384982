"""The whole portal as a person meets it: real processes, a real mail server, a real browser."""
