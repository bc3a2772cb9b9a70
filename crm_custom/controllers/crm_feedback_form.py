"""What a form may hold on the pages where customers write to us."""

from odoo.http import request
from odoo.tools import email_normalize, formataddr
from odoo.tools.mimetypes import guess_mimetype

MB = 2**20
MAX_FILES = 5
MAX_FILE_SIZE = 10 * MB
MAX_FILES_SIZE = 20 * MB
#: of a whole form; what is longer is refused while it is read
MAX_BODY_SIZE = MAX_FILES_SIZE + 2 * MB
SUBJECT_LENGTH = 200
TEXT_LENGTH = 20_000
NAME_LENGTH = 120
PRODUCT_ROWS = 5
MAX_QUANTITY = 10**9

EXTENSIONS = frozenset(
    [
        "jpg",
        "jpeg",
        "png",
        "gif",
        "webp",
        "heic",
        "bmp",
        "tif",
        "tiff",
        "pdf",
        "txt",
        "csv",
        "rtf",
        "doc",
        "docx",
        "xls",
        "xlsx",
        "ppt",
        "pptx",
        "odt",
        "ods",
        "odp",
        "mp4",
        "mov",
        "webm",
        "mp3",
        "m4a",
        "wav",
        "eml",
        "msg",
        "zip",
    ]
)
#: how programs begin, whatever their name says
PROGRAMS = (b"MZ", b"\x7fELF", b"#!")
MARKUP = (b"<html", b"<script", b"<svg", b"<!doctype", b"<?xml")


class FeedbackForm:
    """A form as it came: what is right in it, and what is wrong by the field's name.

    ``values`` are as typed, to fill the form in again.
    """

    def __init__(self, env, post):
        self.env = env
        self.values = {
            name: value for name, value in post.items() if isinstance(value, str)
        }
        self.errors = {}
        self.files = []

    def line(self, name, length, required=""):
        """A text of one line; ``required`` is the message when there is none."""
        value = " ".join(self.values.get(name, "").split())[:length]
        if not value and required:
            self.errors[name] = required
        return value

    def text(self, name, required=""):
        value = self.values.get(name, "").replace("\0", "").strip()
        if not value and required:
            self.errors[name] = required
        if len(value) > TEXT_LENGTH:
            self.errors[name] = self.env._(
                "This is too long: %(length)s characters at most. Send the rest as a"
                " file.",
                length=TEXT_LENGTH,
            )
        return value

    def number(self, name):
        value = self.values.get(name, "")
        return int(value) if value.isdecimal() and len(value) < 10 else 0

    def address(self):
        """Who writes, as the From of a mail."""
        name = self.line("name", NAME_LENGTH, self.env._("Please tell us your name."))
        email = self.line("email", 254)
        if not email_normalize(email):
            self.errors["email"] = self.env._(
                "Please give the e-mail address to answer to."
            )
            return ""
        return formataddr((name.replace('"', ""), email_normalize(email)))

    def products(self):
        """Pairs of (product id, quantity)."""
        found = []
        for row in range(PRODUCT_ROWS):
            product_id = self.number(f"product_{row}")
            if not product_id:
                continue
            try:
                quantity = float(self.values.get(f"quantity_{row}") or 1)
            except ValueError:
                quantity = 0
            # not "<=": what is no number is not more than nothing
            if not 0 < quantity <= MAX_QUANTITY:
                self.errors["products"] = self.env._(
                    "The quantity must be more than nothing."
                )
                continue
            found.append((product_id, quantity))
        return found

    def read_files(self):
        """Pairs of (name, content) of what was attached."""
        uploads = [
            upload
            for upload in request.httprequest.files.getlist("files")
            if upload.filename
        ]
        if len(uploads) > MAX_FILES:
            self.errors["files"] = self.env._(
                "%(count)s files at most, please.", count=MAX_FILES
            )
            return
        total = 0
        for upload in uploads:
            name = " ".join(upload.filename.replace("\\", "/").split("/")[-1].split())
            content = upload.read(MAX_FILE_SIZE + 1)
            total += len(content)
            if len(content) > MAX_FILE_SIZE or total > MAX_FILES_SIZE:
                self.errors["files"] = self.env._(
                    "%(file)s is too large: %(size)s MB a file, %(total)s MB in all.",
                    file=name,
                    size=MAX_FILE_SIZE // MB,
                    total=MAX_FILES_SIZE // MB,
                )
                break
            if not is_accepted(name, content):
                self.errors["files"] = self.env._(
                    "%(file)s cannot be sent here. Pictures, videos, PDF, text and"
                    " office files can.",
                    file=name,
                )
                break
            self.files.append((name[-NAME_LENGTH:], content))


def is_accepted(name, content):
    """Whether a file is of a kind that people send, by its name and by itself."""
    if name.rpartition(".")[2].lower() not in EXTENSIONS or "." not in name:
        return False
    head = content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith(PROGRAMS) or any(one in head.lower() for one in MARKUP):
        return False
    kind = guess_mimetype(content)
    return "html" not in kind and "xml" not in kind.replace("openxmlformats", "")
