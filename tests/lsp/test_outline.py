"""The outline of a file, and what can be folded away."""

from callflow.lsp.outline import Fold, folds, symbols
from callflow.lsp.scheme import read_file
from tests.lsp.schemes import EVERYTHING


def test_the_outline_names_what_is_declared() -> None:
    found = [(one.kind, one.name) for one in symbols(read_file("a.flow", EVERYTHING))]
    assert found == [
        ("schedule", "office"), ("list", "vips"), ("agent", "anna"), ("agent", "boris"), ("group", "sales"),
        ("group", "experts"), ("prompt", "welcome"), ("prompt", "tune"), ("number", "+49 30 23125 199"),
        ("flow", "start"), ("flow", "survey"), ("flow", "help"),
    ]  # fmt: skip


def test_a_name_lies_within_its_declaration() -> None:
    for one in symbols(read_file("a.flow", EVERYTHING)):
        assert one.span.start <= one.name_span.start < one.name_span.end <= one.span.end


def test_a_text_with_mistakes_has_an_outline() -> None:
    found = symbols(read_file("a.flow", "flow a { plai }\nflow b { menu { }\nflow c {}"))
    assert [one.name for one in found] == ["a", "b", "c"]


def test_blocks_and_comments_fold() -> None:
    text = "# one\n# two\nstart {\n    menu {\n        press 1 {\n        again }\n    }\n}\n\n# three\nflow a { }\n"
    assert folds(text) == [Fold(0, 1, is_comment=True), Fold(2, 6), Fold(3, 5)]


def test_braces_in_texts_and_comments_fold_nothing() -> None:
    assert folds('start {\n play "{"\n # {\n}\n') == [Fold(0, 2)]


def test_a_brace_too_many_folds_nothing() -> None:
    assert folds("}\n}\nstart {\n\n\n") == []
