"""From YAML files to templates: reading with positions, checking, compiling."""

from quizgen.bank.bank import Bank, Header, load_bank, load_template
from quizgen.bank.template import Template, Variants

__all__ = ["Bank", "Header", "Template", "Variants", "load_bank", "load_template"]
