"""What every template must have; it stands at the end of a file, so that a test's own lines count from 1."""

from __future__ import annotations

HEAD = "\ntitle: A question\nconcept: calculating-cross-entropy-loss\nlevel: apply\nminutes: 2\n"
