/* What the marks of the map mean; each kind of them can be left out. */
"use strict";

(function () {
  for (const box of document.querySelectorAll("#legend input[data-layer]")) {
    const show = () => sandtableMap.maps.forEach((map) =>
      map.svg.classList.toggle(`without-${box.dataset.layer}`, !box.checked));
    box.addEventListener("change", show);
  }
})();
