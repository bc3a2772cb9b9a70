"""The harness of ./dev bench: its arithmetic and its refusals, no clock."""

import json
import tempfile
from pathlib import Path
from unittest import TestCase
from unittest.mock import patch

from odoo.tests import tagged

from benchmarks import (
    databases,
    dataset,
    figures,
    measure,
    peers,
    report,
    same,
    summary,
    views,
)
from benchmarks.door import Door
from benchmarks.figures import Aim
from benchmarks.harness import Harness
from benchmarks.plain import PlainGroups, PlainPage
from benchmarks.work import Work, all_classes, make
from tools.console import Problem

from .common import CrmCustomCase


def run_of(seconds, queries=5, rows=10, **more):
    return {
        "seconds": seconds,
        "queries": queries,
        "rows": rows,
        "memory": 1.0,
        "notes": {},
        **more,
    }


def piece_of(name="list", scale=1_000, aims=(), **ways):
    piece = {
        "name": name,
        "title": "A list",
        "scale": scale,
        "load": 1.0,
        "ways": {way: run_of(*values) for way, values in ways.items()},
        "error": None,
    }
    return {**piece, "aims": figures.judge(piece, aims)}


def result_of(*pieces, size="S", only=None):
    return {
        "size": size,
        "shape": "Shape()",
        "seed": 1,
        "only": only,
        "date": "2026-01-01 00:00",
        "seconds": 60,
        "machine": {
            "system": "Debian",
            "cores": 2,
            "memory": "24 GB",
            "python": "CPython 3.11",
        },
        "server": {
            "server_version": "18",
            "shared_buffers": "512MB",
            "work_mem": "32MB",
            "jit": "off",
        },
        "pieces": list(pieces),
    }


@tagged("standard", "post_install", "-at_install")
class TestFigures(TestCase):
    test_tags = {"standard", "post_install"}

    def test_median_of_an_even_number_of_runs_is_between_the_middle_two(self):
        self.assertEqual(figures.median([9.0, 1.0, 2.0]), 2.0)
        self.assertEqual(figures.median([4.0, 1.0, 2.0, 100.0]), 3.0)
        self.assertIsNone(figures.median([]))

    def test_ratio_to_what_was_not_measured_is_none(self):
        self.assertEqual(figures.ratio(6.0, 2.0), 3.0)
        self.assertIsNone(figures.ratio(6.0, None))
        self.assertIsNone(figures.ratio(6.0, 0.0))

    def test_growth_between_sizes(self):
        small = piece_of(scale=1_000, addon=[0.5])
        large = piece_of(scale=100_000, addon=[50.0])
        self.assertAlmostEqual(figures.growth(small, large), 1.0)
        self.assertAlmostEqual(figures.growth(large, small), 1.0)
        same_size = piece_of(scale=1_000, addon=[50.0])
        self.assertIsNone(figures.growth(small, same_size))

    def test_aims_are_judged_by_the_figure_that_they_name(self):
        aims = (
            Aim("queries", 25),
            Aim("floor", 2),
            Aim("queries over stock", 20),
            Aim("peer", 1),
        )
        piece = piece_of(aims=aims, addon=[3.0, 30], floor=[1.0], stock=[2.0, 11])
        met = {aim["figure"]: aim["met"] for aim in piece["aims"]}
        self.assertEqual(
            met,
            {
                "queries": False,
                "floor": False,
                "queries over stock": True,
                "peer": None,
            },
        )

    def test_compare_tells_what_got_slower_and_what_asks_more(self):
        old = result_of(
            piece_of("quick", addon=[1.0]),
            piece_of("slow", addon=[1.0]),
            piece_of("chatty", addon=[1.0, 5]),
            piece_of("gone", addon=[1.0]),
        )
        new = result_of(
            piece_of("quick", addon=[1.1]),
            piece_of("slow", addon=[2.0]),
            piece_of("chatty", addon=[1.0, 9]),
        )
        lines = figures.compare(old, new)
        self.assertEqual(
            [line.split(":")[0] for line in lines], ["slow", "chatty", "gone"]
        )
        part = {**new, "only": "quick"}
        self.assertNotIn("gone", "".join(figures.compare(old, part)))

    def test_compare_takes_no_slower_machine_for_slower_work(self):
        old = result_of(piece_of(addon=[1.0], floor=[0.5]))
        new = result_of(piece_of(addon=[1.9], floor=[0.95]))
        self.assertEqual(figures.compare(old, new), [])

    def test_compare_tells_of_an_aim_that_is_missed_now(self):
        aims = [Aim("floor", 2)]
        old = result_of(piece_of(aims=aims, addon=[1.0], floor=[0.6]))
        new = result_of(piece_of(aims=aims, addon=[1.25], floor=[0.6]))
        self.assertEqual(figures.compare(old, new), ["list: misses its aim for floor"])

    def test_the_report_names_what_is_wrong(self):
        wrong = {**piece_of("broken", addon=[1.0]), "error": "rows differ"}
        aims = [Aim("floor", 2)]
        good = piece_of("fine", aims=aims, addon=[1.0], floor=[0.9])
        text = report.markdown(result_of(wrong, good))
        self.assertIn("1 of 1 aims met. Wrong results: broken.", text)
        self.assertIn("- broken: rows differ", text)
        self.assertIn("fine", report.terminal(result_of(wrong, good)))
        json.dumps(result_of(wrong, good))

    def test_a_run_that_was_cut_is_taken_up_where_nothing_has_changed(self):
        result = {
            **result_of(piece_of("done", addon=[1.0])),
            "runs": 5,
            "odoo": "19",
            "addon": "abc",
            "peers": {},
        }
        begun = {**result, "pieces": []}
        with tempfile.TemporaryDirectory() as folder:
            self.enterContext(patch.object(report, "FOLDER", Path(folder)))
            with self.assertRaisesRegex(Problem, "no unfinished run"):
                report.resumed(begun)
            report.keep(result)
            taken_up = report.resumed(begun)
            self.assertEqual([piece["name"] for piece in taken_up["pieces"]], ["done"])
            with self.assertRaisesRegex(Problem, "has changed: runs, addon"):
                report.resumed({**begun, "runs": 1, "addon": "def"})
            data, _text = report.write(result)
            self.assertEqual(data.name, "S.json")
            with self.assertRaisesRegex(Problem, "no unfinished run"):
                report.resumed(begun)

    def test_the_short_table_has_a_line_for_each_list(self):
        aims = [Aim("floor", 2)]
        slow = piece_of("list/a/all", aims=aims, addon=[0.4, 9], floor=[0.1])
        quick = piece_of("list/a/by user", aims=aims, addon=[0.2, 3], floor=[0.2])
        other = piece_of("form", aims=aims, addon=[3.0], floor=[1.0])
        text = summary.table(result_of(slow, quick, other))
        lines = [[c.strip() for c in line.split("|")] for line in text.splitlines()]
        self.assertEqual(len(lines), 4)
        self.assertEqual(lines[2][1], "list/a: 2 pages and groupings")
        self.assertEqual(lines[2][2:6], ["0.30", "9", "1", "2.5"])
        self.assertEqual(lines[2][-2], "floor 2: 1 of 2")
        self.assertEqual(lines[3][-2], "floor 2: no, 3.00")


