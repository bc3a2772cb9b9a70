"""What of a partner is compared, in the form in which it is compared.

Plain functions without a database. Each takes what somebody typed and gives a value
that is equal for two spellings of the same thing, or nothing when there is nothing to
compare. Applied to its own result, each gives that result again.
"""

import contextlib
import re
import unicodedata
from urllib.parse import urlsplit

from odoo.exceptions import UserError
from odoo.tools.mail import email_normalize_all

from odoo.addons.phone_validation.tools import phone_validation

from .partner_legal_forms import LEGAL_CJK, LEGAL_PHRASES, LEGAL_WORDS
from .partner_sign_variants import SIMPLIFIED

#: raised by one with each change of what the functions give, as the tests say: the
#: keys of all partners are made anew then
VERSION = 1

CJK = (
    "\u3005\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3"
    "\uf900-\ufaff\U00020000-\U0003ffff"
)
CJK_RUN = re.compile(f"[{CJK}]+")
# a name of so many letters has too few trigrams to be compared by them
SHORT_NAME = 3

# Letters that no decomposition takes apart.
FOLDED_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i", "ð": "d"}
)

# Prefixes that a tax number of the European Union carries, with the country they mean.
_EU = "AT BE BG CY CZ DE DK EE ES FI FR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"
VAT_PREFIXES = {code: code for code in _EU.split()} | {"EL": "GR", "XI": "GB"}
MIN_NUMBER = 5
MIN_PHONE_DIGITS = 7
# what a country may put between a company's own label and its code: co.uk, com.cn
_SECOND = "ac co com edu gob gov go gouv gv ltd mil ne net nom or org"
SECOND_LEVELS = frozenset(_SECOND.split())


# ------------------------------------------------------------
# Names
# ------------------------------------------------------------


def fold(text):
    """Without width, case, accents and punctuation; in simplified signs."""
    # before they become letters
    text = re.sub("[™℠®©]", " ", text or "")
    text = unicodedata.normalize("NFKC", text).casefold()
    text = unicodedata.normalize("NFKD", text).translate(FOLDED_LETTERS)
    # the accents of Latin, Greek and Cyrillic; the marks of other scripts are letters
    text = "".join(char for char in text if not "\u0300" <= char <= "\u036f")
    text = unicodedata.normalize("NFKC", text).translate(SIMPLIFIED)
    # (株) and (주), which NFKC makes of one sign
    text = re.sub(r"\((?:株|有|주|유)\)", " ", text)
    text = re.sub(r"[.'’`´]", "", text)
    text = "".join(
        char if unicodedata.category(char)[0] in "LNM" else " " for char in text
    )
    text = re.sub(f"(?<=[{CJK}]) +(?=[{CJK}])", "", text)
    return " ".join(text.split())


def _join_letters(words):
    """``s a r l`` -> ``sarl``; digits stay what they are."""
    joined = []
    was_letter = False
    for word in words:
        is_letter = len(word) == 1 and word.isalpha() and not CJK_RUN.match(word)
        if is_letter and was_letter:
            joined[-1] += word
        else:
            joined.append(word)
        was_letter = is_letter
    return joined


def normalise_name(name):
    """The name without legal forms, punctuation, case, accents, width, spaces to spare.

    Words keep their order. A name that is nothing but legal forms stays.
    """
    text = fold(name)
    while True:
        before = text
        shorter = " ".join(LEGAL_CJK.sub(" ", LEGAL_PHRASES.sub(" ", text)).split())
        words = _join_letters(shorter.split())
        words = [word for word in words if word not in LEGAL_WORDS] or words
        text = fold(" ".join(words)) or before
        if text == before:
            return text


def name_key(name):
    """The normalised name, its Chinese, Japanese and Korean parts as pairs of signs.

    ``华为技术`` -> ``华为 为技 技术``. A trigram index then compares the pairs, which
    says much more of such names than three signs in a row do.
    """
    return sign_pairs(normalise_name(name))


def sign_pairs(text):
    """The text, each run of Chinese, Japanese or Korean signs in it as its pairs."""

    def pairs(match):
        run = match[0]
        if len(run) <= 2:
            return f" {run} "
        return " " + " ".join(run[i : i + 2] for i in range(len(run) - 1)) + " "

    return " ".join(CJK_RUN.sub(pairs, text).split())


