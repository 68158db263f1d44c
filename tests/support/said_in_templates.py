"""What the pages' templates ask of the catalogue, as the calls that Python would make."""

import ast
from collections.abc import Iterator

from jinja2 import nodes

from workspace.frame.drawing import environment


def said_in(template: str) -> Iterator[ast.Call]:
    """Each `say(…)` with the names of its values; what is put together of texts and values is an f-string."""
    for call in environment().parse(template).find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name == "say":
            keywords = [ast.keyword(one.key, ast.Constant(None)) for one in call.kwargs]
            yield ast.Call(ast.Name("say"), [_as_python(call.args[0])], keywords)


def _as_python(node: nodes.Node) -> ast.expr:
    match node:
        case nodes.Const():
            return ast.Constant(node.value)
        case nodes.CondExpr() if node.expr2 is not None:
            return ast.IfExp(ast.Constant(True), _as_python(node.expr1), _as_python(node.expr2))
        case nodes.Concat():
            return ast.JoinedStr([_part(one) for one in node.nodes])
        case _:
            return ast.Name("value")


def _part(node: nodes.Node) -> ast.expr:
    return (
        ast.Constant(node.value)
        if isinstance(node, nodes.Const)
        else ast.FormattedValue(ast.Name("value"), -1)
    )
