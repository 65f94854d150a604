"""Secrets at rest: keyed hashes to look things up, AES-GCM for identity numbers. Keys come from the secret key."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from engine.settings import settings

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def _key(purpose: str) -> bytes:
    return hmac.digest(settings().secret_key, f"sunlit/{purpose}/1".encode(), "sha256")


def keyed_hash(purpose: str, text: str) -> str:
    """Return the hex HMAC-SHA256 of a text under the key of a purpose."""
    return hmac.new(_key(purpose), text.encode(), hashlib.sha256).hexdigest()


def seal(text: str) -> bytes:
    """Return nonce and ciphertext of a text."""
    nonce = secrets.token_bytes(12)
    return nonce + AESGCM(_key("identity")).encrypt(nonce, text.encode(), b"")


def unseal(sealed: bytes) -> str:
    """Return the text again."""
    return AESGCM(_key("identity")).decrypt(sealed[:12], sealed[12:], b"").decode()


def new_code() -> str:
    """Return a query code: 10 random Crockford base32 characters (50 bits)."""
    return "".join(secrets.choice(CROCKFORD) for _ in range(10))


def normal_code(typed: str) -> str:
    """Return a query code as it was given out, however it was typed: case, spaces, hyphens, O I L."""
    plain = "".join(typed.upper().split()).replace("-", "")
    return plain.replace("O", "0").replace("I", "1").replace("L", "1")
