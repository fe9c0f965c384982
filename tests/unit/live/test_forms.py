"""The reader of forms sees what a browser without scripts would send."""

from tests.live import forms

PAGE = """
<form method="post" action="/decide/">
  <input type="hidden" name="token" value="abc">
  <input name="reason" value="because">
  <input name="off" disabled value="x">
  <input type="checkbox" name="agree"> <input type="checkbox" name="news" checked value="yes">
  <input type="radio" name="size" value="s"> <input type="radio" name="size" value="m" checked>
  <select name="role">
    <option value="">Select</option><option value="2" selected>Two</option>
  </select>
  <textarea name="text">two
lines</textarea>
  <button type="submit" name="decision" value="accept">I Accept</button>
  <button type="submit" name="decision" value="decline">Decline</button>
</form>
<form action="/search/"><input type="search" name="q"></form>
"""


def test_untouched_controls_are_sent_as_they_stand() -> None:
    decide, _ = forms.read(PAGE)
    assert (decide.action, decide.method) == ("/decide/", "post")
    assert decide.pairs() == [
        ("token", "abc"),
        ("reason", "because"),
        ("news", "yes"),
        ("size", "m"),
        ("role", "2"),
        ("text", "two\nlines"),
    ]


def test_only_the_pressed_button_is_sent() -> None:
    decide, _ = forms.read(PAGE)
    assert decide.pairs("decline")[-1] == ("decision", "decline")
    assert [name for name, _ in decide.pairs("decline")].count("decision") == 1


def test_names_are_what_a_person_fills_in() -> None:
    decide, search = forms.read(PAGE)
    assert decide.names == {"reason", "agree", "news", "size", "role", "text"}
    assert search.names == {"q"}
    assert search.method == "get"
