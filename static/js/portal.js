/* Makes pages more comfortable. Every page works without it. */
(function () {
  "use strict";

  var root = document.documentElement;
  root.classList.remove("no-script");

  function each(selector, action) {
    Array.prototype.forEach.call(document.querySelectorAll(selector), action);
  }

  /* Buttons that open and close a part of the page: data-toggle names its id. */
  function setOpen(button, isOpen) {
    var name = button.getAttribute("data-toggle");
    button.setAttribute("aria-expanded", String(isOpen));
    document.getElementById(name).classList.toggle("is-open", isOpen);
    each('[data-with="' + name + '"]', function (part) {
      part.classList.toggle("is-open", isOpen);
    });
  }

  function isOpen(button) {
    return button.getAttribute("aria-expanded") === "true";
  }

  function setUpToggles() {
    each("[data-toggle]", function (button) {
      button.addEventListener("click", function () {
        setOpen(button, !isOpen(button));
      });
    });
    document.addEventListener("keydown", function (event) {
      if (event.key !== "Escape") return;
      each("[data-toggle]", function (button) {
        if (!isOpen(button)) return;
        setOpen(button, false);
        button.focus();
      });
    });
    document.addEventListener("click", function (event) {
      each(".user-menu [data-toggle]", function (button) {
        if (isOpen(button) && !button.parentNode.contains(event.target)) setOpen(button, false);
      });
    });
  }

  /* Menus that are folded where they stand above the content, and open beside it. */
  function setUpFolds() {
    var isBeside = window.matchMedia("(min-width: 60em)");
    function update() {
      each("[data-fold]", function (menu) {
        menu.open = isBeside.matches;
      });
    }
    isBeside.addEventListener("change", update);
    update();
  }

  function setUpPrinting() {
    each("[data-print]", function (link) {
      link.addEventListener("click", function (event) {
        event.preventDefault();
        window.print();
      });
    });
  }

  /* The summary of errors takes the focus; its links go into the field, not only to it. */
  function setUpErrorSummary() {
    each("[data-error-summary]", function (summary) {
      summary.focus();
      summary.addEventListener("click", function (event) {
        var link = event.target.closest("a[href^='#']");
        var target = link && document.getElementById(link.getAttribute("href").slice(1));
        if (!target) return;
        event.preventDefault();
        var control = target.matches("input, select, textarea")
          ? target
          : target.querySelector("input, select, textarea");
        target.scrollIntoView({ block: "center" });
        (control || target).focus();
      });
    });
  }

  function setUpPasswords() {
    each("input[type=password]", function (input) {
      var texts = document.getElementById("portal-texts").dataset;
      var button = document.createElement("button");
      button.type = "button";
      button.className = "show-password usa-button usa-button--unstyled";
      button.setAttribute("aria-controls", input.id);
      button.textContent = texts.show;
      button.addEventListener("click", function () {
        var isHidden = input.type === "password";
        input.type = isHidden ? "text" : "password";
        button.textContent = isHidden ? texts.hide : texts.show;
      });
      input.insertAdjacentElement("afterend", button);
      if (input.form) {
        input.form.addEventListener("submit", function () {
          input.type = "password";
        });
      }
    });
  }

  /*
   * Live checklist: <ul data-password-rules="id_password"> with
   * <li data-rule="min-length" data-value="15">, and the rules max-length, upper, lower, digit,
   * and not-containing with data-fields="id_user_id id_first_name" or data-value="words apart".
   */
  var rules = {
    "min-length": function (value, item) {
      return Array.from(value).length >= Number(item.dataset.value);
    },
    "max-length": function (value, item) {
      return value !== "" && Array.from(value).length <= Number(item.dataset.value);
    },
    upper: function (value) {
      return /\p{Lu}/u.test(value);
    },
    lower: function (value) {
      return /\p{Ll}/u.test(value);
    },
    digit: function (value) {
      return /\d/.test(value);
    },
    "not-containing": function (value, item) {
      var words = (item.dataset.value || "").split(" ");
      (item.dataset.fields || "").split(" ").forEach(function (id) {
        var field = document.getElementById(id);
        if (field) words.push(field.value);
      });
      return (
        value !== "" &&
        words.every(function (word) {
          return word.length < 3 || value.toLowerCase().indexOf(word.toLowerCase()) === -1;
        })
      );
    },
    same: function (value, item) {
      var other = document.getElementById(item.dataset.fields);
      return value !== "" && !!other && other.value === value;
    },
  };

  function setUpPasswordRules() {
    each("[data-password-rules]", function (list) {
      var input = document.getElementById(list.dataset.passwordRules);
      if (!input) return;
      var items = Array.prototype.filter.call(list.querySelectorAll("[data-rule]"), function (item) {
        return rules[item.dataset.rule];
      });
      var texts = document.getElementById("portal-texts").dataset;
      items.forEach(function (item) {
        var state = document.createElement("span");
        state.className = "usa-sr-only";
        item.appendChild(state);
      });
      /* What the portal found stays marked until another password is typed. */
      var broken = Array.from(list.querySelectorAll(".is-broken"));
      function update() {
        broken.splice(0).forEach(function (item) {
          item.classList.remove("is-broken");
          item.querySelector("[data-broken]").remove();
        });
        items.forEach(function (item) {
          var isMet = rules[item.dataset.rule](input.value, item);
          item.classList.toggle("is-met", isMet);
          item.lastElementChild.textContent = " " + (isMet ? texts.met : texts.unmet);
        });
      }
      list.classList.add("is-live");
      document.addEventListener("input", function (event) {
        if (broken.length && event.target !== input) return;
        if (event.target.form === input.form) update();
      });
      if (!broken.length) update();
    });
  }

  /* A second click on a submit button does not send the form a second time. */
  function setUpSubmitOnce() {
    each("form[data-submit-once]", function (form) {
      form.addEventListener("submit", function (event) {
        if (form.dataset.sent) {
          event.preventDefault();
          return;
        }
        form.dataset.sent = "yes";
        form.setAttribute("aria-busy", "true");
      });
    });
    /* Coming back with the browser's Back button must find a form that can be sent. */
    window.addEventListener("pageshow", function () {
      each("form[data-submit-once]", function (form) {
        delete form.dataset.sent;
        form.removeAttribute("aria-busy");
      });
    });
  }

  function setUpCharacterCounts() {
    each("textarea[maxlength]", function (area) {
      var texts = document.getElementById("portal-texts").dataset;
      var limit = Number(area.getAttribute("maxlength"));
      var shown = document.createElement("span");
      var spoken = document.createElement("span");
      var pause;
      shown.className = "usa-hint character-count";
      shown.setAttribute("aria-hidden", "true");
      spoken.className = "usa-sr-only";
      spoken.setAttribute("aria-live", "polite");
      function update() {
        shown.textContent = texts.left.replace("%n", String(limit - area.value.length));
        /* Spoken only when the person pauses, not at every key. */
        window.clearTimeout(pause);
        pause = window.setTimeout(function () {
          if (document.activeElement === area) spoken.textContent = shown.textContent;
        }, 1000);
      }
      area.insertAdjacentElement("afterend", spoken);
      area.insertAdjacentElement("afterend", shown);
      area.addEventListener("input", update);
      update();
    });
  }

  /* Devices that make their own codes, and codes on paper, need no Send. */
  function setUpSending() {
    document.querySelectorAll("[data-send-code]").forEach(function (button) {
      var device = button.form.elements.device_type;
      function show() {
        button.hidden = /^(app_|recovery|one_time)/.test(device.value);
      }
      device.addEventListener("change", show);
      /* After Back the browser puts in again what was chosen. */
      window.addEventListener("pageshow", show);
      show();
    });
  }

  document.addEventListener("DOMContentLoaded", function () {
    setUpToggles();
    setUpFolds();
    setUpSending();
    setUpPrinting();
    setUpPasswords();
    setUpPasswordRules();
    setUpSubmitOnce();
    setUpCharacterCounts();
    setUpErrorSummary();
  });
})();
