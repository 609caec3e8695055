"""A stranger's bank cannot reach Python, eat memory or take time: it works, or is one clear `BankError` within seconds."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from template_head import HEAD

from quizgen.bank import Template, load_bank, load_template
from quizgen.errors import BankError, Problem

P = "draw: {p: {integer: [1, 5]}}\n"
ANSWER = "answer: {kind: numeric, value: p, decimals: 0}\n"
SECONDS = 10
"""Three on a machine that does nothing else; tests share theirs."""


def stem(text: str) -> str:
    lines = "".join(f"  {line}\n" for line in text.splitlines())
    return f"{P}stem: |\n  {{{{ p }}}}\n\n{lines}{ANSWER}"


def lets(*expressions: str) -> str:
    lines = "".join(f"  a{i}: {expression!r}\n" for i, expression in enumerate(expressions))
    return f"{P}let:\n{lines}stem: '{{{{ p }}}}'\nanswer: {{kind: numeric, value: a{len(expressions) - 1}, decimals: 0}}\n"


def options(count: int, each: str, kind: str = "choice") -> str:
    lines = "".join(f"    - {each.format(i=i)}\n" for i in range(count))
    right = "    - {text: right, true_when: true}\n"
    return f"{P}stem: '{{{{ p }}}}'\nanswer:\n  kind: {kind}\n  choose: 4\n  options:\n{right}{lines}"


def aliases(levels: int) -> str:
    names = "abcdefghij"[:levels]
    lines = [f"a: &{names[0]} [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]"]
    lines += [f"{name}: &{name} [{', '.join([f'*{before}'] * 10)}]" for before, name in pairwise(names)]
    return "\n".join(lines) + f"\ncases: *{names[-1]}\n" + stem("x")


REFUSED = {
    # towards Python
    "class of a text": stem("{{ ''.__class__ }}"),
    "class of a draw": stem("{{ p.__class__ }}"),
    "class of the case": "cases: [{w: a}]\n" + stem("{{ case.w }} {{ case.__class__ }}"),
    "case by key": "cases: [{w: a}]\n" + stem("{{ case.w }} {{ case['w'] }}"),
    "attr": stem("{{ p|attr('__class__') }}"),
    "map": stem("{{ [p]|map('attr', 'x') }}"),
    "format method": stem("{{ '{0.__class__}'.format(p) }}"),
    "format filter": stem("{{ '%99999999s'|format(p) }}"),
    "format operator": stem("{{ '%999999999s' % p }}"),
    "center": stem("{{ 'a'|center(1000000000) }}"),
    **{name: stem(f"{{{{ {name} }}}}") for name in ("self", "_self", "__builtins__", "loop", "range", "environment", "config")},
    **{name: stem(f"{{{{ {name}() }}}}") for name in ("lipsum", "cycler", "joiner", "namespace", "dict", "open", "eval")},
    "function of a function": stem("{{ sum.__globals__ }}"),
    "star": stem("{{ sum(*p) }}"),
    "double star": stem("{{ sum(**p) }}"),
    **{
        f"{{% {word.split()[0]} %}}": stem(f"{{% {word} %}}")
        for word in (
            "for i in range(9)",
            "include '/etc/passwd'",
            "import 'os' as os",
            "from 'os' import x",
            "set x = 1",
            "macro m()",
            "call m()",
            "extends 'x'",
            "block b",
            "filter upper",
            "with x = 1",
            "autoescape false",
            "do x",
            "debug",
            "trans",
        )
    },
    # towards the machine
    "a text a million times": lets("'a' * 10**10"),
    "a tower of powers": lets("10**10**10"),
    "a huge range": lets("sum(range(10**9))"),
    "a huge whole number": lets("9" * 1500),
    "a huge number in YAML": "cases: [{n: " + "9" * 5000 + "}]\n" + stem("{{ case.n }}"),
    "many parentheses": stem("{{ " + "(" * 500 + "p" + ")" * 500 + " }}"),
    "many brackets": stem("{{ " + "[" * 400 + "p" + "]" * 400 + " }}"),
    "many minuses": lets("-" * 1000 + "p"),
    "many nots": lets("not " * 400 + "true"),
    "many terms": lets("+".join(["p"] * 10_000)),
    "many comparisons": lets("1 < " * 300 + "p"),
    "many elses": lets("1 if p == 1 else " * 100 + "2"),
    "many ifs": stem("{% if p > 1 %}" * 500 + "x" + "{% endif %}" * 500),
    "many tags": stem("{{ p }} " * 4000),
    "a text doubled": lets("'ab'", *(f"a{i} ~ a{i}" for i in range(199))),
    "a list doubled": lets("[p, 1]", *(f"concat(a{i}, a{i})" for i in range(199))),
    "a table of a million": lets("repeat([1.0], 1000) + range(1000)"),
    "tables without end": stem("\n\n".join(['{{ table({"a": range(1000)}) }}'] * 300)),
    "values without end": stem(" ".join(["{{ range(1000) }}"] * 900)),
    "sequences of sequences": (
        "draw: {p: {sequence: {sequence: {sequence: {integer: [1, 2]}, size: 1000}, size: 1000}, size: 1000}}\n"
        "stem: '{{ p }}'\nanswer: {kind: numeric, value: 1, decimals: 0}\n"
    ),
    "a step of nothing": "draw: {p: {uniform: [0, 1], step: 1e-300}}\nstem: '{{ p }}'\n" + ANSWER,
    "an endless exponent": "draw: {p: {uniform: [0, 1e-999999999], step: 1e-999999999}}\nstem: '{{ p }}'\n" + ANSWER,
    "a negative size": "draw: {p: {distribution: -5}}\nstem: '{{ p }}'\n" + ANSWER,
    "a key divided by zero": lets("1 / 0"),
    "nan and inf": "draw: {p: {uniform: [.nan, .inf], step: 1}}\nstem: '{{ p }}'\n" + ANSWER,
    "an alias bomb": aliases(7),
    "an alias of itself": "cases: &a [*a]\n" + stem("x"),
    "a tag of Python": "cases: !!python/object/apply:os.system [id]\n" + stem("x"),
    "two thousand options": options(2000, "{{text: o {i}, true_when: false}}"),
    "two thousand right options": options(2000, "{{text: o {i}, true_when: true}}", "multiple"),
    "a condition that never holds": P + "require: [p > 9]\nstem: '{{ p }}'\n" + ANSWER,
    "a large file": "# " + "x" * 5_000_000 + "\n" + stem("x"),
    "many values": "tags: [" + "a," * 200_000 + "]\n" + stem("x"),
    "a long stem": stem("x" * 60_000),
    "a parent of parents": "extends: ../../../../etc/passwd\n" + stem("x"),
    "an absolute parent": "extends: /etc/passwd\n" + stem("x"),
    "rows of the system": "draw: {p: {rows: /etc/passwd}}\nstem: '{{ p.x }}'\n" + ANSWER,
    "private characters": stem("\ue000"),
    "a control character": P + 'stem: "a\\0b {{ p }}"\n' + ANSWER,
}

BEARABLE = {
    "an infinite key": lets("surprisal(0 * p)"),
    "vectors through two hundred lets": lets("range(1000) + p", *(f"a{i} * 0.5 + sort(a{i})" for i in range(198)), "sum(a198)"),
    "a thousand cases of fifty fields": (
        "cases:\n" + "".join("  - {" + ", ".join(f"f{j}: w{i}x{j}" for j in range(50)) + "}\n" for i in range(1000))
    )
    + stem(" ".join(f"{{{{ case.f{j} }}}}" for j in range(50))),
    "nine thousand cases": "cases:\n  - &a {w: b}\n" + "  - *a\n" * 9000 + stem("{{ case.w }}"),
    "a distribution over a thousand words": (
        "draw: {p: {distribution: 1000, step: 0.0001}}\nstem: '{{ p }}'\nanswer: {kind: numeric, value: sum(p), decimals: 0}\n"
    ),
    "ranks of a thousand": (
        "draw: {p: {sequence: {integer: [1, 5]}, size: 1000}}\nlet: {r: rank(p)}\nstem: '{{ p }}'\n"
        "answer: {kind: numeric, value: max(r), decimals: 0}\n"
    ),
    **{
        f"Markdown of {text[:6]!r}": stem(text)
        for text in (
            "*" * 10_000,
            "[" * 10_000,
            "[a](" * 5000,
            "`" * 10_000,
            "_a" * 10_000,
            "*a" * 10_000,
            "**a " * 8000,
            "<a" * 10_000,
            "&" * 10_000,
            "\\" * 10_000,
            "![a](" * 5000,
            "<http:" * 5000,
            "> " * 3000 + "x",
            "- " * 5000 + "x",
            "x\n" * 10_000,
            "|a|b|\n|-|-|\n" + "|1|2|\n" * 4000,
            "|" + "a|" * 5000 + "\n|" + "-|" * 5000,
        )
    },
    "a formula of many terms": stem("$" + "a+" * 15_000 + "a$"),
    "many formulas": stem(" ".join(["$\\frac{a}{b}$"] * 3500)),
}

HEAVY = (
    "a list doubled", "a table of a million", "tables without end", "values without end", "sequences of sequences",
    "an alias bomb", "two thousand options", "a large file", "many values", "many ifs", "vectors through two hundred lets",
    "a thousand cases of fifty fields", "nine thousand cases", "a distribution over a thousand words", "ranks of a thousand",
)  # fmt: skip
"""What would take most memory."""

EITHER = {
    "braces": stem("{% raw %}$" + "{" * 5000 + "x" + "}" * 5000 + "${% endraw %}"),
    "fractions": stem("{% raw %}$" + "\\frac{1}{" * 2000 + "x" + "}" * 2000 + "${% endraw %}"),
    "roots": stem("$" + "\\sqrt{" * 300 + "x" + "}" * 300 + "$"),
    "fences": stem("$" + "\\left(" * 2000 + "x" + "\\right)" * 2000 + "$"),
    "exponents": stem("$" + "x^" * 5000 + "x$"),
    "definitions": stem("$\\def\\a{\\a\\a}\\a$"),
    "matrices": stem("$" + "\\begin{matrix}" * 500 + "a" + "\\end{matrix}" * 500 + "$"),
    "dollars": stem("$" * 10_000),
    "dollars and letters": stem("$a " * 8000),
}
"""Formulas that may be refused or shown, but not without end."""


def write(folder: Path, text: str) -> Path:
    file = folder / "t.yaml"
    file.write_text(text + HEAD, "utf-8")
    return file


@pytest.mark.parametrize("what", REFUSED)
def test_what_a_bank_must_not_do_is_a_clear_error_within_seconds(what: str, tmp_path: Path) -> None:
    started = time.process_time()
    with pytest.raises(BankError) as caught:
        load_template(write(tmp_path, REFUSED[what]))
    assert time.process_time() - started < SECONDS
    for problem in caught.value.problems:
        assert problem.line >= (0 if what == "a large file" else 1)  # a file that is not read has no lines
        assert problem.column >= 1
        assert "Traceback" not in problem.message
        assert len(problem.message) < 1000


@pytest.mark.parametrize("what", BEARABLE)
def test_what_is_merely_large_works_within_seconds(what: str, tmp_path: Path) -> None:
    started = time.process_time()
    template = load_template(write(tmp_path, BEARABLE[what]))
    assert len(template.keyed_items(template.variants(secret=b"x", count=2))) == 2
    assert time.process_time() - started < SECONDS


@pytest.mark.parametrize("what", EITHER)
def test_a_formula_without_end_is_shown_or_refused_within_seconds(what: str, tmp_path: Path) -> None:
    started = time.process_time()
    problems: tuple[Problem, ...] = ()
    try:
        load_template(write(tmp_path, EITHER[what]))
    except BankError as error:
        problems = error.problems
    assert all(len(problem.message) < 1000 for problem in problems)
    assert time.process_time() - started < SECONDS


def measured(command: list[str]) -> tuple[subprocess.CompletedProcess[str], int]:
    """A command that was run, and the most memory that it took, in kilobytes.

    It is started by a small process of its own: a child begins with what its parent holds, and a run of tests holds much.
    """
    script = (
        "import resource, subprocess, sys\n"
        "code = subprocess.run(sys.argv[2:]).returncode\n"
        "open(sys.argv[1], 'w').write(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))\n"
        "sys.exit(code)"
    )
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder, "kilobytes")
        around = [sys.executable, "-c", script, str(told), *command]
        result = subprocess.run(around, capture_output=True, text=True, timeout=300, check=False)
        return result, int(told.read_text())


def test_the_command_line_says_so_and_exits_with_2_in_little_memory(tmp_path: Path) -> None:
    names = [
        "class of a text",
        "a table of a million",
        "an alias bomb",
        "a large file",
        "many parentheses",
        "rows of the system",
    ]
    for name in names:
        file = write(tmp_path, REFUSED[name])
        result, kilobytes = measured([sys.executable, "-m", "quizgen.cli", "show", str(file)])
        assert kilobytes < 500_000, name
        assert result.returncode == 2, name
        assert result.stderr.startswith(f"{file}:")
        assert "Traceback" not in result.stderr
        assert result.stdout == ""


def test_no_hostile_template_takes_more_than_half_a_gigabyte(tmp_path: Path) -> None:
    folder = tmp_path / "bank"
    folder.mkdir()
    heavy = [REFUSED[name] for name in HEAVY if name in REFUSED] + [BEARABLE[name] for name in HEAVY if name in BEARABLE]
    assert len(heavy) == len(HEAVY)
    heavy.append(  # texts that together are as large as they may be
        f"{P}let:\n  a0: \"repeat('abcdefghijklmnopqrstuvwxyz', 700)\"\n"
        + "".join(f"  a{i}: a0 ~ p\n" for i in range(1, 100))
        + "stem: '{{ p }} " + " ".join(f"{{{{ a{i}[0] }}}}" for i in range(1, 100)) + "'\n" + ANSWER
    )  # fmt: skip
    for number, text in enumerate(heavy):
        (folder / f"t{number}.yaml").write_text(text + HEAD, "utf-8")
    script = (
        "import sys, quizgen\n"
        "from quizgen.errors import BankError\n"
        "try:\n    quizgen.load_bank(sys.argv[1]).load_all()\n"
        "except BankError:\n    pass\n"
    )
    result, kilobytes = measured([sys.executable, "-c", script, str(folder)])
    assert result.returncode == 0, result.stderr
    assert kilobytes < 500_000


def test_the_worst_of_a_bank_does_not_hide_its_other_templates(tmp_path: Path, template: Callable[..., Template]) -> None:
    template(stem("x"))  # writes t.yaml, which is in order
    (tmp_path / "bad.yaml").write_text(REFUSED["an alias bomb"] + HEAD)
    bank = load_bank(tmp_path)
    assert bank["t"].title == "A question"
    with pytest.raises(BankError):
        _ = bank["bad"]