@tagged("standard", "post_install", "-at_install")
class TestSameRows(TestCase):
    test_tags = {"standard", "post_install"}

    def test_equal_values_of_other_types_are_the_same(self):
        one = [(1, "Gent", False, 2.0)]
        other = [[1, "Gent", None, 2]]
        self.assertEqual(same.fingerprint(one), same.fingerprint(other))
        self.assertIsNone(same.first_difference(one, other, ("addon", "floor")))

    def test_a_difference_is_shown_with_its_row(self):
        text = same.first_difference(
            [(1, "Gent"), (2, "Mons")], [(1, "Gent"), (2, "Namur")], ("addon", "floor")
        )
        self.assertIn("row 2 differs", text)
        self.assertIn("Mons", text)
        self.assertIn("Namur", text)
        fewer = same.first_difference([(1,), (2,)], [(1,)], ("addon", "floor"))
        self.assertEqual(fewer, "2 rows from addon, 1 from floor")

    def test_a_floor_with_other_rows_makes_the_piece_wrong(self):
        class Worker:
            def __init__(self, rows):
                self.rows = rows

            def ask(self, do, way):
                return self.rows

        workers = {"addon": Worker([[1]]), "floor": Worker([[2]])}
        first = {way: same.fingerprint(w.rows) for way, w in workers.items()}
        text = Harness._compare(["addon", "floor"], first, workers)
        self.assertIn("row 1 differs", text)
        first["floor"] = first["addon"]
        self.assertIsNone(Harness._compare(["addon", "floor"], first, workers))


