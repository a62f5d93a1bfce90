"""Secrets that open the door: how they are made, and the only form in which they are stored."""

import hashlib
import secrets

__all__ = ["digest_of", "fresh_secret"]


def fresh_secret() -> str:
    """A new secret: 32 random bytes, as 43 characters that need no escaping in an address or a header."""
    return secrets.token_urlsafe(32)


def digest_of(secret: str) -> str:
    """What is stored of a secret and looked up: its SHA-256, as 64 hexadecimal digits.

    A secret of 256 random bits cannot be guessed from a fast hash, so none of the slow ones for passwords is needed
    (OWASP Password Storage Cheat Sheet); and since the digest is looked up in an index, how long that takes tells
    nothing of how much of a guess was right.
    """
    return hashlib.sha256(secret.encode()).hexdigest()
