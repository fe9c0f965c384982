/* Gives names to what Django's administration leaves without: fields chosen by typing, and the
   columns of tables in forms that have no heading. Its one text stands on the script tag. */
(function () {
  "use strict";

  var entry = document.currentScript.getAttribute("data-entry");
  var $ = window.django && window.django.jQuery;

  function each(within, selector, action) {
    Array.prototype.forEach.call(within.querySelectorAll(selector), action);
  }

  /* The name of a field: its label, or what a table gives it instead. */
  function nameOf(select) {
    var label = select.labels && select.labels[0];
    return label ? label.textContent.trim().replace(/:$/, "") : select.getAttribute("aria-label");
  }

  function nameHeading(heading) {
    var text;
    if (!heading.textContent.trim()) {
      text = document.createElement("span");
      text.className = "visually-hidden";
      text.textContent = entry;
      heading.appendChild(text);
    }
  }

  /* The box that stands for the field: its name and then what is chosen. */
  function nameBox(select) {
    var box = select.parentElement.querySelector(".select2-selection");
    var chosen = box && box.querySelector(".select2-selection__rendered");
    if (!chosen) {
      return;
    }
    chosen.removeAttribute("role");
    chosen.removeAttribute("aria-readonly");
    box.id = select.id + "_box";
    box.setAttribute("aria-label", nameOf(select));
    box.setAttribute("aria-labelledby", box.id + " " + chosen.id);
  }

  /* What opens under the box: the part itself, the field to type in, and the list. */
  function nameOpened(select) {
    var name = nameOf(select);
    each(document, "body > .select2-container--open", function (part) {
      var list = part.querySelector("[role=listbox]");
      var field = part.querySelector(".select2-search__field");
      part.setAttribute("role", "region");
      part.setAttribute("aria-label", name);
      if (field) {
        field.setAttribute("aria-label", name);
      }
      if (list) {
        list.setAttribute("aria-label", name);
        document.getElementById(select.id + "_box").setAttribute("aria-controls", list.id);
      }
    });
  }

  each(document, ".inline-group th.original", nameHeading);
  if (!$) {
    return;
  }
  /* Registered after Django's own, so the boxes are there. */
  $(function () {
    each(document, "select.admin-autocomplete", nameBox);
  });
  document.addEventListener("formset:added", function (event) {
    each(event.target, "select.admin-autocomplete", nameBox);
  });
  $(document).on("select2:open", function (event) {
    nameOpened(event.target);
  });
  $(document).on("select2:close", function (event) {
    document.getElementById(event.target.id + "_box").removeAttribute("aria-controls");
  });
})();
