/* A layer of the map: places, each a disc parted by the share of replications in which either side
   holds it. */
"use strict";

(function () {
  const {svg, data, state} = sandtable;
  const RADIUS = {0: 6, 1: 5, 2: 4};

  /* A slice of a disc, clockwise from noon. */
  function slice(radius, share) {
    if (share <= 0) return "";
    if (share >= 1) return `M0 ${-radius}A${radius} ${radius} 0 1 1 -0.01 ${-radius}Z`;
    const angle = 2 * Math.PI * share;
    const x = (radius * Math.sin(angle)).toFixed(2);
    const y = (-radius * Math.cos(angle)).toFixed(2);
    return `M0 0V${-radius}A${radius} ${radius} 0 ${share > 0.5 ? 1 : 0} 1 ${x} ${y}Z`;
  }

  /* Who holds a place as a part of the campaign begins, and who takes it: the foremost side
     opposed. */
  function holders(id, run) {
    const part = sandtable.partAt(state.day, run);
    const {sides} = data("names", run);
    const owner = data("captures", run)[part].sides[id];
    const taker = Object.values(sides).find((side) => side.coalition !== sides[owner].coalition);
    return [sides[owner], taker || sides[owner]];
  }

  sandtableMap.layer("places", (map, group) => {
    const {places} = data("names", map.run);
    const drawn = Object.entries(places).map(([id, place]) => {
      const radius = RADIUS[place.rank];
      const disc = svg("circle", {r: radius, class: "holder"});
      const taken = svg("path", {class: "taken"});
      const title = svg("title");
      const own = svg("g", {class: `place rank-${place.rank} ${place.kind}`, "data-place": id},
        title, svg("circle", {r: radius + 8, class: "touch"}), disc, taken);
      own.addEventListener("click", () => sandtable.set({selection: {kind: "place", id}}));
      group.append(own);
      return {id, place, radius, own, disc, taken, title};
    });

    function layout() {
      for (const {own, place, radius} of drawn) {
        const [x, y] = map.at(place.x, place.y);
        own.setAttribute("transform", `translate(${x.toFixed(1)} ${y.toFixed(1)})`);
        map.room.push([x - radius, y - radius, x + radius, y + radius]);
      }
    }

    function update() {
      for (const {id, place, radius, disc, taken, title} of drawn) {
        const [owner, taker] = holders(id, map.run);
        const share = sandtable.takenShare(id, state.day, map.run);
        disc.setAttribute("fill", owner.colour);
        taken.setAttribute("fill", taker.colour);
        taken.setAttribute("d", slice(radius, share));
        const told = share > 0
          ? `${taker.name} in ${Math.round(100 * share)} % of replications`
          : owner.name;
        if (title.textContent !== `${place.name}: ${told}`) title.textContent = `${place.name}: ${told}`;
      }
    }

    return {layout, update};
  });
})();
