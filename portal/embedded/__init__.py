"""Starts a private PostgreSQL and Valkey for a portal that was given no servers of its own.

`python -m portal.embedded --help` tells how; `servers.Servers` is the heart.
"""
