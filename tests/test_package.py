"""The package as others meet it: what is in the wheel, what importing costs, and the names that stay."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hatchling.builders.wheel import WheelBuilder

import quizgen
from quizgen import entropy
from quizgen.shipped import bank_folder, templates_folder

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, unpacked."""
    folder = tmp_path_factory.mktemp("wheel")
    (built,) = WheelBuilder(str(ROOT)).build(directory=str(folder / "built"), versions=["standard"])
    zipfile.ZipFile(built).extractall(folder / "unpacked")
    return folder / "unpacked"


def files_below(folder: Path) -> set[str]:
    files = (path for path in folder.rglob("*") if path.is_file() and path.parent.name != "__pycache__")
    return {path.relative_to(folder).as_posix() for path in files}


def test_the_wheel_carries_the_types_the_bank_and_the_page_templates(wheel: Path) -> None:
    assert (wheel / "quizgen" / "py.typed").is_file()
    for name, folder in (("question_bank", bank_folder()), ("templates", templates_folder())):
        assert files_below(wheel / "quizgen" / "_shipped" / name) == files_below(folder)


def test_the_wheel_carries_nothing_but_the_package(wheel: Path) -> None:
    tops = {path.name for path in wheel.iterdir()}
    assert tops == {"quizgen", f"quizgen-{quizgen.__version__}.dist-info"}


def test_the_installed_command_needs_no_checkout(wheel: Path, tmp_path: Path) -> None:
    script = (
        f"import sys; sys.path.insert(0, {str(wheel)!r}); sys.argv = ['quizgen', 'list', '--quick']\n"
        "from quizgen.shipped import bank_folder; print(bank_folder())\n"
        "from quizgen.cli import main; main()"
    )
    done = subprocess.run([sys.executable, "-I", "-c", script], cwd=tmp_path, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(str(wheel / "quizgen" / "_shipped" / "question_bank"))
    assert "compare-two-predictions" in done.stdout


def test_the_version_is_written_in_one_place_and_the_changelog_tells_of_it(wheel: Path) -> None:
    metadata = (wheel / f"quizgen-{quizgen.__version__}.dist-info" / "METADATA").read_text(encoding="utf-8")
    assert f"\nVersion: {quizgen.__version__}\n" in metadata
    assert quizgen.__version__ not in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(rf"^## \[{re.escape(quizgen.__version__)}\] - \d{{4}}-\d\d-\d\d$", changelog, re.MULTILINE)


def modules_after(statement: str) -> set[str]:
    """The top names of the modules that are loaded after a statement in a new interpreter."""
    script = f"{statement}\nimport sys; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return {name.partition(".")[0] for name in done.stdout.split()}


def test_importing_quizgen_loads_no_library() -> None:
    heavy = {"numpy", "polars", "pydantic", "jinja2", "yaml", "markdown_it", "latex2mathml", "rich", "click"}
    assert not modules_after("import quizgen") & heavy
    assert modules_after("from quizgen import entropy") & heavy == {"numpy"}


def test_every_public_name_is_there_and_no_other_is_promised() -> None:
    assert all(hasattr(quizgen, name) for name in quizgen.__all__)
    assert {"entropy", "load_bank", "load_quiz"} <= set(quizgen.__all__)
    with pytest.raises(AttributeError, match="no attribute 'load_banks'"):
        quizgen.load_banks  # noqa: B018 (the access is what is tested)


BASE = {"base": "nats"}
REQUIRED = inspect.Parameter.empty
SIGNATURES: dict[str, dict[str, object]] = {
    "surprisal": {"p": REQUIRED, **BASE},
    "entropy": {"p": REQUIRED, **BASE},
    "cross_entropy": {"p": REQUIRED, "q": REQUIRED, **BASE},
    "kl_divergence": {"p": REQUIRED, "q": REQUIRED, **BASE},
    "js_divergence": {"p": REQUIRED, "q": REQUIRED, **BASE},
    "empirical_cross_entropy": {"counts": REQUIRED, "q": REQUIRED, **BASE},
    "binary_cross_entropy": {"y": REQUIRED, "q": REQUIRED, "reduction": "mean", **BASE},
    "binary_cross_entropy_from_logits": {"y": REQUIRED, "logits": REQUIRED, "reduction": "mean", **BASE},
    "log_softmax": {"logits": REQUIRED, "temperature": 1.0, **BASE},
    "cross_entropy_gradient": {"logits": REQUIRED, "gold": REQUIRED, **BASE},
    "cross_entropy_from_logits": {
        "logits": REQUIRED,
        "gold": REQUIRED,
        "label_smoothing": 0.0,
        "weight": None,
        "ignore_index": None,
        "reduction": "mean",
        **BASE,
    },
    "label_smoothed_cross_entropy": {"q": REQUIRED, "gold": REQUIRED, "epsilon": REQUIRED, **BASE},
    "sequence_nll": {"probabilities": REQUIRED, "reduction": "sum", "mask": None, **BASE},
    "perplexity": {"probabilities": REQUIRED, "mask": None, **BASE},
    "masked_nll": {"probabilities": REQUIRED, "mask": REQUIRED, "reduction": "mean", **BASE},
    "bits_per_byte": {"nll_nats": REQUIRED, "n_bytes": REQUIRED, **BASE},
    "brier_score": {"q": REQUIRED, "gold": REQUIRED, **BASE},
}


@pytest.mark.parametrize("name", SIGNATURES)
def test_an_engine_function_takes_its_arguments_in_order_and_the_base_by_keyword_only(name: str) -> None:
    parameters = inspect.signature(getattr(entropy, name)).parameters
    assert {parameter.name: parameter.default for parameter in parameters.values()} == SIGNATURES[name]
    assert list(parameters) == list(SIGNATURES[name])
    for parameter in parameters.values():
        by_keyword = parameter.kind is inspect.Parameter.KEYWORD_ONLY
        assert by_keyword == (parameter.name == "base")


def test_the_engine_has_no_function_beside_those() -> None:
    own = {
        name
        for name, value in vars(entropy).items()
        if inspect.isfunction(value) and value.__module__ == entropy.__name__ and not name.startswith("_")
    }
    assert own == set(SIGNATURES)


def test_a_bank_is_used_from_python_as_the_readme_says() -> None:
    template = quizgen.load_bank()["calculating-cross-entropy-loss/compare-two-predictions"]
    variants = template.variants(secret=b"only I know this", start=0, count=20)
    assert variants["p_a"].shape == (20,)
    assert variants.keys("answer").shape == (20,)
    assert variants.keys("answer").dtype == np.float64
    assert not hasattr(template.item(variants, 7), "keys")
    assert template.keyed_item(variants, 7).keys[0].answer == "answer"
    mark = template.mark(variants, 7, {"answer": variants.keys("answer")[7]})
    assert (mark.outcome, mark.fraction) == ("correct", 1.0)


def test_a_typed_number_and_a_single_answer_can_be_read_and_marked_alone() -> None:
    from quizgen.answers import parse_number
    from quizgen.answers.numeric import Numeric

    assert float(parse_number("10.5%")) == pytest.approx(0.105)
    assert Numeric(value=0.105, decimals=3).mark("0,105").outcome == "correct"


def test_the_readme_gives_two_set_up_commands_in_the_form_that_automation_reads() -> None:
    section = (ROOT / "README.md").read_text(encoding="utf-8").partition("\n## Set up\n")[2].partition("\n## ")[0]
    (block,) = re.findall(r"^```bash\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)
    first, second = block.splitlines()
    assert first.startswith("pip install . && ")
    assert second.endswith("&& pytest")
