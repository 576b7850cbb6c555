"""What Bitstamp pushes to an account that the simulated one never meets: alerts of liquidations, settlements of tokens.

Each follows a script, a message every eight steps of the market (0.4 s at rate 1).
"""

from wscli.exchanges.bitstamp.simulated.books import ORDER_BASE, message_text
from wscli.exchanges.bitstamp.simulated.feeds import TimeOf, iso_time

MAIN_ACCOUNT = 0
# Alert type, initial and maintenance margin ratio of each step of a liquidation.
LIQUIDATION_STAGES = (
    ("im_breach_warning", "1.05", "1.50"),
    ("im_breach", "0.99", "1.30"),
    ("mm_breach_warning", "0.90", "1.08"),
    ("liquidation_start", "0.82", "0.99"),
    ("liquidation_concluded", "1.20", "1.70"),
)


def liquidation_alert(channel: str, number: int, time_of: TimeOf) -> str:
    """Return an alert of the script (section 3.13): five of each position, from the first warning to the end."""
    turn, stage = divmod(number, len(LIQUIDATION_STAGES))
    alert_type, initial, maintenance = LIQUIDATION_STAGES[stage]
    data = {
        "position_id": str(880_000 + turn % 10_000),
        "trade_account_id": MAIN_ACCOUNT,
        "microtimestamp": str(time_of(number) * 1000),
        "alert_type": alert_type,
        "margin_mode": "ISOLATED" if turn % 2 else "CROSS",
        "initial_margin_ratio": initial,
        "maintenance_margin_ratio": maintenance,
    }
    return message_text(alert_type, channel, data)


def token_settlement(channel: str, number: int, time_of: TimeOf) -> str:
    """Return a settlement of the script (section 3.14)."""
    order_id = ORDER_BASE - 1_000_000 + number
    token = f"DEMO{number % 3 + 1}"
    data = {
        "action": "debit" if number % 4 == 3 else "credit",
        "order_id": order_id,
        "order_id_str": str(order_id),
        "instrument": f"{token}/USD",
        "token_security_currency": token,
        "tokens_quantity": f"{number % 7 + 1}.00000000",
        "datetime": iso_time(time_of(number)).replace("Z", "+00:00"),
    }
    return message_text("token_ready", channel, data)
