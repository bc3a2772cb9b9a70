"""Where things are. Everything that `./dev` makes lives below WORK."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ADDON = ROOT / "crm_custom"
WORK = Path(os.environ.get("CRM_DEV_FOLDER") or ROOT / ".dev").resolve()
VENV = WORK / "venv"
VENV_PYTHON = VENV / "bin" / "python"
APT = WORK / "apt"
ODOO_ROOT = WORK / "odoo"
WKHTMLTOPDF = WORK / "wkhtmltopdf"
NODE = WORK / "node"
DATA = WORK / "data"
REQUIREMENTS = ROOT / "tools" / "requirements"
