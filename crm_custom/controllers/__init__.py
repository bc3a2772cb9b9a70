from . import print_search
from . import crm_commission
from . import crm_ageing
from . import crm_statement
from . import crm_statement_portal
from . import call
from . import rpc_method
