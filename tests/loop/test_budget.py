from hypothesis import given
from hypothesis import strategies as st

from secondthought.loop.budget import Budget


def test_a_lease_grants_what_is_free() -> None:
    budget = Budget(10)
    first, second = budget.lease(7), budget.lease(7)
    assert (first.granted, second.granted) == (7, 3)
    assert budget.lease(1).granted == 0


def test_what_is_not_spent_comes_back_once() -> None:
    budget = Budget(10)
    with budget.lease(7) as lease:
        lease.spend(2)
        assert budget.free == 3
    lease.close()
    assert budget.free == 8


def test_a_model_that_broke_its_limit_makes_the_next_lease_smaller() -> None:
    budget = Budget(10)
    with budget.lease(4) as lease:
        lease.spend(6)
    assert budget.lease(99).granted == 4


@given(
    st.integers(0, 1000),
    st.lists(st.tuples(st.integers(-5, 400), st.floats(0, 1), st.booleans()), max_size=30),
)
def test_no_order_of_leases_passes_the_pool(
    tokens: int, turns: list[tuple[int, float, bool]]
) -> None:
    budget, spent, held = Budget(tokens), 0, 0
    for wanted, share, keeps in turns:
        lease = budget.lease(wanted)
        used = int(lease.granted * share)
        lease.spend(used)
        spent += used
        if keeps:
            held += lease.granted - used
        else:
            lease.close()
        assert spent + held + budget.free == tokens
