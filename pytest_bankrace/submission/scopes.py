"""Which names of a module may two threads use while one of them rebinds it?

Those are its shared names; only they get probes. A name is shared when it is

- declared `global` or `nonlocal` anywhere, or assigned from another file (`extra_shared`);
- a global, or a function's variable that an inner function uses, and bound twice or more: a
  binding in a loop counts as two, which catches late-binding loop variables;
- a function's variable that an inner function uses and that is bound only after that inner
  function came to be: who runs it early meets a NameError.

Everything else is bound before a second thread can see it, or seen by one thread only.
"""

# ruff: noqa: N815 - the visitors' names are ast's

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import Final, Literal

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
ComprehensionNode = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp

ScopeKind = Literal["module", "function", "class", "comprehension"]

OURS: Final = "@"
"""How our own temporary names begin, and pytest's: no source text can spell them."""


def descendants(node: ast.AST) -> Iterator[ast.AST]:
    """The node and all below it, but for those that only say how a name is used."""
    # Not ast.walk: it imports when first used, which a rewritten import system would meet.
    pending = [node]
    while pending:
        node = pending.pop()
        yield node
        for name, part in vars(node).items():
            if type(part) is list:
                pending += [item for item in part if isinstance(item, ast.AST)]
            elif isinstance(part, ast.AST) and name != "ctx":
                pending.append(part)


def mangle(name: str, class_name: str | None) -> str:
    """The name as the compiler stores it: `__x` in class `_C` is `_C__x`."""
    if not class_name or not name.startswith("__") or name.endswith("__") or "." in name:
        return name
    stripped = class_name.lstrip("_")
    return f"_{stripped}{name}" if stripped else name


class Scope:
    """One namespace of the source: who binds which names in it."""

    def __init__(self, kind: ScopeKind, node: ast.AST, parent: Scope | None, born: int) -> None:
        self.kind = kind
        self.node = node
        self.parent = parent
        self.born = born
        """When it came to be, counted in bindings and scopes in the order of the text."""
        self.bindings: dict[str, int] = {}
        self.first_bound: dict[str, int] = {}
        self.declared_global: set[str] = set()
        self.declared_nonlocal: set[str] = set()
        self.shared: set[str] = set()

    def resolve(self, name: str, *, here: bool = True) -> Scope:
        """The scope that owns the (mangled) name: the module for globals and builtins."""
        if name in self.declared_global:
            return self.module()
        bound = name in self.bindings and name not in self.declared_nonlocal
        if bound and (self.kind != "class" or here):
            return self
        if self.parent is None:
            return self
        return self.parent.resolve(name, here=False)

    def module(self) -> Scope:
        scope = self
        while scope.parent is not None:
            scope = scope.parent
        return scope

    def function_around(self) -> Scope:
        """This scope, or the one in which a comprehension runs."""
        scope = self
        while scope.kind == "comprehension" and scope.parent is not None:
            scope = scope.parent
        return scope


