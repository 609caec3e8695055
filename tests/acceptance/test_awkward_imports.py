"""Questions as people have them in other systems, awkward ones among them: what is made passes the check, the rest is said."""

from __future__ import annotations

from pathlib import Path

import pytest
from commands import Run

from quizgen.checking.run import Plan, check_all
from quizgen.checking.targets import targets

GIFT = r"""// exported long ago
$CATEGORY: $course$/Top/Losses

::Braces \{and\} colons\: a title::[html]<p>What is <b>H(p, q)</b> if p = q &amp; p is even?</p><p>In <em>bits</em>.</p>{
  =2 bits #Right\: log2 4.
  ~%50%2 nats #The unit is wrong
  ~ln 4 bits
}

Letters\: which of these are vowels?{
~%50%a
~%50%e
~%-50%b
~%-50%d
}

The author wrote \{\{ p \}\} and \{% if %\} in the text. Is that a template?{T#yes it is#no}

What is 1 + 0.5?{#1.5:0.05 =%50%1.5:0.5#close}

Which number lies between 1 and 5?{#1..5}

Name the loss\n(on a new line){=cross-entropy =log loss =%50%NLL #partly}

Match them.{
=entropy -> H(p)
=cross-entropy -> H(p,q)
=divergence -> D(p||q)
}

Just a description without any answer.

Duplicates?{=one ~one ~two}

Who is right?{~a ~b}
"""

MOODLE = r"""<?xml version="1.0" encoding="UTF-8"?>
<quiz>
<question type="multichoice"><name><text>Which &lt;b&gt; is bold? {{ x }}</text></name>
<questiontext format="html"><text><![CDATA[<p dir="ltr">The model gives \(p = 0.25\). See
<img src="@@PLUGINFILE@@/fig.png" alt="a plot">
and <a href="https://x.example/?a=1&amp;b=2">this</a>. What is the loss?</p><table><tr><th>w</th><th>p</th></tr>
<tr><td>tea</td><td>0,25</td></tr></table><script>alert(1)</script>]]></text></questiontext>
<single>true</single>
<answer fraction="100" format="html"><text><![CDATA[<p>1.386&nbsp;nats</p>]]></text>
<feedback><text>Well done</text></feedback></answer>
<answer fraction="0"><text>2 bits?</text></answer>
<answer fraction="33.33333"><text>0.602 <i>bans</i></text></answer>
<answer fraction="-25"><text>It's "none" of these: 50% {% raw %}</text></answer></question>
<question type="multichoice"><name><text>Several letters</text></name>
<questiontext><text>Which come first?</text></questiontext>
<single>false</single><answer fraction="50"><text>b</text></answer><answer fraction="50"><text>a</text></answer>
<answer fraction="-100"><text>z</text></answer><answer fraction="-100"><text>d</text></answer></question>
<question type="numerical"><name><text>Num</text></name><questiontext><text>How many nats is 1 bit?</text></questiontext>
<answer fraction="100"><text>0.693</text><tolerance>0.001</tolerance></answer>
<answer fraction="0"><text>*</text><feedback><text>No.</text></feedback></answer>
<units><unit><multiplier>1</multiplier><unit_name>nats</unit_name></unit></units></question>
<question type="calculated"><name><text>Calc</text></name><questiontext><text>What is {a}+{b}?</text></questiontext>
<answer fraction="100"><text>{a}+{b}</text></answer></question>
</quiz>
"""

REXAMS = r"""```{r data generation, echo = FALSE}
p <- sample(1:9, 1) / 10
```

Question
========
A model gives the word that came $p = `r p`$. What is *true*? It's 50% {{ x }}.

Answerlist
----------
* The loss is $-\ln p$.
* The loss is $1 - p$: "linear".
* a

Meta-information
================
exname: Loss facts
extype: mchoice
exsolution: 100
"""

FILES = {
    "old.gift": (
        GIFT,
        7,
        ["50 % for the option “2 nats”", "50 % for 1.5 ± 0.5", "“NLL”: “partly”", "it asks nothing",
         "“one” is there twice", "no option earns anything"],
    ),
    "bank.xml": (
        MOODLE,
        3,
        ["33.333 % for the option “0.602", "the picture fig.png", "a script", "the feedback for any other number",
         "“calculated”"],
    ),
    "facts.Rmd": (REXAMS, 1, ["the R chunk data generation", "what R computes: `r p`"]),
}  # fmt: skip


LEFT_OVER = {"bank.xml": ["[picture: a plot]"], "facts.Rmd": ["`r p`"]}
"""What an author has to write out before the check passes."""


@pytest.mark.parametrize("name", FILES)
def test_what_is_made_passes_the_check_and_what_is_not_carried_is_said(
    name: str, quizgen: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    text, made, said = FILES[name]
    Path(name).write_text(text, encoding="utf-8")
    done = quizgen("import", name, "--out", "made", "--concept", "calculating-cross-entropy-loss")
    assert done.code == 1
    assert [words for words in said if words not in done.out + done.err] == []
    reports = check_all(targets(["made"]), Plan(40), workers=1)
    assert len(reports) == made
    found = [one for report in reports for one in report.found]
    errors = [one for one in found if one.severity == "error" and not one.waived]
    left = [words for words in ("[picture: a plot]", "`r p`") if any(words in one.place.message for one in errors)]
    assert left == LEFT_OVER.get(name, [])
    assert {one.check for one in errors} == ({"unfilled"} if left else set())
    assert [str(one.place) for one in found if one.check == "waiver"] == []


def test_a_band_that_is_wide_is_carried_with_the_reason_for_it(
    quizgen: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("wide.gift").write_text("::Wide::Which number lies between -1 and 5?{#-1..5}\n", encoding="utf-8")
    assert quizgen("import", "wide.gift", "--out", "made", "--concept", "calculating-cross-entropy-loss").code == 0
    (report,) = check_all(targets(["made"]), Plan(40), workers=1)
    waived = {one.check: one.waived for one in report.found if one.waived}
    assert waived["tolerance-too-wide"] == "The imported question accepts numbers so far from its key."
    assert waived["tolerance-takes-zero"] == "The imported question accepts 0, too."
    assert "Take no-variation, key-never-changes out once" in Path("made/wide.yaml").read_text(encoding="utf-8")
