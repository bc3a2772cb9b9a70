from . import crm_ageing_report
from . import crm_cash_report
from . import crm_collection_report
from . import crm_receivable
from . import crm_receivable_ledger
from . import print_search_pdf
from . import res_partner_customer_sheet
