"""What targets, results and commissions measure."""

#: what is counted, and what is money
COUNTS = ("new_customers", "contacts")
MEASURES = [
    ("ordered", "Ordered"),
    ("invoiced", "Invoiced"),
    ("collected", "Collected"),
    ("margin", "Margin"),
    ("new_customers", "New customers"),
    ("contacts", "Contacts made"),
]
MEASURE_HELP = (
    "Ordered: lines of confirmed orders by order date, without tax.\n"
    "Invoiced: posted invoices of orders less credit notes, by invoice date, without"
    " tax.\n"
    "Collected: what payments settled of these invoices, by the day of the payment, or"
    " of the invoice where it was paid before; with tax.\n"
    "Margin: untaxed less cost of what was ordered, by order date; lines without cost"
    " do not count.\n"
    "New customers: by their first confirmed order or invoice.\n"
    "Contacts made: by their day; attempts that reached nobody do not count.\n"
    "Amounts are in the company's currency, at the rate of their document. They count"
    " for the salesperson and the team of the order."
)

#: how far back the results are that a figure tells, in periods; None: a year
WINDOWS = {"attained": 0, "attained_previous": 1, "attained_last_year": None}
FIGURES = (*WINDOWS, "attained_percent", "time_percent", "forecast", "pace")
