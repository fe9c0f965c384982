/*
 * Warns before the session ends. The server alone decides when that is: this asks it how long is
 * left, shows the dialog in every window, and asks for the page anew when the session is over.
 */
(function () {
  "use strict";

  var SECOND = 1000;
  var AGAIN = 10 * SECOND; /* while the warning stands, and while the portal is not reached */
  var TELL_EVERY = 60 * SECOND;

  var given = document.querySelector("[data-until-warning]");
  var dialog = document.getElementById("session-warning");
  var person = given ? given.dataset.person : "";
  var channel = window.BroadcastChannel ? new window.BroadcastChannel("session") : null;
  /* Other windows hear whose page was opened: a warning may be out of date, or the person another. */
  if (channel) channel.postMessage(person);
  if (!given || !dialog || !dialog.showModal || !window.fetch) return;

  var title = document.title;
  var askAt = Date.now() + Number(given.dataset.untilWarning) * SECOND;
  var endsAt = Infinity;
  var toldAt = Date.now();
  var waiting = 0;
  var isReached = true;
  var last = Promise.resolve(); /* one question after the other */
  var isFinalSeen = false;
  var isLeaving = false;

  function part(name) {
    return dialog.querySelector("[data-" + name + "]");
  }

  function say(name, words) {
    if (part(name).textContent !== words) part(name).textContent = words;
  }

  function tokens() {
    return document.querySelectorAll("input[name=csrfmiddlewaretoken]");
  }

  function send(method) {
    var isPost = method === "POST";
    return window.fetch(dialog.dataset.address, {
      method: method,
      credentials: "same-origin",
      redirect: "manual",
      cache: "no-store",
      signal: window.AbortSignal && AbortSignal.timeout ? AbortSignal.timeout(AGAIN) : undefined,
      /* Only looking must not count as activity. */
      headers: isPost ? { "X-CSRFToken": tokens()[0].value } : { "X-Portal-Poll": "session" },
    });
  }

  /* "GET" looks how long is left, "POST" goes on with the session. Tells whether it was answered. */
  function ask(method) {
    waiting += 1;
    last = last
      .then(function () {
        return isLeaving ? false : send(method).then(judge);
      })
      .catch(function () {
        /* A question that was on its way when a laptop went to sleep fails when it wakes. */
        askAt = Date.now() + (isReached ? SECOND : AGAIN);
        isReached = false;
        if (Date.now() >= endsAt && !dialog.open) dialog.showModal();
        if (dialog.open) say("trouble", part("trouble").dataset.trouble);
        return false;
      })
      .finally(function () {
        waiting -= 1;
      });
    return last;
  }

  function judge(answer) {
    if (answer.type === "opaqueredirect") return leave();
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json().then(function (told) {
      /* Somebody else logged in in another window: nothing of this person stays in view. */
      if (told.person !== person) return leave();
      heard(told);
      return true;
    });
  }

  /* Asks for the page anew, which leads to the login and back; no form is sent again. */
  function leave() {
    isLeaving = true;
    window.location.replace(window.location.pathname + window.location.search);
    return false;
  }

  function heard(told) {
    var now = Date.now();
    endsAt = now + told.seconds * SECOND;
    isReached = true;
    say("trouble", "");
    /* Whoever logged in again in another window has another token. */
    tokens().forEach(function (field) {
      field.value = told.token;
    });
    if (told.until_warning > 0) {
      askAt = now + told.until_warning * SECOND;
      close();
    } else {
      /* The window in front finds the end first, so that its person reads why. */
      askAt = Math.min(now + AGAIN, endsAt + (document.hidden ? 3 : 1) * SECOND);
      open(told.is_final);
    }
  }

  function open(isFinal) {
    dialog.querySelectorAll("[data-when]").forEach(function (each) {
      each.hidden = (each.dataset.when === "final") !== isFinal;
    });
    if (isFinal && document.activeElement === part("continue")) part("close").focus();
    if (dialog.open || (isFinal && isFinalSeen)) return;
    isFinalSeen = isFinal;
    say("spoken", "");
    count();
    dialog.showModal();
    document.title = dialog.dataset.title + " | " + title;
  }

  function close() {
    document.title = title;
    if (dialog.open) dialog.close();
  }

  function count() {
    var left = Math.max(0, Math.ceil((endsAt - Date.now()) / SECOND));
    var seconds = left % 60;
    var mark = [10, 30, 60].find(function (each) {
      return left <= each;
    });
    /* Nobody is to read on when the time is up, also where the portal cannot be asked. */
    dialog.classList.toggle("is-over", left === 0);
    say("left", Math.floor(left / 60) + ":" + (seconds < 10 ? "0" : "") + seconds);
    /* Not every second is spoken. */
    say("spoken", mark ? part("spoken").getAttribute("data-at-" + mark) : "");
  }

  function goOn() {
    toldAt = Date.now();
    ask("POST")
      .then(function (isDone) {
        /* After another login the token of this page is void; looking brings the new one. */
        return isDone || ask("GET").then(function (isThere) {
          return isThere && ask("POST");
        });
      })
      .then(function (isDone) {
        if (isDone && channel) channel.postMessage(person);
      });
  }

  function tick() {
    if (dialog.open) count();
    if (!waiting && Date.now() >= askAt) ask("GET");
  }

  /* Somebody at the keyboard is not idle; the server hears of it once a minute. */
  function atWork(event) {
    if (event.isTrusted && !dialog.open && Date.now() - toldAt >= TELL_EVERY) goOn();
  }

  /* Whether somebody wrote what would be lost, so that logging out elsewhere leaves it in view. */
  function isTyped() {
    var fields = document.querySelectorAll("textarea, input:not([type=hidden])");
    return Array.prototype.some.call(fields, function (field) {
      return field.value !== field.defaultValue || field.checked !== field.defaultChecked;
    });
  }

  part("continue").addEventListener("click", goOn);
  part("close").addEventListener("click", close);
  dialog.addEventListener("cancel", function (event) {
    event.preventDefault();
    if (part("continue").hidden) close();
    else goOn();
  });
  document.addEventListener("keydown", atWork);
  document.addEventListener("pointerdown", atWork);
  document.addEventListener("visibilitychange", tick);
  window.addEventListener("pageshow", function (event) {
    if (event.persisted) ask("GET");
  });
  if (channel) {
    channel.onmessage = function (message) {
      if (dialog.open || (message.data !== person && !isTyped())) ask("GET");
    };
  }
  window.setInterval(tick, SECOND);
})();
