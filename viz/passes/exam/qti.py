"""A quiz in QTI 1.2, as Canvas imports it: a zip with a manifest, one assessment and its pictures.

https://www.imsglobal.org/question/qtiv1p2/imsqti_asi_bindv1p2.html; the names of Canvas's own fields are those of its
exports. Each number is a group of questions, one of each variant, of which a student gets one.
"""

from __future__ import annotations

import hashlib
import io
import random
import zipfile
from html import escape
from typing import Any, Literal
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from microgrAD.explanation.exam.record import Exam, Paper
from viz.passes.exam.asked import Asked, Choice, alternative, asked, choice, different, exact, introduction, said
from viz.passes.exam.sheets import picture

Kind = Literal["numerical", "choice"]
_QTI = "http://www.imsglobal.org/xsd/ims_qtiasiv1p2"
_MANIFEST = "http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1"
_DATE = (1980, 1, 1, 0, 0, 0)  # the same file for the same exam


def write(exam: Exam, kinds: tuple[Kind, ...] = ("numerical",), **options: Any) -> bytes:
    """Return the zip. `kinds`: what is asked; `options`: those of `worksheet` about the look of pictures.

    Raises: ValueError if "choice" is asked for, and no gradient has enough usual mistakes.
    """
    ident = "exam" + hashlib.sha256(repr(exam.content()).encode()).hexdigest()[:24]
    pictures: dict[str, bytes] = {}
    groups: dict[tuple[str, str], list[Element]] = {}
    for number, paper in different(exam):
        if "numerical" in kinds:
            file = f"graph-{number:03}.png"
            pictures[file] = picture(paper, **options)
            for one in asked(paper):
                item = _numerical(f"{ident}-{number}-{one.key}", f"{exam.title} {number:03}", paper, one, file)
                groups.setdefault((paper.variant.expression, one.key), []).append(item)
        if "choice" in kinds and (made := choice(paper)):
            file = f"graph-{number:03}-choice.png"
            pictures[file] = picture(paper, blanks=[made.blank], **options)
            item = _choice(f"{ident}-{number}-choice", f"{exam.title} {number:03}", paper, made, file)
            groups.setdefault((paper.variant.expression, "choice"), []).append(item)
    if not groups:
        raise ValueError("no gradient of this exam has enough usual mistakes for a choice; take numerical")
    files = {
        "imsmanifest.xml": _manifest(ident, exam.title, list(pictures)),
        f"{ident}/{ident}.xml": _assessment(ident, exam.title, groups),
        **{f"pictures/{name}": content for name, content in pictures.items()},
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, _DATE), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _assessment(ident: str, title: str, groups: dict[tuple[str, str], list[Element]]) -> bytes:
    root = Element("questestinterop", xmlns=_QTI)
    test = SubElement(root, "assessment", ident=ident, title=title)
    _fields(SubElement(test, "qtimetadata"), {"cc_maxattempts": "1"})
    whole = SubElement(test, "section", ident="root_section")
    for k, items in enumerate(groups.values(), 1):
        group = SubElement(whole, "section", ident=f"{ident}-group-{k}", title=f"Question {k}")
        selection = SubElement(SubElement(group, "selection_ordering"), "selection")
        SubElement(selection, "selection_number").text = "1"
        SubElement(SubElement(selection, "selection_extension"), "points_per_item").text = "1.0"
        group.extend(items)
    return _xml(root)


def _manifest(ident: str, title: str, pictures: list[str]) -> bytes:
    root = Element("manifest", identifier=f"{ident}-manifest", xmlns=_MANIFEST)
    metadata = SubElement(root, "metadata")
    SubElement(metadata, "schema").text = "IMS Content"
    SubElement(metadata, "schemaversion").text = "1.1.3"
    SubElement(root, "organizations")
    resources = SubElement(root, "resources")
    test = SubElement(resources, "resource", identifier=ident, type="imsqti_xmlv1p2")
    SubElement(test, "file", href=f"{ident}/{ident}.xml")
    for name in pictures:
        path = f"pictures/{name}"
        image = SubElement(resources, "resource", identifier=f"{ident}-{name}", type="webcontent", href=path)
        SubElement(image, "file", href=path)
    return _xml(root)


# ---------------------------------------------------------------------------------------------- items


