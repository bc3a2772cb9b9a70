"""SQL for what is written of a partner: letters, address, telephone numbers.

`letters` gives the parts under plain names; `b` is the number that they come from, the
same for twins, and `n` the row's own, which decides how they are spelled.
"""

LETTERS = """
SELECT numbered.*, locale.code, locale.dial, locale.trunk, locale.company,
       locale.person, locale.vat AS vat_start,
       CASE WHEN locale.code = 'CN' THEN 'zh_CN' ELSE 'en_US' END AS lang,
       locale.cities[city_no] AS city,
       locale.areas[city_no] AS area,
       replace(locale.zips[city_no], '##', bench.digits(b, 'zip', 2)) AS zip,
       state.id AS state_id,
       country.id AS country_id,
       replace(replace(locale.address,
           '{street}', bench.one_of(b, 'street', locale.streets)),
           '{number}', (1 + bench.pick(b, 'house', 240))::text) AS street,
       locale.letters_1[i1] || locale.letters_2[i2]
           || locale.letters_2[i3] || locale.letters_3[i4] AS brand,
       locale.sound_1[i1] || locale.sound_2[i2] || locale.sound_2[i3]
           || locale.sound_3[i4] AS sound,
       bench.one_of(b, 'trade', locale.trades) AS trade,
       bench.one_of(b, 'legal', locale.legals) AS legal,
       bench.one_of(n, 'other legal', locale.legals) AS other_legal,
       bench.one_of(b, 'given', locale.given)
           || CASE WHEN locale.code IN ('CN', 'JP') THEN '' ELSE ' ' END
           || bench.one_of(b, 'second name', locale.given) AS given,
       bench.one_of(b, 'family', locale.family) AS family,
       bench.one_of(b, 'line', locale.subscriber)
           || bench.digits(b, 'line digits', locale.subscriber_digits) AS line,
       bench.one_of(b, 'mobile', locale.mobile)
           || bench.digits(b, 'mobile digits', locale.mobile_digits) AS mobile,
       right(lpad((bench.hash(b, 'vat') & 9007199254740991)::text, 16, '0'),
             locale.vat_digits) AS vat_digits
  FROM (
    SELECT *,
           1 + bench.pick(b, 'brand 1', 18) AS i1,
           1 + bench.pick(b, 'brand 2', 12) AS i2,
           1 + bench.pick(b, 'brand 3', 12) AS i3,
           1 + bench.pick(b, 'brand 4', 14) AS i4
      FROM (SOURCE) AS source
  ) AS numbered
  JOIN bench.locale ON locale.no = locale_no
  JOIN res_country AS country ON country.code = locale.code
  LEFT JOIN res_country_state AS state
    ON state.country_id = country.id AND state.code = locale.states[city_no]
"""

# One number in the spellings that people use; without a country it must be whole.
SPELLED = """
CASE bench.pick(n, '{what}', CASE WHEN has_country THEN 5 ELSE 2 END)
    WHEN 0 THEN '+' || dial || ' ' || {area} || ' ' || left({line}, -4) || ' '
                || right({line}, 4)
    WHEN 1 THEN '+' || dial || {area} || {line}
    WHEN 2 THEN CASE WHEN code IN ('DE', 'FR', 'ES', 'CN', 'AE') THEN '00' ELSE '+' END
                || dial || ' ' || {area} || '-' || {line}
    WHEN 3 THEN '(' || trunk || {area} || ') ' || left({line}, -4) || '-'
                || right({line}, 4)
    ELSE trunk || {area} || '/' || {line}
END
"""
PHONE = SPELLED.format(what="phone style", area="area", line="line")
FAX = SPELLED.format(what="fax style", area="area", line="(left(line, -1) || '9')")
MOBILE = SPELLED.format(
    what="mobile style", area="left(mobile, 3)", line="substr(mobile, 4)"
)

PERSON_NAME = "replace(replace(person, '{given}', given), '{family}', family)"


def letters(source):
    """A query: the rows of `source`, which has n, b, locale_no, city_no, in letters."""
    return LETTERS.replace("SOURCE", source)


def company_name(brand="brand", legal="legal"):
    """SQL for a company's name, with another spelling of two of its parts."""
    return (
        "replace(replace(replace(replace(company, '{city}', city),"
        f" '{{brand}}', {brand}), '{{trade}}', trade), '{{legal}}', {legal})"
    )


# A twin was typed by somebody else: another legal form or none, a letter swapped or
# lost, capitals.
SWAPPED = (
    "left(brand, 1) || substr(brand, 3, 1) || substr(brand, 2, 1) || substr(brand, 4)"
)
LOST = "left(brand, 3) || substr(brand, 5)"
CUSTOMER_NAME = f"""
CASE
    WHEN NOT is_company THEN {PERSON_NAME}
    WHEN NOT is_twin THEN {company_name()}
    ELSE CASE bench.pick(n, 'misspelled', 5)
        WHEN 0 THEN btrim(replace({company_name(legal="''")}, '  ', ' '), ' ,')
        WHEN 1 THEN {company_name(legal="other_legal")}
        WHEN 2 THEN {company_name(brand=SWAPPED)}
        WHEN 3 THEN {company_name(brand=LOST, legal="other_legal")}
        ELSE upper({company_name()})
    END
END
"""
