"""Forms look alike: the renderer hands out the classes, the field template ties the texts."""

import re

import pytest
from django import forms
from django.template.loader import render_to_string


class EveryWidget(forms.Form):
    user_id = forms.CharField(label="User ID", help_text="6 to 74 characters.")
    nickname = forms.CharField(label="Nickname", required=False)
    password = forms.CharField(label="Password", widget=forms.PasswordInput)
    email = forms.EmailField(label="E-mail")
    reason = forms.CharField(label="Reason", widget=forms.Textarea)
    role = forms.ChoiceField(label="Role", choices=[("", "Select the Role"), ("1", "End User")])
    since = forms.DateField(label="From", widget=forms.DateInput(attrs={"type": "date"}))
    born = forms.DateField(label="Date of birth", widget=forms.SelectDateWidget(years=[1984]))
    kind = forms.ChoiceField(
        label="Kind", choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect
    )
    many = forms.MultipleChoiceField(
        label="Many",
        choices=[("x", "X"), ("y", "Y")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    agree = forms.BooleanField(label="I agree")
    word = forms.CharField(label="Search", widget=forms.TextInput(attrs={"type": "search"}))
    secret = forms.CharField(widget=forms.HiddenInput, required=False)


@pytest.mark.parametrize(
    ("name", "css_class"),
    [
        ("user_id", "usa-input"),
        ("password", "usa-input"),
        ("email", "usa-input"),
        ("since", "usa-input"),
        ("word", "usa-input"),
        ("reason", "usa-textarea"),
        ("role", "usa-select"),
        ("born", "usa-select"),
        ("kind", "usa-radio__input"),
        ("many", "usa-checkbox__input"),
        ("agree", "usa-checkbox__input"),
    ],
)
def test_every_control_gets_the_class_of_its_kind(name: str, css_class: str) -> None:
    html = str(EveryWidget()[name])
    controls = re.findall(r"<(?:input|select|textarea)[^>]*>", html)
    assert controls
    assert all(f'class="{css_class}"' in control for control in controls)


def test_a_hidden_field_gets_neither_class_nor_label() -> None:
    html = EveryWidget()["secret"].as_field_group()
    assert html.strip() == '<input type="hidden" name="secret" id="id_secret">'


def test_a_widget_with_a_class_of_its_own_keeps_its_look() -> None:
    class Foreign(forms.Form):
        title = forms.CharField(widget=forms.TextInput(attrs={"class": "vTextField"}))

    assert 'class="vTextField"' in str(Foreign()["title"])


def test_a_wrong_control_is_marked_and_described_by_hint_and_error() -> None:
    html = EveryWidget({})["user_id"].as_field_group()
    control = re.search(r"<input[^>]*>", html)
    assert control is not None
    assert 'class="usa-input usa-input--error"' in control[0]
    assert 'aria-invalid="true"' in control[0]
    assert 'aria-describedby="id_user_id_helptext id_user_id_error"' in control[0]
    assert 'id="id_user_id_helptext">6 to 74 characters.<' in html
    assert re.search(r'id="id_user_id_error">.*This field is required', html, re.DOTALL)


def test_labels_belong_to_controls_and_only_optional_fields_say_so() -> None:
    html = EveryWidget().render()
    assert re.search(r'<label[^>]*for="id_user_id">\s*User ID\s*</label>', html)
    assert html.count("(optional)") == 2
    assert "(optional)" in EveryWidget()["nickname"].as_field_group()


def test_groups_of_options_are_fieldsets_with_a_label_for_every_option() -> None:
    html = EveryWidget({})["kind"].as_field_group()
    assert 'aria-describedby="id_kind_error"' in html
    assert re.search(r"<legend[^>]*>\s*Kind\s*</legend>", html)
    assert 'for="id_kind_0">A</label>' in html
    assert 'for="id_kind_1">B</label>' in html


def test_the_parts_of_a_date_have_names() -> None:
    html = str(EveryWidget()["born"])
    for name in ("Month", "Day", "Year"):
        assert f'aria-label="{name}"' in html


def test_the_error_summary_leads_to_every_wrong_field() -> None:
    form = EveryWidget({"nickname": "Ro"})
    html = render_to_string("components/error_summary.html", {"form": form})
    targets = re.findall(r'href="#([^"]+)"', html)
    assert len(targets) == len(form.errors)
    page = form.render()
    for target in targets:
        assert f'id="{target}"' in page


def test_a_form_without_errors_has_no_summary() -> None:
    assert render_to_string("components/error_summary.html", {"form": EveryWidget()}).strip() == ""


def test_a_whole_form_carries_its_token_and_its_buttons() -> None:
    html = render_to_string(
        "components/form.html",
        {
            "form": EveryWidget(),
            "csrf_token": "token-of-this-session",
            "submit_label": "Next",
            "cancel_href": "/away/",
        },
    )
    assert 'name="csrfmiddlewaretoken" value="token-of-this-session"' in html
    assert re.search(r'<button type="submit"[^>]*>Next</button>', html)
    assert re.search(r'<a [^>]*href="/away/">Cancel</a>', html)


def test_a_form_that_only_asks_sends_no_token() -> None:
    html = render_to_string(
        "components/form.html",
        {"form": EveryWidget(), "csrf_token": "t", "submit_label": "Find", "method": "get"},
    )
    assert "csrfmiddlewaretoken" not in html


def test_text_from_people_is_shown_as_text() -> None:
    form = EveryWidget({"user_id": '"><script>alert(1)</script>'})
    assert "<script>" not in form.render()
