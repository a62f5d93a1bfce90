"""Secrets are long, never the same, and stored as their digest alone."""

import hashlib
import re

from graph.credentials import digest_of, fresh_secret


def test_a_secret_is_32_random_bytes_that_need_no_escaping() -> None:
    secrets = {fresh_secret() for _ in range(1000)}

    assert len(secrets) == 1000
    assert all(re.fullmatch(r"[\w-]{43}", secret, re.ASCII) for secret in secrets)


def test_a_digest_is_the_secrets_sha_256() -> None:
    assert digest_of("secret") == hashlib.sha256(b"secret").hexdigest()
