"""Which method a client calls, whichever door it takes.

Odoo notes it for its log on some doors; what a user saves himself is told by it from
what Odoo makes on the way, see `crm.duplicate.guard`.
"""

from odoo import http
from odoo.service.server import thread_local

from odoo.addons.rpc.controllers.json2 import WebJson2Controller
from odoo.addons.web.controllers.dataset import DataSet


class RpcMethodDataSet(DataSet):
    @http.route()
    def call_kw(self, model, method, args, kwargs, path=None):
        thread_local.rpc_model_method = f"{model}.{method}"
        return super().call_kw(model, method, args, kwargs, path)


class RpcMethodJson2(WebJson2Controller):
    @http.route()
    def web_json_2_rpc(self, __model__, __method__, **kwargs):
        thread_local.rpc_model_method = f"{__model__}.{__method__}"
        return super().web_json_2_rpc(__model__, __method__, **kwargs)
