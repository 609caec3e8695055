"""The versions of QTI: where they differ in names, namespaces and what stands where."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True)
class Version:
    """A version of QTI. ``resource`` is what its resources' types end in, ``templates`` where its standard processing is.

    ``kebab`` tells whether names are written ``qti-like-this``; ``markup_in_line`` whether the choices of a list inside a
    sentence may hold more than words; ``names_scorer`` whether an outcome can say that a person gives it.
    """

    name: str
    title: str
    namespace: str
    schema: str
    manifest_namespace: str
    manifest_schema: str
    package: str
    package_version: str
    resource: str
    templates: str
    kebab: bool = False
    markup_in_line: bool = True
    names_scorer: bool = True

    def template(self, name: str) -> str:
        """The address of a standard response processing."""
        return f"{self.templates}/{name}.xml" if self.kebab else f"{self.templates}/{name}"

    def element(self, name: str) -> str:
        """The name of one of QTI's own elements."""
        return f"qti-{hyphenated(name)}" if self.kebab and name not in HTML else name

    def attribute(self, name: str) -> str:
        """The name of one of QTI's own attributes."""
        return hyphenated(name) if self.kebab and ":" not in name else name


HTML = frozenset({"br", "div", "li", "p", "small", "strong", "ul"})
"""Elements that QTI has from HTML, as far as they are written here; in texts there are more."""


@cache
def hyphenated(name: str) -> str:
    """The name without capital letters.

    >>> hyphenated("textEntryInteraction")
    'text-entry-interaction'
    """
    return "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in name)


def _second(number: str, inner: str, *, richer: bool) -> Version:
    return Version(
        f"qti{number.replace('.', '')}",
        f"QTI {number}",
        f"http://www.imsglobal.org/xsd/imsqti_{inner}",
        f"http://www.imsglobal.org/xsd/qti/qti{inner}/imsqti_{inner}.xsd",
        "http://www.imsglobal.org/xsd/imscp_v1p1",
        "http://www.imsglobal.org/xsd/imscp_v1p1.xsd",
        f"QTIv{number} Package",
        "1.0.0",
        f"xml{inner}",
        f"http://www.imsglobal.org/question/qti_{inner}/rptemplates",
        markup_in_line=richer,
        names_scorer=richer,
    )


V21 = _second("2.1", "v2p1", richer=False)
V22 = _second("2.2", "v2p2", richer=True)
V3 = Version(
    "qti3",
    "QTI 3",
    "http://www.imsglobal.org/xsd/imsqtiasi_v3p0",
    "https://purl.imsglobal.org/spec/qti/v3p0/schema/xsd/imsqti_asiv3p0_v1p0.xsd",
    "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1",
    "https://purl.imsglobal.org/spec/qti/v3p0/schema/xsd/imsqtiv3p0_imscpv1p2_v1p0.xsd",
    "QTI Package",
    "3.0.0",
    "xmlv3p0",
    "https://purl.imsglobal.org/spec/qti/v3p0/rptemplates",
    kebab=True,
)
