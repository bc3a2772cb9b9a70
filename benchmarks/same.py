"""Whether two ways of a piece of work gave the same rows. Plain Python."""

import hashlib
import json


def canonical(rows):
    """Rows as text, one a line, the same for equal values whatever made them."""
    return [json.dumps(_plain(row), ensure_ascii=False, default=str) for row in rows]


def _plain(value):
    if isinstance(value, dict):
        return {str(key): _plain(value[key]) for key in sorted(value, key=str)}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if value is None or value is False or value == "":
        return None
    if isinstance(value, bool) or not hasattr(value, "__round__"):
        return str(value) if not isinstance(value, bool) else value
    number = round(float(value), 6)
    return int(number) if number == int(number) else number


def fingerprint(rows):
    digest = hashlib.sha256("\n".join(canonical(rows)).encode()).hexdigest()[:16]
    return {"rows": len(rows), "digest": digest}


def first_difference(rows, others, names):
    """A line that says where two results differ; None where they do not."""
    lines, other_lines = canonical(rows), canonical(others)
    if lines == other_lines:
        return None
    if len(lines) != len(other_lines):
        counts = (
            f"{len(lines)} rows from {names[0]}, {len(other_lines)} from {names[1]}"
        )
    else:
        counts = "as many rows"
    for number, (line, other) in enumerate(zip(lines, other_lines, strict=False)):
        if line != other:
            return (
                f"{counts}; row {number + 1} differs:"
                f"\n      {names[0]}: {line[:400]}\n      {names[1]}: {other[:400]}"
            )
    return counts
