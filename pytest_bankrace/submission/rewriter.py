"""What does each kind of statement become, and how does a file become code with probes?

The table of statements; those of expressions and bindings are in expressions.py and targets.py:

    for x in it: ..., shared  for @1 in steps(it): x = write_global(globals(), 'x', @1); del @1; ...
    with m: ...               with entered(m): ...
    while t: ...              while observe(t): turn(); ...
    def f, class C, shared    bind_global(globals(), 'f') as its outermost decorator
    a decorated class         made as its outermost decorator

Probes are constants of the code rather than names: a name in `builtins` breaks dataclasses and the
hints of NameErrors.
"""

# ruff: noqa: N802, N815 - the visitors' names are ast's

from __future__ import annotations

import ast
import warnings
from dataclasses import dataclass
from pathlib import Path
from types import CodeType

from pytest_bankrace.submission.locations import instrumented_files
from pytest_bankrace.submission.nodes import PLACEHOLDER, placed, placeholder, probe
from pytest_bankrace.submission.pristine import is_plain
from pytest_bankrace.submission.probes import PROBES
from pytest_bankrace.submission.scopes import Scope, Scopes, descendants
from pytest_bankrace.submission.targets import Targets
from pytest_bankrace.submission.unobserved import (
    Unobserved,
    assigned_attributes,
    find_unobserved,
    stored_attributes,
)

__all__ = ["Instrumented", "Unobserved", "instrument", "stored_attributes"]


@dataclass(frozen=True, slots=True)
class Instrumented:
    """Code whose shared accesses call probes, and the places whose accesses do not."""

    code: CodeType
    unobserved: tuple[Unobserved, ...]
    plain: bool
    """See `pristine.is_plain`."""


def instrument(
    source: str | bytes,
    filename: str,
    *,
    tree: ast.Module | None = None,
    extra_shared: frozenset[str] = frozenset(),
) -> Instrumented:
    """Compile a file with probes at its accesses to shared state.

    The code means what the source means: values, order of evaluation, exceptions and line numbers
    are kept. Raises what `compile` raises, and warns as it does. `tree` is for what another
    rewriter made of the source, such as pytest's; it is changed in place. `extra_shared` are
    globals that other files assign.
    """
    compile(source, filename, "exec", dont_inherit=True)
    whole = tree is None
    tree = tree or ast.parse(source, filename)
    nodes = [*descendants(tree)]
    if _uses_itself(nodes, filename):
        extra_shared |= assigned_attributes(nodes)
    scopes = Scopes(tree, extra_shared)
    unobserved = find_unobserved(nodes, scopes, filename)
    plain = is_plain(tree, nodes)
    rewriter = Rewriter(scopes)
    tree.body = rewriter.block(tree.body)
    for node in () if whole else descendants(tree):  # what pytest makes has no end
        if hasattr(node, "lineno") and getattr(node, "end_lineno", None) is None:
            node.end_lineno, node.end_col_offset = node.lineno, node.col_offset  # type: ignore[attr-defined]
    ast.fix_missing_locations(tree)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the source's own have been shown above
        code = compile(tree, filename, "exec", dont_inherit=True)
    instrumented_files.add(filename)
    return Instrumented(_with_probes(code), (*unobserved, *rewriter.unobserved), plain)


def _uses_itself(nodes: list[ast.AST], filename: str) -> bool:
    """Whether a module may hold itself as an object, and so store its globals as attributes."""
    own = Path(filename).stem
    for node in nodes:
        if isinstance(node, ast.alias) and node.name == own:
            return True
        if isinstance(node, ast.Attribute) and node.attr in ("modules", "import_module"):
            return True
    return False


def _with_probes(code: CodeType) -> CodeType:
    constants: list[object] = []
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            constants.append(_with_probes(constant))
        elif type(constant) is tuple and len(constant) == 2 and constant[0] == PLACEHOLDER:
            constants.append(PROBES[constant[1]])
        else:
            constants.append(constant)
    return code.replace(co_consts=tuple(constants))


