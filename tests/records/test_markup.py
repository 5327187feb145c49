"""HTML as it is seen: what is struck out or not shown is no narrative, wherever its elements end."""

from __future__ import annotations

import pytest

from leadterm.records.attachments import UNSHOWN, read_html


def read(body: str) -> str:
    return read_html(f"<html><body>{body}</body></html>".encode(), "n.html")[0]


@pytest.mark.parametrize(
    "body",
    [
        "<p>Gout.</p><s>Sepsis.</s><strike>Stroke.</strike> Fever.",
        "<p>Gout.</p><span style='color:red; text-decoration: line-through'>Sepsis <b>and</b> stroke</span> Fever.",
        "<p>Gout.</p><div style=display:none>Sepsis<div>inner</div>more</div><p>Fever.</p>",
        '<p>Gout.</p><p hidden class="x">Sepsis<p>Fever.',
        "<p>Gout.</p><ul><li style='visibility: hidden'>Sepsis<ul><li>Stroke</ul>more</ul><p>Fever.",
    ],
)
def test_what_is_struck_out_or_not_shown_is_not_read(body: str) -> None:
    assert read(body).split() == ["Gout.", "Fever."]


def test_what_is_not_shown_is_told_and_what_is_struck_out_is_not() -> None:
    assert read_html(b"<p>Gout.<p hidden>Sepsis</p>", "n.html")[2] == (UNSHOWN,)
    assert read_html(b"<p hidden> </p><p title=' hidden '>Gout. <s>Sepsis</s></p>", "n.html")[2] == ()