def is_short(key):
    return _length(key) <= SHORT_NAME


def is_pairs(key):
    """Whether the key begins with pairs of signs, which are compared as pairs."""
    return bool(CJK_RUN.match(key))


def short_starts(key):
    """What a short name would be that this longer one begins with.

    ``华为 为技 技术`` -> ``华为``, ``华为 为技``; ``ibm germany`` -> ``ibm``.
    """
    words = key.split()
    starts = [" ".join(words[:count]) for count in range(1, min(len(words), 3))]
    # pairs share a sign: n pairs are n + 1 signs
    return [start for start in starts if 1 < _length(start) <= SHORT_NAME]


def _length(key):
    """How many letters or signs the name behind the key has."""
    words = key.split()
    if all(CJK_RUN.fullmatch(word) for word in words):
        return sum(map(len, words)) - (len(words) - 1)
    return sum(map(len, words))


# ------------------------------------------------------------
# Numbers
# ------------------------------------------------------------


def compact(value):
    """Letters and digits alone, in capitals; nothing for what is no number."""
    text = unicodedata.normalize("NFKC", value or "").upper()
    text = "".join(char for char in text if char.isalnum())
    if len(text) < MIN_NUMBER or not text.strip("0") or text.isalpha():
        return ""
    return text


def number_key(value, country_code=""):
    """A number of a register or of the tax office, with its country where it is known.

    ``0477.472.701`` of Belgium and ``BE 0477 472 701`` -> ``BE:0477472701``
    """
    text = compact(value)
    if not text:
        return ""
    country_code = (country_code or "").upper()
    prefix = text[:2]
    of_prefix = VAT_PREFIXES.get(prefix, prefix)
    is_prefixed = len(text) - 2 >= MIN_NUMBER
    if country_code and is_prefixed and of_prefix == country_code:
        text = text[2:]
    elif not country_code and is_prefixed and prefix in VAT_PREFIXES:
        country_code, text = of_prefix, text[2:]
    return f"{country_code}:{text}"


def phone_key(number, country_code=""):
    """The number in E.164; its digits alone when no country can be made out."""
    text = unicodedata.normalize("NFKC", number or "").strip()
    if not text:
        return ""
    text = re.sub(r"^00", "+", text)
    with contextlib.suppress(UserError):
        return phone_validation.phone_format(
            text, country_code or None, None, force_format="E164"
        )
    digits = re.sub(r"\D", "", text)
    return digits if len(digits) >= MIN_PHONE_DIGITS and digits.strip("0") else ""


# ------------------------------------------------------------
# Addresses
# ------------------------------------------------------------


def email_keys(text):
    """Each address of the text once, in the order in which they stand there."""
    return list(dict.fromkeys(email_normalize_all(text or "")))


def domain_of(host):
    """The domain that somebody registered: ``mail.acme.co.uk`` -> ``acme.co.uk``."""
    host = (host or "").strip().strip(".").lower()
    labels = host.split(".")
    if len(labels) < 2 or not all(labels) or labels[-1].isdigit():
        return ""
    if len(labels) == 2:
        return host
    second = len(labels[-1]) == 2 and labels[-2] in SECOND_LEVELS
    return ".".join(labels[-3 if second else -2 :])


def email_domain(email):
    return domain_of(email.rpartition("@")[2])


def _split_url(url):
    text = unicodedata.normalize("NFKC", url or "").strip()
    if not text:
        return "", ""
    try:
        parts = urlsplit(text if "://" in text else f"//{text}")
        host = parts.hostname or ""
    except ValueError:
        return "", ""
    return host.removeprefix("www."), parts.path


def web_domain(url):
    return domain_of(_split_url(url)[0])


def website_key(url):
    """Host and path, without what says nothing: ``acme.com/en``."""
    host, path = _split_url(url)
    if not domain_of(host):
        return ""
    path = re.sub(r"/+", "/", path).rstrip("/")
    path = re.sub(r"/(index|default|home)\.\w+$", "", path, flags=re.IGNORECASE)
    return host + path.lower()
