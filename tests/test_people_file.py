"""One intended change of people.yml, and every other line as it was; the oracle is PyYAML's own plain loader."""

from __future__ import annotations

import base64
import struct
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from kantor import PROJECT

from pipeline import people_file, signature
from pipeline.errors import PipelineError, Refused
from pipeline.people import Acting
from pipeline.people_file import Newcomer

if TYPE_CHECKING:
    from collections.abc import Callable

patient = settings(deadline=None, max_examples=60)  # the machine may be busy
DAY = date(2026, 5, 31)
PLH = Acting(role="redaktur", as_="Plh", start=date(2026, 3, 2), end=date(2026, 3, 6), letter="W11-A7/12: KP, 'x' # 1")
SITI = Newcomer(
    id="siti",
    name='Siti "Ani" Contoh, S.Kom.: M.H.',
    emails=("siti@kantor.invalid", "s[i]@kantor.invalid"),
    roles=("admin", "redaktur"),
    keys=(),
    since=DAY,
)


def public(seed: int) -> str:
    """A public line that can be read; nobody holds its other half."""
    key = seed.to_bytes(32, "big")
    blob = struct.pack(">I", 11) + b"ssh-ed25519" + struct.pack(">I", 32) + key
    return f"ssh-ed25519 {base64.b64encode(blob).decode()} orang {seed}"


ALPHA, BETA, GAMMA = public(1), public(2), public(3)


def meaning(text: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.load(text, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))
    return found


def changed_lines(before: str, after: str) -> tuple[list[str], list[str]]:
    """What stands between the lines that both texts begin with and those that both end with."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    head = next((n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    old, new = old[head:], new[head:]
    tail = next(
        (n for n, (a, b) in enumerate(zip(old[::-1], new[::-1], strict=False)) if a != b), min(len(old), len(new))
    )
    return old[: len(old) - tail], new[: len(new) - tail]


# -- texts as an office may have written them --

comment = st.sampled_from(["", "", "    # catatan\n", "\n", "# di tepi\n", "  # dua spasi\n\n"])
aside = st.sampled_from(["", "  # laptop", " # a, b: [c]"])


@st.composite
def key_lists(draw: st.DrawFn, keys: list[str]) -> str:
    """The field ``kunci`` with these keys, in any style that our parser reads."""
    quote = draw(st.sampled_from(["'{}'", '"{}"', "{}"]))
    items = [quote.format(key) for key in keys]
    style = draw(st.sampled_from(["flow", "lines", "block", "flush"]))
    note = draw(aside)
    if not items:
        return draw(
            st.sampled_from([f"    kunci: []{note}\n", "    kunci: [ ]\n", f"    kunci:{note}\n", "    kunci: \n"])
        )
    if style == "flow":
        return f"    kunci: [{', '.join(items)}{draw(st.sampled_from(['', ' ', ', ']))}]{note}\n"
    if style == "lines":
        return f"    kunci: [{note}\n" + "".join(f"      {item},{draw(aside)}\n" for item in items) + "    ]\n"
    indent = "      " if style == "block" else "    "
    return f"    kunci:{note}\n" + "".join(f"{draw(comment)}{indent}- {item}{draw(aside)}\n" for item in items)


BLOCK = """    wakil:
      - peran: redaktur
        sebagai: Plt
        mulai: 2026-01-01
        sampai: 2026-01-02
        surat: W11/1  # surat lama
