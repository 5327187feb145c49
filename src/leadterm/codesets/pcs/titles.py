"""Composes the title of an ICD-10-PCS code from its seven labels, in the manner of the official long titles.

The official wording cannot be derived for every code (of the 78,519 codes of FY2023 that have a title in the embedded
list, the share that comes out word for word is in the tests); where it must be exact, it is that of the order file.
"""

from __future__ import annotations

import re
from functools import lru_cache

# Section → wording; `{4}` to `{7}` are the labels of those axes, {1} to {3} those of the table, {last} the last word of
# the operation. A part in brackets is left out when one of its labels says nothing (No Device, None, …).
SECTIONS = {
    "0": "{3} of {4}[ with {6}][, {7}], {5}",
    "1": "{3} of {4}[, {7}], {5}",
    "2": "{3} of {4}[ using {6}]",
    "3": "{3} of {6}[, {7},] into {4}, {5}",
    "4": "{3} of {4} {6}[, {7}], {5}",
    "5": "{3} of {4} {6}, {5}[, {7}]",
    "6": "{3}[, {4}], {5}",
    "7": "Osteopathic {3} of {4} using {6}",
    "8": "{6}[ of {4}][, {7}]",
    "9": "Chiropractic {3} of {4}, {6}",
    "B": "{3} of {4}[ using {5}][, {6}][, {7}]",
    "C": "{3} of {4}[ using {5}]",
    "D": "{5} of {4}[ using {6}][, {7}]",
    "F": "{5} {last}[ of {4}][ using {6}]",
    "G": "{3}[, {4}]",
    "H": "{3} for {1}[, {4}]",
    "X": "{3} of {4} using {6}, {5}, {7}",
}
_CUTTING = "{3} of {4}[ with {6}], {5}[, {7}]"
# Section and operation → its own wording.
OPERATIONS = {
    ("0", "Bypass"): "{3} {4}[ to {7}][ with {6}], {5}",
    ("0", "Change"): "{3} {6} in {4}, {5}",
    ("0", "Control"): "{3} Bleeding in {4}, {5}",
    ("0", "Creation"): "{3} of {7} in {4} with {6}, {5}",
    ("0", "Destruction"): "{3} of {4}[ using {7}], {5}",
    ("0", "Detachment"): "{3} at {4}[, {7}], {5}",
    ("0", "Drainage"): _CUTTING,
    ("0", "Excision"): _CUTTING,
    ("0", "Extirpation"): "{3} of Matter from {4}[, {7}], {5}",
    ("0", "Extraction"): _CUTTING,
    ("0", "Fragmentation"): "{3} in {4}, {5}[, {7}]",
    ("0", "Insertion"): "{3} of {6} into {4}[, {7}], {5}",
    ("0", "Map"): "{3} {4}, {5}",
    ("0", "Release"): "{3} {4}[, {7}], {5}",
    ("0", "Removal"): "{3} of {6} from {4}[, {7}], {5}",
    ("0", "Repair"): "{3} {4}[, {7}], {5}",
    ("0", "Reposition"): "{3} {4}[, {7}][ with {6}], {5}",
    ("0", "Revision"): "{3} of {6} in {4}[, {7}], {5}",
    ("0", "Supplement"): "{3} {4} with {6}[, {7}], {5}",
    ("0", "Transfer"): "{3} {4}[ to {7}], {5}",
    ("1", "Change"): "{3} {6} in {4}, {5}",
    ("1", "Drainage"): "{3} of {7} from {4}, {5}",
    ("1", "Insertion"): "{3} of {6} into {4}, {5}",
    ("1", "Removal"): "{3} of {6} from {4}, {5}",
    ("1", "Repair"): "{3} {7} in {4}[ with {6}], {5}",
    ("1", "Reposition"): "{3} {4}, {5}",
    ("1", "Transplantation"): "{3} of {7} into {4}, {5}",
    ("2", "Change"): "{3} {6} on {4}",
    ("2", "Removal"): "{3} of {6} on {4}",
    ("3", "Irrigation"): "{3} of {4} using {6}, {5}[, {7}]",
    ("3", "Transfusion"): "{3} of [{7} ]{6} into {4}, {5}",
    ("5", "Assistance"): "{3} with {4} {6}, {5}[, {7}]",
    ("6", "Pheresis"): "{3} of {7}, {5}",
    ("D", "Beam Radiation"): "{3} of {4} using {5}[, {7}]",
    ("D", "Brachytherapy"): "{5} {3} of {4}[ using {6}][, {7}]",
    ("F", "Caregiver Training"): "{3} in {5}[ using {6}]",
    ("F", "Device Fitting"): "{5} {3}[ using {6}]",
    ("X", "Dilation"): "{3} of {4} with {6}, {5}, {7}",
    ("X", "Extirpation"): "{3} of Matter from {4} using {6}, {5}, {7}",
    ("X", "Insertion"): "{3} of {6} into {4}, {5}, {7}",
    ("X", "Introduction"): "{3} of {6} into {4}, {5}, {7}",
    ("X", "Measurement"): "{3} of {6}, {7}",
    ("X", "Transfusion"): "{3} of {6} into {4}, {5}, {7}",
}
SILENT = frozenset({"no device", "no qualifier", "none"})
# What stays behind its comma: "Coronary Artery, Two Arteries", "Thoracic Aorta, Descending".
BEHIND = re.compile(
    r"(?:One|Two|Three|Four or More) Arter(?:y|ies)|All|Descending|Ascending/Arch|Infant|Pylorus|Pharynx Muscle"
)
# In imaging and nuclear medicine only these come to the front; other commas there are lists.
BEFORE = re.compile(
    r"Right|Left|Bilateral|Right and Left|Unilateral|Other|Multiple|Single|Upper|Lower|Pelvic|Thorax|Trunk|Abdomen"
    r"|(?:Upper|Lower) Extremity|Head and Neck|Head|Neck"
)
_NUMBERED = re.compile(r"(.*Device), (?:(.*), )?(Two|Three|Four or More)")
_KIND = re.compile(r"(.*(?:Device|Generator|Substitute)), ([^,]*)((?:, .*)?)")
_OPTIONAL = re.compile(r"\[([^\]]*)\]")
_LABEL = re.compile(r"\{(\w+)\}")
_APPROACHING = frozenset("01348X")  # sections whose fifth axis is an approach and is told in titles


