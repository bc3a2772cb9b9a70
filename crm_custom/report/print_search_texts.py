"""Texts from a browser that are printed as they are: short, plain, on one line."""

MAX_FACETS = 40
MAX_TEXT = 200


def clean_text(raw):
    if not isinstance(raw, str):
        return ""
    raw = raw[: 10 * MAX_TEXT]
    text = " ".join("".join(c if c.isprintable() else " " for c in raw).split())
    return text if len(text) <= MAX_TEXT else f"{text[: MAX_TEXT - 1]}…"


def clean_texts(raw):
    raw = raw if isinstance(raw, list) else []
    return list(filter(None, map(clean_text, raw[:MAX_FACETS])))


def clean_facets(raw):
    """[(label, text)] of the facets that the web client shows."""
    facets = []
    for facet in (raw if isinstance(raw, list) else [])[:MAX_FACETS]:
        if not isinstance(facet, dict) or not isinstance(facet.get("values"), list):
            continue
        separator = clean_text(facet.get("separator")) or ","
        text = clean_text(f" {separator} ".join(clean_texts(facet["values"])))
        if text:
            facets.append((clean_text(facet.get("title")), text))
    return facets
