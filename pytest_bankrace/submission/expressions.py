"""What does each kind of expression become?

The table, with the probes' names of probes.py; `f(*p(a, b))` evaluates a, then b, then the probe:

    o.x                       read_attribute(o, 'x').x
    o.m(args)                 method(o, 'm').m(args)
    super().m(args)           super_attribute(super(), 'm').m(args)
    f(args)                   called(f)(args)
    Thread(target=f)          Thread(target=called(f)), and likewise submit(f), map(f)
    b[i]                      getitem(*get_item(b, i)), with slice(a, b, c) for a slice
    x, shared                 read_global(globals(), 'x') or x
                              read_cell(lambda: x, 'x') or x
    a in b                    contains(*within(a, b))
    a == b, a < b             eq(*compared(a, b)), lt(*compared(a, b))
    a < b < c                 chained(a) < chained(b) < chained(c)
    a + b                     add(*both(a, b)), likewise - * & | ^
    a % b                     mod(*formatted(a, b))
    truth tests, **x          observe(x)
    *x                        unpacked(x)
    f"{x}"                    f"{shown(x)}"
    for x, y in it            for x, y in steps_apart(steps(it), shape)
    for x in it               for x in steps(it), with tick() as a comprehension's first condition
    (x := e), shared          (x := write_global(globals(), 'x', e))

Annotations, type parameters and the bodies of async functions stay as they are.
"""

# ruff: noqa: N815 - the visitors' names are ast's

from __future__ import annotations

import ast
from typing import Any, Final

from pytest_bankrace.submission.nodes import is_ours, placed, probe, spread
from pytest_bankrace.submission.scopes import OURS, ComprehensionNode, Scope, Scopes, mangle
from pytest_bankrace.submission.unpacking import Shape, shape_of

_BINARY: Final[dict[type[ast.operator], str]] = {
    ast.Add: "add",
    ast.Sub: "sub",
    ast.Mult: "mul",
    ast.BitOr: "or_",
    ast.BitAnd: "and_",
    ast.BitXor: "xor",
}
"""The operators that built-in containers have."""
_COMPARISONS: Final[dict[type[ast.cmpop], str]] = {
    ast.Eq: "eq",
    ast.NotEq: "ne",
    ast.Lt: "lt",
    ast.LtE: "le",
    ast.Gt: "gt",
    ast.GtE: "ge",
}
_HANDED_OVER: Final = {"submit": 0, "map": 0, "callback": 0, "Timer": 1}
"""Where calls of these names take a function that a library's Python code will call."""
_NEVER_CONTAINERS: Final = (ast.Constant, ast.JoinedStr)
_FRESH: Final = (ast.Constant, ast.Tuple, ast.List, ast.Set, ast.Dict)
_MAKE_ITERATORS: Final = frozenset({"enumerate", "filter", "map", "range", "reversed", "zip"})


def _is_constant(node: ast.AST, *kinds: type) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, kinds)


def _shape(shape: Shape, place: ast.AST) -> ast.Constant:
    return placed(ast.Constant(shape), place)  # type: ignore[arg-type]


def _is_fresh(node: ast.AST) -> bool:
    """Whether what a loop iterates over is made right there, so that no thread shares it."""
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id in _MAKE_ITERATORS
    return isinstance(node, (ast.GeneratorExp, *_FRESH))


def _is_super(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "super"
    )


