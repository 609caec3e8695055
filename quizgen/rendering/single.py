"""One item for a terminal: what a student sees and, for its author, the key, the foreseen mistakes and the solution."""

from __future__ import annotations

from quizgen.items import Entry, KeyedItem, Section, Worksheet
from quizgen.rendering.flavours import fragment
from quizgen.rendering.worksheets import item_text


def keyed_page(keyed: KeyedItem, *, with_key: bool = True) -> str:
    """The item as Markdown, which reads well as it is."""
    entry = Entry("answer", 1, 1.0, "", keyed.item)
    sheet = Worksheet("", None, "", "", "", "", "", (Section("", (entry,)),))
    lines = [item_text(entry, sheet)]
    if with_key:
        lines.append("\n--- key " + "-" * 52)
        for key in keyed.keys:
            accepted = f"   (accepted: {key.accepted})" if key.accepted else ""
            lines.append(f"{key.answer}: {fragment(key.shown, 'text').strip()}{accepted}")
            lines.extend(f"    {name}: {fragment(value, 'text').strip()}" for name, value in key.mistakes)
        if keyed.solution is not None:
            lines.append("\n--- solution " + "-" * 47)
            lines.append(fragment(keyed.solution, "text").strip())
    return "\n".join(lines)
