/* Renews the codes of the embedded default while somebody looks, and folds them on a phone. The
   page works without it. */
(function () {
  "use strict";

  var EVERY = 5000;
  var isNarrow = window.matchMedia("(max-width: 47.99em)").matches;

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
          /* What was folded or unfolded stays so. */
          fresh.querySelectorAll("details").forEach(function (panel) {
            var present = document.getElementById(panel.id);
            panel.open = present ? present.open : !isNarrow;
          });
          shown.replaceChildren.apply(shown, Array.from(fresh.childNodes));
        }
      })
      .catch(function () {
        /* The next round tries again. */
      });
  }

  var shown = document.querySelector("[data-codes]");
  /* On a phone the codes of many people would stand above the first mail. */
  if (shown && isNarrow) {
    shown.querySelectorAll("details").forEach(function (panel) {
      panel.open = false;
    });
  }
  if (shown) window.setInterval(renew, EVERY, shown);
})();
