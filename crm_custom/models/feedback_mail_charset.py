"""Mails that name their charset wrongly, or none: what they say all the same.

Nothing here knows the database. Python decodes strictly by the name that stands there,
where mail programs and browsers take the larger charset that the name has come to mean.
"""

import codecs
import re
from email.errors import HeaderParseError
from email.header import decode_header, make_header

#: what programs mean by a name
MEANT = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "us-ascii": "utf-8",
    "ascii": "utf-8",
    "iso-8859-1": "cp1252",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "shift_jis": "cp932",
    "big5": "big5hkscs",
}
#: the bytes of no ASCII sign that stand together
RUN = re.compile(rb"[\x80-\xff]+")
ENCODED_WORD = re.compile(r"=\?([\w-]+)(?=(\*[\w-]+)?\?[bq]\?)", re.IGNORECASE)
#: bytes that could not be decoded, as Python keeps them in a text
SURROGATE = re.compile("[\ud800-\udfff]")


def repair_charsets(message):
    """Let each text of a mail name a charset by which it can be read.

    :param email.message.EmailMessage message: changed in place
    """
    for part in message.walk():
        if part.get_content_maintype() != "text" or part.is_multipart():
            continue
        named = part.get_content_charset()
        charset = _readable_by(part.get_payload(decode=True) or b"", named)
        if charset != named:
            part.set_param("charset", charset)


def is_unreadable(text):
    """Whether bytes are left in it, which no database takes, or signs were lost."""
    return "\ufffd" in text or bool(SURROGATE.search(text))


def repaired_header(message, name):
    """The text of a header, whatever charset it says; empty where there is none."""
    raw = next((v for key, v in message.raw_items() if key.lower() == name.lower()), "")
    raw = re.sub(r"\r?\n", "", str(raw))
    if SURROGATE.search(raw):
        # bytes as they came, without a word about their charset
        content = raw.encode("utf-8", "surrogateescape")
        raw = content.decode(_readable_by(content, None))
    raw = ENCODED_WORD.sub(lambda word: f"=?{_known(_meant(word[1]))}", raw)
    try:
        text = str(make_header(decode_header(raw)))
    except (HeaderParseError, UnicodeError, LookupError, ValueError):
        text = raw
    return without_bytes(text)


def without_bytes(text):
    """The text with a question mark for each byte that nobody can read."""
    return text.encode("utf-8", "replace").decode()


def _meant(charset):
    return MEANT.get(charset.lower(), charset)


def _known(charset):
    try:
        return codecs.lookup(charset).name
    except LookupError:
        return "latin-1"


def _readable_by(content, named):
    meant = [_meant(named), named] if named else []
    for charset in (*meant, "utf-8", *_guesses(content)):
        try:
            content.decode(charset)
        except (UnicodeDecodeError, LookupError):
            continue
        return charset
    return "latin-1"


def _guesses(content):
    """Chinese signs are pairs of bytes that stand together; letters with an accent
    stand alone among others.
    """
    runs = RUN.findall(content)
    return ["gb18030"] if sum(map(len, runs)) >= 2 * len(runs) else []
