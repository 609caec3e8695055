"""The check that a template keeps to one variety of English."""

from __future__ import annotations

import re
from collections.abc import Iterator

from quizgen.checking.base import Finding, check
from quizgen.checking.prose import prose
from quizgen.checking.sweep import Sweep

_IZE = (
    "minimi|maximi|normali|optimi|summari|organi|recogni|generali|tokeni|regulari|reali|emphasi|visuali|characteri|categori|"
    "initiali|speciali|penali|parametri|standardi|utili|vectori|quanti|marginali|discreti|memori|prioriti|factori|locali|"
    "lemmati|randomi|formali|linear?i|apologi|criticis|seriali|binari|finali|equali"
)
_OUR = "col|behavi|neighb|lab|hon|hum|flav|rum|harb|vap|od|sav|endeav|fav|parl|arm|rig|splend|val|vig|cand|clam|glam"
_DOUBLED_L = "label|model|travel|cancel|signal|channel|total|level|fuel|counsel|dial|tunnel|pencil|equal|marvel|quarrel"

_PAIRS = (
    (rf"(?:{_IZE})z(?:e[sdr]?|ers|ing|ations?)", rf"(?:{_IZE})s(?:e[sdr]?|ers|ing|ations?)"),
    (r"(?:anal|paral|catal)yz(?:e[sdr]?|ing)", r"(?:anal|paral|catal)ys(?:e|ed|er|ing)"),
    (
        rf"(?:{_OUR})or(?:s|ed|ing|able|ably|ites?|al|hoods?|less|ful)?",
        rf"(?:{_OUR})our(?:s|ed|ing|able|ably|ites?|al|hoods?|less|ful)?",
    ),
    (rf"(?:{_DOUBLED_L})(?:ed|ing|ers?)", rf"(?:{_DOUBLED_L})l(?:ed|ing|ers?)"),
    (r"(?:cent|theat|lit|fib|calib|somb)er(?:s|ed)?", r"(?:cent|theat|lit|fib|calib|somb)re(?:s|d)?"),
    (r"(?:kilo|centi|milli)meters?", r"(?:kilo|centi|milli)metres?"),
    (r"(?:defen|offen|preten)ses?", r"(?:defen|offen|preten)ces?"),
    (r"(?:catalog|dialog)s?", r"(?:catalogu|dialogu)es?"),
    (r"gray(?:s|ed|er)?", r"grey(?:s|ed|er)?"),
    (r"(?:fulfill|skillful|enrollment|installment)s?", r"(?:fulfil|skilful|enrolment|instalment)s?"),
    (r"artifacts?", r"artefacts?"),
    (r"(?:mold|plow)s?", r"(?:mould|plough)s?"),
    (r"math", r"maths"),
    (r"aluminum|jewelry|pajamas|mustaches?", r"aluminium|jewellery|pyjamas|moustaches?"),
)
AMERICAN, BRITISH = (re.compile(rf"\b(?:{'|'.join(pair[side] for pair in _PAIRS)})\b", re.IGNORECASE) for side in (0, 1))


@check("spelling", "warning")
def spelling(sweep: Sweep) -> Iterator[Finding]:
    """American and British spellings of common pairs (minimize and minimise, color and colour, labeled and labelled) stand in
    one template; its name and what it says of mistakes count too. Keep to one variety: the shipped bank's is British.
    """
    template = sweep.template
    around = [template.id.replace("-", " "), template.title]
    around.extend(f"{mistake.title} {mistake.explanation}" for mistake in template.mistakes.values())
    told = " ".join(around)
    american, british = len(AMERICAN.findall(told)), len(BRITISH.findall(told))
    seen: list[tuple[re.Pattern[str], Finding]] = []
    for passage in {passage.path: passage for passage in reversed(sweep.shared(prose))}.values():
        for variety, other in ((AMERICAN, "American"), (BRITISH, "British")):
            for found in variety.finditer(passage.bare):
                american += variety is AMERICAN
                british += variety is BRITISH
                message = f"“{found[0]}” is {other} spelling, and other words are not"
                seen.append((variety, Finding(passage.path, message, passage.ordinal)))
    if american and british:
        fewer = AMERICAN if american <= british else BRITISH
        yield from [finding for variety, finding in seen if variety is fewer][:1]