def _numerical(ident: str, title: str, paper: Paper, one: Asked, file: str) -> Element:
    item, presentation = _item(ident, title, "numerical_question", paper, f"{escape(one.name)} = ?", file)
    response = SubElement(presentation, "response_str", ident="response1", rcardinality="Single")
    SubElement(SubElement(response, "render_fib", fibtype="Decimal"), "response_label", ident="answer1")
    processing = _processing(item)
    right = SubElement(processing, "respcondition", {"continue": "No"})
    either = SubElement(SubElement(right, "conditionvar"), "or")
    SubElement(either, "varequal", respident="response1").text = exact(one.truth)
    both = SubElement(either, "and")
    SubElement(both, "vargte", respident="response1").text = exact(one.truth - one.margin)
    SubElement(both, "varlte", respident="response1").text = exact(one.truth + one.margin)
    _score(right)
    usual = "; ".join(f"{exact(w.answer)}: {w.said.partition(': ')[2]}" for w in one.wrong)
    _incorrect(item, processing, f"{said(None)}. Usual mistakes: {usual}" if usual else said(None))
    return item


def _choice(ident: str, title: str, paper: Paper, made: Choice, file: str) -> Element:
    text = f"Which gradient is right: {escape(made.name)} = ?"
    item, presentation = _item(ident, title, "multiple_choice_question", paper, text, file)
    options = [(made.right, ""), *made.wrong]
    random.Random(ident).shuffle(options)
    response = SubElement(presentation, "response_lid", ident="response1", rcardinality="Single")
    rendered = SubElement(response, "render_choice")
    processing = _processing(item)
    for k, (written, words) in enumerate(options, 1):
        label = SubElement(rendered, "response_label", ident=f"answer{k}")
        _material(label, written, "text/plain")
        if words:
            found = SubElement(processing, "respcondition", {"continue": "Yes"})
            SubElement(SubElement(found, "conditionvar"), "varequal", respident="response1").text = f"answer{k}"
            SubElement(found, "displayfeedback", feedbacktype="Response", linkrefid=f"answer{k}_fb")
            _said(item, f"answer{k}_fb", words)
    right = SubElement(processing, "respcondition", {"continue": "No"})
    place = next(k for k, (_, words) in enumerate(options, 1) if not words)
    SubElement(SubElement(right, "conditionvar"), "varequal", respident="response1").text = f"answer{place}"
    _score(right)
    return item


def _item(ident: str, title: str, kind: str, paper: Paper, text: str, file: str) -> tuple[Element, Element]:
    item = Element("item", ident=ident, title=title)
    _fields(
        SubElement(SubElement(item, "itemmetadata"), "qtimetadata"), {"question_type": kind, "points_possible": "1.0"}
    )
    presentation = SubElement(item, "presentation")
    image = (
        f'<p><img src="%24IMS-CC-FILEBASE%24/pictures/{file}" alt="{escape(alternative(paper))}" '
        'style="max-width: 100%"></p>'
    )
    _material(presentation, f"{introduction(paper)}{image}<p>{text}</p>", "text/html")
    return item, presentation


def _fields(metadata: Element, entries: dict[str, str]) -> None:
    for label, entry in entries.items():
        field = SubElement(metadata, "qtimetadatafield")
        SubElement(field, "fieldlabel").text = label
        SubElement(field, "fieldentry").text = entry


def _material(parent: Element, text: str, kind: str) -> None:
    SubElement(SubElement(parent, "material"), "mattext", texttype=kind).text = text


def _processing(item: Element) -> Element:
    processing = SubElement(item, "resprocessing")
    outcome = {"maxvalue": "100", "minvalue": "0", "varname": "SCORE", "vartype": "Decimal"}
    SubElement(SubElement(processing, "outcomes"), "decvar", outcome)
    return processing


def _score(condition: Element) -> None:
    SubElement(condition, "setvar", action="Set", varname="SCORE").text = "100"


def _incorrect(item: Element, processing: Element, words: str) -> None:
    """Say something about every answer that is not right."""
    other = SubElement(processing, "respcondition", {"continue": "Yes"})
    SubElement(SubElement(other, "conditionvar"), "other")
    SubElement(other, "displayfeedback", feedbacktype="Response", linkrefid="general_incorrect_fb")
    _said(item, "general_incorrect_fb", words)


def _said(item: Element, ident: str, words: str) -> None:
    _material(SubElement(SubElement(item, "itemfeedback", ident=ident), "flow_mat"), words, "text/plain")


def _xml(root: Element) -> bytes:
    ElementTree.indent(root)
    text: bytes = ElementTree.tostring(root, encoding="utf-8")
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + text + b"\n"
