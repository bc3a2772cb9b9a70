"""Lists ask as often for a thousand rows as for ten: what such tests share."""

from benchmarks.views import list_specification, load_view

FEW, MANY = 10, 1000


class ListQueriesMixin:
    def _count(self, ask, rows):
        # once, so that what Odoo caches for all is there
        ask(rows)
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        found = ask(rows)
        self.assertEqual(found, rows)
        return self.env.cr.sql_log_count - before

    def _check_list(self, records, action, user, groupings):
        """The list as it opens, its page as long as it is, and its groupings."""
        action = self.env.ref(f"crm_custom.{action}")
        views = {view.view_mode: view.view_id for view in action.view_ids}
        view = views.get("list", action.view_id)
        records = records.with_user(user)
        model = records.browse()
        arch = load_view(model.env, model._name, "list", view.id)
        specification = list_specification(model.env, model._name, arch)

        def page(rows):
            answer = model.web_search_read(
                [("id", "in", records[:rows].ids)], specification, limit=2 * MANY
            )
            return len(answer["records"])

        def groups(rows):
            found = 0
            for groupby in groupings:
                answer = model.web_read_group(
                    [("id", "in", records[:rows].ids)], [groupby], ["__count"]
                )
                found = sum(group["__count"] for group in answer["groups"])
            return found

        for ask in (page, groups):
            with self.subTest(ask.__name__):
                self.assertEqual(self._count(ask, FEW), self._count(ask, MANY))
