// Shows the seats of a visit as they change. Without it the page says how it
// was when it was loaded.
"use strict";
(function () {
  var place = document.querySelector("[data-live]");
  var saves = navigator.connection && navigator.connection.saveData;
  if (!place || !window.EventSource || saves) return;
  var source;
  function follow() {
    // Nobody looks: no connection, no battery.
    if (document.hidden) {
      if (source) source.close();
      source = undefined;
    } else if (!source) {
      source = new EventSource(place.getAttribute("data-live"));
      source.onmessage = function (event) {
        if (place.textContent !== event.data) place.textContent = event.data;
      };
    }
  }
  document.addEventListener("visibilitychange", follow);
  follow();
})();
