"""Where things are. Everything that `./dev` makes lives below WORK."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ADDON = ROOT / "crm_custom"
WORK = ROOT / ".dev"
VENV = WORK / "venv"
VENV_PYTHON = VENV / "bin" / "python"
APT = WORK / "apt"
ODOO_ROOT = WORK / "odoo"
WKHTMLTOPDF = WORK / "wkhtmltopdf"
NODE = WORK / "node"
DATA = WORK / "data"
REQUIREMENTS = ROOT / "tools" / "requirements"
