/*
 * Saves what is being typed into a request, in the background. The form names the address in
 * data-draft, the paragraph [data-draft-status] brings the words. Next saves without it, too.
 */
(function () {
  "use strict";

  var PAUSE = 2000;
  var AGAIN = 10000;

  var form = document.querySelector("form[data-draft]");
  var status = document.querySelector("[data-draft-status]");
  if (!form || !status || !window.fetch || !window.AbortController) return;

  var timer = 0;
  var running = null;
  var isTyped = false; /* something on the page is not saved */
  var isLeaving = false; /* Next was chosen: the whole form is on its way */
  var isOver = false; /* another window wrote; only Next goes on */
  var needsToken = false; /* logged out: the token of this page is void */

  function say(name) {
    var time = new Date().toLocaleTimeString(document.documentElement.lang, {
      hour: "numeric",
      minute: "2-digit",
    });
    var words = status.getAttribute("data-" + name).replace("%t", time);
    if (status.textContent !== words) status.textContent = words;
  }

  function plan(after, isAgain) {
    window.clearTimeout(timer);
    timer = window.setTimeout(save, after, isAgain);
  }

  function send(address, options, isAgain) {
    options.credentials = "same-origin";
    options.redirect = "manual";
    options.signal = running.signal;
    /* Nobody typed just now, so this must not count as activity. */
    options.headers = isAgain ? { "X-Portal-Poll": "draft" } : {};
    return window.fetch(address, options);
  }

  /* Whoever logged in again in another window has another token. */
  function renewToken(isAgain) {
    if (!needsToken) return Promise.resolve();
    return send(window.location.href, {}, isAgain)
      .then(function (answer) {
        return answer.ok ? answer.text() : "";
      })
      .then(function (text) {
        var page = new DOMParser().parseFromString(text, "text/html");
        var fresh = page.querySelector("form[data-draft] [name=csrfmiddlewaretoken]");
        if (fresh) form.elements.csrfmiddlewaretoken.value = fresh.value;
      });
  }

  function save(isAgain) {
    window.clearTimeout(timer);
    timer = 0;
    if (!isTyped || running || isLeaving || isOver) return;
    isTyped = false;
    running = new AbortController();
    renewToken(isAgain)
      .then(function () {
        var body = new URLSearchParams(new FormData(form));
        return send(form.dataset.draft, { method: "POST", body: body, keepalive: true }, isAgain);
      })
      .then(judge)
      .catch(function () {
        if (!isLeaving) failed("offline");
      })
      .finally(function () {
        running = null;
        if (isTyped && !timer && !needsToken) plan(PAUSE, false);
      });
  }

  function judge(answer) {
    if (answer.ok) {
      needsToken = false;
      return answer.json().then(function (told) {
        form.elements.revision.value = told.revision;
        if (!isTyped) say("saved");
      });
    }
    if (answer.status === 409) {
      isOver = true;
      say("changed");
    } else if (answer.type === "opaqueredirect" || answer.status === 403) {
      needsToken = true;
      isTyped = true;
      say("logged-out");
    } else {
      failed("failed");
    }
    return undefined;
  }

  function failed(name) {
    isTyped = true;
    say(name);
    plan(AGAIN, true);
  }

  function typed(event) {
    /* The role is chosen with Next: other questions belong to it. */
    if (event.target.name === "role") return;
    isTyped = true;
    plan(PAUSE, false);
  }

  form.addEventListener("input", typed);
  form.addEventListener("change", typed);
  form.addEventListener("submit", function () {
    isLeaving = true;
    if (running) running.abort();
  });
  window.addEventListener("pageshow", function () {
    isLeaving = false;
  });
  window.addEventListener("online", function () {
    save(true);
  });
  document.addEventListener("visibilitychange", function () {
    /* Leaving the page keeps what was typed; coming back to it tries again what failed. */
    save(!document.hidden);
  });
})();
