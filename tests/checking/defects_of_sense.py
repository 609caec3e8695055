"""Planted defects of sense: sums that do not come out, another quantity than asked for, truths that nobody can see."""

from __future__ import annotations

from planting import SURPRISAL, Planted, spoilt

SOLVED = SURPRISAL + "solution: |\n  The surprisal is $-\\ln {{ p }} =$ **{{ surprisal(p)|fixed(3) }}** nats.\n"

LOSSES = """
cases:
  - {words: [salt, thyme, mint]}
  - {words: [oak, elm, ash]}
draw:
  q: {sequence: {probability: [0.1, 0.9], step: 0.1}, size: 3}
let: {losses: surprisal(q)}
stem: |
  {{ table({"Word": case.words, "Probability": q}) }}

  What is the mean loss of these three words, in nats?
answer: {kind: numeric, label: Mean loss, value: mean(losses), decimals: 3}
solution: |
  {{ table({"Word": case.words, "Loss": losses|fixed(4)}) }}

  Together it is **{{ mean(losses)|fixed(3) }}** nats.
"""

NUMBERED = """
draw:
  q: {sequence: {probability: [0.1, 0.9], step: 0.1}, size: 3}
let: {losses: surprisal(q)}
stem: |
  A model gives three words {{ q }}. What are their losses in nats?

  - {{ answer.loss_1 }}
  - {{ answer.loss_2 }}
  - {{ answer.loss_3 }}
answers:
  loss_1: {kind: numeric, label: Loss of word 1, value: "losses[0]", decimals: 3}
  loss_2: {kind: numeric, label: Loss of word 2, value: "losses[1]", decimals: 3}
  loss_3: {kind: numeric, label: Loss of word 3, value: "losses[2]", decimals: 3}
"""

LINED = """
draw:
  p: {uniform: [0.1, 0.4], step: 0.05}
  q: {uniform: [0.5, 0.9], step: 0.05}
stem: |
  Two words have the probabilities {{ p }} and {{ q }}.

  - Total surprisal in nats: {{ answer.total }}
  - Mean surprisal in nats: {{ answer.mean }}
answers:
  total: {kind: numeric, label: Total surprisal, value: surprisal(p) + surprisal(q), decimals: 3}
  mean: {kind: numeric, label: Mean surprisal, value: (surprisal(p) + surprisal(q)) / 2, decimals: 3}
"""

GAP = """
draw:
  a: {uniform: [0.1, 0.9], step: 0.1}
  b: {uniform: [0.1, 0.9], step: 0.1}
require: [a != b]
stem: Model A gives the word {{ a }}, model B gives it {{ b }}. By how much do the losses differ, in nats, without a sign?
answer: {kind: numeric, value: abs(surprisal(a) - surprisal(b)), decimals: 3}
"""

TOLD = """
draw:
  p: {uniform: [0.1, 0.9], step: 0.1}
solution: "It is {{ word }} than one half."
let: {word: "'more' if p >= 0.5 else 'less'"}
stem: The model gives the right word {{ p }}. Is that less than one half, or not (then write more)?
answer: {kind: text, accept: ["{{ word }}"]}
"""

OFFERED = """
draw:
  a: {uniform: [0.1, 0.9], step: 0.1}
  b: {uniform: [0.1, 0.9], step: 0.1}
  form: {choice: [lower, sum]}
require: [a != b]
stem: Model A gives the right word {{ a }}, model B gives it {{ b }}. Which statement is right?
answer:
  kind: choice
  choose: 2
  options:
    - {text: "Model {{ 'A' if a > b else 'B' }} has the lower loss.", true_when: true, when: form == "lower"}
    - {text: "Model {{ 'B' if a > b else 'A' }} has the lower loss.", true_when: false, when: form == "sum"}
    - {text: "Together they cost {{ (surprisal(a) + surprisal(b))|fixed(2) }} nats.", true_when: true, when: form == "sum"}
    - {text: "Together they cost {{ (a + b)|fixed(2) }} nats.", true_when: false, when: form == "lower"}
"""

CASES = """
cases:
  - {yes: spam, no: no spam}
  - {yes: late, no: on time}
  - {yes: genuine, no: fraud}
  - {yes: sound, no: faulty}
draw:
  p: {uniform: [0.05, 0.95], step: 0.05}
stem: A model gives {{ case.yes }}, rather than {{ case.no }}, the probability {{ p }}. What is its surprisal in nats?
answer: {kind: numeric, value: surprisal(p), decimals: 3}
"""

MISTAKES = """
mistakes:
  used-log10: {title: Base 10, explanation: The base was 10., concept: calculating-cross-entropy-loss}
"""

