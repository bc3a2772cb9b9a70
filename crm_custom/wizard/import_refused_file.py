"""Files of refused rows: in the format that they came in, ready to be loaded again."""

import codecs
import csv
import datetime
import io
import re

import xlsxwriter

# the longest first: a UTF-32 mark begins like a UTF-16 one
MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def make_csv(rows, original, options):
    """Write the rows as the original CSV file was written.

    A reason that the file's encoding can't hold makes it a UTF-8 file with a mark.

    :param bytes original: the file that was loaded
    :param dict options: its encoding, separator and quoting
    :return: the file, and the encoding to read it with
    :rtype: tuple[bytes, str]
    """
    encoding = options["encoding"]
    text = original.decode(encoding)
    output = io.StringIO()
    csv.writer(
        output,
        delimiter=options.get("separator") or ",",
        quotechar=options["quoting"],
        lineterminator="\r\n" if "\r\n" in text else "\n",
    ).writerows(rows)
    mark, codec = next(
        ((mark, codec) for mark, codec in MARKS if original.startswith(mark)),
        (b"", encoding),
    )
    # with the mark in the text, as some encodings decode it, it comes back by itself
    if text.startswith("\ufeff"):
        mark = b""
    try:
        return mark + output.getvalue().encode(codec), encoding
    except UnicodeEncodeError:
        content = output.getvalue().removeprefix("\ufeff")
        return content.encode("utf-8-sig"), "utf-8-sig"


def make_xlsx(rows, sheet_name):
    """Write the rows as a workbook in which all but dates is text.

    The import reads a cell ``42`` as the text "42" as well, and text never becomes a
    formula.
    """
    output = io.BytesIO()
    options = {"in_memory": True, "constant_memory": True}
    with xlsxwriter.Workbook(output, options) as workbook:
        name = re.sub(r"[\[\]:*?/\\]", " ", sheet_name or "").strip(" '")[:31]
        sheet = workbook.add_worksheet(name or None)
        date = workbook.add_format({"num_format": "yyyy-mm-dd"})
        moment = workbook.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if isinstance(cell, datetime.datetime):
                    sheet.write_datetime(row, column, cell, moment)
                elif isinstance(cell, datetime.date):
                    sheet.write_datetime(row, column, cell, date)
                elif cell:
                    sheet.write_string(row, column, cell)
    return output.getvalue()
