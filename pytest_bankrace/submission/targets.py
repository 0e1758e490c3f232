"""What does each kind of binding become: assignments, targets, `del`?

o.x = v                   setattr(*store_attribute(v, o, 'x'))
b[i] = v                  setitem(*set_item(v, b, i))
del o.x                   del delete_attribute(o, 'x').x
del b[i]                  delitem(*delete_item(b, i))
o.x += e                  AttributeReference(o, 'x').value += e
b[i] += e                 ItemReference(b, i).value += e
o.x, b[i] = v             AttributeReference(o, 'x').value, ItemReference(b, i).value = v
x = e, shared             x = write_global(globals(), 'x', e)
x, y = e, x shared        @1, y = unpacked(e); x = write_global(globals(), 'x', @1); del @1
x += e                    x = iadd(*in_place(x, e)), unless e can't be a container
"""

# ruff: noqa: N802 - the visitors' names are ast's

from __future__ import annotations

import ast
from typing import Final

from pytest_bankrace.submission.expressions import Expressions
from pytest_bankrace.submission.nodes import is_ours, placed, probe, spread
from pytest_bankrace.submission.scopes import descendants
from pytest_bankrace.submission.unpacking import shape_of

_AUGMENTED: Final[dict[type[ast.operator], str]] = {
    ast.Add: "iadd",
    ast.Sub: "isub",
    ast.Mult: "imul",
    ast.MatMult: "imatmul",
    ast.Div: "itruediv",
    ast.FloorDiv: "ifloordiv",
    ast.Mod: "imod",
    ast.Pow: "ipow",
    ast.LShift: "ilshift",
    ast.RShift: "irshift",
    ast.BitAnd: "iand",
    ast.BitXor: "ixor",
    ast.BitOr: "ior",
}
_LOOK_INTO_CONTAINERS: Final = (
    ast.Add, ast.Sub, ast.Mult, ast.Mod, ast.BitAnd, ast.BitXor, ast.BitOr,
)  # fmt: skip


class Targets(Expressions):
    """Rewrites what binds."""

    _temporaries = 0

    # -- Temporaries. A shared name that is one of several targets, or a loop's, is bound through a
    # temporary name that no source can spell. Statements after it announce and store.

    def temporary(self) -> str:
        """A new name that no source can spell."""
        self._temporaries += 1
        return f"@{self._temporaries}"

    def binds_shared(self, target: ast.AST) -> bool:
        """Whether a shared name is among what a target binds."""
        return any(
            isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and self.shared(node.id)
            for node in descendants(target)
        )

    def target(self, target: ast.expr, after: list[ast.stmt]) -> ast.expr:
        """A target other than that of a plain assignment; what has to follow goes to `after`."""
        return self._split(target, after) if self.binds_shared(target) else self.visit(target)

    def _split(self, target: ast.expr, after: list[ast.stmt]) -> ast.expr:
        if isinstance(target, ast.Tuple | ast.List):
            target.elts = [self._split(element, after) for element in target.elts]
            return target
        if isinstance(target, ast.Starred):
            target.value = self._split(target.value, after)
            return target
        name = self.temporary()
        after.append(self.store(target, ast.Name(name, ast.Load()), target))
        after.append(placed(ast.Delete([ast.Name(name, ast.Del())]), target))
        return placed(ast.Name(name, ast.Store()), target)

    def store(self, target: ast.expr, value: ast.expr, place: ast.AST) -> ast.stmt:
        """`target = value`, for one target that is not a tuple; `value` is rewritten already."""
        statement: ast.stmt
        placed(value, place)
        if isinstance(target, ast.Subscript):
            operation = spread(
                "setitem", "set_item", target, value, self.expression(target.value),
                self.key(target.slice),
            )  # fmt: skip
            statement = ast.Expr(operation)
        elif isinstance(target, ast.Attribute) and not is_ours(target.value):
            operation = spread(
                "setattr", "store_attribute", target, value, self.expression(target.value),
                self.attribute_name(target),
            )  # fmt: skip
            statement = ast.Expr(operation)
        elif isinstance(target, ast.Name):
            statement = ast.Assign([target], self.written(target.id, value))
        else:
            statement = ast.Assign([self.visit(target)], value)
        return placed(statement, place)

    # -- Assignments

    def visit_Assign(self, node: ast.Assign) -> ast.stmt | list[ast.stmt]:
        unpacks = any(isinstance(target, ast.Tuple | ast.List) for target in node.targets)
        if unpacks:
            shapes = [shape for target in node.targets if (shape := shape_of(target)) is not None]
            node.value = self.unpacked(node.value, shapes[0])
        else:
            node.value = self.expression(node.value)
        if len(node.targets) == 1 and not unpacks:
            return self.store(node.targets[0], node.value, node)
        if not any(self.binds_shared(target) for target in node.targets):
            node.targets = [self.visit(target) for target in node.targets]
            return node
        after: list[ast.stmt] = []
        if len(node.targets) == 1:
            node.targets = [self._split(node.targets[0], after)]
            return [node, *after]
        name = self.temporary()
        statements: list[ast.stmt] = [
            placed(ast.Assign([ast.Name(name, ast.Store())], node.value), node)
        ]
        for target in node.targets:
            value = placed(ast.Name(name, ast.Load()), node)
            if isinstance(target, ast.Tuple | ast.List):
                after = []
                unpacking = ast.Assign([self.target(target, after)], value)
                statements += [placed(unpacking, node), *after]
            else:
                statements.append(self.store(target, value, node))
        return [*statements, placed(ast.Delete([ast.Name(name, ast.Del())]), node)]

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.stmt:
        if node.value is None:
            return node  # declares, and stores nothing
        node.value = self.expression(node.value)
        if isinstance(node.target, ast.Name):
            node.value = self.written(node.target.id, node.value)
        else:
            node.target = self.visit(node.target)
        return node

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.stmt:
        target, value = node.target, self.expression(node.value)
        if not isinstance(target, ast.Name):
            node.target = self.reference(target)  # type: ignore[assignment]
            node.value = value
            return node
        number = isinstance(node.value, ast.Constant) and not isinstance(node.value.value, str)
        may_change = isinstance(node.op, _LOOK_INTO_CONTAINERS) and not (
            number and not isinstance(node.op, ast.Mult)
        )
        shared = self.shared(target.id)
        node.value = value
        if is_ours(target) or not (shared or may_change):
            return node
        name = _AUGMENTED[type(node.op)]
        before = self.expression(placed(ast.Name(target.id, ast.Load()), target))
        if may_change:
            result = spread(name, "in_place", node, before, value)
        else:
            result = probe(name, node, before, value)
        return placed(ast.Assign([target], self.written(target.id, result)), node)

    def visit_Delete(self, node: ast.Delete) -> list[ast.stmt]:
        targets: list[ast.expr] = []
        pending = list(node.targets)
        while pending:
            target = pending.pop(0)
            if isinstance(target, ast.Tuple | ast.List):
                pending[:0] = target.elts
            else:
                targets.append(target)
        statements: list[ast.stmt] = []
        for target in targets:
            if isinstance(target, ast.Subscript):
                operation = spread(
                    "delitem", "delete_item", target, self.expression(target.value),
                    self.key(target.slice),
                )  # fmt: skip
                statements.append(placed(ast.Expr(operation), node))
                continue
            if isinstance(target, ast.Name) and (owner := self.shared(target.id)):
                announced = self.name_probe("delete", owner, target.id, target)
                statements.append(placed(ast.Expr(announced), node))
            statements.append(placed(ast.Delete([self.visit(target)]), node))
        return statements or [node]
