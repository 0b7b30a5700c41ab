/* Turns the link "Menu" (which leads to the menu at the foot of the page) into a button that opens the menu in place.
   Without this script the link stays, and every page can still be reached. */
(function () {
  "use strict";
  var link = document.getElementById("menu-link");
  var button = document.getElementById("menu-button");
  var menu = document.getElementById("menu");
  if (!link || !button || !menu) { return; }

  function set(open) {
    button.setAttribute("aria-expanded", open ? "true" : "false");
    menu.classList.toggle("is-open", open);
  }

  link.hidden = true;
  button.hidden = false;
  button.addEventListener("click", function () {
    set(button.getAttribute("aria-expanded") !== "true");
  });
  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape" && button.getAttribute("aria-expanded") === "true") {
      set(false);
      button.focus();
    }
  });
  document.addEventListener("focusin", function (event) {
    if (button.getAttribute("aria-expanded") === "true" && !menu.contains(event.target) && event.target !== button) {
      set(false);
    }
  });
})();
