"""Does CPython's own test suite pass as well when it, and what it tests, is rewritten?

Each test module runs plain and rewritten, in processes of their own; with a runtime in charge, and
in the long run also without one. Nothing may fail that does not fail plain.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

RUNNER = Path(__file__).with_name("fidelity_runner.py")
ROOT = Path(__file__).parents[2]

QUICK = """
    test_grammar
    test_scope
    test_augassign
    test_class
    test_with
    test_named_expressions
    test_super
    test_heapq heapq
    test_bisect bisect
    test_textwrap textwrap
    test_shlex shlex
    test_string string
"""
LONG = """
    test_abc
    test_argparse argparse
    test_ast
    test_binop
    test_bool
    test_builtin
    test_calendar calendar
    test_call
    test_cmd cmd
    test_collections collections
    test_compare
    test_complex
    test_configparser configparser
    test_contains
    test_contextlib contextlib
    test_copy copy
    test_csv csv
    test_dataclasses dataclasses
    test_decorators
    test_defaultdict
    test_deque
    test_descr
    test_dict
    test_dictcomps
    test_dictviews
    test_difflib difflib
    test_dynamicclassattribute types
    test_enum enum
    test_enumerate
    test_exception_group
    test_extcall
    test_fnmatch fnmatch
    test_fractions fractions
    test_fstring
    test_functools functools
    test_generators
    test_genericalias
    test_genexps
    test_getopt getopt
    test_graphlib graphlib
    test_index
    test_int
    test_isinstance
    test_iter
    test_itertools
    test_json json
    test_keywordonlyarg
    test_list
    test_metaclass
    test_operator
    test_ordered_dict
    test_patma
    test_pprint pprint
    test_property
    test_queue queue
    test_raise
    test_range
    test_reprlib reprlib
    test_sched sched
    test_set
    test_setcomps
    test_slice
    test_sort
    test_statistics statistics
    test_unpack_ex
    test_listcomps
    test_syntax
    test_tuple
    test_types types
    test_typechecks
    test_unpack
    test_userdict
    test_userlist
    test_userstring
    test_weakref weakref
    test_weakset _weakrefset
    test_yield_from
"""
KNOWN: dict[str, dict[str, str]] = {
    "test_builtin": {
        "test_eval_builtins_mapping_reduce": "an observing iterator is reduced as what it observes"
    },
    "test_call": {"test_vectorcall": "a method of a container, as a value, is an object of ours"},
    "test_dataclasses": dict.fromkeys(
        ("test_hash_no_args", "test_hash_rules"), "a class that hashes by address hashes by number"
    ),
    "test_deque": dict.fromkeys(
        ("test_iterator_pickle", "test_reversed_new"), "the type of an iterator is ours"
    ),
    "test_descr": {
        "test_type_lookup_mro_reference": "a class has a key whose `__eq__` changes the class",
        "test_vicious_descriptor_nonsense": "an instance's dict has a key with such an `__eq__`",
    },
    "test_list": dict.fromkeys(
        ("test_iterator_pickle", "test_reversed_pickle"), "the type of an iterator is ours"
    ),
    "test_ordered_dict": {"test_sizeof_exact": "the type of an iterator is ours"},
    "test_types": {
        "test_method_descriptor_types": "a method of a container, as a value, is an object of ours"
    },
    "test_weakref": {
        "test_callback_in_cycle_resurrection": "the caches keep a class alive for a while"
    },
    "test_functools": {"test_lru_reentrancy_with_len": "`builtins.len` is replaced by Python code"},
}
"""Tests that must see a difference, with the reason, for each module."""


def pairs(text: str) -> list[str]:
    return [line.strip() for line in text.strip().splitlines()]


@cache
def results(mode: str, what: str) -> Any:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "0"}
    command = [sys.executable, "-X", "utf8", str(RUNNER), mode, *what.split()]
    process = subprocess.run(
        command, capture_output=True, text=True, timeout=300, env=environment, cwd="/tmp"
    )
    lines = process.stdout.strip().splitlines()
    if process.returncode or not lines or not lines[-1].startswith("{"):
        return process.stderr.strip()[-2000:] or "no output"
    return json.loads(lines[-1])


def compare(what: str, modes: tuple[str, ...]) -> None:
    plain = results("plain", what)
    if isinstance(plain, str):
        pytest.skip(f"the plain run fails: {plain.splitlines()[-1]}")
    known = KNOWN.get(what.split()[0], {})
    for mode in modes:
        found = results(mode, what)
        assert not isinstance(found, str), found
        new = {
            test: text
            for test, text in found["bad"].items()
            if test not in plain["bad"] and not any(f".{name}" in test for name in known)
        }
        assert new == {}, mode
        assert found["run"] == plain["run"]
        assert found["skipped"] == plain["skipped"]
        assert found["rewritten"] > 0
        assert mode == "active" or found["operations"] == 0


@pytest.mark.parametrize("what", pairs(QUICK))
def test_its_own_tests_pass(what: str) -> None:
    compare(what, ("active",))
    assert results("active", what)["operations"] > 0


@pytest.mark.fidelity
@pytest.mark.parametrize("what", pairs(LONG) + pairs(QUICK))
def test_its_own_tests_pass_with_and_without_a_runtime(what: str) -> None:
    compare(what, ("inactive", "active"))
