from . import print_search
from . import crm_ageing
