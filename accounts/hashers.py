"""The password hasher: argon2id at the cost settled in docs/security.md."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class PortalArgon2PasswordHasher(Argon2PasswordHasher):
    """Argon2id with 19 MiB, two passes and one lane, about 20 ms on one core."""

    time_cost = 2
    memory_cost = 19_456
    parallelism = 1
