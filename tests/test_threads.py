"""Which document is meant, on a small exchange written for it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from kg import tei
from kg.citations import PAPERS, find
from kg.document import Document, Event, Footnote, Page, PartialDate, Party
from kg.headings import read as heading
from kg.threads import RULES, Answer, DocumentKey, Index, Resolution, Side, answers, passages

MINISTER = "The Minister in Freedonia (Teasdale)"
SECRETARY = "The Secretary of State"
CHARGE = "The Chargé in Sylvania (Trentino)"


def document(
    order: int,
    text: str,
    *,
    title: str = f"{MINISTER} to {SECRETARY}",
    sent: str | None = None,
    number: str | None = None,
    pages: Sequence[str] = ("10",),
    notes: Sequence[Footnote] = (),
    volume: str = "frus1934v05",
    file: str | None = None,
) -> Document:
    parties: tuple[Party, ...] = heading(title).parties
    return Document(
        volume=volume,
        id=f"d{order}",
        order=order,
        line=order,
        text=text,
        title=title,
        number=number,
        file_number=file,
        parties=parties,
        sent=Event(printed=sent, date=PartialDate(printed=sent, edtf=sent)) if sent else None,
        pages=tuple(Page(number=page, key=page) for page in pages),
        footnotes=tuple(notes),
    )


def note(text: str, offset: int | None, mark: str = "1") -> Footnote:
    return Footnote(key=f"fn{mark}", mark=mark, paragraphs=(text,), offset=offset)


def resolved(documents: Sequence[Document], order: int, exact: str) -> Resolution:
    """What the citation with these words in the document with this order means."""
    index = Index(map(DocumentKey.of, documents))
    for passage in passages(documents):
        if passage.identifier.endswith(f"/d{order}") and passage.citation.exact == exact:
            citing = index.key(passage.identifier)
            assert citing is not None
            note = passage.footnote is not None
            found = index.resolve(passage.citation, citing, beside=passage.beside, note=note)
            assert found.rule in RULES
            return found
    raise AssertionError(f"{exact!r} is not cited in d{order}")


def targets(*orders: int) -> tuple[str, ...]:
    return tuple(f"frus1934v05/d{order}" for order in orders)


ASKED = document(1, "12. The figs are ripe.", sent="1934-03-02T18:00:00", number="12")
ANSWER = document(
    2,
    "7. Your 12, March 2, 6 p.m. Pick them.",
    title=f"{SECRETARY} to {MINISTER}",
    sent="1934-03-03T12:00:00",
    number="7",
)


def test_number_and_date_that_hit_one_document_are_certain() -> None:
    found = resolved([ASKED, ANSWER], 2, "Your 12, March 2, 6 p.m.")
    assert found == Resolution(targets=targets(1), certainty="certain", rule="number-and-date")


def test_a_day_on_which_no_document_has_the_number_resolves_to_none() -> None:
    reply = document(2, "7. Your 12, March 1, 6 p.m. Pick them.", sent="1934-03-03", title=f"{SECRETARY} to {MINISTER}")
    assert resolved([ASKED, reply], 2, "Your 12, March 1, 6 p.m.") == Resolution(rule="no-such-document")


def test_another_hour_leaves_the_document_probable() -> None:
    reply = document(2, "7. Your 12, March 2, 6 a.m. Pick them.", sent="1934-03-03", title=f"{SECRETARY} to {MINISTER}")
    found = resolved([ASKED, reply], 2, "Your 12, March 2, 6 a.m.")
    assert (found.targets, found.certainty) == (targets(1), "probable")


def test_a_citation_of_december_in_january_is_of_the_year_before() -> None:
    old = document(1, "12. Figs.", sent="1933-12-30T18:00:00", number="12")
    later = document(2, "13. Figs.", sent="1934-12-30T18:00:00", number="12")
    citing = document(3, "14. My 12, December 30, 6 p.m. None left.", sent="1934-01-02T18:00:00", number="14")
    found = resolved([old, later, citing], 3, "My 12, December 30, 6 p.m.")
    assert (found.targets, found.certainty) == (targets(1), "certain")


def test_two_documents_of_one_number_and_day_are_told_apart_by_direction() -> None:
    other = document(2, "12. Dates.", title=f"{CHARGE} to {SECRETARY}", sent="1934-03-02T18:00:00", number="12")
    reply = document(3, "7. Your 12, March 2. Pick.", title=f"{SECRETARY} to {MINISTER}", sent="1934-03-03")
    found = resolved([ASKED, other, reply], 3, "Your 12, March 2")
    assert (found.targets, found.certainty) == (targets(1), "certain")


def test_two_documents_that_nothing_tells_apart_are_both_candidates() -> None:
    other = document(2, "12. Dates.", title=f"{CHARGE} to {SECRETARY}", sent="1934-03-02T18:00:00", number="12")
    citing = document(3, "He read telegram No. 12 of March 2 aloud.", title="Minutes of a meeting", sent="1934-03-03")
    found = resolved([ASKED, other, citing], 3, "telegram No. 12 of March 2")
    assert (found.targets, found.certainty) == (targets(1, 2), "probable")


def test_a_document_that_went_the_other_way_is_probable_at_most() -> None:
    citing = document(2, "7. My 12, March 2. Figs.", title=f"{SECRETARY} to {MINISTER}", sent="1934-03-03")
    found = resolved([ASKED, citing], 2, "My 12, March 2")
    assert (found.certainty, found.rule) == ("probable", "number-and-date-against-direction")


def test_a_number_without_a_date_is_probable_by_direction() -> None:
    other = document(2, "12. Dates.", title=f"{CHARGE} to {SECRETARY}", sent="1934-03-01", number="12")
    reply = document(3, "7. I have your No. 12.", title=f"{SECRETARY} to {MINISTER}", sent="1934-03-03")
    found = resolved([ASKED, other, reply], 3, "your No. 12")
    assert (found.targets, found.certainty, found.rule) == (targets(1), "probable", "number-and-direction")


@pytest.mark.parametrize(
    ("words", "sent"),
    [
        ("your note of the 8th instant", "1897-04-08"),
        ("your note of the 28th ultimo", "1897-03-28"),
        ("your note of the 30th", "1897-03-30"),
        ("your note of this date", "1897-04-12"),
        ("your note of yesterday", "1897-04-11"),
    ],
)
def test_a_relative_date_is_counted_from_the_citing_document(words: str, sent: str) -> None:
    first = document(1, "Sir: Figs.", title="Mr. Teasdale to Mr. Sherman.", sent=sent)
    second = document(2, f"Sir: I have {words}.", title="Mr. Sherman to Mr. Teasdale.", sent="1897-04-12")
    found = resolved([first, second], 2, words)
    assert (found.targets, found.certainty, found.rule) == (targets(1), "probable", "date-and-direction")


def test_supra_is_the_document_before_and_infra_the_one_behind() -> None:
    middle = document(2, "Sir: I asked.", notes=[note("Supra.", 12), note("Infra.", 12, "2")], sent="1934-03-04")
    row = [ASKED, middle, document(3, "Sir: I ask again.")]
    assert resolved(row, 2, "Supra").targets == targets(1)
    assert resolved(row, 2, "Infra").targets == targets(3)


def test_supra_reaches_over_a_document_that_does_not_bear_the_number() -> None:
    between = document(2, "13. Dates.", number="13", sent="1934-03-02T20:00:00")
    text = "7. Your 12, March 2, 6 p.m. Pick them."
    citing = document(3, text, title=f"{SECRETARY} to {MINISTER}", sent="1934-03-03", notes=[note("Supra.", 27)])
    found = resolved([ASKED, between, citing], 3, "Supra")
    assert (found.targets, found.certainty) == (targets(1), "certain")


def on_page() -> list[Document]:
    return [
        document(1, "11. Figs.", number="11", sent="1934-03-01", pages=("9", "10")),
        document(2, "12. Figs.", number="12", sent="1934-03-02"),
        document(3, "13. Figs.", number="13", sent="1934-03-03"),
    ]


def test_a_page_with_several_documents_gives_those_that_begin_there_first() -> None:
    citing = document(4, "Sir: Figs.", notes=[note("Ante, p. 10.", 8)], pages=("20",))
    found = resolved([*on_page(), citing], 4, "Ante, p. 10")
    assert (found.targets, found.certainty, found.page) == (targets(2, 3, 1), "probable", "10")


def test_the_only_document_that_begins_on_a_page_is_preferred() -> None:
    citing = document(4, "Sir: Figs.", notes=[note("Ante, p. 9.", 8)], pages=("20",))
    assert resolved([*on_page(), citing], 4, "Ante, p. 9").targets == targets(1)


def test_the_paper_before_the_mark_picks_a_document_of_the_page() -> None:
    text = "As my telegram 12 of March 2 said, figs."
    citing = document(4, text, notes=[note("Ante, p. 10.", text.index(" said"))], pages=("20",), sent="1934-03-09")
    row = [*on_page(), citing]
    for words in ("Ante, p. 10", "my telegram 12 of March 2"):
        found = resolved(row, 4, words)
        assert (found.targets, found.certainty, found.rule) == (targets(2), "certain", "page-number-and-date")


def test_the_date_before_the_mark_picks_a_document_of_the_page() -> None:
    text = "the order of March 2, 1934, on figs"
    citing = document(4, text, notes=[note("Ante, p. 10.", text.index(" on figs"))], pages=("20",))
    found = resolved([*on_page(), citing], 4, "Ante, p. 10")
    assert (found.targets, found.certainty) == (targets(2), "probable")


def test_a_footnote_is_sought_by_mark_on_its_page() -> None:
    row = on_page()
    row[2] = document(3, "13. Figs.", number="13", notes=[note("Not printed.", 3, "84")])
    citing = document(4, "Sir: Figs.", notes=[note("See footnote 84, p. 10.", 8)], pages=("20",))
    assert resolved([*row, citing], 4, "footnote 84, p. 10").targets == targets(3)


def test_a_paper_that_the_note_calls_unprinted_is_none_of_the_documents() -> None:
    text = "7. Your 12, March 2, 6 p.m. Pick them."
    citing = document(2, text, title=f"{SECRETARY} to {MINISTER}", sent="1934-03-03", notes=[note("Not printed.", 27)])
    assert resolved([ASKED, citing], 2, "Your 12, March 2, 6 p.m.") == Resolution(rule="not-printed")


def test_a_paper_that_is_printed_in_another_document_is_not_taken_for_it() -> None:
    text = "your note No. 57 of March 1 on figs"
    mark = text.index(" on figs")
    notes = [note("See telegram No. 12, Mar. 2, supra.", mark)]
    citing = document(2, text, title=f"{SECRETARY} to {MINISTER}", sent="1934-03-05", notes=notes)
    found = resolved([ASKED, citing], 2, "your note No. 57 of March 1")
    assert (found.certainty, found.rule) == ("probable", "printed-in")


def test_a_volume_that_is_not_loaded_keeps_its_id_and_page() -> None:
    citing = document(1, "Sir: Figs.", notes=[note("Foreign Relations, 1933, vol. v, p. 646.", 8)])
    found = resolved([citing], 1, "Foreign Relations, 1933, vol. v, p. 646")
    assert found == Resolution(rule="volume-not-loaded", volume="frus1933v05", page="646")


def test_a_page_of_another_loaded_volume_is_resolved() -> None:
    other = document(1, "3. Figs.", volume="frus1933v05", pages=("646",))
    citing = document(1, "Sir: Figs.", notes=[note("Foreign Relations, 1933, vol. v, p. 646.", 8)])
    assert resolved([other, citing], 1, "Foreign Relations, 1933, vol. v, p. 646").targets == ("frus1933v05/d1",)


def test_a_number_and_date_of_another_loaded_volume_are_probable() -> None:
    other = document(1, "12. Figs.", volume="frus1933v05", number="12", sent="1934-03-02T18:00:00")
    found = resolved([other, ANSWER], 2, "Your 12, March 2, 6 p.m.")
    assert (found.targets, found.certainty) == (("frus1933v05/d1",), "probable")


def test_a_bare_page_in_a_text_is_of_an_unknown_work() -> None:
    citing = document(2, "The gardener says (see p. 10) that figs ripen.", pages=("20",))
    assert resolved([ASKED, citing], 2, "p. 10").rule == "page-of-what"


def test_document_numbers_and_file_numbers_are_found() -> None:
    filed = document(1, "12. Figs.", file="860.61/12")
    citing = document(2, "Sir: Figs.", notes=[note("See Document 1.", 3), note("(File No. 860.61/12)", 8, "2")])
    assert resolved([filed, citing], 2, "Document 1").targets == targets(1)
    assert resolved([filed, citing], 2, "File No. 860.61/12").rule == "file-number"


@pytest.mark.parametrize(
    ("pointer", "found"),
    [
        ("#pg_10", targets(1)),
        ("#d1", targets(1)),
        ("#d1fn3", targets(1)),
        ("frus1934v05#pg_10", targets(1)),
        ("frus1952-54v04#pg_1041", ()),
        ("#d99", ()),
        ("http://example.org", ()),
    ],
)
def test_pointers_of_the_markup_are_resolved(pointer: str, found: tuple[str, ...]) -> None:
    citing = document(2, "Sir: Figs.", pages=("20",))
    index = Index(map(DocumentKey.of, [ASKED, citing]))
    assert index.pointer(pointer, DocumentKey.of(citing)).targets == found


def test_a_pointer_to_a_volume_that_is_not_loaded_keeps_volume_and_page() -> None:
    index = Index([DocumentKey.of(ASKED)])
    found = index.pointer("frus1952-54v04#pg_1041", DocumentKey.of(ASKED))
    assert (found.rule, found.volume, found.page) == ("volume-not-loaded", "frus1952-54v04", "1041")


def pairs(documents: Sequence[Document]) -> list[tuple[str, str, str]]:
    def short(answer: Answer) -> tuple[str, str, str]:
        return answer.identifier.rpartition("/")[2], answer.answers.rpartition("/")[2], answer.certainty

    found = answers(documents)
    assert {answer.rule for answer in found} <= RULES.keys()
    return [short(answer) for answer in found]


def test_a_reply_opens_with_the_paper_it_answers() -> None:
    assert pairs([ASKED, ANSWER]) == [("d2", "d1", "certain")]


def test_going_on_from_ones_own_paper_is_no_answer() -> None:
    more = document(2, "13. My 12, March 2, 6 p.m. Still ripe.", sent="1934-03-03", number="13")
    assert pairs([ASKED, more]) == []


def test_a_paper_cited_in_a_later_sentence_is_not_answered() -> None:
    text = "7. The figs may wait until autumn. I have seen your 12, March 2, 6 p.m."
    late = document(2, text, title=f"{SECRETARY} to {MINISTER}", sent="1934-03-03")
    assert pairs([ASKED, late]) == []


def test_a_letter_answers_behind_number_and_salutation() -> None:
    first = document(1, "Sir: Figs.", title="Mr. Teasdale to Mr. Sherman.", sent="1897-04-08", number="30")
    text = "No. 84.]\nSir: I have the honor to acknowledge the receipt of your dispatch No. 30, of the 8th instant."
    reply = document(2, text, title="Mr. Sherman to Mr. Teasdale.", sent="1897-04-12", number="84")
    assert pairs([first, reply]) == [("d2", "d1", "certain")]


def test_a_party_is_known_by_post_or_by_name() -> None:
    post = Side(names=frozenset({"teasdale"}), posts=frozenset({"freedonia"}))
    assert post.same(Side(names=frozenset({"firefly"}), posts=frozenset({"freedonia"})))
    assert post.same(Side(posts=frozenset({"sylvania"}))) is False
    assert post.same(Side()) is None
    assert Side(home=True).same(post) is False


def test_most_telegrams_of_a_real_volume_resolve_to_one_document(shared: Path) -> None:
    path = shared / "corpus" / "tei" / "frus1934v05.xml.gz"
    documents = tei.read(path).documents
    index = Index(map(DocumentKey.of, documents))
    found = [
        (passage, index.resolve(passage.citation, citing, beside=passage.beside))
        for passage in passages(documents)
        if not passage.footnote and (citing := index.key(passage.identifier))
    ]
    told = [
        resolution
        for passage, resolution in found
        if passage.citation.form in PAPERS and passage.citation.number and passage.citation.hour
    ]
    certain = [resolution for resolution in told if resolution.certainty == "certain"]
    assert len(told) > 250
    assert len(certain) / len(told) > 0.8
    assert all(len(resolution.targets) == 1 for resolution in certain)
    assert {resolution.rule for _, resolution in found} <= RULES.keys()


def test_finding_keeps_no_state_between_texts() -> None:
    assert find("Ibid., p. 3.")[0].volume is None


def test_a_range_of_documents_means_each_of_them() -> None:
    row = [document(number, "Figs.") for number in (1, 2, 4, 5)]
    citing = document(6, "Sir: See Documents 2–4.")
    assert resolved([*row, citing], 6, "Documents 2–4").targets == targets(2, 4)


def test_a_footnote_of_what_was_named_before_leads_nowhere() -> None:
    found = resolved([document(1, "Figs."), document(2, "Sir: See footnote 2 thereto.")], 2, "footnote 2")
    assert (found.targets, found.volume) == ((), None)
