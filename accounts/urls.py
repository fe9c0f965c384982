"""Addresses of the accounts pages."""

from django.urls import path

from accounts.views import (
    accessibility,
    acknowledgements,
    activation,
    disavowal,
    email_change,
    history,
    my_data,
    passwords,
    profile,
    profile_change,
    profile_questions,
    proofing,
    recovery,
    registration,
    sessions,
    sign_in,
    terms,
)

app_name = "accounts"
urlpatterns = [
    path("terms/", terms.terms, name="terms"),
    path("rules-of-behavior/", terms.rules_of_behavior, name="rules_of_behavior"),
    path("login/", sign_in.login, name="login"),
    path("login/password/", sign_in.password, name="password"),
    path("logout/", sign_in.logout, name="logout"),
    path("register/", registration.start, name="register"),
    path("register/terms/", registration.terms, name="register_terms"),
    path("register/information/", registration.information, name="register_information"),
    path("register/credentials/", registration.credentials, name="register_credentials"),
    path("register/confirmation/", registration.confirmation, name="register_confirmation"),
    path("register/activate/", activation.activation, name="activation"),
    path("register/activate/<str:token>/", activation.follow_link, name="activate"),
    path("register/activated/", activation.activated, name="activated"),
    path("forgot-user-id/", recovery.forgot_user_id, name="forgot_user_id"),
    path("forgot-user-id/sent/", recovery.forgot_user_id_sent, name="forgot_user_id_sent"),
    path("forgot-password/", recovery.forgot_password, name="forgot_password"),
    path("acknowledge/", acknowledgements.acknowledge, name="acknowledge"),
    path("not-me/", disavowal.disavow, name="disavow"),
    path("not-me/link/<str:token>/", disavowal.follow_link, name="disavow_link"),
    path("not-me/done/", disavowal.disavowed, name="disavowed"),
    path("profile/", profile.profile, name="profile"),
    path("profile/change/", profile_change.change_profile, name="change_profile"),
    path(
        "profile/change/questions/", profile_questions.answer_questions, name="answer_questions"
    ),
    path("profile/questions/", profile_questions.change_questions, name="change_questions"),
    path("profile/address/", profile_change.change_home_address, name="change_home_address"),
    path(
        "profile/business/", profile_change.change_business_contact, name="change_business_contact"
    ),
    path("profile/email/cancel/", profile_change.cancel_email_change, name="cancel_email_change"),
    path("profile/email/confirm/", email_change.confirm_email, name="confirm_email"),
    path("profile/email/confirm/<str:token>/", email_change.follow_link, name="confirm_email_link"),
    path("profile/email/confirmed/", email_change.email_confirmed, name="email_confirmed"),
    path("profile/password/", passwords.change_password, name="change_password"),
    path("profile/sessions/", sessions.sessions, name="sessions"),
    path("profile/history/", history.history, name="history"),
    path("profile/data/", my_data.my_data, name="my_data"),
    path("profile/data/page/", my_data.my_data_page, name="my_data_page"),
    path("profile/accessibility/", accessibility.accessibility, name="accessibility"),
    path("proofing/", proofing.overview, name="proofing"),
    path("proofing/terms/", proofing.terms, name="proofing_terms"),
    path("proofing/information/", proofing.information, name="proofing_information"),
    path("proofing/questions/", proofing.questions, name="proofing_questions"),
    path("proofing/result/", proofing.result, name="proofing_result"),
    path("proofing/case/", proofing.case, name="proofing_case"),
    path("proofing/test-identities/", proofing.identities, name="proofing_identities"),
]
