"""Values: made in order or by name, equal by what they hold, and never changed."""

import pytest

from wscli.core.record import field, fields, record, replace


@record
class Level:
    """A price and what lies there."""

    price: str
    size: str = "0"
    orders: dict[str, int] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return f"{self.size}@{self.price}"


@record(frozen=False)
class Tally:
    seen: int = 0


@record
class Nothing:
    """Holds nothing."""


def test_a_value_is_made_in_order_or_by_name() -> None:
    assert Level("1.10", "7") == Level(size="7", price="1.10")
    assert Level("1.10").text == "0@1.10"
    assert fields(Level("1.10")) == {"price": "1.10", "size": "0", "orders": {}}
    assert (Level.__name__, Level.__qualname__, Level.__doc__) == ("Level", "Level", "A price and what lies there.")


@pytest.mark.parametrize(
    ("given", "named", "message"),
    [
        ((), {}, "Level needs price"),
        ((), {"size": "7"}, "Level needs price"),
        (("1", "2", {}, "4"), {}, "Level takes price, size, orders, each once"),
        (("1",), {"price": "2"}, "Level takes price, size, orders, each once"),
        (("1",), {"prise": "2"}, "Level takes price, size, orders, each once"),
    ],
)
def test_what_does_not_fit_is_refused(given: tuple[object, ...], named: dict[str, object], message: str) -> None:
    with pytest.raises(TypeError, match=message):
        Level(*given, **named)  # type: ignore[arg-type]


def test_a_value_does_not_change() -> None:
    level = Level("1.10")

    with pytest.raises(AttributeError, match="its size does not change"):
        level.size = "8"  # type: ignore[misc]
    with pytest.raises(AttributeError, match="its price does not change"):
        del level.price
    assert level == Level("1.10")


def test_a_default_that_is_made_is_made_anew() -> None:
    one, other = Level("1"), Level("1")
    one.orders["a"] = 1

    assert other.orders == {}


def test_values_of_other_kinds_are_not_equal() -> None:
    assert Level("1") != ("1", "0", {})
    assert Nothing() == Nothing()
    assert Nothing() != Tally()


def test_a_frozen_value_can_be_a_key_and_an_open_one_can_be_changed() -> None:
    tally = Tally()
    tally.seen += 1

    assert {Nothing(): 1}[Nothing()] == 1
    assert tally == Tally(1)
    with pytest.raises(TypeError, match="unhashable"):
        hash(tally)


def test_values_match_by_position_and_are_replaced_by_name() -> None:
    match replace(Level("1.10"), size="9"):
        case Level(price, size):
            assert (price, size) == ("1.10", "9")
        case _:
            pytest.fail("it has its names in order")
    with pytest.raises(TypeError):
        replace(Level("1"), colour="red")
