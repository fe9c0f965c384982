/*
 * Passkeys and security keys. A button <button data-passkey="create" or "get"> with the browser's
 * options in data-options fills the form's field "passkey" with the answer and sends the form.
 * The button is hidden until this script has found that the browser can do it.
 */
(function () {
  "use strict";

  function toBytes(text) {
    var base64 = text.replace(/-/g, "+").replace(/_/g, "/");
    return Uint8Array.from(atob(base64), function (char) {
      return char.charCodeAt(0);
    });
  }

  function toText(buffer) {
    var binary = Array.from(new Uint8Array(buffer), function (byte) {
      return String.fromCharCode(byte);
    }).join("");
    return btoa(binary).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }

  function readOptions(json) {
    var options = JSON.parse(json);
    options.challenge = toBytes(options.challenge);
    if (options.user) options.user.id = toBytes(options.user.id);
    ["allowCredentials", "excludeCredentials"].forEach(function (name) {
      (options[name] || []).forEach(function (credential) {
        credential.id = toBytes(credential.id);
      });
    });
    return options;
  }

  function writeAnswer(credential) {
    var given = credential.response;
    var response = { clientDataJSON: toText(given.clientDataJSON) };
    if (given.attestationObject) {
      response.attestationObject = toText(given.attestationObject);
      response.transports = given.getTransports ? given.getTransports() : [];
    } else {
      response.authenticatorData = toText(given.authenticatorData);
      response.signature = toText(given.signature);
      response.userHandle = given.userHandle ? toText(given.userHandle) : null;
    }
    return JSON.stringify({
      id: credential.id,
      rawId: toText(credential.rawId),
      type: credential.type,
      authenticatorAttachment: credential.authenticatorAttachment,
      clientExtensionResults: credential.getClientExtensionResults(),
      response: response,
    });
  }

  function ask(button) {
    var options = { publicKey: readOptions(button.dataset.options) };
    return button.dataset.passkey === "create"
      ? navigator.credentials.create(options)
      : navigator.credentials.get(options);
  }

  /* What went wrong, in the words the page brought along. */
  function wordsFor(button, error) {
    var byName = { InvalidStateError: "known", SecurityError: "failed" };
    return button.dataset[byName[error.name] || "cancelled"];
  }

  function setUp(button) {
    var form = button.form;
    var message = form.querySelector("[data-passkey-message]");

    function say(words) {
      message.textContent = words;
      message.parentNode.parentNode.hidden = !words;
    }

    if (!window.PublicKeyCredential || !navigator.credentials) {
      say(button.dataset.unsupported);
      return;
    }
    button.hidden = false;
    button.addEventListener("click", function () {
      say("");
      button.disabled = true;
      ask(button)
        .then(function (credential) {
          form.elements.passkey.value = writeAnswer(credential);
          form.requestSubmit();
        })
        .catch(function (error) {
          say(wordsFor(button, error));
          button.focus();
        })
        .finally(function () {
          button.disabled = false;
        });
    });
  }

  document.addEventListener("DOMContentLoaded", function () {
    Array.prototype.forEach.call(document.querySelectorAll("[data-passkey]"), setUp);
  });
})();
