from . import base_import_import
from . import base_import_read
from . import base_load
from . import base_partner_merge
from . import crm_custom_settings
from . import crm_interaction_log
from . import import_trial
from . import ir_fields_converter
