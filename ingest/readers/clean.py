"""Markup and litter out of a line, the words of it left in."""

from __future__ import annotations

import html
import re

_IMAGE = re.compile(r"!\[[^\[\]\n]*\](?:\([^()\n]*(?:\([^()\n]*\)[^()\n]*)?\)|\[[^\[\]\n]*\])(?:\{[^{}\n]*\})?")
_LINK = re.compile(r"\[([^\[\]\n]*)\](?:\([^()\n]*(?:\([^()\n]*\)[^()\n]*)?\)|\[[^\[\]\n]{0,80}\])(?:\{[^{}\n]*\})?")
_AUTOLINK = re.compile(r"<((?:https?|mailto):[^<>\s]*)>")
_FOOTNOTE = re.compile(r"\[\^[^\[\]\s]{1,40}\]:?")
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<![^<>]*>")
_STRONG_TAG = re.compile(r"</?(?:b|strong)(?:\s[^<>]*)?>", re.I)
_BREAK_TAG = re.compile(r"<(?:br|/p|/li|/div|/tr)\b[^<>]*>", re.I)
_STRONG = re.compile(r"\*\*+|~~|(?<![^\W_])__+|__+(?![^\W_])")
_EMPHASIS = re.compile(r"(?<![\w*])\*(?=[^\s*])|(?<=[^\s*])\*(?![\w*])|(?<![\w_])_(?=[^\s_])|(?<=[^\s_])_(?![\w_])")
_CODE = re.compile(r"`+")
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|<>~\"'&])")
_TOC = re.compile(r"\[\[\s*_?toc_?\s*\]\]|\{\{\s*toc\s*\}\}|^\s*\[toc\]\s*$", re.I)
_SOUND_WORDS = (
    r"inaudible|unintelligible|indistinct|crosstalk|cross[ -]?talk|overlapping(?: speech)?|music(?: playing)?|"
    r"applause|laughter|"
    r"laughs?|laughing|chuckles?|coughs?|coughing|sighs?|silence|pause|noise|background noise|blank[_ ]audio|"
    r"clears throat|"
    r"sneezes?|sniffs?|phone rings?|audio (?:cuts out|glitch)|no audio|foreign(?: language)?|beep|click|baby cries|"
    r"sound"
)
_SOUND = re.compile(
    rf"[\[(]\s*_?\s*(?:{_SOUND_WORDS})(?:\s+[\d:]{{2,11}})?\s*_?\s*[\])]|\{{[a-z]{{3,20}}\}}|[♪♫]+", re.I
)
_GAP_BEFORE = re.compile(r"\s+([,.;!?])(?=\s|$)")


def spans_removed(text: str, opening: str, closing: str) -> str:
    """Text without everything from each `opening` to its `closing`; an opening that never closes is left alone."""
    start = text.find(opening)
    if start < 0:
        return text
    kept: list[str] = []
    at = 0
    while start >= 0:
        end = text.find(closing, start + len(opening))
        if end < 0:
            break
        kept.append(text[at:start])
        kept.append("\n" * text.count("\n", start, end) if "\n" in text[start:end] else " ")
        at = end + len(closing)
        start = text.find(opening, at)
    kept.append(text[at:])
    return "".join(kept)


_BRACES = re.compile(r"[{}]")


def macros_removed(text: str) -> str:
    """Text without {{ template calls }}, which may hold braces of their own and run over many lines."""
    start = text.find("{{")
    if start < 0:
        return text
    kept: list[str] = []
    at = 0
    while start >= 0:
        depth = 0
        for brace in _BRACES.finditer(text, start):
            depth += 1 if brace.group() == "{" else -1
            if depth == 0:
                break
        else:
            break
        kept.append(text[at:start])
        at = brace.end()
        start = text.find("{{", at)
    kept.append(text[at:])
    return "".join(kept)


def squeezed(text: str) -> str:
    """Text on one line with single spaces."""
    return " ".join(text.split())


def a_name(text: str) -> str:
    """What something is called, as it is kept: on one line, and at most 300 characters of it."""
    return squeezed(text)[:300].rstrip()


def plain(text: str) -> str:
    """A line of Markdown (or of Markdown with HTML in it) as its words alone."""
    if "[" in text:
        text = _TOC.sub(" ", text)
        text = _IMAGE.sub(" ", text)
        text = _FOOTNOTE.sub("", text)
        text = _LINK.sub(r"\1", text)
    if "<" in text:
        text = _AUTOLINK.sub(r"\1", text)
        text = _TAG.sub(" ", _STRONG_TAG.sub("", text))
    if "*" in text or "_" in text or "~" in text:
        text = _EMPHASIS.sub("", _STRONG.sub("", text))
    if "`" in text:
        text = _CODE.sub("", text)
    if "\\" in text:
        text = _ESCAPE.sub(r"\1", text)
    if "&" in text:
        text = html.unescape(text)
    return squeezed(text)


def without_sounds(text: str) -> str:
    """Speech without what the transcriber noted in brackets: [inaudible], (laughs), {vocalsound}."""
    if not any(mark in text for mark in "[({♪♫"):
        return text
    found = _SOUND.sub(" ", text)
    return text if found == text else _GAP_BEFORE.sub(r"\1", squeezed(found))


def marked_up(text: str) -> str:
    """Markdown with HTML bold as ** and HTML breaks as line ends, so that one parser reads both."""
    if "<" not in text:
        return text
    return _BREAK_TAG.sub("\n", _STRONG_TAG.sub("**", text))


def has_words(text: str) -> bool:
    """Whether anything is left that somebody could have said."""
    return any(char.isalnum() for char in text)


def shortened(text: str, limit: int = 300) -> str:
    """A heading of at most `limit` characters, cut at a word."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    return (cut[: cut.rfind(" ")] if " " in cut[limit // 2 :] else cut).rstrip() + "…"
