"""How the customers of one country look: names, addresses, numbers.

A company's name is put together from a brand of four parts, a trade and a legal form,
each in its language's own way; how the brand sounds gives the domain its letters.
"""

from dataclasses import dataclass


def words(text):
    return text.split("|")


@dataclass(frozen=True)
class Brand:
    """The parts of invented brands, and how each sounds in Latin letters.

    Of the first part there are 18, of the second 12, used twice, of the third 14.
    """

    letters_1: list
    letters_2: list
    letters_3: list
    sound_1: list
    sound_2: list
    sound_3: list


@dataclass(frozen=True)
class Locale:
    """How one country's customers look."""

    code: str
    #: of all customers
    share: float
    #: with {city} {brand} {trade} {legal}
    company: str
    #: with {given} {family}
    person: str
    brand: Brand
    trades: list
    legals: list
    given: list
    family: list
    #: city, telephone area, postal code with # for any digit, code of the state
    cities: tuple
    #: with {street} {number}
    address: str
    streets: list
    dial: str
    trunk: str
    #: the subscriber's first digits, and how many follow
    subscriber: list
    subscriber_digits: int
    #: mobile: first digits, and how many follow
    mobile: list
    mobile_digits: int
    #: what a tax id begins with, and how many digits follow
    vat: str
    vat_digits: int
