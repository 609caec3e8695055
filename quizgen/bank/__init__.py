"""From YAML files to templates: reading with positions, checking, compiling."""

from quizgen.bank.bank import Bank, Header, find_template, load_bank, load_template
from quizgen.bank.template import Template, Variants

__all__ = ["Bank", "Header", "Template", "Variants", "find_template", "load_bank", "load_template"]
