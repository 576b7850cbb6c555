"""HMAC recipes that several exchanges share. They take and give plain text: the caller wraps the result in Secret.

hmac brings OpenSSL along and is imported when something is signed.
"""


def hmac_hex(secret: str, message: str, digest: str) -> str:
    """Return the lower-case hex HMAC of `message` (UTF-8) under `secret`; digest is "sha256", "sha384" or "sha512"."""
    import hmac

    return hmac.new(secret.encode(), message.encode(), digest).hexdigest()


def hmac_base64(secret: str, message: str, digest: str) -> str:
    """Return the standard base64 (with + / =) HMAC of `message` (UTF-8) under `secret`."""
    import hmac
    from base64 import b64encode

    return b64encode(hmac.new(secret.encode(), message.encode(), digest).digest()).decode()
