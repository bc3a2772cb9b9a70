"""What is chosen from where a name is needed: locales, and short lists of words."""

from .locale import Brand, Locale
from .locales_east import CHINA, EMIRATES, JAPAN, RUSSIA
from .locales_west import AMERICA, FRANCE, GERMANY, SPAIN

LOCALES = (AMERICA, CHINA, GERMANY, FRANCE, SPAIN, JAPAN, RUSSIA, EMIRATES)
CITY_COLUMNS = ("cities", "areas", "zips", "states")
TYPES = {str: "text", float: "double precision", int: "integer", list: "text[]"}

SALUTATIONS = ["mr", "mrs", "ms", "miss", "dr", "prof"]
DEPARTMENTS = ["Purchasing", "Finance", "Sales", "Logistics", "IT", "Management"]
POSITIONS = [
    *("Buyer", "Head of purchasing", "Accountant", "Managing director"),
    *("Warehouse manager", "Assistant", "Engineer"),
]
PRODUCT_WORDS = {
    "words_1": [
        *("Compact", "Heavy duty", "Classic", "Smart", "Industrial", "Portable"),
        *("Silent", "Premium", "Basic", "Flexible"),
    ],
    "words_2": [
        *("desk", "chair", "lamp", "cabinet", "drill", "pump", "monitor", "printer"),
        *("cable", "filter", "valve", "sensor", "battery", "label roll", "carton"),
        *("glove", "helmet", "trolley", "shelf", "keyboard"),
    ],
    "words_3": [
        *("S", "M", "L", "XL", "2-pack", "10-pack", "white", "black", "blue", "steel"),
    ],
}


def columns():
    """{column: SQL type} of bench.locale."""
    found = {}
    for name, field in Locale.__dataclass_fields__.items():
        if name == "brand":
            found.update(dict.fromkeys(Brand.__dataclass_fields__, "text[]"))
        elif name == "cities":
            found.update(dict.fromkeys(CITY_COLUMNS, "text[]"))
        else:
            found[name] = TYPES[field.type]
    return found


def rows():
    """The locales as rows of bench.locale."""
    for locale in LOCALES:
        values = []
        for name in Locale.__dataclass_fields__:
            value = getattr(locale, name)
            if name == "brand":
                values += [getattr(value, part) for part in Brand.__dataclass_fields__]
            elif name == "cities":
                values += [list(column) for column in zip(*value, strict=True)]
            else:
                values.append(value)
        yield values