def compose(code: str, labels: tuple[str, ...]) -> str:
    """The title of a code from its labels, in the order of its characters."""
    said = _said(code[0], labels)
    pattern = OPERATIONS.get((code[0], labels[2])) or SECTIONS.get(code[0], ", ".join(f"{{{n}}}" for n in range(3, 8)))
    pattern = _OPTIONAL.sub(lambda part: part[1] if all(said[n] for n in _LABEL.findall(part[1])) else "", pattern)
    return " ".join(_LABEL.sub(lambda label: said[label[1]], pattern).split())


def _said(section: str, labels: tuple[str, ...]) -> dict[str, str]:
    """What each axis says in a title; empty where it says nothing."""
    said = {str(n): "" if label.lower() in SILENT else label for n, label in enumerate(labels, 1)}
    said["last"] = labels[2].rpartition(" ")[2]
    if section != "1":  # "Products of Conception, Ectopic" is one thing
        said["4"] = body_part(section, said["4"])
    if section in "01":
        said["7"] = body_part("B", said["7"])
    if section in "0X":
        said["6"] = device(said["6"])
    if section in _APPROACHING and said["5"] and not said["5"].startswith("Via "):
        said["5"] += " Approach"
    if section == "3" and said["7"].startswith("Other "):
        # The qualifier then names the substance itself, or says no more than it does.
        said["6"], said["7"] = (said["6"] if said["7"] == "Other Substance" else said["7"]), ""
    if section == "B" and said["5"].endswith("Osmolar"):
        said["5"] += " Contrast"
    return said


@lru_cache(maxsize=4096)
def body_part(section: str, label: str) -> str:
    """The body part with its side or region in front: "Kidney, Right" → "Right Kidney"."""
    part, comma, side = label.rpartition(", ")
    surgical = section in "0X"
    moved = not BEHIND.fullmatch(side) if surgical else BEFORE.fullmatch(side)
    return f"{side} {part}" if comma and moved else label


@lru_cache(maxsize=1024)
def device(label: str) -> str:
    """The device with its kind and number in front: "Intraluminal Device, Two" → "Two Intraluminal Devices"."""
    if found := _NUMBERED.fullmatch(label):
        return " ".join(part for part in (found[3], found[2], f"{found[1]}s") if part)
    if found := _KIND.fullmatch(label):
        return f"{found[2]} {found[1]}{found[3]}"
    return label