class Rewriter(Targets):
    """Rewrites statements, and the expressions in them."""

    def __init__(self, scopes: Scopes) -> None:
        super().__init__(scopes)
        self.unobserved: list[Unobserved] = []

    def block(self, statements: list[ast.stmt]) -> list[ast.stmt]:
        """The statements of a body, rewritten."""
        rewritten: list[ast.stmt] = []
        for statement in statements:
            result = self.visit(statement)
            rewritten.extend(result if isinstance(result, list) else [result])
        return rewritten

    # -- Control flow

    def visit_If(self, node: ast.If) -> ast.stmt:
        node.test = self.test(node.test)
        node.body, node.orelse = self.block(node.body), self.block(node.orelse)
        return node

    def visit_Assert(self, node: ast.Assert) -> ast.stmt:
        node.test = self.test(node.test)
        node.msg = None if node.msg is None else self.expression(node.msg)
        return node

    def _at_back_edge(self, name: str, body: list[ast.stmt]) -> ast.stmt:
        return placed(ast.Expr(probe(name, body[0])), body[0])

    def visit_While(self, node: ast.While) -> ast.stmt:
        node.test = self.test(node.test)
        node.body = [self._at_back_edge("turn", node.body), *self.block(node.body)]
        node.orelse = self.block(node.orelse)
        return node

    def visit_For(self, node: ast.For) -> ast.stmt:
        node.iter = self.iterated(node.iter, node.target)
        tick = self._at_back_edge("tick", node.body)
        after: list[ast.stmt] = []
        node.target = self.target(node.target, after)
        node.body = [*after, tick, *self.block(node.body)]
        node.orelse = self.block(node.orelse)
        return node

    def visit_With(self, node: ast.With) -> ast.stmt:
        for position, item in enumerate(node.items, 1):
            target = item.optional_vars
            if target is not None and self.binds_shared(target) and position < len(node.items):
                # The next item is evaluated after this target is bound: nest it.
                inner = placed(ast.With(node.items[position:], node.body, None), node)
                node.items, node.body = node.items[:position], [inner]
                break
        after: list[ast.stmt] = []
        for item in node.items:
            manager = self.expression(item.context_expr)
            item.context_expr = probe("entered", manager, manager)
            if item.optional_vars is not None:
                item.optional_vars = self.target(item.optional_vars, after)
        node.body = [*after, *self.block(node.body)]
        return node

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> ast.ExceptHandler:
        node.type = None if node.type is None else self.expression(node.type)
        owner = self.shared(node.name) if node.name else None
        body = self.block(node.body)
        if owner is None or node.name is None:
            node.body = body
            return node
        # As CPython does it: the name is bound, and unbound at the end whatever happens.
        name, node.name = node.name, self.temporary()
        place = node.body[0]
        none = placed(ast.Constant(None), place)
        end = [
            ast.Assign([ast.Name(name, ast.Store())], self.written(name, none)),
            ast.Expr(self.name_probe("delete", owner, name, place)),
            ast.Delete([ast.Name(name, ast.Del())]),
        ]
        node.body = [
            self.store(
                ast.Name(name, ast.Store()), ast.Name(node.name, ast.Load()), place
            ),
            placed(ast.Try(body, [], [], [placed(each, place) for each in end]), place),
        ]  # fmt: skip
        return node

    def visit_Match(self, node: ast.Match) -> ast.stmt:
        node.subject = self.observed(node.subject)
        for case in node.cases:
            after: list[ast.stmt] = []
            for pattern in descendants(case.pattern):
                field = "rest" if isinstance(pattern, ast.MatchMapping) else "name"
                name = getattr(pattern, field, None)
                if name is None or not self.shared(name):
                    continue
                if case.guard is not None:
                    what = f"the name `{name}` is bound by a `case` with a guard"
                    self.unobserved.append(Unobserved(case.pattern.lineno, what))
                    continue
                temporary = self.temporary()
                setattr(pattern, field, temporary)
                store = ast.Name(name, ast.Store())
                after.append(
                    self.store(placed(store, pattern), ast.Name(temporary, ast.Load()), pattern)
                )
                after.append(
                    placed(ast.Delete([ast.Name(temporary, ast.Del())]), pattern)
                )  # fmt: skip
            case.guard = None if case.guard is None else self.test(case.guard)
            case.body = [*after, *self.block(case.body)]
        return node

    # -- Definitions

    def _imported(self, node: ast.Import | ast.ImportFrom) -> ast.stmt | list[ast.stmt]:
        after: list[ast.stmt] = []
        for alias in node.names:
            name = alias.asname or alias.name
            if name == "*" or not self.shared(name.split(".")[0]):
                continue
            if "." in name:
                if self.scope.kind != "module":
                    what = f"`import {name}` binds a name that threads share"
                    self.unobserved.append(Unobserved(node.lineno, what))
                continue
            alias.asname = self.temporary()
            store = placed(ast.Name(name, ast.Store()), node)
            after.append(self.store(store, ast.Name(alias.asname, ast.Load()), node))
            after.append(placed(ast.Delete([ast.Name(alias.asname, ast.Del())]), node))
        return [node, *after]

    visit_Import = _imported
    visit_ImportFrom = _imported

    def _binding(self, node: ast.FunctionDef | ast.ClassDef, *decorators: ast.expr) -> None:
        owner: Scope | None = self.shared(node.name)
        # The first decorator's line is the definition's own, for inspect and tracebacks.
        place = node.decorator_list[0] if node.decorator_list else node
        outermost = [] if owner is None else [self.name_probe("bind", owner, node.name, place)]
        node.decorator_list = [*outermost, *decorators, *node.decorator_list]

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.stmt:
        node.decorator_list = [self.expression(each) for each in node.decorator_list]
        self._binding(node)
        self.defaults(node.args)
        outer, self.scope = self.scope, self.scopes[node]
        node.body = self.block(node.body)
        self.scope = outer
        return node

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.stmt:
        node.decorator_list = [self.expression(each) for each in node.decorator_list]
        self.defaults(node.args)
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.stmt:
        decorators = [self.expression(each) for each in node.decorator_list]
        node.bases = [self.expression(base) for base in node.bases]
        for keyword in node.keywords:
            keyword.value = self.expression(keyword.value)
        made = [placed(placeholder("made"), decorators[0])] if decorators else []
        node.decorator_list = decorators
        self._binding(node, *made)
        outer = self.scope, self.class_name
        self.scope, self.class_name = self.scopes[node], node.name
        node.body = self.block(node.body)
        self.scope, self.class_name = outer
        return node
