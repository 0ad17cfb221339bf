/* What the marks of the map mean; each kind of them can be left out. And a box to find things by
   name, for those who don't point. */
"use strict";

(function () {
  const {element, data} = sandtable;

  for (const box of document.querySelectorAll("#legend input[data-layer]")) {
    const show = () => sandtableMap.maps.forEach((map) =>
      map.svg.classList.toggle(`without-${box.dataset.layer}`, !box.checked));
    box.addEventListener("change", show);
  }

  /* Names of places and formations, each with what it names. */
  function named(run) {
    const {places, formations} = data("names", run);
    const listed = new Map();
    for (const [kind, all] of [["place", places], ["formation", formations]]) {
      for (const [id, {name}] of Object.entries(all)) {
        if (!listed.has(name)) listed.set(name, {kind, id});
      }
    }
    return listed;
  }

  const all = named(0);
  const field = document.getElementById("find");
  document.getElementById("findable").append(
    ...[...all.keys()].map((value) => element("option", {value})));

  /* Where what was found stands; null if it is nowhere on the map now. */
  function pointOf({kind, id}) {
    return kind === "place" ? data("names").places[id] : sandtable.standing(id);
  }

  field.addEventListener("change", () => {
    const found = all.get(field.value);
    if (found === undefined) return;
    sandtable.set({selection: found});
    const point = pointOf(found);
    if (point) sandtableMap.look(point.x, point.y, Math.max(2, sandtableMap.view.zoom));
    field.value = "";
  });
})();
