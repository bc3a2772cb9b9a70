"""What a browser asks to print, taken apart and checked.

All of it is hostile: who may open the route may send anything. Nothing of it is
evaluated, no id list is accepted, and what the ORM can check is checked by the ORM
under the user's own rights before the first row is read.
"""

import json
import logging
import re

import psycopg2

from odoo.api import Environment
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.orm.domains import CONDITION_OPERATORS, INTERNAL_CONDITION_OPERATORS
from odoo.orm.utils import READ_GROUP_ALL_TIME_GRANULARITY

from .print_search_texts import clean_facets, clean_text, clean_texts

_logger = logging.getLogger(__name__)

MAX_CONDITIONS = 2_000
MAX_DEPTH = 30
MAX_GROUPINGS = 8
MAX_ORDER_TERMS = 16
AGGREGATABLE = ("float", "integer", "monetary")

ORDER_TERM = re.compile(r"([a-z0-9_]+(?:\.[a-z0-9_]+)?)(?: (asc|desc))?", re.IGNORECASE)
GROUPBY = re.compile(r"([a-z0-9_]+(?:\.[a-z0-9_]+)*)(?::([a-z_]+))?")
LONE_SURROGATE = re.compile("[\ud800-\udfff]")
TOKEN = re.compile(r"[A-Za-z0-9-]{1,64}")
OPERATORS = CONDITION_OPERATORS - INTERNAL_CONDITION_OPERATORS


