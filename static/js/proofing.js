/* Counts the time down that is left for the questions. The page says until when without it. */
(function () {
  "use strict";

  var place = document.querySelector("[data-countdown]");
  if (!place) return;
  var status = document.querySelector("[data-countdown-status]");
  var end = performance.now() + 1000 * Number(place.getAttribute("data-countdown"));
  var wasTold = false;

  function twoDigits(number) {
    return (number < 10 ? "0" : "") + number;
  }

  function show() {
    var left = Math.max(0, Math.ceil((end - performance.now()) / 1000));
    if (left === 0) {
      place.textContent = place.getAttribute("data-over");
      status.textContent = place.getAttribute("data-over");
      return;
    }
    var words = Math.floor(left / 60) + ":" + twoDigits(left % 60);
    place.textContent = place.getAttribute("data-text").replace("%m", words);
    /* Said once: a clock that speaks every second helps nobody. */
    if (left <= 60 && !wasTold) {
      wasTold = true;
      status.textContent = status.getAttribute("data-text");
    }
    window.setTimeout(show, 1000);
  }

  place.hidden = false;
  show();
})();