PLANTED = [
    Planted(
        "a solution with the logarithm of another base",
        "solution-arithmetic",
        spoilt(SOLVED, ("-\\ln {{ p }}", "-\\log_2 {{ p }}")),
        near=(("-\\log_2 {{ p }}", "\\ln \\frac{ 1 }{ {{ p }} }"),),
        at=("solution",),
    ),
    Planted(
        "a solution without the minus",
        "solution-arithmetic",
        spoilt(SOLVED, ("$-\\ln", "$\\ln")),
        near=(("$\\ln", "$-1 \\cdot \\ln"),),
    ),
    Planted(
        "a solution with the operands exchanged",
        "solution-arithmetic",
        spoilt(SOLVED, ("The surprisal", "Of others it is $1 - {{ p }} = {{ p + 0.1 }}$. The surprisal")),
        near=(("{{ p + 0.1 }}", "{{ 1 - p }}"),),
    ),
    Planted(
        "a total where the mean is asked for",
        "quantity-contradicts",
        spoilt(LOSSES, ("value: mean(losses)", "value: sum(losses)"), ("**{{ mean(", "**{{ sum(")),
        near=(("sum(losses)", "mean(losses)"),),
        at=("answer", "value"),
    ),
    Planted(
        "a mean over one word too few",
        "quantity-contradicts",
        spoilt(LOSSES, ("value: mean(losses)", "value: 3 * mean(losses) / 2")),
        near=(("3 * mean(losses) / 2", "3 * mean(losses) / 3"),),
        says="have the mean",
    ),
    Planted(
        "a label that asks for another quantity than its line",
        "quantity-contradicts",
        spoilt(LINED, ("label: Mean surprisal", "label: Total surprisal of both")),
        near=(("Total surprisal of both", "Mean surprisal of both"),),
        at=("answers", "mean", "label"),
    ),
    Planted(
        "a size that is negative",
        "sign-contradicts",
        spoilt(GAP, ("abs(surprisal(a) - surprisal(b))", "surprisal(a) - surprisal(b)")),
        near=((", without a sign", ""),),
        at=("answer", "value"),
    ),
    Planted(
        "a loss that is negative",
        "sign-contradicts",
        spoilt(SURPRISAL, ("value: surprisal(p)", "value: log(p)\n  label: Loss of the word")),
        near=(("Loss of the word", "Logarithm of the loss's probability"),),
    ),
    Planted(
        "two numbers of decimals in the words",
        "rounding-contradicts",
        spoilt(SURPRISAL, ("in nats?", "in nats, to 2 decimals? Give 3 decimals.")),
        near=((", to 2 decimals", ""),),
        at=("answer", "decimals"),
    ),
    Planted(
        "feedback that praises a wrong option",
        "feedback-contradicts",
        """
draw:
  p: {uniform: [0.1, 0.4], step: 0.1}
stem: The model gives the word {{ p }}. What is left for all other words?
answer:
  kind: choice
  key: {value: 1 - p, decimals: 2}
  distractors: [{value: p, feedback: "Right, that is what is left."}]
""",
        near=(("Right, that is what is left.", "The right one is what is left."),),
        at=("answer", "distractors", 0, "feedback"),
    ),
    Planted(
        "an entry that belongs to another label",
        "answer-numbering",
        spoilt(NUMBERED, ("losses[2]", "losses[1]")),
        near=(('label: Loss of word 3, value: "losses[1]', 'label: Loss of word 3, value: "losses[2]'),),
        at=("answers", "loss_3", "value"),
    ),
    Planted(
        "two answers with one label",
        "answer-numbering",
        spoilt(NUMBERED, ("Loss of word 3", "Loss of word 2")),
        near=(('label: Loss of word 2, value: "losses[2]', 'label: Loss of word 3, value: "losses[2]'),),
        says="labelled",
    ),
    Planted(
        "answers placed in another order than their numbers",
        "answer-numbering",
        spoilt(
            NUMBERED,
            ("  - {{ answer.loss_1 }}\n  - {{ answer.loss_2 }}", "  - {{ answer.loss_2 }}\n  - {{ answer.loss_1 }}"),
        ),
        near=(("  - {{ answer.loss_2 }}\n  - {{ answer.loss_1 }}", "  - {{ answer.loss_1 }}\n  - {{ answer.loss_2 }}"),),
        says="behind a later one",
    ),
    Planted(
        "a solution that tells another word than the key",
        "solution-shows-word",
        spoilt(TOLD, ("It is {{ word }} than", "It is {{ 'less' if p >= 0.5 else 'more' }} than")),
        near=(("'less' if p >= 0.5 else 'more'", "'less' if p < 0.5 else 'more'"),),
        at=("solution",),
    ),
    Planted(
        "a statement that is now right and now wrong of the same numbers",
        "unseen-truth",
        spoilt(OFFERED, ("\"Model {{ 'B' if a > b else 'A' }} has", "\"Model {{ 'A' if a > b else 'B' }} has")),
        near=(("else 'B' }} has the lower loss.\", true_when: false", "else 'B' }} has the higher loss.\", true_when: false"),),
        at=("answer",),
    ),
    Planted(
        "a case twice",
        "same-cases",
        spoilt(CASES, ("{yes: sound, no: faulty}", "{yes: Spam, no: no spam}")),
        near=(("{yes: Spam, no: no spam}", "{yes: spam, no: wanted}"),),
        says="case 1 again",
        at=("cases", 3),
    ),
    Planted(
        "a case whose two labels are one",
        "same-cases",
        spoilt(CASES, ("no: on time", "no: late")),
        near=(("no: late", "no: not late"),),
        at=("cases", 1),
    ),
    Planted(
        "two rows of one word",
        "same-rows",
        spoilt(LOSSES, ("[oak, elm, ash]", "[oak, elm, oak]")),
        near=(("[oak, elm, oak]", "[oak, elm, yew]"),),
        says="“oak”",
        at=("stem",),
    ),
    Planted(
        "a mistake by the name of another",
        "mistake-misnamed",
        SURPRISAL + "  mistakes: {used-log10: surprisal(p) / ln(2)}\n" + MISTAKES,
        near=(("ln(2)", "ln(10)"),),
        at=("answer", "mistakes", "used-log10"),
    ),
    Planted(
        "braces in a case's words",
        "unfilled",
        spoilt(CASES, ("no: on time", "no: 'on {{ time }}'")),
        near=(("'on {{ time }}'", "'on {time}'"),),
        at=("stem",),
    ),
    Planted(
        "a hint that says nothing",
        "empty-text",
        SURPRISAL + "hints: ['']\n",
        near=(("['']", "[Which base?]"),),
        at=("hints", 0),
    ),
]