class PrintSearchRequest:
    """A checked request. Use: ``PrintSearchRequest(env, text)``; a search that can't
    be trusted raises a UserError (AccessError where rights are missing).

    ``model``       empty recordset of the model, with the cleaned context
    ``view_id``     list view whose columns go on paper
    ``domain``      Domain
    ``order``       {field or "__count": "ASC" or "DESC"}, in the order of the screen
    ``groupby``     specifications as ``_read_group`` takes them
    ``aggregated``  fields of ``order`` by whose total the screen sorts its groups
    ``title``, ``group_labels`` [text], ``facets`` [(label, text)], ``token``: plain
    text, to be escaped

    It costs a fixed number of queries (the view's id, access rights).
    """

    def __init__(self, env, payload):
        try:
            raw = json.loads(payload or "")
        except (ValueError, RecursionError) as error:
            raise self._unreadable(env, error) from error
        if not isinstance(raw, dict):
            raise self._unreadable(env, "not an object")
        self.env = self._clean_environment(env, raw.get("context"))
        model = self._check_model(raw.get("model"))
        self.model = model.with_context(
            **self._clean_model_context(model, raw.get("context"))
        )
        self.env = self.model.env
        self.view_id = self._check_view(raw.get("view"))
        self.domain = self._check_domain(raw.get("domain"))
        self.groupby = self._check_groupby(raw.get("groupby"))
        self.group_labels = clean_texts(raw.get("grouping"))
        self.order = self._check_order(raw.get("order"))
        self.aggregated = self._check_aggregated(raw.get("aggregated"))
        self.title = clean_text(raw.get("title")) or self._model_name()
        self.facets = clean_facets(raw.get("facets"))
        token = raw.get("token")
        valid = isinstance(token, str) and TOKEN.fullmatch(token)
        self.token = token if valid else None

    # ------------------------------------------------------------------
    # Refusals
    # ------------------------------------------------------------------

    @staticmethod
    def _unreadable(env, reason):
        _logger.info("Print search of user %s refused: %s", env.uid, reason)
        return UserError(
            env._("The search can't be read. Reload the page and try again.")
        )

    def _refuse_filter(self, reason):
        _logger.info("Print search of user %s refused: %s", self.env.uid, reason)
        return UserError(self.env._("This list has a filter that can't be printed."))

    # ------------------------------------------------------------------
    # Whose eyes: context, model, view
    # ------------------------------------------------------------------

    def _clean_environment(self, env, raw):
        raw = raw if isinstance(raw, dict) else {}
        user = env.user
        lang, tz = raw.get("lang"), raw.get("tz")
        if not isinstance(lang, str) or not env["res.lang"]._get_code(lang):
            lang = user.lang
        context = {"lang": lang or "en_US", "uid": env.uid}
        if isinstance(tz, str) and tz in dict(user._fields["tz"].selection(user)):
            context["tz"] = tz
        else:
            context["tz"] = user.tz or "UTC"
        if raw.get("active_test") is False:
            context["active_test"] = False
        if companies := raw.get("allowed_company_ids"):
            if not isinstance(companies, list) or not all(
                type(company_id) is int for company_id in companies
            ):
                raise self._unreadable(env, "companies")
            if set(companies) - set(user._get_company_ids()):
                raise AccessError(env._("You may not see one of these companies."))
            context["allowed_company_ids"] = companies
        return Environment(env.cr, env.uid, context)

    @staticmethod
    def _clean_model_context(model, raw):
        """What the model's rows depend on, such as a day: it names the keys, in
        ``_print_context``, each with what checks its value.
        """
        raw = raw if isinstance(raw, dict) else {}
        return {
            key: check(model, raw[key])
            for key, check in getattr(model, "_print_context", {}).items()
            if key in raw
        }

    def _check_model(self, name):
        model = self.env.get(name) if isinstance(name, str) else None
        if model is None or model._abstract:
            raise self._unreadable(self.env, f"model {name!r}")
        model.check_access("read")
        return model

    def _model_name(self):
        return self.env["ir.model"]._get(self.model._name).name

    def _check_view(self, xmlid):
        if not isinstance(xmlid, str) or xmlid.count(".") != 1:
            raise self._unreadable(self.env, f"view {xmlid!r}")
        res_model, res_id = self.env["ir.model.data"]._xmlid_to_res_model_res_id(xmlid)
        # sudo: views can't be read by everyone; only its model, type and groups are
        # looked at here, and the arch is asked for under the user later
        view_sudo = self.env["ir.ui.view"].sudo().browse(res_id).exists()
        if (
            res_model != "ir.ui.view"
            or not view_sudo
            or view_sudo.type != "list"
            or view_sudo.model != self.model._name
        ):
            raise self._unreadable(self.env, f"view {xmlid!r}")
        if view_sudo.group_ids and not (view_sudo.group_ids & self._user_groups()):
            raise AccessError(self.env._("You may not see the columns of this list."))
        return view_sudo.id

    def _user_groups(self):
        # sudo: the user's own groups, which he can't always read himself
        return self.env.user.sudo().all_group_ids

    # ------------------------------------------------------------------
    # What is searched
    # ------------------------------------------------------------------

    def _check_domain(self, raw):
        if not isinstance(raw, list):
            raise self._refuse_filter("not a list")
        self._conditions_left = MAX_CONDITIONS
        self._walk_domain(self.model, raw, 0)
        try:
            domain = Domain(raw)
            # makes the SQL, without running it
            self.model._search(domain)
        except UserError:
            raise
        except (
            ArithmeticError,
            AssertionError,
            AttributeError,
            LookupError,
            NotImplementedError,
            RecursionError,
            TypeError,
            ValueError,
            # of the queries that hierarchies and search methods are made of
            psycopg2.DataError,
            psycopg2.ProgrammingError,
        ) as error:
            raise self._refuse_filter(error) from error
        return domain

    def _walk_domain(self, model, raw, depth):
        """Refuse what the ORM would let pass: operators that are internal when
        spelled in capitals, and fields with a search method, which it runs before
        it looks at the field's groups.
        """
        if depth > MAX_DEPTH:
            raise self._refuse_filter("too deep")
        for item in raw:
            if item in ("&", "|", "!"):
                continue
            self._conditions_left -= 1
            if self._conditions_left < 0:
                raise self._refuse_filter("too long")
            if not isinstance(item, list) or len(item) != 3:
                raise self._refuse_filter(f"condition {item!r:.200}")
            path, operator, value = item
            if path in (0, 1) and operator == "=" and value == 1:
                continue
            if not isinstance(path, str) or not isinstance(operator, str):
                raise self._refuse_filter(f"condition {item!r:.200}")
            if operator not in OPERATORS:
                raise self._refuse_filter(f"operator {operator!r:.200}")
            comodel = self._walk_path(model, path)
            if operator in ("any", "not any"):
                if comodel is None or not isinstance(value, list):
                    raise self._refuse_filter(f"condition {item!r:.200}")
                self._walk_domain(comodel, value, depth + 1)
            elif not all(map(self._is_value, [value, *self._get_items(value)])):
                raise self._refuse_filter(f"value {value!r:.200}")

    @staticmethod
    def _get_items(value):
        return value if isinstance(value, list) else ()

    @staticmethod
    def _is_value(value):
        """Whether it is one that PostgreSQL can be asked for: JSON knows more texts."""
        if isinstance(value, str):
            return "\0" not in value and not LONE_SURROGATE.search(value)
        return not isinstance(value, dict)

    def _walk_path(self, model, path):
        """Check that the user may read each field of the path; return the model that
        it leads to, if it does.
        """
        for name in path.split("."):
            if model is None:
                # a part of a date, or the property of a properties field
                return None
            field = model._fields.get(name)
            if field is None:
                raise self._refuse_filter(f"field {model._name}.{name:.60}")
            model._check_field_access(field, "read")
            model = self.env[field.comodel_name] if field.relational else None
        return model

    # ------------------------------------------------------------------
    # How it is grouped and sorted
    # ------------------------------------------------------------------

    def _check_groupby(self, raw):
        raw = raw or []
        if not isinstance(raw, list) or len(raw) > MAX_GROUPINGS:
            raise self._unreadable(self.env, "grouping")
        query = self.model._as_query(ordered=False)
        for spec in raw:
            match = isinstance(spec, str) and GROUPBY.fullmatch(spec)
            if not match:
                raise self._unreadable(self.env, f"grouping {spec!r:.100}")
            path, granularity = match.groups()
            if granularity and granularity not in READ_GROUP_ALL_TIME_GRANULARITY:
                raise self._unreadable(self.env, f"grouping {spec!r:.100}")
            self._walk_path(self.model, path)
            try:
                self.model._read_group_groupby(self.model._table, spec, query)
            except (LookupError, ValueError) as error:
                _logger.info("Print search: grouping %r refused: %s", spec, error)
                raise UserError(
                    self.env._("The list can't be grouped by %(field)s.", field=spec)
                ) from error
        return raw

    def _check_order(self, raw):
        if not raw:
            return {}
        terms = raw.split(",") if isinstance(raw, str) else []
        if not 0 < len(terms) <= MAX_ORDER_TERMS:
            raise self._unreadable(self.env, "order")
        order = {}
        for term in terms:
            match = ORDER_TERM.fullmatch(term.strip())
            if not match:
                raise self._unreadable(self.env, f"order {term!r:.100}")
            name, direction = match.groups()
            if name != "__count":
                self._check_order_term(name)
            elif not self.groupby:
                continue
            order[name] = (direction or "asc").upper()
        return order

    def _check_order_term(self, name):
        self._walk_path(self.model, name)
        try:
            self.model._order_to_sql(name, self.model._as_query(ordered=False))
        except (AssertionError, LookupError, ValueError) as error:
            _logger.info("Print search: order %r refused: %s", name, error)
            raise UserError(
                self.env._("The list can't be sorted by %(field)s.", field=name)
            ) from error

    def _check_aggregated(self, raw):
        raw = raw if isinstance(raw, list) else []
        names = {name for name in raw if isinstance(name, str)}
        return [
            f"{name}:{aggregator}"
            for name in self.order
            if name in names
            and (field := self.model._fields.get(name))
            and field.type in AGGREGATABLE
            and (aggregator := field._description_aggregator(self.env))
        ]
