"""The states of a route: the whole table, row by row, and that no state is a dead end."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wscli.session.route_state import Happening, RouteState, following

IMPOSSIBLE = "-"
TABLE = """
             closed      connecting      authenticating  subscribing  live       waiting     replacing
connect      connecting  -               -               -            -          connecting  -
log in       -           authenticating  -               -            -          -           -
subscribe    -           subscribing     subscribing     -            -          -           -
ready        -           live            live            live         -          -           live
replace      -           -               -               -            replacing  -           -
lost         -           waiting         waiting         waiting      waiting    -           -
close        closed      closed          closed          closed       closed     closed      closed
"""


def rows() -> list[tuple[str, str, str]]:
    """Return the table as rows: state, happening, state after it."""
    heading, *lines = TABLE.strip().splitlines()
    names, found = heading.split(), []
    for line in lines:
        cells = line.split()
        happening, after = " ".join(cells[: -len(names)]), cells[-len(names) :]
        found += [(name, happening, next_one) for name, next_one in zip(names, after, strict=True)]
    return found


@pytest.mark.parametrize(("state", "happening", "after"), rows())
def test_a_happening_leads_from_one_state_to_the_next_or_is_a_fault(state: str, happening: str, after: str) -> None:
    if after == IMPOSSIBLE:
        with pytest.raises(ValueError, match=f"^a route that is {state} cannot {happening}$"):
            following(RouteState(state), Happening(happening))
    else:
        assert following(RouteState(state), Happening(happening)) is RouteState(after)


def test_the_table_has_every_state_and_every_happening() -> None:
    assert {state for state, _, _ in rows()} == {*RouteState}
    assert {happening for _, happening, _ in rows()} == {*Happening}
    assert len(rows()) == len(RouteState) * len(Happening)


PROPERTIES = [
    # state             no flow changes its connection
    ("closed",          True),
    ("connecting",      False),
    ("authenticating",  False),
    ("subscribing",     False),
    ("live",            True),
    ("waiting",         True),
    ("replacing",       False),
]  # fmt: skip


@pytest.mark.parametrize(("state", "is_settled"), PROPERTIES)
def test_a_state_tells_whether_a_flow_changes_the_connection(state: str, is_settled: bool) -> None:
    assert RouteState(state).is_settled is is_settled


def after(happenings: list[Happening]) -> RouteState:
    """Return where a route is after all of these that can happen to it."""
    state = RouteState.CLOSED
    for happening in happenings:
        try:
            state = following(state, happening)
        except ValueError:
            continue
    return state


def reachable(state: RouteState) -> set[RouteState]:
    """Return the states that a route can come to from there."""
    found, new = {state}, [state]
    while new:
        state = new.pop()
        for happening in Happening:
            try:
                one = following(state, happening)
            except ValueError:
                continue
            if one not in found:
                found.add(one)
                new.append(one)
    return found


@given(st.lists(st.sampled_from(Happening), max_size=30))
def test_from_wherever_a_route_is_it_can_be_closed_and_can_go_live(happenings: list[Happening]) -> None:
    state = after(happenings)

    assert following(state, Happening.CLOSE) is RouteState.CLOSED
    assert reachable(state) >= {RouteState.LIVE, RouteState.WAITING, RouteState.REPLACING}


@given(st.lists(st.sampled_from(Happening), max_size=30))
def test_a_connection_is_replaced_only_where_it_was_live(happenings: list[Happening]) -> None:
    """So that a route has two connections in that one state alone."""
    before = after(happenings)

    if before is not RouteState.LIVE:
        with pytest.raises(ValueError):
            following(before, Happening.REPLACE)