class Expressions(ast.NodeTransformer):
    """Rewrites expressions. The nodes given to it are changed in place."""

    def __init__(self, scopes: Scopes) -> None:
        self.scopes = scopes
        self.scope: Scope = scopes.module
        self.class_name: str | None = None

    def expression(self, node: ast.expr) -> ast.expr:
        """The expression, rewritten."""
        rewritten: ast.expr = self.visit(node)
        return rewritten

    # -- Names

    def shared(self, identifier: str) -> Scope | None:
        """The scope that owns a shared name: a module's or a function's. None if not shared."""
        if identifier.startswith(OURS):
            return None
        name = mangle(identifier, self.class_name)
        owner = self.scope.resolve(name)
        if name not in owner.shared or isinstance(owner.node, ast.AsyncFunctionDef):
            return None
        return owner if owner.kind in ("module", "function") else None

    def name_probe(
        self, kind: str, owner: Scope, identifier: str, place: ast.AST, *value: ast.expr
    ) -> ast.Call:
        """`kind_global(globals(), name, ...)` or `kind_cell(lambda: name, name, ...)`."""
        name = placed(ast.Constant(mangle(identifier, self.class_name)), place)
        if owner.kind == "module":
            return probe(f"{kind}_global", place, probe("globals", place), name, *value)
        no_arguments = ast.arguments([], [], None, [], [], None, [])
        user = placed(ast.Lambda(no_arguments, ast.Name(identifier, ast.Load())), place)
        return probe(f"{kind}_cell", place, user, name, *value)

    def written(self, identifier: str, value: ast.expr) -> ast.expr:
        """The value to store under a name, announced if the name is shared."""
        owner = self.shared(identifier)
        if owner is None:
            return value
        return self.name_probe("write", owner, identifier, value, value)

    def visit_Name(self, node: ast.Name) -> ast.expr:
        owner = self.shared(node.id)
        if owner is None or not isinstance(node.ctx, ast.Load):
            return node
        announced = self.name_probe("read", owner, node.id, node)
        return placed(ast.BoolOp(ast.Or(), [announced, node]), node)

    def visit_NamedExpr(self, node: ast.NamedExpr) -> ast.expr:
        node.value = self.written(node.target.id, self.expression(node.value))
        return node

    # -- Attributes and subscripts

    def attribute_name(self, node: ast.Attribute) -> ast.Constant:
        return placed(ast.Constant(mangle(node.attr, self.class_name)), node)

    def _attribute(self, node: ast.Attribute, name: str) -> ast.Attribute:
        if is_ours(node.value):
            return node
        name = "super_attribute" if _is_super(node.value) else name
        base = self.expression(node.value)
        node.value = probe(name, node.value, base, self.attribute_name(node))
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        if isinstance(node.ctx, ast.Load):
            return self._attribute(node, "read_attribute")
        if isinstance(node.ctx, ast.Del):
            return self._attribute(node, "delete_attribute")
        return self.reference(node)

    def reference(self, node: ast.Attribute | ast.Subscript) -> ast.expr:
        """A target of a tuple, a `for`, a `with` or an augmented assignment."""
        if isinstance(node, ast.Attribute):
            if is_ours(node.value):
                return node
            made = probe(
                "AttributeReference", node, self.expression(node.value), self.attribute_name(node)
            )
        else:
            made = probe("ItemReference", node, self.expression(node.value), self.key(node.slice))
        return placed(ast.Attribute(made, "value", ast.Store()), node)

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        if not isinstance(node.ctx, ast.Load):
            return self.reference(node)
        return spread(
            "getitem", "get_item", node, self.expression(node.value), self.key(node.slice)
        )

    def key(self, node: ast.expr) -> ast.expr:
        """What stands in square brackets, as an expression."""
        if isinstance(node, ast.Slice):
            parts = (node.lower, node.upper, node.step)
            nothing = placed(ast.Constant(None), node)
            return probe(
                "slice", node, *(nothing if part is None else self.visit(part) for part in parts)
            )
        if isinstance(node, ast.Tuple):
            node.elts = [self.key(element) for element in node.elts]
            return node
        return self.expression(node)

    # -- Calls

    def visit_Call(self, node: ast.Call) -> ast.expr:
        callee = node.func
        if isinstance(callee, ast.Attribute):
            node.func = self._attribute(callee, "method")
        elif not _is_super(node) and not is_ours(callee):
            node.func = probe("called", callee, self.expression(callee))
        node.args = [self.expression(argument) for argument in node.args]
        place = _HANDED_OVER.get(getattr(callee, "attr", getattr(callee, "id", "")))
        if place is not None and not any(isinstance(each, ast.Starred) for each in node.args):
            for argument in node.args[place : place + 1]:
                node.args[place] = probe("called", argument, argument)
        for keyword in node.keywords:
            keyword.value = self.expression(keyword.value)
            if keyword.arg is None:
                keyword.value = probe("observe", keyword.value, keyword.value)
            elif keyword.arg in ("action", "function", "initializer", "target"):
                keyword.value = probe("called", keyword.value, keyword.value)
        return node

    # -- Where a container is read as a whole

    def observed(self, node: ast.expr) -> ast.expr:
        """The expression, rewritten, for a place that looks into its value."""
        rewritten = self.expression(node)
        return rewritten if isinstance(node, _FRESH) else probe("observe", node, rewritten)

    def unpacked(self, node: ast.expr, shape: Shape = ()) -> ast.expr:
        """The expression, rewritten, for a place that takes its value apart."""
        rewritten = self.expression(node)
        if shape:
            return probe("unpacked", node, rewritten, _shape(shape, node))
        return rewritten if isinstance(node, _FRESH) else probe("unpacked", node, rewritten)

    def test(self, node: ast.expr) -> ast.expr:
        """A truth test. That of a comparison or of `not` is no container's."""
        plain = isinstance(node, ast.Compare | ast.Lambda | ast.BoolOp | ast.UnaryOp)
        return self.expression(node) if plain else self.observed(node)

    def visit_Starred(self, node: ast.Starred) -> ast.expr:
        if isinstance(node.ctx, ast.Load):
            node.value = self.unpacked(node.value)
        else:
            node.value = self.expression(node.value)
        return node

    def visit_Dict(self, node: ast.Dict) -> ast.expr:
        values = []
        for position, (key, value) in enumerate(zip(node.keys, node.values, strict=True)):
            if key is None:
                values.append(self.observed(value))
            else:
                node.keys[position] = self.expression(key)
                values.append(self.expression(value))
        node.values = values
        return node

    def visit_FormattedValue(self, node: ast.FormattedValue) -> ast.expr:
        node.value = probe("shown", node.value, self.expression(node.value))
        if node.format_spec is not None:
            node.format_spec = self.expression(node.format_spec)
        return node

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.expr:
        is_not = isinstance(node.op, ast.Not)
        node.operand = self.test(node.operand) if is_not else self.expression(node.operand)
        return node

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.expr:
        *tested, last = node.values
        node.values = [*(self.test(value) for value in tested), self.expression(last)]
        return node

    def visit_IfExp(self, node: ast.IfExp) -> ast.expr:
        node.test = self.test(node.test)
        node.body = self.expression(node.body)
        node.orelse = self.expression(node.orelse)
        return node

    # -- Operators

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        left, operator = node.left, node.ops[0]
        if len(node.ops) > 1:
            # The middle operands are used twice: there is no place right before each comparison.
            node.left = self._compared(left)
            node.comparators = [self._compared(each) for each in node.comparators]
            return node
        node.left = left = self.expression(left)
        (original,) = node.comparators
        right = self.expression(original)
        node.comparators = [right]
        if isinstance(operator, ast.In | ast.NotIn):
            if isinstance(original, _FRESH) and all(
                isinstance(each, ast.Constant)
                for each in ast.iter_child_nodes(original)
                if isinstance(each, ast.expr)
            ):
                return node
            found = spread("contains", "within", node, left, right)
            if isinstance(operator, ast.In):
                return found
            return placed(ast.UnaryOp(ast.Not(), found), node)
        name = _COMPARISONS.get(type(operator))
        if name is None or any(isinstance(each, _NEVER_CONTAINERS) for each in (left, right)):
            return node
        return spread(name, "compared", node, left, right)

    def _compared(self, node: ast.expr) -> ast.expr:
        if isinstance(node, _NEVER_CONTAINERS):
            return self.expression(node)
        return probe("chained", node, self.expression(node))

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        fresh = isinstance(node.left, _FRESH) and isinstance(node.right, _FRESH)
        node.left, node.right = self.expression(node.left), self.expression(node.right)
        if isinstance(node.op, ast.Mod) and not (
            isinstance(node.right, ast.Constant) or _is_constant(node.left, int, float)
        ):
            return spread("mod", "formatted", node, node.left, node.right)
        name = _BINARY.get(type(node.op))
        if name is None or fresh:
            return node
        if not isinstance(node.op, ast.Mult) and any(
            isinstance(each, _NEVER_CONTAINERS) and not _is_constant(each, bytes)
            for each in (node.left, node.right)
        ):
            return node
        return spread(name, "both", node, node.left, node.right)

    # -- Iteration

    def iterated(self, node: ast.expr, target: ast.expr | None = None) -> ast.expr:
        """What a loop iterates over, before its target is rewritten."""
        name = "steps" if _is_fresh(node) else "named_steps"
        iterated = probe(name, node, self.expression(node))
        shape = None if target is None else shape_of(target)
        if shape is None:
            return iterated
        return probe("steps_apart", node, iterated, _shape(shape, node))

    def visit_YieldFrom(self, node: ast.YieldFrom) -> ast.expr:
        node.value = self.iterated(node.value)
        return node

    def _comprehension(self, node: ComprehensionNode) -> ast.expr:
        first = node.generators[0]
        if any(generator.is_async for generator in node.generators):
            return node
        first.iter = self.iterated(first.iter, first.target)  # evaluated outside
        outer, self.scope = self.scope, self.scopes[node]
        for generator in node.generators:
            if generator is not first:
                generator.iter = self.iterated(generator.iter, generator.target)
            generator.target = self.expression(generator.target)
            ticked = probe("tick", generator.target)
            generator.ifs = [ticked, *(self.test(condition) for condition in generator.ifs)]
        if isinstance(node, ast.DictComp):
            node.key, node.value = self.expression(node.key), self.expression(node.value)
        else:
            node.elt = self.expression(node.elt)
        self.scope = outer
        return node

    visit_ListComp = _comprehension
    visit_SetComp = _comprehension
    visit_DictComp = _comprehension
    visit_GeneratorExp = _comprehension

    def visit_Lambda(self, node: ast.Lambda) -> ast.expr:
        self.defaults(node.args)
        outer, self.scope = self.scope, self.scopes[node]
        node.body = self.expression(node.body)
        self.scope = outer
        return node

    def defaults(self, arguments: ast.arguments) -> None:
        """Rewrite the default values, which are evaluated outside."""
        arguments.defaults = [self.expression(default) for default in arguments.defaults]
        arguments.kw_defaults = [
            None if default is None else self.expression(default)
            for default in arguments.kw_defaults
        ]

    def generic_visit(self, node: ast.AST) -> Any:
        if isinstance(node, ast.pattern | ast.arguments) or type(node).__name__ == "TypeAlias":
            return node
        return super().generic_visit(node)
