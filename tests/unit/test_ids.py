"""Which IDs are accepted, and what the refusal of the others says."""

import enum
import re
import string
from typing import TYPE_CHECKING, Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mijnklantportaal_client.errors import InvalidIDError, MijnKlantportaalError
from mijnklantportaal_client.ids import PREFIXES, check_id

if TYPE_CHECKING:
    from collections.abc import MutableMapping

SAFE = string.ascii_letters + string.digits + "_"
DOCUMENTED = (
    "agr ags agd apt cst cug inv off sub spg mdt fsf fsd fss frq fqf fac fcl plk plp pcd pcb tic tim tma wbh frm pag"
)
prefixes = st.sampled_from(sorted(PREFIXES))
rests = st.text(SAFE, min_size=1, max_size=30)


class StrMember(str, enum.Enum):  # noqa: UP042 - of a StrEnum, str() is the value
    """An enum whose `str()` isn't its value."""

    CUSTOMER = "cst_abc123"


def refusal(value: object, *expected: str, **options: Any) -> InvalidIDError:
    """Return the error that a value is refused with."""
    with pytest.raises(InvalidIDError) as caught:
        check_id(value, *expected, **options)
    return caught.value


def test_every_documented_prefix_is_known() -> None:
    """The table holds the prefixes of the docs, and no others."""
    assert set(PREFIXES) == {f"{prefix}_" for prefix in DOCUMENTED.split()}


def test_every_prefix_has_a_name_of_its_own() -> None:
    """No two prefixes are described alike, and no description is empty."""
    assert all(PREFIXES.values())
    assert len(set(PREFIXES.values())) == len(PREFIXES)


@pytest.mark.parametrize(
    ("prefix", "name"),
    [
        ("cst_", "customer"),
        ("inv_", "customer invoice"),
        ("fac_", "MijnKlantportaal invoice"),
        ("pcb_", "issued punch card"),
        ("frm_", "form"),
        ("pag_", "page"),
    ],
)
def test_names(prefix: str, name: str) -> None:
    """The prefixes that are most easily confused have the right names."""
    assert PREFIXES[prefix] == name


def test_the_table_is_read_only() -> None:
    """Nobody can change the table for everybody else."""
    with pytest.raises(TypeError):
        cast("MutableMapping[str, str]", PREFIXES)["xyz_"] = "something"


@pytest.mark.parametrize("value", ["cst_abc123def456", "cst_a", "cst_A_9", "cst__", "cst_" + "x" * 500])
def test_a_fitting_id_is_returned(value: str) -> None:
    """Letters, digits and underscores in any number are accepted after the prefix."""
    assert check_id(value, "cst_") == value


def test_the_published_example_with_two_underscores_is_accepted() -> None:
    """The vendor's own example of a subscription's ID has two underscores."""
    assert check_id("sub__abc12345def678", "sub_") == "sub__abc12345def678"


@pytest.mark.parametrize("value", ["fsf_abc123", "fsd_abc123"])
def test_one_of_several_prefixes_is_enough(value: str) -> None:
    """Where files and directories fit, both are accepted."""
    assert check_id(value, "fsf_", "fsd_", parameter="file_or_dir_id") == value


@pytest.mark.parametrize("value", ["abc", "123", "_", "zzz_1", "cst_"])
def test_without_prefixes_every_safe_id_fits(value: str) -> None:
    """No prefixes given means that the prefix doesn't matter."""
    assert check_id(value) == value


@pytest.mark.parametrize("value", ["inv_abc", "new1_abc", "cst_", "7"])
def test_the_prefix_check_can_be_turned_off(value: str) -> None:
    """Without the prefix check another or an unknown prefix goes through."""
    assert check_id(value, "cst_", validate_prefix=False) == value


@pytest.mark.parametrize("value", [StrMember.CUSTOMER, type("Text", (str,), {})("cst_abc123")])
def test_a_subclass_of_str_comes_back_as_plain_str(value: str) -> None:
    """What is sent is the text that was checked, not what `str()` or `format()` make of it."""
    checked = check_id(value, "cst_")
    assert type(checked) is str
    assert f"{checked}" == "cst_abc123"


UNSAFE = [
    "",
    ".",
    "..",
    "cst_..",
    "cst_a/b",
    "cst_a\\b",
    "../cst_abc",
    "cst_abc/../../inv_abc",
    "cst_%2e%2e",
    "cst_a%2Fb",
    "cst_a b",
    " cst_abc",
    "cst_abc ",
    "cst_abc\n",
    "cst_abc\r\n",
    "\ncst_abc",
    "cst_abc\x00",
    "cst_abc?page=2",
    "cst_abc#x",
    "cst_abc;x",
    "cst_abc:x",
    "cst_abc@x",
    "cst_a-b",
    "cst_a.b",
    "cst_\u0661\u0662\u0663",
    "cst_\uff11",
    "cst_\xb2",
    "cst_\xe9",
    "cst_\u212a",
    "\u0441st_abc",
    "cst_abc\u200b",
    "cst_abc\ud800",
]


@pytest.mark.parametrize("value", UNSAFE)
@pytest.mark.parametrize("validate_prefix", [True, False])
@pytest.mark.parametrize("expected", [(), ("cst_",)])
def test_unsafe_text_is_always_refused(value: str, validate_prefix: bool, expected: tuple[str, ...]) -> None:
    """Nothing that could change a URL or isn't plain ASCII passes, whatever is asked of the prefix."""
    error = refusal(value, *expected, validate_prefix=validate_prefix)
    assert error.value == value
    assert error.expected == expected


