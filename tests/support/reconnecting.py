"""What tests of lost connections share: credentials, a stream of orders, and connections that are dropped."""

from __future__ import annotations

import json
import socket

from websockets.sync.server import ServerConnection


def drop(peer: ServerConnection) -> None:
    """Take the TCP connection away without a close frame."""
    peer.socket.shutdown(socket.SHUT_RDWR)


KEYS = {"WSCLI_BYBIT_KEY": "KEYSECRETabc123", "WSCLI_BYBIT_SECRET": "SECRETabc123"}


ORDER = '{"topic":"order","ts":"1","type":"snapshot","data":[]}'


def yes(requested: str | bytes) -> str:
    """Return the ack of a Bybit frame."""
    request = json.loads(requested)
    return json.dumps(
        {"op": request["op"], "success": True, "req_id": request["req_id"], "ret_msg": "", "conn_id": "c"}
    )
