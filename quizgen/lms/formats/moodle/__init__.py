"""Moodle's formats: Moodle XML, and GIFT, which carries less. Both are marked by the same question engine."""
