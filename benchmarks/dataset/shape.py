"""How large a data set is."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Shape:
    """The counts of a data set. Every other row is there because one of these is.

    ``partners`` are the customers, companies and private people; the people and the
    addresses of the companies come on top. ``invoices`` counts invoices and credit
    notes that are posted.
    """

    partners: int
    products: int
    order_lines: int
    invoices: int
    leads: int
    portal_users: int
    salespeople: int

    @property
    def orders(self):
        return self.order_lines // 4

    @property
    def people_share(self):
        """How many people of the companies there are, 1 for about one to a customer.

        Where partners are many beyond the documents they are mostly private people
        and companies that one person stands for.
        """
        return min(1.0, 50_000 / self.partners)


SIZES = {
    "S": Shape(
        partners=2_000,
        products=1_000,
        order_lines=50_000,
        invoices=20_000,
        leads=4_000,
        portal_users=50,
        salespeople=12,
    ),
    "L": Shape(
        partners=50_000,
        products=5_000,
        order_lines=1_000_000,
        invoices=500_000,
        leads=100_000,
        portal_users=500,
        salespeople=40,
    ),
}
