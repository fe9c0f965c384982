/* Renews the codes of the embedded default while somebody looks. The page works without it. */
(function () {
  "use strict";

  var EVERY = 5000;

  function renew(shown) {
    if (document.hidden) return;
    window
      .fetch(shown.dataset.codes, { headers: { "X-Portal-Poll": "codes" }, credentials: "same-origin" })
      .then(function (answer) {
        return answer.ok ? answer.text() : "";
      })
      .then(function (text) {
        var page = new DOMParser().parseFromString(text, "text/html");
        var fresh = page.querySelector("[data-codes]");
        var chosen = String(window.getSelection());
        /* Somebody who is copying a code is not disturbed. */
        if (fresh && !chosen && fresh.textContent !== shown.textContent) {
          shown.replaceChildren.apply(shown, Array.from(fresh.childNodes));
        }
      })
      .catch(function () {
        /* The next round tries again. */
      });
  }

  var shown = document.querySelector("[data-codes]");
  if (shown) window.setInterval(renew, EVERY, shown);
})();
