from . import print_search_pdf, res_partner_customer_sheet
