"""Many cells are looked at together, since they differ in their figures alone: nobody slips by."""

from hypothesis import given
from hypothesis import strategies as st

from mixwijzer.exchange.refused import kind_of_values, may_be_personal, personal_in
from mixwijzer.exchange.tables._persons import persons_among
from mixwijzer.exchange.tables._schema import schema

PIECES = (
    "Kerkstraat 1",
    "Kerkstraat 1023",
    "H12",
    "T-4/2",
    "111222333",
    "123456789",
    "j.jansen@voorbeeld.nl",
    "NL91ABNA0417164300",
    "NL91 ABNA 0417164300",
    "geb. 1-2-1980",
    "geboren 12 maart 1980",
    "mevr. De Vries",
    "J. Jansen",
    "Jan Jansen",
    "schizofreen 3",
    "",
    " ",
    "é٣",
)
lines = st.lists(
    st.lists(st.sampled_from(PIECES), min_size=1, max_size=3).map(" ".join), min_size=1, max_size=8
)


@given(texts=lines)
def test_what_one_cell_tells_of_somebody_is_seen_among_all(texts):
    if any(personal_in(text) for text in texts):
        assert may_be_personal("\n".join(texts))


@given(texts=lines, place=st.sampled_from([("dwellings", "address"), ("dwellings", "id")]))
def test_somebody_among_many_cells_is_somebody_alone(texts, place):
    table, name = place
    column = next(each for each in schema()[table] if each.name == name)
    values = {text for text in texts if text}
    together = persons_among(column, values)
    if not any(value.isdecimal() and len(value) == 9 for value in values):  # told by the others
        alone: dict[str, str] = {}
        for each in values:
            alone |= persons_among(column, {each})
        assert together == alone


@given(good=st.integers(0, 30), bad=st.integers(0, 30))
def test_nine_of_ten_service_numbers_make_a_column_of_them(good, bad):
    values = ["111222333"] * good + ["laag"] * bad
    told = kind_of_values(values) == "bsn"
    assert told == (good + bad >= 5 and good >= 0.9 * (good + bad))
