"""What a mail says about itself: an automatic reply, a word of thanks, a case number.

Nothing here knows the database.
"""

import re

from odoo.tools import html2plaintext

#: how an automatic reply begins its subject, in the languages of the usual programs
AUTO_SUBJECT = re.compile(
    r"^\s*(\[[^\]]*\]\s*)?(automatic reply|auto[- ]?reply|autoreply|auto[- ]?response"
    r"|out of (the )?office|automatische antwort|abwesenheit|abwesend"
    r"|r[ée]ponse automatique|absence du bureau|respuesta autom[áa]tica"
    r"|fuera de la oficina|resposta autom[áa]tica|risposta automatica"
    r"|自动回复|自動回覆|自动答复|不在办公室|外出)",
    re.IGNORECASE,
)
#: what begins the letter that is answered, in the usual programs
QUOTE = re.compile(
    r"^\s*(>|-{2,}\s*(original message|original-nachricht|原始邮件|原始郵件"
    r"|回复的原邮件)"
    r"|_{8,}|from:\s|von:\s|de\s?:\s|发件人\s*[:：]|寄件者\s*[:：]"
    r"|on .{6,120} wrote:|am .{6,120} schrieb|le .{6,120} a écrit"
    r"|el .{6,120} escribió|在.{6,80}(写道|寫道)|.{6,80}于.{4,40}写道)",
    re.IGNORECASE,
)
SIGNATURE = re.compile(
    r"^\s*(--\s*|sent from my .*|von meinem .*|发自我的.*|来自.*邮箱)$", re.I
)
#: a short text that begins like this, and asks nothing
THANKS = re.compile(
    r"^\W*((ok(ay)?|great|perfect|super|all (is )?good|it works( now)?|received)\W+)*"
    r"(many thanks|thanks|thank you|thx|cheers|danke|vielen dank|besten dank|merci"
    r"|gracias|muchas gracias|obrigad[oa]|grazie|ok(ay)?\b|great\b|perfect\b"
    r"|(好的?|收到|已收到|明白|可以)?[，,。!！\s]*(非常感谢|十分感谢|多谢|感谢|谢谢|謝謝|感謝)"
    r"|好的|收到|已收到)",
    re.IGNORECASE,
)
OBJECTION = re.compile(
    r"\?|？|\b(but|however|still|again|not|never|no longer|n't|yet|aber|nicht|noch|mais"
    r"|pas|encore|pero|todav[íi]a|sin embargo)\b|n't|但|不过|可是|还|仍|没|不|又|再",
    re.IGNORECASE,
)
THANKS_LENGTH = 120
NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9/_-]*\d")


def is_automatic(message):
    """Whether a program wrote it, by its headers and subject (RFC 3834).

    :param email.message.EmailMessage message:
    """
    submitted = (message.get("Auto-Submitted") or "no").split(";")[0].strip().lower()
    return (
        submitted != "no"
        or (message.get("Precedence") or "").strip().lower() == "auto_reply"
        or any(message.get(name) for name in ("X-Autoreply", "X-Autorespond"))
        or (message.get("Return-Path") or "").strip() == "<>"
        or bool(AUTO_SUBJECT.match(str(message.get("Subject") or "")))
    )


def is_sent_to_many(message):
    """Whether it went to a list: nobody waits for an answer."""
    precedence = (message.get("Precedence") or "").strip().lower()
    return precedence in ("bulk", "list", "junk") or any(
        message.get(name) for name in ("List-Id", "List-Unsubscribe")
    )


def own_words(body):
    """The text of an HTML mail without signature and the letter that it answers."""
    body = re.sub(
        r"<(blockquote|div[^>]*(gmail_quote|data-o-mail-quote-container))\b.*",
        "",
        body or "",
        flags=re.IGNORECASE | re.DOTALL,
    )
    lines = []
    for line in html2plaintext(body).splitlines():
        if QUOTE.match(line) or SIGNATURE.match(line):
            break
        lines.append(line.strip())
    return " ".join(filter(None, lines))


def is_mere_thanks(body):
    """Whether somebody just says thank you: short, and without a but."""
    words = own_words(body)
    return (
        len(words) <= THANKS_LENGTH
        and bool(THANKS.match(words))
        and not OBJECTION.search(words)
    )


def find_numbers(subject):
    """What may be numbers of cases in a subject."""
    return NUMBER.findall(subject or "")[:20]
