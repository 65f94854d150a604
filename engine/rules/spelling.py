"""How an expression may be spelt: our words and JUEL's to Python's, and nothing that one of them reads otherwise."""

from __future__ import annotations

import ast
import keyword
import re
import unicodedata

MAX_TEXT, MAX_DEPTH = 2000, 30


class BadExpression(ValueError):
    """The expression cannot be read, or has no value here."""


WORDS = {"true": "True", "false": "False", "null": "None", "eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">"}
WORDS |= {"ge": ">=", "&&": " and ", "||": " or ", "!": " not ", "div": "/", "mod": "%"}
RESERVED = frozenset({*WORDS, *keyword.kwlist, "empty", "instanceof"})
_FOREIGN_WORDS = frozenset(keyword.kwlist) - {"and", "or", "not", "in", "if", "else", "True", "False", "None"}
OPERATORS = frozenset(re.findall(r"\S+", "== != < <= > >= + - * / // % ( ) [ ] , . && || !"))
_whole = re.compile(r"[$#]\{([^{}]*)\}", re.S)
_piece = re.compile(
    r"""(?P<text>"[^"\n]*"|'[^'\n]*')|(?P<name>[^\W\d]\w*)|(?P<number>[0-9]+(?:\.[0-9]+)?)|(?P<blank>[ \t\r\n]+)"""
    r"""|(?P<sign>&&|\|\||[!=<>]=|//|.)""",
    re.S,
)
_HINTS = {
    "?": "write 'a if condition else b'",
    ":": "functions of XPath and texts of other languages are not read",
    "=": "equality is ==; FEEL and assignments are not read",
    "{": "one ${...} around the whole is taken off, no other",
    "&": "write 'and'",
    "|": "write 'or'",
    "instanceof": "'instanceof' is not read; compare values",
    "empty": "'empty' is not read; compare with null or an empty text",
}


def to_python(text: str) -> tuple[str, bool]:
    """Return the text in Python's spelling, and whether it was JUEL's: one ${...} around the whole, or a `!`.

    Each piece is a word, number, text constant or sign of our list, so Python's parser sees nothing else: no comments,
    no prefixed or adjoining texts, no letters or digits that it would take for others (NFKC).
    """
    if len(text) > MAX_TEXT:
        raise BadExpression(f"an expression of more than {MAX_TEXT} characters")
    if "\\" in text:
        raise BadExpression(f"no backslash is allowed: {text!r}")
    whole = _whole.fullmatch(text.strip())
    pieces = [(str(m.lastgroup), m[0]) for m in _piece.finditer(whole[1] if whole else text.strip())]
    depth, before, last = 0, ("blank", ""), ""
    for kind, piece in pieces:
        if kind == "sign" and piece not in OPERATORS:
            raise BadExpression(f"{piece!r} is not allowed: {_HINTS.get(piece, 'it is no operator here')}")
        if kind == "name" and (piece in _HINTS or unicodedata.normalize("NFKC", piece) != piece):
            raise BadExpression(_HINTS.get(piece) or f"{piece!r} is not in plain letters")
        if kind == "name" and piece in _FOREIGN_WORDS:
            raise BadExpression(f"{piece!r} is not allowed")
        if {kind, before[0]} <= {"text", "name", "number"} or (kind == last == "text"):
            raise BadExpression(f"{before[1]}{piece} is neither a name nor a value")
        depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(piece, 0)
        if depth > MAX_DEPTH:
            raise BadExpression(f"brackets nested deeper than {MAX_DEPTH}")
        before, last = (kind, piece), last if kind == "blank" else kind
    juel = whole is not None or ("sign", "!") in pieces
    spelt = (p if kind == "text" else " " if kind == "blank" else WORDS.get(p, p) for kind, p in pieces)
    return "".join(spelt).strip(), juel


def refuse_ambiguous(tree: ast.Expression, python: str, text: str) -> None:
    """Refuse what JUEL reads otherwise than we do: `!a == b` is `(!a) == b`, `a == b == c` is `(a == b) == c`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare) and len(node.ops) > 1:
            raise BadExpression(f"comparisons in a row are ambiguous: {text!r}; join two with 'and'")
        negated = node.operand if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not) else None
        if isinstance(negated, ast.Compare) and not python.encode()[: negated.col_offset].rstrip().endswith(b"("):
            raise BadExpression(f"'not' before a comparison is ambiguous: {text!r}; write not (a == b)")