@pytest.mark.parametrize("value", [None, 12, 0, True, 1.5, b"cst_abc", bytearray(b"cst_abc"), ["cst_abc"], object()])
@pytest.mark.parametrize("validate_prefix", [True, False])
def test_other_types_are_refused(value: object, validate_prefix: bool) -> None:
    """Only text is an ID, and the error names the type that was given."""
    error = refusal(value, "cst_", validate_prefix=validate_prefix)
    assert error.value is value
    assert f"must be a str, not {type(value).__name__}" in str(error)


@pytest.mark.parametrize("value", ["abc", "cst", "cstabc", "CST_abc", "Cst_abc", "xcst_abc", "_cst_abc", "xyz_abc"])
def test_a_missing_or_unknown_prefix_is_refused(value: str) -> None:
    """The prefix stands at the start and in lower case."""
    error = refusal(value, "cst_")
    assert repr(value) in str(error)
    assert "`cst_...` (the ID of a customer)" in str(error)


def test_a_prefix_alone_is_refused() -> None:
    """At least one character follows the prefix."""
    assert "has nothing after its prefix" in str(refusal("cst_", "cst_"))


def test_the_error_holds_what_was_asked() -> None:
    """The attributes tell a program what the text tells a reader."""
    error = refusal("inv_abc", "fsf_", "fsd_", parameter="file_or_dir_id")
    assert (error.value, error.parameter, error.expected) == ("inv_abc", "file_or_dir_id", ("fsf_", "fsd_"))
    assert isinstance(error, ValueError)
    assert isinstance(error, MijnKlantportaalError)


def test_the_text_names_parameter_expectation_and_the_resource_it_would_fit() -> None:
    """Somebody who mixed up two IDs reads at once which one was given."""
    text = str(refusal("fac_abc123", "inv_", parameter="customer_invoice_id"))
    assert "`customer_invoice_id`" in text
    assert "`inv_...` (the ID of a customer invoice)" in text
    assert "'fac_abc123'" in text
    assert "`fac_...` is the ID of a MijnKlantportaal invoice" in text


def test_the_article_fits_the_name() -> None:
    """The text is readable for names that begin with a vowel too."""
    assert "`agr_...` is the ID of an agreement" in str(refusal("agr_1", "cst_"))


def test_all_expected_prefixes_are_named() -> None:
    """Each prefix that would have fitted is named with what it stands for."""
    text = str(refusal("cst_1", "fsf_", "fsd_"))
    assert "`fsf_...` (the ID of a file) or `fsd_...` (the ID of a directory)" in text


def test_an_unknown_expected_prefix_works() -> None:
    """A prefix that the table doesn't know yet can be asked for."""
    assert check_id("new_1", "new_") == "new_1"
    assert "`new_...`" in str(refusal("cst_1", "new_"))


@pytest.mark.parametrize("value", ["q" * 5000, "cst_" + "q" * 5000 + "/", "inv_" + "q" * 5000])
def test_at_most_40_characters_are_shown(value: str) -> None:
    """A long value, which may be something secret by mistake, isn't spread in full over logs."""
    text = str(refusal(value, "cst_"))
    assert repr(value[:40]) + "..." in text
    assert len(max(re.findall("q+", text), key=len)) <= 40


def test_40_characters_are_shown_whole() -> None:
    """A value that fits isn't marked as cut."""
    text = str(refusal("q" * 40, "cst_"))
    assert repr("q" * 40) in text
    assert "..." not in text.replace("`cst_...`", "")


def test_control_characters_are_shown_escaped() -> None:
    """A value can't add lines to a log."""
    text = str(refusal("cst_a\r\nINFO all is well \x1b[31m\u202e", "cst_"))
    assert text.isprintable()
    assert "\\r\\n" in text


def test_other_types_are_not_shown() -> None:
    """The repr of an unknown object can be long or hold secrets."""
    assert "hunter2" not in str(refusal({"password": "hunter2"}, "cst_"))


@given(prefixes, rests)
def test_every_safe_id_passes_its_own_check_unchanged(prefix: str, rest: str) -> None:
    """Any known prefix with safe characters after it is accepted as it is."""
    assert check_id(prefix + rest, prefix) == prefix + rest


@given(prefixes, prefixes, rests)
def test_an_id_fits_only_its_own_prefix(prefix: str, other: str, rest: str) -> None:
    """An ID of one kind is refused for every other kind, with the name of its own."""
    if prefix == other:
        return
    text = str(refusal(prefix + rest, other))
    assert f"`{prefix}...` is the ID of" in text
    assert text.endswith(f" {PREFIXES[prefix]}.")


@given(st.text(max_size=60), st.booleans())
def test_any_text_is_either_safe_or_refused(value: str, validate_prefix: bool) -> None:
    """What passes consists of safe characters only, and what consists of them passes without the prefix check."""
    try:
        checked = check_id(value, "cst_", validate_prefix=validate_prefix)
    except InvalidIDError:
        assert not value or not set(value) <= set(SAFE) or (validate_prefix and not value.startswith("cst_"))
    else:
        assert checked == value
        assert value
        assert set(value) <= set(SAFE)
        assert value.startswith("cst_") or not validate_prefix


@given(rests, st.characters(codec="utf-8").filter(lambda c: c not in SAFE), st.data())
def test_one_unsafe_character_anywhere_is_enough(rest: str, bad: str, data: st.DataObject) -> None:
    """A single character outside the safe ones spoils an ID, wherever it stands."""
    value = "cst_" + rest
    position = data.draw(st.integers(0, len(value)))
    spoilt = value[:position] + bad + value[position:]
    assert refusal(spoilt, "cst_", validate_prefix=False).value == spoilt
