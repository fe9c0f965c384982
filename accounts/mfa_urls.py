"""Addresses of the pages about second factors."""

from django.urls import path

from accounts.views import mfa, mfa_adding, mfa_offer, passkeys, unable

urlpatterns = [
    path("login/passkey/", passkeys.sign_in, name="passkey"),
    path("login/unable/", unable.unable, name="unable"),
    path("login/unable/questions/", unable.questions, name="unable_questions"),
    path("login/unable/sent/", unable.sent, name="unable_sent"),
    path("login/register-device/", unable.register_device, name="register_device"),
    path("profile/mfa/", mfa.devices, name="mfa_devices"),
    path("profile/mfa/offer/", mfa_offer.offer, name="mfa_offer"),
    path("profile/mfa/register/", mfa_offer.register, name="mfa_register"),
    path("profile/mfa/add/", mfa_adding.add, name="mfa_add"),
    path("profile/mfa/add/passkey/", passkeys.add, name="mfa_add_passkey"),
    path("profile/mfa/add/<slug:kind>/", mfa_adding.set_up, name="mfa_set_up"),
    path("profile/mfa/<int:device_id>/confirm/", mfa_adding.confirm, name="mfa_confirm"),
    path("profile/mfa/<int:device_id>/rename/", mfa.rename, name="mfa_rename"),
    path("profile/mfa/<int:device_id>/default/", mfa.make_default, name="mfa_default"),
    path("profile/mfa/<int:device_id>/remove/", mfa.remove, name="mfa_remove"),
]
