"""What do traces at random look like? For properties that must hold for any trace."""

from __future__ import annotations

from hypothesis import strategies as st

from pytest_bankrace.runtime.operation import Kind
from pytest_bankrace.verdict import Comparison, Failing, Frame, Step, Symptom, Trace, Waiting

_KINDS = st.sampled_from([kind.value for kind in Kind])
_WORDS = st.one_of(
    st.sampled_from(["alice.balance", "bob.balance", "lock", "bank.accounts['bob']"]),
    st.text(max_size=30),
)
_VALUES = st.one_of(
    st.none(), st.sampled_from(["True", "False", "100", "40", "-20"]), st.text(max_size=60)
)
_FRAMES = st.lists(
    st.builds(
        Frame,
        st.sampled_from(["/x/bank.py", "test_bank.py", ""]),
        st.integers(0, 12),
        st.sampled_from(["transfer", "a.<locals>.<lambda>", ""]),
        st.sampled_from(["if a.balance > 0:", "a.balance -= 1", ""]),
    ),
    max_size=3,
).map(tuple)
_THREADS = st.integers(0, 5)
_LOCATIONS = st.tuples(st.integers(0, 2), st.sampled_from(["balance", "*", "lock"]))
_SEVERAL = st.lists(_WORDS, max_size=4).map(tuple)


@st.composite
def traces(draw: st.DrawFn) -> Trace:
    steps = st.builds(Step, _THREADS, _KINDS, _WORDS, _LOCATIONS, _FRAMES, _VALUES, _SEVERAL)
    waits = st.builds(Waiting, _THREADS, _WORDS, st.one_of(st.none(), _THREADS), _FRAMES, _FRAMES)
    return Trace(
        draw(_SEVERAL),
        tuple(draw(st.lists(steps, max_size=70))),
        draw(_SEVERAL),
        draw(_SEVERAL),
        tuple(draw(st.lists(waits, max_size=3))),
        draw(st.sampled_from([0, 0, 1, 1000])),
    )


def failings() -> st.SearchStrategy[Failing]:
    return st.builds(
        Failing,
        st.sampled_from(list(Symptom)),
        st.one_of(st.none(), _THREADS),
        st.sampled_from(["", "always", "at_end"]),
        _WORDS,
        st.one_of(
            st.none(),
            st.builds(
                Comparison,
                _WORDS,
                st.sampled_from(["140", "-1", "x", ""]),
                st.sampled_from(["==", ">=", "in"]),
                st.sampled_from(["200", "0", "y"]),
            ),
        ),
        st.one_of(_WORDS, st.just("AssertionError: assert 140 == 200\n + where")),
        _FRAMES,
        _WORDS,
        _FRAMES,
    )