class TestBench(CrmCustomCase):
    def test_a_database_of_others_is_refused(self):
        with self.assertRaisesRegex(Problem, "not made by"):
            databases.require_ours(self.env.cr)

    def test_a_data_set_is_filled_into_no_other_database(self):
        shape = dataset.SIZES["S"]
        with self.assertRaises(dataset.NotOurs):
            dataset.fill(self.env, shape, 1, lambda text: None)

    def test_every_piece_of_work_says_what_it_is(self):
        names = set()
        for kind in all_classes():
            self.assertTrue(kind.title, kind)
            work = kind()
            self.assertTrue(work.ways() or kind.outside, kind)
            for way in work.same:
                self.assertIn(way, ("addon", "floor", "stock", "peer"))
            self.assertEqual(make(work.identity()), work)
            json.dumps(work.description())
            names.add(work.name)
        self.assertGreaterEqual(len(names), 8)

    def test_lists_filters_and_groupings_are_found_in_the_menus(self):
        env = self.env(user=self.user_sales_all)
        found = {
            view.key: view
            for view in views.lists_below(env, "crm_custom.crm_custom_menu_root")
        }
        customers = found["customers"]
        self.assertIn(("user_id", "=", env.uid), customers.filters["my_customers"])
        self.assertEqual(customers.groupings["group_user"], "user_id")
        self.assertIn("contacts", found)

    def test_the_floor_of_a_list_gives_the_rows_of_the_web_client(self):
        for number in range(3):
            self._create_customer(
                name=f"Floor {number}", user_id=self.user_sales_all.id, headcount=number
            )
        self.env.flush_all()
        env = self.env(user=self.user_sales_all)
        view = next(
            view
            for view in views.lists_below(env, "crm_custom.crm_custom_menu_root")
            if view.key == "customers"
        )
        arch = views.load_view(env, view.model, "list", view.view_id)
        spec = views.list_specification(env, view.model, arch)
        self.assertIn("display_name", spec["user_id"]["fields"])
        domain = [*view.domain, ("name", "like", "Floor _")]
        door = self._door(env)
        plain = PlainPage(env, view.model, spec, domain)
        answer = env[view.model].web_search_read(
            domain, spec, limit=views.LIMIT, count_limit=views.COUNT_LIMIT
        )
        rows = plain.comparable_rows(plain.fetch(door))
        self.assertEqual(len(rows), 4)
        self.assertIsNone(
            same.first_difference(plain.comparable(answer), rows, ("addon", "floor"))
        )

        sums = views.aggregates(env, view.model, spec)
        self.assertIn("headcount:sum", sums)
        groups = PlainGroups(env, view.model, domain, "user_id", sums)
        answer = env[view.model].web_read_group(domain, ["user_id"], sums, limit=80)
        rows = groups.comparable_rows(groups.fetch(door))
        self.assertEqual(rows[1][1], 3)
        self.assertIsNone(
            same.first_difference(groups.comparable(answer), rows, ("addon", "floor"))
        )

    def test_what_is_measured_is_rolled_back(self):
        class Writing(Work):
            name = "writing"

            def addon(self, door):
                return door.env["res.partner"].create([{"name": "Bench"}]).ids

        env = self.env(user=self.user_sales_all)
        door = self._door(env)
        with patch.object(measure.gc, "collect"):
            found, rows = measure.timed(door, Writing(), "addon")
        self.assertEqual(found["rows"], 1)
        self.assertGreater(found["queries"], 0)
        self.assertFalse(self.env["res.partner"].browse(rows).exists())

    def test_memory_is_the_most_that_was_held(self):
        class Hungry(Work):
            name = "hungry"

            def addon(self, door):
                return sum(len(bytes(size << 20)) for size in (1, 30, 2))

        door = self._door(self.env(user=self.user_sales_all))
        with patch.object(measure.gc, "collect"):
            megabytes = measure.traced(door, Hungry(), "addon")
        self.assertGreater(megabytes, 30)
        self.assertLess(megabytes, 33)

    def test_the_addons_of_others_are_pinned(self):
        versions = peers.versions()
        self.assertEqual(len(versions), 11)
        for name, version in versions.items():
            self.assertTrue(version.startswith("19.0."), name)

    def _door(self, env):
        """A door whose transaction is the test's own, undone by a savepoint."""
        test = self

        class TestDoor(Door):
            def open(self):
                return _Savepoint(self)

        class _Savepoint:
            def __init__(self, door):
                self.door = door

            def __enter__(self):
                self.savepoint = test.env.cr.savepoint()
                self.savepoint.__enter__()
                return self.door

            def __exit__(self, *_error):
                self.savepoint.rollback()
                self.savepoint.close(rollback=True)
                test.env.invalidate_all()

        door = TestDoor(env.registry, env.uid)
        door.env = env
        return door
