"""`./dev shot URL`: a picture of a page as a role sees it, on demo data.

`./dev shot --pictures` makes the pictures of the README anew, as `docs/pictures.json`
lists them: [{"file", "url", "as", "lang", "phone", "click", "height"}].
"""

import contextlib
import json
import re
from pathlib import Path

from ..console import Problem, say
from ..database import LANGUAGE
from ..paths import ROOT, WORK
from ..runtime import Runtime, free_port
from ..system import find_browser, require

DESKTOP = {"width": 1366, "height": 800}
#: milliseconds in which a page draws what it has fetched
SETTLE = 3000
#: milliseconds for the first page, whose assets Odoo may have to make first
PATIENCE = 180_000
PHONE = {"width": 390, "height": 844}
BROWSER_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
]
LOGGED_IN_OR_REFUSED = """() => location.pathname !== "/web/login"
    || document.querySelector("form.oe_login_form .alert-danger")"""
#: Cards fade in when their pictures have come.
IMAGES_SHOWN = """() => [...document.images].every((image) => image.complete)
    && document.getAnimations().every(({ playState }) => playState !== "running")"""
#: Demo users have their login as password.
USE_LANGUAGE = """
env["res.users"].search([("login", "in", {logins!r})]).lang = {lang!r}
env.cr.commit()
"""


def add_arguments(parser):
    parser.add_argument("url", nargs="?", help="such as /odoo/crm-customers")
    parser.add_argument("--as", dest="login", default="admin", help="a demo user")
    parser.add_argument("--lang", choices=("en_US", LANGUAGE), default="en_US")
    parser.add_argument("--phone", action="store_true", help="at phone width")
    parser.add_argument("--click", metavar="SELECTOR", help="click on this first")
    parser.add_argument("--file", help="where to write the PNG (default: .dev/shots/)")
    parser.add_argument("--pictures", action="store_true", help="all of the README's")


def main(options):
    require("browser", "fonts")
    if options.pictures:
        wishes = json.loads((ROOT / "docs" / "pictures.json").read_text())
    elif options.url:
        wishes = [
            {
                "url": options.url,
                "as": options.login,
                "lang": options.lang,
                "phone": options.phone,
                "click": options.click,
                "file": Path(options.file).absolute()
                if options.file
                else _file(options),
            }
        ]
    else:
        raise Problem("name a page: ./dev shot /odoo/crm-customers")
    with Runtime(options) as runtime, runtime.databases.scratch("shot") as name:
        for lang in {wish.get("lang", "en_US") for wish in wishes}:
            logins = [
                wish["as"] for wish in wishes if wish.get("lang", "en_US") == lang
            ]
            runtime.run_script(name, USE_LANGUAGE.format(logins=logins, lang=lang))
            with _served(runtime, name) as address, _browser() as browser:
                for wish in wishes:
                    if wish.get("lang", "en_US") == lang:
                        _shoot(browser, address, wish)
    return 0


def _file(options):
    """A name of its own for each page, role, language and width."""
    page = re.sub(r"\W+", "-", options.url).strip("-")
    parts = [page, options.login, options.lang, "phone" if options.phone else "desktop"]
    return WORK / "shots" / f"{'-'.join(parts)}.png"


@contextlib.contextmanager
def _served(runtime, database):
    port = free_port()
    server = runtime.serve(database, port)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


@contextlib.contextmanager
def _browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_browser(), args=BROWSER_OPTIONS
        )
        try:
            yield browser
        finally:
            browser.close()


def _shoot(browser, address, wish):
    from playwright.sync_api import Error

    phone = wish.get("phone", False)
    size = dict(PHONE if phone else DESKTOP)
    size["height"] = wish.get("height", size["height"])
    context = browser.new_context(viewport=size, is_mobile=phone, has_touch=phone)
    context.set_default_navigation_timeout(PATIENCE)
    page = context.new_page()
    try:
        page.goto(f"{address}/web/login", wait_until="domcontentloaded")
        page.fill("#login", wish["as"])
        page.fill("#password", wish["as"])
        page.click("form.oe_login_form button[type=submit]")
        page.wait_for_function(LOGGED_IN_OR_REFUSED, timeout=PATIENCE)
        if "/web/login" in page.url:
            raise Problem(
                f"{wish['as']} may not log in: name a user of the demo data with --as"
            )
        page.goto(f"{address}{wish['url']}", wait_until="domcontentloaded")
        # The network is never idle for long: a web client keeps asking.
        page.wait_for_selector(".o_action, main", timeout=PATIENCE)
        page.wait_for_timeout(SETTLE)
        if wish.get("click"):
            page.click(wish["click"])
            page.wait_for_timeout(SETTLE)
        page.wait_for_function(IMAGES_SHOWN, timeout=PATIENCE)
        target = ROOT / wish["file"]
        target.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=str(target))
        say(f"    {target}")
    except Error as error:
        reason = str(error).splitlines()[0]
        raise Problem(
            f"no picture of {wish['url']} as {wish['as']}: {reason}"
        ) from None
    finally:
        context.close()