class Scopes(ast.NodeVisitor):
    """The scopes of a module, by their nodes, with their shared names."""

    def __init__(self, tree: ast.Module, extra_shared: Iterable[str] = ()) -> None:
        self._clock = 0
        self._class_name: str | None = None
        self._loops = 0
        self._uses: list[tuple[Scope, str]] = []
        self.module = self._current = Scope("module", tree, None, 0)
        self._by_node: dict[ast.AST, Scope] = {tree: self.module}
        for statement in tree.body:
            self.visit(statement)
        self.module.shared.update(extra_shared)
        self._find_shared()

    def __getitem__(self, node: ast.AST) -> Scope:
        return self._by_node[node]

    def captured_in_comprehensions(self) -> list[tuple[ast.AST, str]]:
        """Comprehensions' own variables that a function within uses, with their comprehension.

        There is no place for a probe at their binding.
        """
        found: dict[tuple[ast.AST, str], None] = {}
        for scope, name in self._uses:
            owner = scope.resolve(name)
            if owner.kind == "comprehension" and scope.function_around() is not (
                owner.function_around()
            ):
                found[owner.node, name] = None
        return list(found)

    # -- Which are shared

    def _find_shared(self) -> None:
        for scope in self._by_node.values():
            self.module.shared |= scope.declared_global
            for name in scope.declared_nonlocal:
                if scope.parent is not None:
                    owner = scope.parent.resolve(name, here=False)
                    if owner.kind == "function":
                        owner.shared.add(name)
        for scope, name in self._uses:
            owner = scope.resolve(name)
            inner = scope.function_around() if scope is not owner else scope
            if owner.kind not in ("module", "function") or inner is owner:
                continue
            if inner.kind == "class" and inner.parent is owner:
                continue  # a class body runs at once, in the same thread
            if owner.bindings.get(name, 0) >= 2 or self._used_before_bound(inner, owner, name):
                owner.shared.add(name)

    @staticmethod
    def _used_before_bound(user: Scope, owner: Scope, name: str) -> bool:
        if owner.kind != "function":
            return False  # a module's code has run before any thread calls its functions
        outermost = user
        while outermost.parent is not None and outermost.parent is not owner:
            outermost = outermost.parent
        return outermost.born < owner.first_bound.get(name, 0)

    # -- Bindings

    def _tick(self) -> int:
        self._clock += 1
        return self._clock

    def _bind(self, name: str, scope: Scope | None = None, weight: int = 1) -> None:
        scope = scope or self._current
        name = mangle(name, self._class_name)
        if name in scope.declared_global:
            scope = self.module
        weight = 2 if self._loops else weight
        scope.bindings[name] = scope.bindings.get(name, 0) + weight
        scope.first_bound.setdefault(name, self._tick())

    def visit_Name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Load):
            self._uses.append((self._current, mangle(node.id, self._class_name)))
        else:
            self._bind(node.id)

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        target = self._current.function_around()
        self._bind(node.target.id, target, weight=1 if target is self._current else 2)
        self._uses.append((self._current, mangle(node.target.id, self._class_name)))
        self.visit(node.value)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        if isinstance(node.target, ast.Name):
            self._bind(node.target.id, weight=2)
        else:
            self.visit(node.target)
        self.visit(node.value)

    def visit_Global(self, node: ast.Global) -> None:
        self._current.declared_global |= {mangle(n, self._class_name) for n in node.names}

    def visit_Nonlocal(self, node: ast.Nonlocal) -> None:
        self._current.declared_nonlocal |= {mangle(n, self._class_name) for n in node.names}

    def visit_alias(self, node: ast.alias) -> None:
        self._bind((node.asname or node.name).split(".")[0])

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        if node.name:
            self._bind(node.name, weight=2)  # it is deleted at the end
        self.generic_visit(node)

    def visit_MatchAs(self, node: ast.MatchAs) -> None:
        if node.name:
            self._bind(node.name)
        self.generic_visit(node)

    def visit_MatchStar(self, node: ast.MatchStar) -> None:
        if node.name:
            self._bind(node.name)

    def visit_MatchMapping(self, node: ast.MatchMapping) -> None:
        if node.rest:
            self._bind(node.rest)
        self.generic_visit(node)

    def _visit_loop(self, node: ast.AST) -> None:
        self._loops += 1
        self.generic_visit(node)
        self._loops -= 1

    visit_For = _visit_loop
    visit_AsyncFor = _visit_loop
    visit_While = _visit_loop

    # -- Scopes

    def _enter(self, kind: ScopeKind, node: ast.AST) -> tuple[Scope, int]:
        before = self._current, self._loops
        self._current = self._by_node[node] = Scope(kind, node, self._current, self._tick())
        return before

    def _visit_function(self, node: FunctionNode) -> None:
        if not isinstance(node, ast.Lambda):
            self._bind(node.name)
            for decorator in node.decorator_list:
                self.visit(decorator)
        for default in [*node.args.defaults, *node.args.kw_defaults]:
            if default is not None:
                self.visit(default)
        outer = self._enter("function", node)
        self._loops = 0
        for argument in descendants(node.args):
            if isinstance(argument, ast.arg):
                self._bind(argument.arg)
        for statement in node.body if isinstance(node.body, list) else [node.body]:
            self.visit(statement)
        self._current, self._loops = outer

    visit_FunctionDef = _visit_function
    visit_AsyncFunctionDef = _visit_function
    visit_Lambda = _visit_function

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self._bind(node.name)
        for expression in [*node.decorator_list, *node.bases, *node.keywords]:
            self.visit(expression)
        outer = self._enter("class", node)
        outer_name, self._class_name = self._class_name, node.name
        self._loops = 0
        for statement in node.body:
            self.visit(statement)
        self._class_name = outer_name
        self._current, self._loops = outer

    def _visit_comprehension(self, node: ComprehensionNode) -> None:
        first = node.generators[0]
        self.visit(first.iter)  # evaluated outside
        outer = self._enter("comprehension", node)
        for generator in node.generators:
            self.visit(generator.target)
            if generator is not first:
                self.visit(generator.iter)
            for condition in generator.ifs:
                self.visit(condition)
        if isinstance(node, ast.DictComp):
            self.visit(node.key)
            self.visit(node.value)
        else:
            self.visit(node.elt)
        self._current, self._loops = outer

    visit_ListComp = _visit_comprehension
    visit_SetComp = _visit_comprehension
    visit_DictComp = _visit_comprehension
    visit_GeneratorExp = _visit_comprehension
