"""Fault drills: parts of the running portal are killed, frozen and cut off; nothing may be lost."""
