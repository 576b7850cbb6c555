"""The login of Bybit v5, by its error codes; the private socket and the one for orders share it."""

from wscli.exchanges.bybit.simulated.login import BybitLogin, login_arguments


class BybitV5Login(BybitLogin):
    """Checks the login of a private connection, or of one for orders."""

    def rejection(self, args: object, now_ms: int) -> tuple[int, str] | None:
        """Return the code and the message that reject a login, None for a valid one."""
        arguments = login_arguments(args)
        if arguments is None or len(arguments[1]) > 18:
            return 10001, "Params Error"
        key, expires, signature = arguments
        if not self.is_known_key(key):
            return 10003, "API key is invalid."
        if int(expires) <= now_ms:
            return 10001, "Params Error"
        if not self.is_signature_of(expires, signature):
            return 10004, "Error sign, please check your signature generation algorithm."
        return None