"""
wakil = st.sampled_from(
    [
        "",
        "    wakil: []\n",
        "    wakil:\n",
        "    wakil: [{peran: redaktur, sebagai: Plt, mulai: 2026-01-01, sampai: 2026-01-02, surat: x}]  # lama\n",
        "    wakil:\n      - {peran: redaktur, sebagai: Plt, mulai: 2026-01-01, sampai: 2026-01-02, surat: x}  # lama\n",
        BLOCK,
    ]
)
sampai = st.sampled_from(["", "    sampai: 2025-01-01\n", '    sampai: "2025-01-01"  # lama\n', "    sampai:\n"])


@st.composite
def offices(draw: st.DrawFn) -> str:
    """A whole people.yml: ``tia`` with ALPHA and perhaps BETA, others around, comments anywhere, any line ends."""
    people = draw(st.permutations(["tia", "umar", "vina"]))
    text = draw(comment).lstrip(" ") + "peran:\n  redaktur:\n    label: Redaktur\n\norang:\n"
    for at, who in enumerate(people):
        keys = (
            ([ALPHA, BETA] if draw(st.booleans()) else [ALPHA])
            if who == "tia"
            else [public(10 + at)][: draw(st.integers(0, 1))]
        )
        fields = [f"    nama: {who.title()}\n", f"    surel: [{who}@kantor.invalid]\n", "    peran: [redaktur]\n"]
        fields += [draw(key_lists(keys)), draw(wakil), draw(sampai)]
        text += f"  {who}:\n" + "".join(field + draw(comment) for field in draw(st.permutations(fields)))
    text += "# Mesin\nmesin:\n  penerbit:\n    nama: Mesin\n    surel: [p@kantor.invalid]\n" + draw(
        key_lists([public(9)])
    )
    text = text if draw(st.booleans()) else text.removesuffix("\n")
    return text.replace("\n", "\r\n") if draw(st.booleans()) else text


# -- each edit, on any of them --


@patient
@given(offices(), st.sampled_from(["tia", "umar", "vina", "penerbit"]))
def test_a_key_is_added_and_one_line_changes(text: str, who: str) -> None:
    result = people_file.add_key(text, who, GAMMA)
    expected = meaning(text)
    entry = expected["orang" if who != "penerbit" else "mesin"][who]
    entry["kunci"] = [*(entry["kunci"] or []), GAMMA]
    assert meaning(result) == expected
    old, new = changed_lines(text, result)
    assert len(old) <= 1
    assert len(new) <= 2  # the second where the file had no newline at its end
    assert any(GAMMA in line for line in new)


@patient
@given(offices(), st.sampled_from([("tia", ALPHA), ("penerbit", public(9))]))
def test_a_key_is_removed_and_only_its_lines_change(text: str, which: tuple[str, str]) -> None:
    who, key = which
    result = people_file.remove_key(text, who, signature.fingerprint(key))
    expected = meaning(text)
    entry = expected["orang" if who != "penerbit" else "mesin"][who]
    entry["kunci"] = [line for line in entry["kunci"] if line != key]
    assert meaning(result) == expected
    old, new = changed_lines(text, result)
    gone = [line for line in old if line not in new]
    assert all("kunci:" in line or key in line or line.lstrip().startswith("#") or not line.strip() for line in gone)
    assert all("kunci:" in line for line in new if line not in old)
    assert len(new) <= len(old)


@patient
@given(offices(), st.sampled_from(["tia", "umar", "vina"]))
def test_a_last_day_is_written_and_at_most_one_line_changes(text: str, who: str) -> None:
    result = people_file.retire(text, who, DAY)
    expected = meaning(text)
    expected["orang"][who]["sampai"] = "2026-05-31"
    assert meaning(result) == expected
    old, new = changed_lines(text, result)
    assert len(old) <= 1
    assert len(new) <= 2


@patient
@given(offices(), st.sampled_from(["tia", "umar", "vina"]))
def test_an_acting_period_is_written_and_at_most_one_line_changes(text: str, who: str) -> None:
    result = people_file.add_acting(text, who, PLH)
    expected = meaning(text)
    period = {
        "peran": "redaktur",
        "sebagai": "Plh",
        "mulai": "2026-03-02",
        "sampai": "2026-03-06",
        "surat": "W11-A7/12: KP, 'x' # 1",
    }
    expected["orang"][who]["wakil"] = [*(expected["orang"][who].get("wakil") or []), period]
    assert meaning(result) == expected
    assert len(changed_lines(text, result)[0]) <= 1


@patient
@given(offices())
def test_a_newcomer_is_entered_and_no_line_changes(text: str) -> None:
    result = people_file.add_person(text, SITI)
    expected = meaning(text)
    expected["orang"]["siti"] = {
        "nama": 'Siti "Ani" Contoh, S.Kom.: M.H.',
        "surel": ["siti@kantor.invalid", "s[i]@kantor.invalid"],
        "kunci": [],
        "peran": ["admin", "redaktur"],
        "mulai": "2026-05-31",
    }
    assert meaning(result) == expected
    assert list(meaning(result)["orang"])[-1] == "siti"
    assert changed_lines(text, result)[0] == []


@patient
@given(offices(), st.integers(20, 40))
def test_what_is_added_and_removed_again_leaves_nothing(text: str, seed: int) -> None:
    added = people_file.add_key(text, "tia", public(seed))
    assert meaning(people_file.remove_key(added, "tia", signature.fingerprint(public(seed)))) == meaning(text)


@patient
@given(offices())
def test_the_ends_of_lines_stay_what_they_are(text: str) -> None:
    result = people_file.add_person(people_file.add_acting(text, "tia", PLH), SITI)
    ends = {line[-2:] == "\r\n" for line in result.splitlines(keepends=True) if line.endswith("\n")}
    assert ends == {"\r\n" in text}


# -- the office's own file --


def test_the_offices_own_file_takes_every_edit() -> None:
    text = (PROJECT / "office" / "people.yml").read_text("utf-8")
    result = people_file.add_key(text, "redaktur", ALPHA)
    result = people_file.add_key(result, "redaktur", BETA)
    result = people_file.retire(result, "ketua", DAY)
    result = people_file.add_acting(result, "sekretaris", PLH)
    result = people_file.add_person(result, SITI)
    comments = [line for line in text.splitlines() if line.lstrip().startswith("#")]
    assert [line for line in result.splitlines() if line.lstrip().startswith("#")] == comments
    assert f'    kunci: ["{ALPHA}", "{BETA}"]\n' in result
    assert "    peran: [ketua]\n    sampai: 2026-05-31\n" in result
    assert people_file.retire(result, "ketua", date(2026, 6, 30)) == result.replace(
        "2026-05-31\n  siti", "2026-06-30\n  siti"
    )


def test_a_byte_order_mark_stays() -> None:
    text = "\ufeff" + (PROJECT / "office" / "people.yml").read_text("utf-8")
    assert people_file.add_key(text, "redaktur", ALPHA).startswith("\ufeff#")


def test_the_note_of_another_key_stays_with_it() -> None:
    text = f"orang:\n  tia:\n    kunci: [\n      '{ALPHA}',  # laptop\n      '{BETA}',  # cadangan\n    ]\n"
    result = people_file.remove_key(text, "tia", signature.fingerprint(ALPHA))
    assert result == f"orang:\n  tia:\n    kunci: [\n      '{BETA}',  # cadangan\n    ]\n"


# -- what is refused --

TIA = f"orang:\n  tia:\n    nama: Tia\n    kunci: ['{ALPHA}']\nmesin:\n  penerbit:\n    nama: M\n    kunci: []\n"


@pytest.mark.parametrize(
    ("code", "edit"),
    [
        ("unknown-person", lambda text: people_file.add_key(text, "budi", BETA)),
        ("unknown-person", lambda text: people_file.retire(text, "budi", DAY)),
        ("unknown-person", lambda text: people_file.add_acting(text, "budi", PLH)),
        ("no-such-key", lambda text: people_file.remove_key(text, "tia", signature.fingerprint(BETA))),
        ("no-such-key", lambda text: people_file.remove_key(text, "tia", "")),
        ("machine", lambda text: people_file.retire(text, "penerbit", DAY)),
        (
            "person-exists",
            lambda text: people_file.add_person(text, Newcomer(id="penerbit", name="P", emails=("p@x.id",), roles=())),
        ),
    ],
)
def test_what_cannot_be_meant_is_refused(code: str, edit: Callable[[str], str]) -> None:
    with pytest.raises(Refused) as refused:
        edit(TIA)
    assert refused.value.code == code


@pytest.mark.parametrize(
    "text",
    [
        "orang: {tia: {nama: Tia, kunci: []}}\n",  # everything between braces
        "orang:\n  tia: {nama: Tia, kunci: []}\n",
        "orang:\n",
        "",
    ],
)
def test_a_layout_that_cannot_be_edited_is_told_and_left_alone(text: str) -> None:
    with pytest.raises(PipelineError):
        people_file.retire(text, "tia", DAY)


def test_what_our_parser_refuses_is_not_edited() -> None:
    with pytest.raises(PipelineError, match="jangkar"):
        people_file.add_key(TIA.replace("nama: Tia", "nama: &a Tia"), "tia", BETA)
