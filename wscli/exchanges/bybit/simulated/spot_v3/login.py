"""The login of Bybit spot v3, by its error codes."""

from wscli.exchanges.bybit.simulated.login import BybitLogin, login_arguments


class BybitSpotLogin(BybitLogin):
    """Checks the login of a private connection."""

    def rejection(self, args: object, now_ms: int) -> tuple[str, str] | None:
        """Return the code and the message that reject a login, None for a valid one."""
        arguments = login_arguments(args)
        if arguments is None:
            return "10001", "Params Error"
        key, expires, signature = arguments
        if not self.is_known_key(key):
            return "10003", "Invalid apikey"
        if len(expires) > 18 or int(expires) <= now_ms:
            return "10002", "The request is expired: expires is not later than the time of the server"
        return None if self.is_signature_of(expires, signature) else ("10004", "Invalid sign")
