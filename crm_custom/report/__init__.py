from . import res_partner_customer_sheet
